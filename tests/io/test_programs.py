"""Objects of services and records of programs are held to what files are held to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bonafit.errors import RecordError
from bonafit.io.read import (
    ReadReport,
    creator_from_dict,
    validate_creator,
)
from bonafit.io.rows.fields import SHAPES
from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post
from tests.io.test_rejects import NOW


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({"price": float("inf")}, "price", "finite"),
        ({"price": -1.0}, "price", ">= 0"),
        ({"followers": 1.5}, "followers", "found 1.5, expected a whole number"),
        ({"followers": True}, "followers", "found True"),
        ({"followers": "many"}, "followers", "found 'many'"),
        ({"verified": 2}, "verified", "true or false"),
        ({"bio": 5}, "bio", "expected text"),
        ({"bio": b"\xff"}, "bio", "not UTF-8"),
        ({"extra": 5}, "extra", "expected an object"),
        ({"extra": 5, "unknown": 1}, "extra", "expected an object"),
        ({"audience": [{"followers": -7}]}, "audience[0].followers", ">= 0"),
        ({"comments": [{"posted_at": "2004-01-01"}]}, "comments[0].posted_at", "2005-01-01"),
        ({"posts": [{}, {"replies": [{"likes": 10**13}]}]}, "posts[1].replies[0].likes", "10000"),
        ({"posts": [{"shares": 10**20}]}, "posts[0].shares", "1000000000000"),
        ({"posts": [{"posted_at": 1e25}]}, "posts[0].posted_at", "milliseconds"),
        ({"posts": [{"posted_at": -1e15}]}, "posts[0].posted_at", "2005-01-01"),
        ({"posts": [{"posted_at": []}]}, "posts[0].posted_at", "found list"),
        ({"posts": [{"posted_at": "0001-01-01T00:00:00+23:00"}]}, "posts[0].posted_at", "ISO 8601"),
        ({3: 4}, "", "name the column"),
    ],
)
def test_objects_of_services_are_held_to_the_same(row: dict[object, object], field: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason) as caught:
        creator_from_dict({"creator_id": "a", **row}, now=NOW)  # type: ignore[dict-item]
    assert caught.value.field == field
    assert caught.value.creator_id == "a"


@pytest.mark.parametrize(
    ("creator", "field", "reason"),
    [
        (Creator(creator_id="a", bio="\ud800"), "", "lone surrogate"),
        (Creator(creator_id="a", price=float("inf")), "price", "finite"),
        (Creator(creator_id="a", posts=(Post(posted_at=datetime(1990, 1, 1)),)), "posts[0].posted_at", "2005"),
    ],
)
def test_creators_built_by_programs_are_held_to_the_same(creator: Creator, field: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason) as caught:
        validate_creator(creator, now=NOW)
    assert caught.value.field == field


def test_validation_puts_times_in_utc_and_codes_in_lower_case() -> None:
    built = Creator(creator_id="a", platform="TikTok", posts=(Post(posted_at=datetime(2026, 1, 1, 8), kind="VIDEO"),))
    checked = validate_creator(built, now=NOW)
    assert checked.platform == "tiktok"
    assert checked.posts[0] == Post(posted_at=datetime(2026, 1, 1, 8, tzinfo=UTC), kind="video")


def test_what_is_not_a_creator_says_so() -> None:
    with pytest.raises(RecordError, match="expected Creator"):
        validate_creator({"creator_id": "a"})  # type: ignore[arg-type]
    with pytest.raises(RecordError, match="expected an object"):
        creator_from_dict(["a"])  # type: ignore[arg-type]


WHERE = {Creator: "", Post: "posts[0].", Comment: "posts[0].replies[0].", AudienceAccount: "audience[0]."}


WHERE[FollowerPoint] = "follower_history[0]."


BAD = {
    "time": "1999-01-01T00:00:00Z",
    "count": 10**20,
    "number": -1.0,
    "flag": "perhaps",
    "id": True,
    "code": True,
    "text": True,
}


FIELDS = [(kind, name) for kind in WHERE for name, shape in SHAPES[kind].items() if shape in BAD]


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_no_field_of_any_record_goes_unchecked(kind: type, name: str) -> None:
    good = {"at": "2026-01-01T00:00:00Z", "followers": 1} if kind is FollowerPoint else {}
    row: object = {**good, name: BAD[SHAPES[kind][name]]}
    if kind is Comment:
        row = {"replies": [row]}
    holder = {Creator: None, Post: "posts", Comment: "posts", AudienceAccount: "audience"}.get(kind, "follower_history")
    whole = {"creator_id": "a", holder: [row]} if holder else {"creator_id": "a", **row}  # type: ignore[dict-item]
    with pytest.raises(RecordError) as caught:
        creator_from_dict(whole, now=NOW)  # type: ignore[arg-type]
    assert caught.value.field == WHERE[kind] + name
    if name == "creator_id":
        return
    report = ReadReport()
    assert creator_from_dict(whole, now=NOW, strict=False, report=report).creator_id == "a"  # type: ignore[arg-type]
    assert [lost.n for lost in report.lost.values()] == [1]
