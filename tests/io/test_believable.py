"""Records built by programs are held to what files are: ids, codes, times; numbers in cells to what one can mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bonafit.errors import RecordError
from bonafit.io.rows.check import check_creator
from bonafit.io.rows.identity import identifier
from bonafit.io.rows.values import NumberFormat, UnreadError, amount_of, count_of
from bonafit.records import Comment, Creator, FollowerPoint, Post

LATEST = datetime(2026, 6, 1, tzinfo=UTC)
AT = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
EARLY, LATE = datetime(2001, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"price": float("inf")}, "price"),
        ({"country": "Germany"}, "country"),
        ({"creator_id": "1.2E+17"}, "creator_id"),
        ({"creator_id": "n/a"}, "creator_id"),
        ({"creator_id": "https://instagram.com/foo"}, "creator_id"),
        ({"creator_id": "a\u200bb"}, "creator_id"),
        ({"handle": "@foo"}, "handle"),
        ({"handle": "instagram.com/foo"}, "handle"),
        ({"bio": "1,204 Followers, 300 Following, 12 Posts - See Instagram photos and videos from A (@a)"}, "bio"),
        ({"extra": {"column": None}}, "extra"),
        ({"extra": {"column": "n/a"}}, "extra"),
        ({"posts": (Post(kind="GraphImage"),)}, "posts[0].kind"),
        ({"posts": (Post(), Post(posted_at=EARLY))}, "posts[1].posted_at"),
        ({"posts": (Post(counted_at=LATE),)}, "posts[0].counted_at"),
        ({"comments": (Comment(text="a", posted_at=LATE),)}, "comments[0].posted_at"),
        ({"follower_history": (FollowerPoint(at=EARLY, followers=1),)}, "follower_history[0].at"),
    ],
)
def test_what_no_file_could_hold_is_refused_by_its_path(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(RecordError) as caught:
        check_creator(Creator(**{"creator_id": "a", **fields}), latest=LATEST)
    assert caught.value.field == path
    assert "correct it or leave the field out" in caught.value.reason


def test_times_become_utc_and_all_else_stays_the_same_object() -> None:
    reply = Comment(text="thanks", posted_at=AT)
    posts = (Post(posted_at=AT, counted_at=AT, replies=(reply,)), Post(caption="undated"))
    creator = Creator(
        creator_id="a", posts=posts, comments=(reply, Comment(text="b")),
        follower_history=(FollowerPoint(at=AT, followers=3),), extra={"column": 1},
    )  # fmt: skip
    checked = check_creator(creator, latest=LATEST)
    assert checked.posts[1] is posts[1]
    times = [
        checked.posts[0].posted_at, checked.posts[0].counted_at, checked.posts[0].replies[0].posted_at,
        checked.comments[0].posted_at, checked.follower_history[0].at,
    ]  # fmt: skip
    assert [(at, at.tzinfo) for at in times if at is not None] == [(AT, UTC)] * 5
    assert check_creator(checked, latest=LATEST) is checked


@pytest.mark.parametrize(
    ("value", "text"), [(12, "12"), (12.0, "12"), ("12.0", "12"), (" 0012 ", "0012"), ("12a", "12a"), ("1.5", "1.5")]
)
def test_an_id_is_its_text(value: object, text: str) -> None:
    assert identifier(value) == text


@pytest.mark.parametrize(
    "value", [True, 10**301, 1.5, 1e17, "1.23E+15", "1784140000000000000000.0", [1]], ids=lambda value: str(value)[:12]
)
def test_an_id_that_was_rounded_or_is_none_is_refused(value: object) -> None:
    with pytest.raises(UnreadError, match="expected an id"):
        identifier(value)


@pytest.mark.parametrize(
    "text", ["1 2345", "1.2345.678,9", "1,2,345.6", "1.2.3", "9" * 400, "12 parsecs", "", "1 234 56"]
)
def test_a_cell_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadError, match="expected a number"):
        amount_of(text, whole=False)


def test_a_mark_that_may_be_either_is_asked_for() -> None:
    with pytest.raises(UnreadError, match="name the decimal mark with --decimal"):
        amount_of("1.234", NumberFormat(refused=frozenset(".")), whole=False)
    with pytest.raises(UnreadError, match="use --decimal"):
        amount_of("1.234K", NumberFormat(scaled_decimal=frozenset(), scaled_grouping=frozenset()), whole=False)
    with pytest.raises(UnreadError, match="groups thousands in this column"):
        amount_of("1.25", NumberFormat(grouping=frozenset("."), decimal=frozenset(",")), whole=False)
    assert amount_of("1.5B", NumberFormat(is_b_thousand=True), whole=True) == (1_500.0, True)
    assert amount_of("-3", whole=True) == (-3.0, False)


@pytest.mark.parametrize("value", [True, 1.5, "1.5", None, "2e400"])
def test_a_count_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(UnreadError):
        count_of(value)
