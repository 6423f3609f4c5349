"""`bonafit doctor`: is everything here that scoring needs, and what else could be installed?"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from bonafit import __version__
from bonafit.bundle.manifest import door_folder, encoder_folder, read_bundle
from bonafit.bundle.resolve import located
from bonafit.cli.command import FAILED, OK, Command
from bonafit.cli.options import bundle_option
from bonafit.cli.terminal import painter, wants_colour
from bonafit.encoders import default_cache_path
from bonafit.encoders.load import load_encoder
from bonafit.errors import BonafitError

# What an extra brings, and a distribution that shows that it is installed.
EXTRAS = {
    "excel": ("read workbooks", "python-calamine"),
    "report": ("write workbooks and pages", "XlsxWriter"),
    "campaign": ("choose whom to book for a budget", "scipy"),
    "approximate": ("indexes of millions", "faiss-cpu"),
    "spark": ("score on a cluster", "pyspark"),
    "sign": ("check signed bundles", "cryptography"),
    "track": ("registry and tracking", "mlflow"),
    "completion": ("complete commands in a shell", "shtab"),
}


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. state : good, absent (optional) or bad (scoring cannot work). do : what to do, or ""."""

    what: str
    state: str
    found: str
    do: str = ""


def _arguments(parser: argparse.ArgumentParser) -> None:
    bundle_option(parser)
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of text")


def findings(bundle: str | None) -> Iterator[Finding]:
    """Everything that scoring needs and what may be added, looked at one after the other."""
    yield Finding("bonafit", "good", f"{__version__} on Python {platform.python_version()}, {os.cpu_count()} cores")
    yield from _bundle(bundle)
    yield _cache()
    for name, (brings, distribution) in EXTRAS.items():
        try:
            yield Finding(name, "good", f"{distribution} {version(distribution)}: {brings}")
        except PackageNotFoundError:
            yield Finding(name, "absent", f"not installed: {brings}", f"pip install 'bonafit[{name}]'")


def _bundle(path: str | None) -> Iterator[Finding]:
    """The bundle with every hash checked, and its encoders with theirs."""
    try:
        bundle = read_bundle(path)
        yield Finding("bundle", "good", f"{bundle.manifest.name} at {located(path)}, every file as published")
        for folder in (encoder_folder(bundle), door_folder(bundle)):
            if folder is not None:
                yield Finding("encoder", "good", f"{load_encoder(folder).name} at {folder}")
    except BonafitError as error:
        yield Finding("bundle", "bad", str(error), "pip install bonafit-bundle, or name a folder with --bundle")


def _cache() -> Finding:
    folder = default_cache_path()
    if folder is None:
        return Finding("cache", "absent", "none: nothing is remembered between runs")
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(there, os.W_OK):
        return Finding("cache", "bad", f"{folder} cannot be written", "set BONAFIT_CACHE, or score with --no-cache")
    size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return Finding("cache", "good", f"{folder}, {size / 2**20:,.0f} MiB")


def _run(arguments: argparse.Namespace) -> int:
    looked_at = list(findings(arguments.bundle))
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(looked_at).decode() + "\n")
    else:
        paint = painter(wants_colour(sys.stdout))
        styles = {"good": "green", "absent": "dim", "bad": "red"}
        for finding in looked_at:
            state = paint(f"{finding.state:<7}", styles[finding.state])
            remedy = f"; {finding.do}" if finding.do else ""
            print(f"{state} {finding.what:<12} {finding.found}{remedy}")
    return FAILED if any(finding.state == "bad" for finding in looked_at) else OK


COMMAND = Command(
    name="doctor",
    help="say whether everything is here that scoring needs, and what else could be installed",
    description="Look at the installation: bundle and encoders with every hash, cache, optional packages. Exit code 1 "
    "where scoring cannot work.",
    arguments=_arguments,
    run=_run,
)
