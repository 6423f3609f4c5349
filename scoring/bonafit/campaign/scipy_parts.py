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
    """Standard output stays ours: HiGHS prints lines of its own there from C, whatever its options say."""
    sys.stdout.flush()
    try:
        output = os.dup(1)
    except OSError:
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        os.dup2(output, 1)
        os.close(output)
