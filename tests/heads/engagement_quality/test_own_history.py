"""Own history is the floor: levels that forget, trees that the creator's own past speaks for or against."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from bonafit.heads.engagement_quality.backtest import share_of_trees
from bonafit.heads.engagement_quality.channels import (
    DEBIT,
    DOUBT,
    HIDDEN_DEVIATIONS,
    MOST,
    ChannelNorm,
    Lifts,
    below_shown,
    channel_excesses,
    shown_best,
)
from bonafit.heads.engagement_quality.level import LEAST_DRIFT, LevelParameters, own_levels
from bonafit.heads.engagement_quality.series import Basis, read_series
from tests.engagement_makers import creator_of

NORM = ChannelNorm(intercept=-4.0, slope=0.0, middle=9.0, spread=0.8, assumed=0.02)
NOTHING = Lifts(0.0, None)


def test_a_level_far_from_the_curve_is_reached_within_a_few_posts() -> None:
    parameters = LevelParameters(noise=0.05, between=0.15, drift_day=0.0, drift_post=LEAST_DRIFT * 0.05, bound=2.0)
    levels = own_levels(np.full(6, 3.0), np.arange(6.0), parameters)
    assert levels[5].mean == pytest.approx(3.0, abs=0.35)


def test_one_viral_post_later_is_still_cut() -> None:
    parameters = LevelParameters(noise=0.05, between=0.15, drift_day=0.0, drift_post=LEAST_DRIFT * 0.05, bound=2.0)
    calm, viral = np.zeros(20), np.zeros(20)
    viral[15] = 6.0
    a, b = (own_levels(lift, np.arange(20.0), parameters)[-1].mean for lift in (calm, viral))
    assert 0 < b - a < 0.2


def test_trees_are_taken_as_far_as_the_own_past_bears_them_out() -> None:
    foreseen = np.array([-1.2, -1.2, -1.2, np.nan])
    error = np.array([0.0, -1.2, -1.2, 0.0])
    variance = np.array([0.1, 0.1, 10.0, 1.0])
    share = share_of_trees(foreseen, error, variance, prior=0.7)
    # contradicted, borne out, hardly tested, not tested
    assert share[0] < 0.01
    assert share[1] > 0.99
    assert 0.7 < share[2] < 0.75
    assert share[3] == pytest.approx(0.7)


@pytest.mark.parametrize("times", [1, 3, 10])
def test_effects_of_channels_cancel_bought_likes(times: int) -> None:
    creator = creator_of(1, n_posts=20)
    series = read_series(creator, Basis("likes_comments", "followers"))
    bought = read_series(creator, Basis("likes_comments", "followers"))
    bought.likes[:] = bought.likes * times
    raised = Lifts(0.2 + np.log(times), 0.1)
    (before,) = channel_excesses(series, {"comments": NORM}, Lifts(0.2, 0.1), 0.0)
    (after,) = channel_excesses(bought, {"comments": NORM}, raised, 0.0)
    assert after.effect <= before.effect - np.log(times) + 1e-9
    assert before.n == 20


def test_more_comments_than_usual_are_credited_up_to_a_bound_and_asked_about_beyond_it() -> None:
    series = read_series(creator_of(2, n_posts=20, comment_share=0.9), Basis("likes_comments", "followers"))
    (excess,) = channel_excesses(series, {"comments": NORM}, Lifts(0.0, 9.0), 0.0)
    assert excess.deviations > MOST
    assert excess.overdone
    assert excess.effect == pytest.approx(MOST * NORM.spread)


def test_likes_that_nobody_stands_behind_count_against() -> None:
    series = read_series(creator_of(2, n_posts=20), Basis("likes_comments", "followers"))
    series.likes[:] = 10_000
    series.comments[:] = 5
    (excess,) = channel_excesses(series, {"comments": NORM}, Lifts(2.0, -1.0), 0.0)
    assert excess.unborne
    beyond = -excess.deviations - DOUBT
    assert excess.effect == pytest.approx(-3.0 - NORM.spread * DEBIT * beyond)


@pytest.mark.parametrize(("share", "level", "unborne"), [(0.01, 0.0, False), (0.01, 1.3, True), (0.03, 1.3, False)])
def test_more_likes_and_fewer_comments_than_usual_count_together(share: float, level: float, unborne: bool) -> None:
    series = read_series(creator_of(2, n_posts=20), Basis("likes_comments", "followers"))
    series.likes[:] = 10_000
    series.comments[:] = 10_000 * share
    (excess,) = channel_excesses(series, {"comments": NORM}, Lifts(0.0, 0.0), level)
    assert excess.unborne is unborne


def test_views_that_are_not_shown_count_their_low_end() -> None:
    series = read_series(creator_of(3, n_posts=20), Basis("likes_comments", "followers"))
    series.views[:] = np.nan
    (excess,) = channel_excesses(series, {"views": NORM}, NOTHING, 0.0)
    assert (excess.n, excess.deviations) == (0, -HIDDEN_DEVIATIONS)
    assert excess.effect < 0
    assert not excess.unborne
    assert channel_excesses(series, {}, NOTHING, 0.0) == []


def test_views_earn_nothing_and_count_against_where_they_are_far_too_few() -> None:
    series = read_series(creator_of(3, n_posts=20), Basis("likes_comments", "followers"))
    series.views[:] = series.likes * np.exp(2.0)
    many = channel_excesses(series, {"views": NORM}, NOTHING, 0.0)[0]
    series.views[:] = 0
    few = channel_excesses(series, {"views": replace(NORM, intercept=2.0)}, NOTHING, 0.0)[0]
    assert many.effect == 0
    assert few.unborne
    assert few.effect == pytest.approx(-DEBIT * (-few.excess - DOUBT * NORM.spread))


def test_what_is_left_of_a_normal_tells_how_far_the_whole_lies_below() -> None:
    figures = np.random.default_rng(3).normal(2.0, 1.5, 4000)
    shown = figures[figures > np.quantile(figures, 0.6)]
    assert shown.mean() - below_shown(shown, 0.6) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(("hidden", "mean"), [(0.0, 0.0), (0.5, 0.798), (0.9, 1.755)])
def test_posts_that_show_a_count_are_taken_for_the_best(hidden: float, mean: float) -> None:
    # mean of a standard normal above its quantile, from the tables of a truncated normal
    assert shown_best(hidden) == pytest.approx(mean, abs=1e-3)
