"""The combined score and the flags of a brief."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.errors import BriefError
from bonafit.heads import WEIGHTED
from bonafit.records import Brief, Creator, Weights
from bonafit.results import Component
from bonafit.scorer.combine import brief_flags, combine, harmonic_mean, normalised_weights, sufficiency_of

unit = st.floats(0, 1)


def component(name: str, value: float, spread: float = 0.1, sufficiency: float = 1.0) -> Component:
    interval = (max(0.0, value - spread), min(1.0, value + spread))
    return Component(name=name, status="ok", value=value, interval=interval, sufficiency=sufficiency)


def combined(values: dict[str, float], weights: Weights | None = None) -> tuple[float, tuple[float, float]]:
    parts = {name: component(name, value) for name, value in values.items()}
    return combine(parts, normalised_weights(weights or Weights()))[:2]


@given(st.tuples(*[unit] * 3), st.tuples(*[st.just(0.0) | st.floats(0.01, 9)] * 3).filter(any))
def test_points_sum_to_the_score_and_effective_weights_to_one(
    values: tuple[float, ...], raw: tuple[float, ...]
) -> None:
    parts = {name: component(name, value) for name, value in zip(WEIGHTED, values, strict=True)}
    weights = normalised_weights(Weights(**dict(zip(WEIGHTED, raw, strict=True))))
    score, (low, high), contributions = combine(parts, weights)
    assert sum(c.points for c in contributions) == pytest.approx(score, abs=1e-12)
    assert sum(c.effective_weight for c in contributions) == pytest.approx(1, abs=1e-12)
    explained = sum(c.effective_weight * (c.value or 0.0) for c in contributions)
    assert explained == pytest.approx(score, abs=1e-12)
    assert 0 <= low <= score <= high <= 1
    counted = [(value, weight) for value, weight in zip(values, weights.values(), strict=True) if weight]
    assert all(score <= value / weight + 1e-12 for value, weight in counted)
    assert min(v for v, _ in counted) - 1e-12 <= score <= max(v for v, _ in counted) + 1e-12


@given(st.tuples(*[unit] * 3), st.integers(0, 2), unit)
def test_a_better_head_never_lowers_the_score(values: tuple[float, ...], i: int, other: float) -> None:
    one = dict(zip(WEIGHTED, values, strict=True))
    better = {**one, WEIGHTED[i]: max(other, values[i])}
    assert combined(better)[0] >= combined(one)[0] - 1e-12


def test_the_score_is_the_weighted_harmonic_mean() -> None:
    values = dict(zip(WEIGHTED, (0.9, 0.6, 0.3), strict=True))
    assert combined(values)[0] == pytest.approx(1 / (0.5 / 0.9 + 0.25 / 0.6 + 0.25 / 0.3))


def test_near_zero_in_one_question_drags_the_whole_down() -> None:
    values = dict.fromkeys(WEIGHTED, 1.0)
    for name in WEIGHTED:
        assert combined({**values, name: 0.05})[0] < 0.2
        assert combined({**values, name: 0.0})[0] == 0.0


def test_a_head_without_weight_counts_nothing() -> None:
    weights = Weights(engagement_quality=0)
    values = dict(zip(WEIGHTED, (0.9, 0.6, 0.0), strict=True))
    assert combined(values, weights) == combined({**values, "engagement_quality": 1.0}, weights)


def test_a_wider_head_widens_the_score() -> None:
    narrow = {name: component(name, 0.6, spread=0.05) for name in WEIGHTED}
    wide = {**narrow, "authenticity": component("authenticity", 0.6, spread=0.4)}
    weights = normalised_weights(Weights())
    (low, high), (lower, higher) = (combine(parts, weights)[1] for parts in (narrow, wide))
    assert lower < low < 0.6 < high < higher


def test_the_interval_is_what_each_head_alone_does_in_quadrature() -> None:
    values = dict(zip(WEIGHTED, (0.7, 0.6, 0.5), strict=True))
    weights = normalised_weights(Weights())
    parts = {name: component(name, value) for name, value in values.items()}
    score, (low, high), contributions = combine(parts, weights)
    assert [(c.component, c.weight, c.value) for c in contributions] == [(n, weights[n], values[n]) for n in WEIGHTED]
    for end, sign in ((low, -1), (high, 1)):
        moves = [harmonic_mean({**values, name: values[name] + sign * 0.1}, weights) - score for name in WEIGHTED]
        assert abs(end - score) == pytest.approx(math.sqrt(math.fsum(move**2 for move in moves)))
    # who has no interval moves nothing, and who has no weight need not have a value
    sure = {**parts, "niche_fit": msgspec.structs.replace(parts["niche_fit"], interval=None)}
    assert combine(sure, weights)[1][0] > low
    silent = Component(name="authenticity", status="insufficient", value=None, interval=None, sufficiency=0.0)
    without = normalised_weights(Weights(authenticity=0))
    assert combine({**parts, "authenticity": silent}, without)[:2] == combine(parts, without)[:2]


def test_no_rounding_of_weights_takes_the_mean_above_one() -> None:
    assert harmonic_mean({"a": 1.0, "b": 0.0}, {"a": 1 - 1e-9, "b": 0.0}) == 1.0


def test_sufficiency_is_the_weighted_mean_of_the_heads() -> None:
    parts = {
        name: component(name, 0.5, sufficiency=share) for name, share in zip(WEIGHTED, (1.0, 0.5, 0.2), strict=True)
    }
    assert sufficiency_of(parts, normalised_weights(Weights())) == pytest.approx(0.5 + 0.25 * 0.5 + 0.25 * 0.2)
    assert sufficiency_of(parts, dict.fromkeys(WEIGHTED, 2.0)) == 1.0


def test_weights_must_not_all_be_zero() -> None:
    message = "^weights: all zero; expected at least one positive weight among " + ", ".join(WEIGHTED) + "$"
    with pytest.raises(BriefError, match=message):
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
    assert brief_flags(Creator(creator_id="a"), brief) == [
        "platform_unknown",
        "language_unknown",
        "country_unknown",
        "followers_unknown",
    ]


@pytest.mark.parametrize(
    ("low", "high", "followers", "flags"),
    [
        (10, 20, 10, []),
        (10, 20, 20, []),
        (10, 20, 9, ["followers_below_brief"]),
        (10, 20, 21, ["followers_above_brief"]),
        (10, None, 9, ["followers_below_brief"]),
        (10, None, 10**6, []),
        (None, 20, 0, []),
        (None, 20, 21, ["followers_above_brief"]),
        (None, None, 5, []),
    ],
)
def test_follower_bounds_hold_their_ends(low: int | None, high: int | None, followers: int, flags: list[str]) -> None:
    brief = Brief(brand="b", description="d", min_followers=low, max_followers=high)
    assert brief_flags(Creator(creator_id="a", followers=followers), brief) == flags


def test_a_brief_without_wishes_raises_no_flags() -> None:
    assert brief_flags(Creator(creator_id="a"), Brief(brand="b", description="d")) == []
