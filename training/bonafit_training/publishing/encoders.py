"""Encoders beside a published bundle: it finds its own in `encoders/`, next to its folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def encoder_beside(folder: Path, out: Path) -> None:
    """Copy the encoder to out/encoders where it is not there yet: a bundle finds its encoder beside itself."""
    target = out / "encoders" / folder.name
    if not target.exists():
        work = target.with_name(f".{folder.name}.{os.getpid()}")
        # A door has 82 MB, which no folder of the same disk needs twice.
        shutil.copytree(folder, work, copy_function=_link_or_copy)
        os.replace(work, target)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
