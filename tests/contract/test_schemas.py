"""Published schemas are the records' own, and what the package reads and writes fits them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bonafit import Brief, Creator
from bonafit.schemas import KINDS, derived, path_of, schema
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer


@pytest.mark.parametrize("name", KINDS)
def test_files_are_current(name: str, repository: Path) -> None:
    for file in (path_of(name), repository / "docs" / "schemas" / f"{name}.json"):
        assert file.read_text(encoding="utf-8") == derived(name), "run `make docs`"


def test_a_name_that_there_is_not_says_so() -> None:
    with pytest.raises(KeyError, match="post: expected one of creator, brief, creator_score"):
        schema("post")


def required(document: dict[str, Any], record: str) -> list[str]:
    fields: list[str] = document["$defs"][record]["required"]
    return fields


def test_schemas_say_what_is_required_and_allow_nothing_unknown() -> None:
    assert required(schema("creator"), "Creator") == ["creator_id"]
    assert required(schema("brief"), "Brief") == ["brand", "description"]
    for record in ("Creator", "Post", "Comment", "AudienceAccount", "FollowerPoint"):
        assert schema("creator")["$defs"][record]["additionalProperties"] is False


def test_what_is_written_has_the_fields_of_the_schema() -> None:
    """Field for field, without a validator: names, and for records that are required their presence."""
    with tiny_scorer() as scorer:
        results = scorer.score(creators(3), BRIEF)
    for name, records in (("creator", creators(3)), ("brief", [BRIEF]), ("creator_score", results)):
        document = schema(name)
        fields = document["$defs"][KINDS[name].__name__]["properties"]
        for record in records:
            assert set(msgspec.to_builtins(record)) == set(fields)
    assert KINDS["creator"] is Creator
    assert KINDS["brief"] is Brief
