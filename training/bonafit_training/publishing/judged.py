"""Putting what `make judge` found first into a bundle's card, the last step before a bundle is published."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from bonafit.bundle.manifest import MANIFEST, SIGNATURE, Manifest, file_digest, read_bundle
from bonafit.errors import InputError

CARD = "CARD.md"
_SECTION = re.compile(r"^## Judgement\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
_FIRST = re.compile(r"^## ", re.MULTILINE)


def put_judgement(folder: Path, text: str) -> None:
    """Write a section "Judgement" before every other one of the card, in place of an earlier one.

    text : Markdown without the heading. The manifest takes the card's new hash; tables and scores stay as they are.
    Raises InputError for a signed bundle, which is published and never changes; BundleError for one that is not whole.
    """
    read_bundle(folder)
    if (folder / SIGNATURE).exists():
        raise InputError(f"{folder}: is signed; a published bundle is never changed, judge it before it is signed")
    card = folder / CARD
    rest = _SECTION.sub("", card.read_text(encoding="utf-8"), count=1)
    section = f"## Judgement\n\n{text.strip()}\n\n"
    first = _FIRST.search(rest)
    at = first.start() if first else len(rest)
    card.write_text(rest[:at] + section + rest[at:], encoding="utf-8")
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    manifest = msgspec.structs.replace(manifest, files={**manifest.files, CARD: file_digest(card)})
    raw = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    (folder / MANIFEST).write_bytes(raw + b"\n")
    read_bundle(folder)
