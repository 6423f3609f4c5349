"""Files that are read whole: refused before a byte is read where they are no regular file, or too large."""

from __future__ import annotations

import stat
from pathlib import Path


def refusal(path: Path, *, limit: int) -> str | None:
    """Why this file is not to be read whole, as the end of a sentence; None where it may be.

    A pipe or a device would be read for ever, and a name may lead anywhere by a link. Raises OSError where the file is
    absent or its folder cannot be looked into. limit : bytes.
    """
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        return "is not a regular file"
    if facts.st_size > limit:
        return f"has {facts.st_size:,} bytes, more than the {limit:,} that are read"
    return None


def is_plain_name(name: str) -> bool:
    """Whether a name is one file of its folder: no path, no parent, nothing empty."""
    return bool(name) and name not in {".", ".."} and "\0" not in name and Path(name).name == name
