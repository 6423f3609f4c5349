"""JSON Schemas (2020-12) of what goes in and what comes out, as files beside this module for programs in any language.

    from bonafit.schemas import schema
    schema("creator")  # also brief, creator_score

The same files lie in docs/schemas; `make docs` writes both from the records. Readers take more than a schema says:
other names, other spellings, single values that are bad (docs/formats.md). What fits Creator's is read as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from bonafit.records import Brief, Creator
from bonafit.results import CreatorScore

KINDS: dict[str, type[msgspec.Struct]] = {"creator": Creator, "brief": Brief, "creator_score": CreatorScore}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).resolve().parent


def schema(name: str) -> dict[str, Any]:
    """The published schema of that name. Raises KeyError for a name that there is not."""
    published: dict[str, Any] = json.loads(path_of(name).read_text(encoding="utf-8"))
    return published


def path_of(name: str, folder: Path = FOLDER) -> Path:
    """The file of a schema. Raises KeyError for a name that there is not."""
    if name not in KINDS:
        raise KeyError(f"{name}: expected one of {', '.join(KINDS)}")
    return folder / f"{name}.json"


def derived(name: str) -> str:
    """A schema as its file holds it, derived from the record."""
    return json.dumps({"$schema": DIALECT, **msgspec.json.schema(KINDS[name])}, indent=1, ensure_ascii=False) + "\n"
