"""Records built by programs: checked where they are built and where they are scored, with the readers' words."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import pytest

from bonafit import Brief, BriefError, Creator, FollowerPoint, Post, RecordError, VerdictMarks, Weights
from bonafit.errors import FiltersError, InputError
from bonafit.index import Filters
from bonafit.io.brief import brief_from_dict
from bonafit.io.read import creator_from_dict
from bonafit.scorer.border import checked
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer


@pytest.mark.parametrize(
    ("kind", "fields", "error", "message"),
    [
        (
            Creator,
            {"creator_id": "a", "folowers": 3},
            RecordError,
            r"creator a, folowers: unknown field, .*followers\?",
        ),
        (Creator, {"creator_id": "a", "followers": "many"}, RecordError, r"found 'many', expected a whole number"),
        (Creator, {"creator_id": "a", "followers": -7}, RecordError, r"followers: found -7, .* >= 0; correct it"),
        (Creator, {"creator_id": "a", "followers": True}, RecordError, r"found True, expected a whole number"),
        (Creator, {"creator_id": "a", "posts": [{"likes": 2.5}]}, RecordError, r"posts\[0\].likes: found 2.5"),
        (Creator, {"creator_id": "a", "posts": [3]}, RecordError, r"posts\[0\]: found 3, expected an object"),
        (Creator, {"creator_id": ""}, RecordError, r"creator_id: found '', expected text of length >= 1"),
        (Creator, {}, RecordError, r"creator_id: is missing"),
        (Post, {"captions": "x"}, RecordError, r"captions: unknown field, .*did you mean caption\?"),
        (Post, {"posted_at": "yesterday"}, RecordError, r"posted_at: found 'yesterday'"),
        (FollowerPoint, {"followers": 1}, RecordError, r"at: is missing"),
        (Brief, {"brand": "b"}, BriefError, r"description: is missing"),
        (Brief, {"brand": "b", "description": "d", "keyword": ("a",)}, BriefError, r"did you mean keywords\?"),
        (
            Brief,
            {"brand": "b", "description": "d", "keywords": "a"},
            BriefError,
            r"keywords: found 'a', expected a list",
        ),
        (Weights, {"niche": 1}, BriefError, r"niche: unknown field, .*did you mean niche_fit\?"),
        (VerdictMarks, {"pass_score": 2}, BriefError, r"pass_score: found 2, expected a number <= 1"),
        (Filters, {"platfroms": ("tiktok",)}, FiltersError, r"platfroms: unknown field, .*did you mean platforms\?"),
        (Filters, {"min_followers": "1k"}, FiltersError, r"min_followers: found '1k', expected a whole number"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_built(
    kind: type, fields: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        kind(**fields)


def test_lists_objects_and_the_numbers_of_data_frames_are_taken() -> None:
    post = Post(caption="x", likes=np.int64(3), tags=["a"])  # type: ignore[arg-type]
    built = Creator(creator_id="a", price=np.float32(2.5), posts=[post, {"likes": 4}])  # type: ignore[arg-type]
    assert built.posts == (Post(caption="x", likes=3, tags=("a",)), Post(likes=4))
    assert built.posts[0] is post
    assert built.price == 2.5
    assert type(built.posts[0].likes) is int


def test_copies_and_what_is_decoded_are_the_same_records() -> None:
    for record in (*creators(3), BRIEF, Filters(platforms=("tiktok",))):
        for same in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
            assert same == record
        assert msgspec.json.decode(msgspec.json.encode(record), type=type(record)) == record


class Unwritten:
    """A value of a program's own that cannot even be written."""

    def __str__(self) -> str:
        raise ValueError("no")

    __repr__ = __str__


STRANGE = (
    "\ud800", Unwritten(), object(), np.array([1, 2]), np.datetime64("NaT"), range(3), 10**5_000, {1: 2}, 1j, {b"x": 1},
)  # fmt: skip


@pytest.mark.parametrize("kind", [Creator, Post, Brief, FollowerPoint, Weights, VerdictMarks])
def test_whatever_a_program_puts_into_a_field_is_a_value_or_an_error_of_ours(kind: type[Any]) -> None:
    given = {
        "creator_id": "a",
        "brand": "b",
        "description": "d",
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "followers": 1,
    }
    required = {name: value for name, value in given.items() if name in kind.__struct_fields__}
    refused: list[str] = []
    plain = {Creator: creator_from_dict, Brief: brief_from_dict}.get(kind)
    for name in kind.__struct_fields__:
        for value in STRANGE:
            for make in filter(None, (lambda fields: kind(**fields), plain)):
                try:
                    make({**required, name: value})
                except (RecordError, BriefError) as error:
                    refused.append(str(error))
    assert refused
    assert not [said for said in refused if "\n" in said]


def test_what_is_no_table_and_no_budget_is_said() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with tiny_scorer() as scorer:
        with pytest.raises(InputError, match="nested more than"):
            scorer.score_table({"creator_id": endless}, BRIEF)
        for budget in ("5", -1, float("nan"), 10**400, [3]):
            with pytest.raises(InputError, match="budget_ms: found"):
                scorer.score(creators(1), BRIEF, budget_ms=budget)  # type: ignore[arg-type]


def test_a_scorer_reads_other_spellings_as_a_file_does() -> None:
    fields: dict[str, Any] = {
        "creator_id": "a", "platform": "TikTok", "handle": "@a", "language": "English", "bio": "sunscreen",
        "posts": ({"caption": "serum", "kind": "VIDEO", "posted_at": "2026-01-01T08:00:00"},),
    }  # fmt: skip
    wish: dict[str, Any] = {"brand": "b", "description": "sunscreen", "platforms": ["TikTok"], "languages": ["English"]}
    with tiny_scorer() as scorer:
        (built,) = scorer.score([Creator(**fields)], Brief(**wish))
        (read,) = scorer.score([creator_from_dict(fields)], brief_from_dict(wish))
        (limited,) = scorer.score([Creator(**fields)], Brief(**wish), budget_ms=10_000)
    assert built == read == limited
    assert built.profile.platform == "tiktok"
    assert "platform_outside_brief" not in built.flags


def test_a_scorer_refuses_what_a_file_would_lose() -> None:
    old = Post(posted_at=datetime(1990, 1, 1, tzinfo=UTC))
    with tiny_scorer() as scorer:
        for bad, error in (
            (Creator(creator_id="a", posts=(old,)), r"posts\[0\].posted_at: found .*2005"),
            (Creator(creator_id="a", price=float("inf")), "price.* finite"),
            (Creator(creator_id="a", bio="\ud800"), "lone surrogate"),
            ({"creator_id": "a"}, "found dict, expected Creator"),
        ):
            with pytest.raises(RecordError, match=error):
                scorer.score([bad], BRIEF)  # type: ignore[list-item]
        with pytest.raises(BriefError, match="found dict, expected Brief"):
            scorer.score(creators(1), {"brand": "b"})  # type: ignore[arg-type]
        with pytest.raises(BriefError, match="all are 0"):
            scorer.score(creators(1), Brief(brand="b", description="d", weights=ZERO))
        with pytest.raises(BriefError, match="min_followers: found 5, above max_followers 2"):
            scorer.prepare_brief(Brief(brand="b", description="d", min_followers=5, max_followers=2))


ZERO = Weights(niche_fit=0, authenticity=0, engagement_quality=0)


def test_records_of_readers_pass_as_they_are() -> None:
    read = [creator_from_dict(msgspec.to_builtins(creator)) for creator in creators(3)]
    assert all(passed is creator for passed, creator in zip(checked(read), read, strict=True))


def _cyclic() -> dict[str, Any]:
    around: dict[str, Any] = {}
    around["a"] = around
    return around


@pytest.mark.parametrize(
    "value", [object(), np.float64(3), np.arange(3), _cyclic()], ids=lambda value: type(value).__name__
)
def test_extra_that_json_cannot_hold_is_a_record_error(value: Any) -> None:
    with tiny_scorer() as scorer, pytest.raises(RecordError, match="extra"):
        scorer.score([Creator(creator_id="a", bio="walks", extra={"a": value})], BRIEF)


def test_an_id_with_a_lone_surrogate_is_said_in_words_that_a_log_can_hold() -> None:
    with tiny_scorer() as scorer, pytest.raises(RecordError, match="lone surrogate") as raised:
        scorer.score([Creator(creator_id="a\ud800", bio="walks")], BRIEF)
    assert r"a\ud800" in str(raised.value).encode().decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"description": "walks \ud800"}, "lone surrogate at character 6"),
        ({"weights": Weights(niche_fit=1e308, authenticity=1e308)}, "weights.niche_fit"),
    ],
)
def test_a_brief_that_cannot_be_computed_with_is_a_brief_error(fields: dict[str, Any], message: str) -> None:
    with tiny_scorer() as scorer, pytest.raises(BriefError, match=message):
        scorer.score(creators(1), Brief(**{"brand": "a", "description": "walks", **fields}))
