"""From scores to the list that people see: quotas are kept or told, propensities are the chances there were."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonafit.errors import OrderingError, ShapeError
from bonafit.ordering import Ordering, Quota, order
from bonafit.results import CreatorScore, Profile
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer

with tiny_scorer() as scorer:
    (TEMPLATE,) = scorer.score(creators(1), BRIEF)


def scored(n: int, platforms: str = "it", followers: int | None = 5_000) -> list[CreatorScore]:
    """n results, the best first, their platforms in turn (i for instagram, t for tiktok, - for none)."""
    names = {"i": "instagram", "t": "tiktok", "-": None}
    return [
        msgspec.structs.replace(
            TEMPLATE,
            creator_id=f"c{i:02d}",
            score=1 - i / 100,
            profile=Profile(platform=names[platforms[i % len(platforms)]], followers=followers),
        )
        for i in range(n)
    ]


def ids(ordered: Any) -> list[str]:
    return [place.creator_id for place in ordered.places]


def quota(attribute: str, value: str, at_least: int = 0, at_most: int | None = None) -> Quota:
    return Quota(attribute=attribute, value=value, at_least=at_least, at_most=at_most)


def test_without_a_policy_it_is_the_order_of_scores() -> None:
    results = scored(5)
    unscored = msgspec.structs.replace(TEMPLATE, creator_id="never", score=None)
    tie = msgspec.structs.replace(results[0], creator_id="b")
    ordered = order([*reversed(results), unscored, tie], Ordering(k=4))
    assert ids(ordered) == ["b", "c00", "c01", "c02"]
    assert {place.why for place in ordered.places} == {"score"}
    assert {place.propensity for place in ordered.places} == {1.0}
    assert ordered.without_score == ("never",)
    assert ordered.unmet == ()


def test_quotas_are_kept_by_the_best_of_their_kind() -> None:
    results = scored(12, "iiit")
    ordered = order(results, Ordering(k=4, quotas=(quota("platform", "tiktok", at_least=2),)))
    assert ids(ordered) == ["c00", "c01", "c03", "c07"]
    assert [place.why for place in ordered.places] == ["score", "score", "quota", "quota"]
    capped = order(results, Ordering(k=5, quotas=(quota("platform", "instagram", at_most=2),)))
    assert ids(capped) == ["c00", "c01", "c03", "c07", "c11"]


def test_what_cannot_be_kept_is_told() -> None:
    results = scored(6, "iiiiit")
    few = order(results, Ordering(k=4, quotas=(quota("platform", "tiktok", at_least=3),)))
    assert len(few.places) == 4
    assert [(unmet.quota.value, unmet.placed) for unmet in few.unmet] == [("tiktok", 1)]
    short = order(results, Ordering(k=4, quotas=(quota("platform", "instagram", at_most=2),)))
    assert ids(short) == ["c00", "c01", "c05"]


def test_tiers_and_the_unknown_are_kinds_too() -> None:
    results = [*scored(3, "-"), *scored(6, "-", followers=500)[3:], *scored(7, "-", followers=None)[6:]]
    ordering = Ordering(
        k=4, quotas=(quota("tier", "nano", 2), quota("tier", "unknown", 1), quota("platform", "unknown", 4))
    )
    ordered = order(results, ordering)
    assert ids(ordered) == ["c00", "c03", "c04", "c06"]
    assert ordered.unmet == ()


def test_diversity_keeps_alike_creators_apart() -> None:
    results = scored(4)
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    assert ids(order(results, Ordering(k=3, diversity=0.5), vectors=vectors)) == ["c00", "c02", "c03"]
    second = order(results, Ordering(k=2, diversity=0.5), vectors=vectors).places[1]
    assert second.why == "diversity"
    assert ids(order(results, Ordering(k=3, diversity=0.0), vectors=vectors)) == ["c00", "c01", "c02"]
    with pytest.raises(ShapeError, match="found none vectors, expected 4"):
        order(results, Ordering(k=3, diversity=0.5))


def test_propensities_are_the_chances_there_were() -> None:
    results = scored(6)
    first: Counter[str] = Counter()
    told: dict[str, float] = {}
    weights = []
    rounds = 4_000
    for seed in range(rounds):
        places = order(results, Ordering(k=2, exploration=0.4, pool=4, seed=seed)).places
        first[places[0].creator_id] += 1
        told[places[0].creator_id] = places[0].propensity
        weights.append(places[0].score / places[0].propensity)
    assert told == pytest.approx({"c00": 0.7, "c01": 0.1, "c02": 0.1, "c03": 0.1})
    for name, n in first.items():
        assert n / rounds == pytest.approx(told[name], abs=0.03)
    # weighed by its propensities a list foretells the mean of all whom it could have shown
    assert np.mean(weights) == pytest.approx(sum(result.score or 0 for result in results[:4]), rel=0.05)


def test_the_same_seed_gives_the_same_list() -> None:
    policy = Ordering(k=10, exploration=0.5, seed=3)
    assert order(scored(30), policy) == order(scored(30), policy)
    assert order(scored(30), policy) != order(scored(30), msgspec.structs.replace(policy, seed=4))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from("it-"), min_size=1, max_size=25),
    st.integers(1, 12),
    st.integers(0, 4),
    st.integers(0, 4),
    st.floats(0, 1),
    st.integers(0, 5),
)
def test_no_list_breaks_a_quota_or_repeats_anybody(
    kinds: list[str], k: int, least: int, most: int, exploration: float, seed: int
) -> None:
    results = scored(len(kinds), "".join(kinds))
    quotas = (quota("platform", "tiktok", min(least, k)), quota("platform", "instagram", 0, most))
    ordered = order(results, Ordering(k=k, quotas=quotas, exploration=exploration, seed=seed))
    platforms = {result.creator_id: result.profile.platform for result in results}
    held = Counter(platforms[name] for name in ids(ordered))
    assert len(set(ids(ordered))) == len(ordered.places) <= k
    assert held["instagram"] <= most
    there = sum(platform == "tiktok" for platform in platforms.values())
    assert held["tiktok"] >= min(least, k, there)
    assert bool(ordered.unmet) == (held["tiktok"] < min(least, k))
    assert all(0 < place.propensity <= 1 for place in ordered.places)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"k": 0}, "k: found 0"),
        ({"k": 3, "divercity": 1}, r"divercity: unknown field, .*did you mean diversity\?"),
        ({"k": 3, "tier_scheme": "3k_100"}, r"tier_scheme: .*did you mean 3k_100k\?"),
        ({"k": 3, "quotas": [{"attribute": "platfrom", "value": "x"}]}, r"quotas\[0\].attribute: .*mean platform\?"),
        ({"k": 3, "quotas": [{"attribute": "tier", "value": "x", "at_least": 2, "at_most": 1}]}, "swap them"),
        ({"k": 3, "quotas": [{"attribute": "tier", "value": "x"}] * 2}, "tier x again"),
        ({"k": 3, "quotas": [{"attribute": "tier", "value": "x", "at_least": 4}]}, "tier asks for 4 places of 3"),
    ],
)
def test_what_does_not_go_together_says_so(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(OrderingError, match=message):
        order(scored(2), Ordering(**fields))
