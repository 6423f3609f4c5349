"""Intervals widen to a creator's own errors, and never narrow by them."""

import numpy as np
import pytest

from bonafit.heads.engagement_quality.interval import FIRST, adapted


def test_without_enough_posts_the_band_stays() -> None:
    assert adapted((-1.0, 2.0), np.zeros(FIRST), np.ones(FIRST)) == (-1.0, 2.0)


def test_small_own_errors_never_narrow() -> None:
    assert adapted((-1.0, 2.0), np.zeros(40), np.zeros(40)) == (-1.0, 2.0)


def test_a_restless_creator_is_covered() -> None:
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(400):
        lift = rng.normal(0, 1.5, 60)
        low, high = adapted((-0.5, 0.5), lift[:40], np.zeros(40))
        hits += list((lift[40:] >= low) & (lift[40:] <= high))
    assert np.mean(hits) == pytest.approx(0.9, abs=0.03)


def test_only_the_newest_errors_count() -> None:
    lift = np.concatenate([np.full(50, 9.0), np.zeros(32)])
    assert adapted((-1.0, 1.0), lift, np.zeros(82)) == (-1.0, 1.0)
