"""Bundles named by a URI such as `models:/bonafit@champion`: installed distributions say what a scheme means.

An entry point of the group `bonafit.resolvers` is named as a scheme and loads to a function that takes the URI and
returns the local folder of the bundle. bonafit itself knows folders only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from bonafit.errors import BundleMissingError

GROUP = "bonafit.resolvers"
# Two letters at least: `C:/bundles` is a folder.
_URI = re.compile(r"([a-z][a-z0-9+.-]+):/")


def located(path: str | os.PathLike[str]) -> Path:
    """The bundle's folder: the path itself, or what a resolver makes of a URI.

    Raises BundleMissingError where no installed distribution knows the scheme.
    """
    match = _URI.match(path) if isinstance(path, str) else None
    if match is None:
        return Path(path)
    # 20 ms to import, needed for URIs only
    from importlib.metadata import entry_points

    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if match[1] not in found:
        known = ", ".join(sorted(found)) or "none"
        raise BundleMissingError(
            f"{path}: nothing installed resolves {match[1]}:/ (known: {known}); pip install 'bonafit[track]' for "
            "models of an MLflow registry, or give a folder"
        )
    resolve: Callable[[str], Path] = found[match[1]].load()
    return resolve(str(path))


def newest_bundle(models: Path) -> Path:
    """The folder of the newest bundle in a folder of bundles, by its name: 2026.10 comes after 2026.9.

    Raises BundleMissingError where it holds none.
    """
    folders = [file.parent for file in models.glob("*/manifest.json")]
    if not folders:
        raise BundleMissingError(f"{models}: no bundle in it; expected a folder with published ones")
    return max(
        folders,
        key=lambda folder: [
            (part.isdigit(), int(part) if part.isdigit() else 0, part) for part in folder.name.split(".")
        ],
    )
