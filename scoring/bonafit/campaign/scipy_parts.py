"""scipy, where it is installed: the one door through which this package reaches it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bonafit.errors import InputError


def scipy_part(name: str, purpose: str) -> Any:
    """scipy.optimize, scipy.sparse or scipy.stats. Raises InputError that says which extra `purpose` needs."""
    try:
        import scipy
    except ImportError:
        raise InputError(f"{purpose} needs the package scipy; pip install 'bonafit[campaign]'") from None
    return getattr(scipy, name)


@contextmanager
def no_chatter() -> Iterator[None]:
    """Keeps what the solver prints of itself off standard output, where results may go; it goes to standard error.

    HiGHS, as scipy 1.17 brings it, prints lines of its own from C whatever its options say.
    """
    sys.stdout.flush()
    output = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(output, 1)
        os.close(output)
