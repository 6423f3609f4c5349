"""The combined score and the flags of a brief."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.errors import BriefError
from bonafit.records import Brief, Creator, Weights
from bonafit.results import HEADS, Component
from bonafit.scorer.combine import NEUTRAL, brief_flags, combine, normalised_weights

unit = st.floats(0, 1)


def component(name: str, value: float | None, spread: float = 0.1, sufficiency: float = 1.0) -> Component:
    interval = None if value is None else (max(0.0, value - spread), min(1.0, value + spread))
    status = "insufficient" if value is None else "ok"
    return Component(name=name, status=status, value=value, interval=interval, sufficiency=sufficiency)


@given(st.tuples(*[st.none() | unit] * 3), st.tuples(*[st.floats(0.01, 9)] * 3))
def test_the_score_is_the_sum_of_its_contributions(
    values: tuple[float | None, ...], weights: tuple[float, ...]
) -> None:
    parts = {name: component(name, value) for name, value in zip(HEADS, values, strict=True)}
    score, (low, high), _, contributions = combine(
        parts, normalised_weights(Weights(**dict(zip(HEADS, weights, strict=True))))
    )
    assert sum(c.points for c in contributions) == score
    assert 0 <= low <= score + 1e-12
    assert score - 1e-12 <= high <= 1
    assert [c.neutral for c in contributions] == [value is None for value in values]


def test_an_abstaining_head_counts_the_middle_widens_and_says_so() -> None:
    known = {name: component(name, 0.9) for name in HEADS}
    unknown = {**known, "authenticity": component("authenticity", None, sufficiency=0.0)}
    weights = normalised_weights(Weights())
    score, interval, sufficiency, parts = combine(unknown, weights)
    assert score == pytest.approx(0.9 * 0.75 + NEUTRAL * 0.25)
    assert interval[1] - interval[0] > combine(known, weights)[1][1] - combine(known, weights)[1][0]
    assert sufficiency == pytest.approx(0.75)
    assert next(c for c in parts if c.component == "authenticity").neutral


def test_weights_must_not_all_be_zero() -> None:
    with pytest.raises(BriefError, match="all zero; expected at least one positive"):
        normalised_weights(Weights(niche_fit=0, authenticity=0, engagement_quality=0))


def test_flags_say_where_a_creator_lies_outside_the_brief() -> None:
    brief = Brief(
        brand="b",
        description="d",
        platforms=("tiktok",),
        languages=("en",),
        markets=("DE",),
        min_followers=10,
        max_followers=20,
    )
    inside = Creator(creator_id="a", platform="TikTok", language="en", country="de", followers=15)
    assert brief_flags(inside, brief) == []
    outside = Creator(creator_id="a", platform="youtube", language="fr", country="us", followers=25)
    assert brief_flags(outside, brief) == [
        "platform_outside_brief",
        "language_outside_brief",
        "country_outside_brief",
        "followers_above_brief",
    ]
    assert "followers_unknown" in brief_flags(Creator(creator_id="a"), brief)
    assert brief_flags(Creator(creator_id="a"), Brief(brand="b", description="d")) == []
