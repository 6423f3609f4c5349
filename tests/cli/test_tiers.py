"""Tier schemes are labels: every count has one under each, and where it flips is stated right."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.tiers import TIER_SCHEMES, custom_scheme, tier_of, tier_table


@pytest.mark.parametrize("scheme", TIER_SCHEMES)
def test_tiers_cover_every_count_once(scheme: str) -> None:
    tiers = TIER_SCHEMES[scheme]
    assert tiers[0].low == 0
    assert tiers[-1].high is None
    assert all(a.high == b.low for a, b in itertools.pairwise(tiers))


def test_the_schemes_disagree() -> None:
    assert [(row.scheme, row.tier) for row in tier_table(9_999)] == [
        ("berger_1k_10k", "micro"),
        ("10k_50k", "nano"),
        ("3k_100k", "micro"),
        ("1k_100k", "micro"),
        ("10k_500k", "nano"),
    ]
    assert [tier_of(10_000, scheme) for scheme in TIER_SCHEMES] == ["macro", "micro", "micro", "micro", "micro"]


@given(followers=st.integers(1, 10**9))
def test_a_verdict_flips_where_stated_and_not_before(followers: int) -> None:
    for row in tier_table(followers):
        assert row.lower <= followers
        assert row.upper is None or followers < row.upper
        target = followers + round(row.to_flip * followers)
        toward = -1 if row.to_flip < 0 else 1
        assert (tier_of(target, row.scheme) == "micro") != row.is_micro
        assert (tier_of(target - toward, row.scheme) == "micro") == row.is_micro


def test_custom_ranges() -> None:
    assert [tier_of(n, custom_scheme(2_000, 80_000)) for n in (1_999, 2_000, 80_000, 80_001)] == [
        "below",
        "micro",
        "micro",
        "above",
    ]
    assert tier_of(5, custom_scheme(None, 10)) == "micro"
    assert tier_of(5, custom_scheme(10, None)) == "below"
    [row] = tier_table(7, schemes={"custom": custom_scheme(0, None)})
    assert math.isinf(row.to_flip)


def test_no_followers_have_no_relative_change() -> None:
    assert all(math.isinf(row.to_flip) for row in tier_table(0))
