"""Putting what was measured afterwards into a bundle's card, the last step before a bundle is published.

The judgement contract comes first, then the tables of every set left out.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from bonafit.bundle.manifest import MANIFEST, SIGNATURE, Manifest, file_digest, read_bundle
from bonafit.errors import InputError

CARD = "CARD.md"
JUDGEMENT, LEFT_OUT = "Judgement", "Every set left out"
_SECTIONS = re.compile(r"^## (.*)$", re.MULTILINE)


def put_judgement(folder: Path, text: str) -> None:
    """What `make judge` found, before every other section of the card; as `put_section`."""
    put_section(folder, JUDGEMENT, text)


def put_left_out(folder: Path, text: str) -> None:
    """What `make benchmark ONLY=leave_one_set_out` found, after the judgement; as `put_section`."""
    put_section(folder, LEFT_OUT, text)


def put_section(folder: Path, heading: str, text: str) -> None:
    """Write a section at the beginning of the card, after the judgement, in place of an earlier one of its heading.

    text : Markdown without the heading. The manifest takes the card's new hash; tables and scores stay as they are.
    Raises InputError for a signed bundle, which is published and never changes; BundleError for one that is not whole.
    """
    read_bundle(folder)
    if (folder / SIGNATURE).exists():
        raise InputError(f"{folder}: is signed; a published bundle is never changed, judge it before it is signed")
    card = folder / CARD
    earlier = re.compile(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    rest = earlier.sub("", card.read_text(encoding="utf-8"), count=1)
    section = f"## {heading}\n\n{text.strip()}\n\n"
    starts = (match.start() for match in _SECTIONS.finditer(rest) if heading == JUDGEMENT or match[1] != JUDGEMENT)
    at = next(starts, len(rest))
    card.write_text(rest[:at] + section + rest[at:], encoding="utf-8")
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    manifest = msgspec.structs.replace(manifest, files={**manifest.files, CARD: file_digest(card)})
    raw = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    (folder / MANIFEST).write_bytes(raw + b"\n")
    read_bundle(folder)
