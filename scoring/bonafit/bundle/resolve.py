"""Where a bundle is: a folder, the name of an installed one, a URI, or the default where nothing is named.

Two entry point groups let other distributions say more than this package knows:

    bonafit.bundles   : a function without arguments that returns the folder of a bundle that the distribution holds.
                        `bonafit-bundle` has the default one.
    bonafit.resolvers : named as a scheme such as `models`; a function of a URI (`models:/bonafit@champion`) that
                        returns the local folder of the bundle.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bonafit.errors import BundleMissingError

BUNDLES, RESOLVERS = "bonafit.bundles", "bonafit.resolvers"
# The distribution whose bundle is the default, whatever others are installed.
DEFAULT = "bonafit-bundle"
# Names the default of this process.
VARIABLE = "BONAFIT_BUNDLE"
# Two letters at least: `C:/bundles` is a folder.
_URI = re.compile(r"([a-z][a-z0-9+.-]+):/")
# The one line that names the published bundle of a checkout.
_OF_MAKEFILE = re.compile(r"^BUNDLE \?= (\S+)$", re.MULTILINE)

Path_ = str | os.PathLike[str]


class KnownBundle(NamedTuple):
    """A bundle that needs no path: its name, its folder, and who brings it."""

    name: str
    folder: Path
    origin: str


def located(path: Path_ | None = None) -> Path:
    """The bundle's folder: the path itself, that of an installed name, what a resolver makes of a URI, or the default.

    Raises BundleMissingError where no installed distribution knows the scheme, or nothing is named and none is there.
    """
    if path is None:
        return default_bundle()
    match = _URI.match(path) if isinstance(path, str) else None
    if match is not None:
        return _resolved(str(path), match[1])
    folder = Path(path)
    if len(folder.parts) == 1 and not folder.exists():
        return next((known.folder for known in known_bundles() if known.name == folder.name), folder)
    return folder


def default_bundle() -> Path:
    """The bundle that is used where none is named.

    The first that there is of: what $BONAFIT_BUNDLE names; the published bundle of the checkout that this code lies in;
    the bundle of the distribution `bonafit-bundle`; the only bundle installed. Raises BundleMissingError.
    """
    if named := os.environ.get(VARIABLE):
        return located(named)
    known = known_bundles()
    first = known[:1] if known and known[0].origin in ("checkout", DEFAULT) else known
    if len(first) == 1:
        return first[0].folder
    if known:
        raise BundleMissingError(
            f"{len(known)} bundles are installed ({', '.join(bundle.name for bundle in known)}) and none is the "
            f"default; name one, or set {VARIABLE}"
        )
    raise BundleMissingError(
        f"no bundle is installed and none is named; pip install {DEFAULT} (README, Install), give a bundle's folder, "
        f"or set {VARIABLE}"
    )


def known_bundles() -> list[KnownBundle]:
    """Bundles that need no path: the checkout's first, then that of `bonafit-bundle`, then others by distribution."""
    # 20 ms to import, needed where no folder is named
    from importlib.metadata import entry_points

    checkout = _of_checkout()
    known = [] if checkout is None else [KnownBundle(checkout.name, checkout, "checkout")]
    for entry in sorted(entry_points(group=BUNDLES), key=lambda entry: (entry.name != DEFAULT, entry.name)):
        folder: Callable[[], Path] = entry.load()
        place = folder()
        known.append(KnownBundle(place.name, place, entry.name))
    return known


def _of_checkout() -> Path | None:
    """The published bundle of the checkout that this file lies in; None where it lies in none."""
    root = Path(__file__).resolve().parents[3]
    makefile = root / "Makefile"
    if not (root / "models").is_dir() or not makefile.is_file():
        return None
    named = _OF_MAKEFILE.search(makefile.read_text(encoding="utf-8"))
    return None if named is None else root / named[1]


def _resolved(uri: str, scheme: str) -> Path:
    from importlib.metadata import entry_points

    resolvers = {entry.name: entry for entry in entry_points(group=RESOLVERS)}
    if scheme not in resolvers:
        known = ", ".join(sorted(resolvers)) or "none"
        raise BundleMissingError(
            f"{uri}: nothing installed resolves {scheme}:/ (known: {known}); pip install 'bonafit[track]' for "
            "models of an MLflow registry, or give a folder"
        )
    resolve: Callable[[str], Path] = resolvers[scheme].load()
    return resolve(uri)


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
