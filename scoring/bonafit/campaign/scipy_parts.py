"""scipy, where it is installed: the one door through which this package reaches it."""

from __future__ import annotations

from typing import Any

from bonafit.errors import InputError


def scipy_part(name: str, purpose: str) -> Any:
    """scipy.optimize, scipy.sparse or scipy.stats. Raises InputError that says which extra `purpose` needs."""
    try:
        import scipy
    except ImportError:
        raise InputError(f"{purpose} needs the package scipy; pip install 'bonafit[campaign]'") from None
    return getattr(scipy, name)
