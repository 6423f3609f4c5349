"""Posting, plausibility, follower jumps and comments: references, invariances, and what must not count."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from benchmarks.measures.follower_histories import organic, raised, with_purchase

from bonafit.heads.authenticity.comments import BUCKETS, LEXICAL, SpamModel, repeated_share, wordless_share
from bonafit.heads.authenticity.follower_jumps import decayed, follower_jumps
from bonafit.heads.authenticity.plausibility import (
    SMALLEST_TAIL,
    Plausibility,
    Reference,
    bayes_bound,
    combined_p,
    statistics,
)
from bonafit.heads.authenticity.posting_columns import caption_values, posting_values, time_values
from bonafit.records import FollowerPoint, Post
from bonafit_training.data.authenticity import Series
from bonafit_training.heads.authenticity.automation import machine_times
from bonafit_training.heads.authenticity.plausibility import (
    alarm_rate,
    bought_followers,
    bought_likes,
    fit_reference,
    likes_on_all_posts,
    strangeness,
)

START = datetime(2024, 1, 1, tzinfo=UTC)
RNG = np.random.default_rng(11)


def test_hours_of_the_day_do_not_depend_on_the_time_zone() -> None:
    hours = np.sort(RNG.uniform(0, 2000, 60))
    here, there = time_values(hours), time_values(hours + 7)
    for name, value in here.items():
        assert value == pytest.approx(there[name], abs=1e-9), name


def test_a_timer_is_seen_as_one() -> None:
    timer = time_values(np.arange(40) * 24.0)
    assert timer["same_gap_share"] == pytest.approx(38 / 39)
    assert timer["hour_concentration"] == pytest.approx(1)
    assert timer["gap_spread"] == pytest.approx(0, abs=1e-9)
    assert time_values(np.arange(5.0)) == {}


def test_dates_without_a_time_of_day_are_not_a_timer() -> None:
    posts = [Post(posted_at=START + timedelta(days=i), caption=f"day {i} of many") for i in range(30)]
    assert "same_gap_share" not in posting_values(posts)


def test_repetition_counts_posts() -> None:
    captions = ["one two three"] * 3 + [f"caption number {i}" for i in range(5)]
    blocks = [frozenset("abcde")] * 2 + [frozenset()] * 6
    values = caption_values(captions, blocks)
    assert values["repeated_caption_share"] == pytest.approx(3 / 8)
    assert values["repeated_block_share"] == pytest.approx(2 / 8)


def test_simulated_machines_keep_the_number_of_posts() -> None:
    hours = np.sort(RNG.uniform(0, 3000, 37))
    for seed in range(12):
        times = machine_times(hours, np.random.default_rng(seed))
        assert len(times) == 37
        assert np.all(np.diff(times) >= 0)


def test_bayes_bound_is_that_of_sellke_bayarri_berger() -> None:
    assert bayes_bound(0.05) == pytest.approx(math.log(0.4072), abs=1e-3)
    assert bayes_bound(0.5) == 0.0
    assert bayes_bound(1e-6) < bayes_bound(0.01) < bayes_bound(0.2) <= 0


def series(n: int, seed: int) -> list[Series]:
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(n):
        followers = 10 ** rng.uniform(3, 6)
        own = rng.normal(-1.2, 0.15)
        noise = rng.normal(0, 0.2, 30)
        likes = np.round(followers * 10 ** (own + noise))
        comments = np.round(likes * 10 ** rng.normal(-1.3, 0.1, 30))
        out.append(Series(followers, likes, comments, np.arange(30) * 20.0, np.zeros(30)))
    return out


def test_planted_engagement_is_stranger_the_larger_the_dose() -> None:
    reference = fit_reference(series(300, 1))
    genuine = series(60, 2)
    rng = np.random.default_rng(0)
    for plant in (bought_followers, bought_likes):
        clean = [strangeness(s, reference) for s in genuine]
        mild = [strangeness(plant(s, 0.5, rng), reference) for s in genuine]
        strong = [strangeness(plant(s, 10.0, rng), reference) for s in genuine]
        assert np.median(strong) < np.median(mild) <= np.median(clean) * 1.001
        assert np.mean(np.array(clean) < 0.05) < 0.12


def test_too_few_posts_and_uncovered_sizes_are_not_judged() -> None:
    assert statistics(np.arange(5.0), np.arange(5.0)) == {}
    assert combined_p({}) == 1.0
    reference = Reference((3.0, 6.0), {"like_level": (1.0, -1.0)}, {"like_level": np.linspace(-1, 1, 201)})
    model = Plausibility({"any": reference})
    likes, none = np.full(10, 100.0), np.full(10, np.nan)
    assert set(model.judge(likes, none, 1e4, None)) == {"like_level"}
    assert model.judge(likes, none, 10.0, None) == {}
    assert model.judge(likes, none, None, None) == {}


def test_only_what_is_strange_on_every_platform_is_strange() -> None:
    wide, narrow = np.linspace(-4, 4, 201), np.linspace(-1, 1, 201)
    model = Plausibility(
        {
            "a": Reference((3.0, 6.0), {}, {"like_spread": narrow}),
            "b": Reference((3.0, 6.0), {}, {"like_spread": wide}),
        }
    )
    likes, none = np.full(10, 100.0), np.full(10, np.nan)
    found = {platform: model.judge(likes, none, 1e4, platform)["like_spread"] for platform in ("a", "b", "c", None)}
    assert len({tail for _, _, tail in found.values()}) == 1
    lone = Plausibility({"a": Reference((3.0, 6.0), {}, {"like_spread": np.linspace(1, 2, 201)})})
    assert lone.judge(likes, none, 1e4, "b")["like_spread"][2] < 0.01
    assert found["a"][2] > 0.4


def test_alarms_on_genuine_series_stay_near_their_level() -> None:
    model = Plausibility({"a": fit_reference(series(400, 1))})
    rate, n = alarm_rate(model, series(200, 9), "a", level=0.05)
    assert n == 200
    assert rate < 0.1
    planted = [likes_on_all_posts(s, 50.0, np.random.default_rng(0)) for s in series(50, 9)]
    assert alarm_rate(model, planted, "a", level=0.05)[0] > 0.5


def points(counts: list[float]) -> list[FollowerPoint]:
    return [FollowerPoint(at=START + timedelta(days=i), followers=round(c)) for i, c in enumerate(counts)]


def test_a_jump_that_melts_is_told_from_one_that_stays() -> None:
    rng = np.random.default_rng(5)
    growth = 1 + rng.normal(0.001, 0.0005, 120)
    organic = 10_000 * np.cumprod(growth)
    assert follower_jumps(points(list(organic))) == []
    stays = np.concatenate([organic[:60], organic[60:] + 4_000])
    melts = np.concatenate([organic[:60], organic[60:] + 4_000 * np.exp(-np.arange(60) / 30)])
    assert len(follower_jumps(points(list(stays))) or []) == 1
    assert decayed(follower_jumps(points(list(stays))) or []) == []
    assert len(decayed(follower_jumps(points(list(melts))) or [])) == 1
    assert follower_jumps(points([1.0] * 5)) is None


def test_simulated_purchases_are_found_and_simulated_growth_is_left_alone() -> None:
    rng = np.random.default_rng(3)
    clean = [organic(rng) for _ in range(60)]
    assert all(np.all(c > 0) and 60 <= len(c) <= 365 for c in clean)
    assert sum(raised(c) for c in clean) <= 1
    found = {dose: sum(raised(with_purchase(c, dose, rng)) for c in clean) for dose in (0.02, 1.0)}
    assert found[0.02] < 15 < found[1.0]


def test_strange_series_keep_their_order_beyond_the_evidence_floor() -> None:
    reference = Reference((3.0, 6.0), {}, {"lone_like_peaks": np.linspace(-1, 1, 201)})
    tails = [reference.tails({"lone_like_peaks": v}, smallest=0.0)["lone_like_peaks"][1] for v in (2.0, 3.0)]
    assert 0 < tails[1] < tails[0] < SMALLEST_TAIL
    assert reference.tails({"lone_like_peaks": 3.0})["lone_like_peaks"][1] == SMALLEST_TAIL


def test_short_cheers_and_emoji_are_no_repetition() -> None:
    cheers = ["so good", "so good", "🔥🔥", "🔥🔥"]
    assert repeated_share(cheers) == 0.0
    assert repeated_share([*cheers, "follow me for more", "follow me for more"]) == 1.0
    assert wordless_share(cheers) == 0.5


def test_spam_log_odds_add_up_by_hand() -> None:
    rng = np.random.default_rng(1)
    idf, weights = np.ones((2, BUCKETS)), rng.normal(size=(2, BUCKETS))
    traits = np.stack([np.zeros(len(LEXICAL)), np.ones(len(LEXICAL)), np.zeros(len(LEXICAL))])
    model = SpamModel(idf, weights, traits, 0.25)
    section, tables = model.to_bundle("spam")
    again = SpamModel.from_bundle(section, tables, "spam")
    for text in ("check out my channel http://x.com/a", "I love this <b>song</b> &amp; you", "", "🔥"):
        assert math.isfinite(model.log_odds(text))
        assert again.log_odds(text) == pytest.approx(model.log_odds(text), abs=1e-5)
    assert model.log_odds("") == pytest.approx(0.25)
