"""Counts that no creator shows: the same likes on every post, likes far beyond the followers."""

from __future__ import annotations

from random import Random

import pytest

from bonafit.heads.authenticity.steadiness import ABOVE_BOUND, EVEN_BOUND, SIGNAL, steadiness
from bonafit.records import Post


def liked(likes: list[int]) -> list[Post]:
    return [Post(likes=n, comments=2) for n in likes]


@pytest.mark.parametrize("likes", [[201] * 10, [200, 202, 199, 201, 203, 200, 198, 201, 200, 202]])
def test_likes_that_hardly_differ_count_against(likes: list[int]) -> None:
    assert steadiness(liked(likes), 5_000).even == pytest.approx(EVEN_BOUND)


@pytest.mark.parametrize("seed", range(20))
def test_likes_of_people_do_not(seed: int) -> None:
    rng = Random(seed)
    seen = steadiness(liked([round(200 * rng.lognormvariate(0, 0.15)) for _ in range(12)]), 5_000)
    assert (seen.even, seen.above) == (0.0, 0.0)


@pytest.mark.parametrize("likes", [[3] * 10, [201] * 5])
def test_few_posts_and_few_likes_are_chance(likes: list[int]) -> None:
    assert steadiness(liked(likes), 5_000).even == 0.0


def test_likes_beyond_the_followers_count_against_the_more_the_further() -> None:
    effects = [steadiness(liked([310, 250, 400]), followers).above for followers in (300, 30, 10, 1, 0)]
    assert effects[:2] == [0.0, effects[1]]
    assert effects == sorted(effects, reverse=True)
    assert effects[-1] == ABOVE_BOUND
    assert effects[-2] < SIGNAL
    assert steadiness(liked([310, 250, 400]), None).above == 0.0
