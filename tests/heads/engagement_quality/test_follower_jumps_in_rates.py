"""Followers that come in one step never lift the rate of the posts before it (judgement contract, rule 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.heads.engagement_quality.series import Basis, FollowersThen, days, read_series
from bonafit.records import Creator, FollowerPoint, Post

START = datetime(2026, 3, 1, tzinfo=UTC)
BY_FOLLOWERS = Basis("likes", "followers")


def creator_with(history: list[int]) -> Creator:
    """A creator with daily follower counts and a post a day of 100 likes for 80 days up to the last of them."""
    end = START + timedelta(days=len(history) - 1)
    return Creator(
        creator_id="c",
        followers=history[-1],
        posts=tuple(Post(posted_at=end - timedelta(days=k), likes=100) for k in range(4, 84)),
        follower_history=tuple(
            FollowerPoint(at=START + timedelta(days=i), followers=count) for i, count in enumerate(history)
        ),
    )


def test_growth_below_forty_per_cent_a_step_is_read_as_it_was() -> None:
    then = FollowersThen(creator_with([1000, 1390, 1900]))
    assert np.exp([then.log_at(days(START + timedelta(days=k))) for k in range(3)]) == pytest.approx([1000, 1390, 1900])


def test_what_a_step_adds_beyond_counts_for_the_posts_before() -> None:
    then = FollowersThen(creator_with([1000, 2800, 2900]))
    assert np.exp([then.log_at(days(START + timedelta(days=k))) for k in range(3)]) == pytest.approx([2800, 2800, 2900])
    # +60 %: what lies beyond +40 %, twice
    then = FollowersThen(creator_with([1000, 1600, 1600]))
    assert np.exp(then.log_at(days(START))) == pytest.approx(1000 * (1.6 / 1.4) ** 2)


@given(st.floats(1.0, 20.0), st.integers(2, 8), st.integers(1, 7))
def test_no_jump_lifts_the_rate_of_any_post(factor: float, n: int, at: int) -> None:
    clean = [10_000] * n
    jumped = [round(count * (factor if i >= min(at, n - 1) else 1)) for i, count in enumerate(clean)]
    before, after = (read_series(creator_with(history), BY_FOLLOWERS) for history in (clean, jumped))
    assert np.array_equal(before.post, after.post)
    assert np.all(after.y <= before.y + 1e-9)
