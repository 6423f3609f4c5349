"""Posts against the niche: faint one by one, told together; those that name the brand by their mean."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.errors import BundleCorruptError
from bonafit.heads.niche_fit.stance import ADVERSE_SHARE, PENALTY, Stance

STANCE = Stance(np.array([2.0, 0.0]), -1.0, threshold=0.5)


def posts(odds: list[float]) -> np.ndarray:
    return np.array([[(o + 1.0) / 2.0, 0.0] for o in odds], dtype=np.float32)


def test_one_adverse_post_of_many_is_not_told() -> None:
    opinion = STANCE.opinion(posts([2.0] + [-1.0] * 39))
    assert not opinion.found
    assert opinion.effect == 0.0


def test_three_posts_of_ten_are_told_and_take_the_fit_away() -> None:
    opinion = STANCE.opinion(posts([2.0] * 12 + [-1.0] * 28))
    assert opinion.found
    assert opinion.share == pytest.approx(ADVERSE_SHARE, abs=0.15)
    assert -PENALTY <= opinion.effect < -PENALTY / 2
    assert opinion.adverse[:12].min() > opinion.adverse[12:].max()


def test_posts_that_name_the_brand_speak_by_their_mean() -> None:
    names = np.array([True] * 4 + [False] * 36)
    assert STANCE.opinion(posts([0.5] * 4 + [-1.5] * 36), names).found
    assert not STANCE.opinion(posts([-0.5] * 4 + [-1.5] * 36), names).found
    assert not STANCE.opinion(posts([0.5] * 2 + [-1.5] * 38), names & (np.arange(40) < 2)).found


def test_nothing_to_read_is_no_opinion_and_tables_come_back() -> None:
    assert not STANCE.opinion(np.zeros((0, 2), np.float32)).found
    read = Stance.from_tables(STANCE.to_tables())
    np.testing.assert_array_equal(read.weights, STANCE.weights)
    assert (read.bias, read.threshold) == (STANCE.bias, STANCE.threshold)
    with pytest.raises(BundleCorruptError, match="stance cannot be read"):
        Stance.from_tables({})
