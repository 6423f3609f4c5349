"""Posting, engagement norms, follower jumps and comments: references, invariances, and what must not count."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from benchmarks.measures.follower_histories import organic, raised, with_purchase

from bonafit.heads.authenticity.comments import (
    BUCKETS,
    LEXICAL,
    SpamModel,
    alike,
    authors,
    phrases,
    wordless_share,
)
from bonafit.heads.authenticity.follower_jumps import extra_views, follower_jumps
from bonafit.heads.authenticity.plausibility import Norms, coherence, comments_off, likes_per_comment
from bonafit.heads.authenticity.posting_columns import caption_values, posting_values, time_values
from bonafit.records import Comment, FollowerPoint, Post
from bonafit_training.heads.authenticity.plausibility import creator_ratio, fit_norms
from tests.heads.authenticity.invented import series

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
    assert time_values(np.arange(5.0)) == {}


def test_dates_without_a_time_of_day_are_not_a_timer() -> None:
    posts = [Post(posted_at=START + timedelta(days=i), caption=f"day {i} of many") for i in range(30)]
    assert "same_gap_share" not in posting_values(posts)


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


def test_repetition_counts_posts() -> None:
    captions = ["one two three"] * 3 + [f"caption number {i}" for i in range(5)]
    assert caption_values(captions)["repeated_caption_share"] == pytest.approx(3 / 8)
    assert caption_values(captions[:5]) == {}


NORMS = Norms(comments_edge=5.5, views_edge=-1.4, usual={"tiktok": (3.0, 4.0, 5.0, 6.0)})


def test_ratios_of_posts_scale_and_posts_without_reaction_earn_nothing() -> None:
    small, large = ([Post(likes=40 * k * n, comments=k * n) for k in (3, 5, 9, 4, 7, 3)] for n in (1, 50))
    assert coherence(small, NORMS).comments == pytest.approx(coherence(large, NORMS).comments, abs=0.03)
    assert coherence([Post(likes=0, comments=0)] * 9, NORMS).comments == pytest.approx(0, abs=1e-9)
    assert coherence([Post(caption="x")] * 9, NORMS).comments == 0
    assert coherence([], NORMS).n == 0
    one = coherence(large[:1], NORMS).comments
    assert 0 < one < coherence(large, NORMS).comments / 2
    assert likes_per_comment([1000], [10], 7.0)[0] == pytest.approx(math.log(100), abs=0.5)
    assert comments_off([Post(likes=900, comments=0)] * 3)
    assert not comments_off([Post(likes=9, comments=0)] * 3)


def test_percentiles_are_those_of_the_platform() -> None:
    assert NORMS.percentile("TikTok", 4.5) == 0.5
    assert NORMS.percentile("elsewhere", 4.5) is None


def test_edges_leave_one_genuine_creator_in_twenty_beyond() -> None:
    creators = series(200, 3)
    norms = fit_norms({"a": creators}, {})
    own = [creator_ratio(s.likes, s.comments) for s in creators]
    assert np.mean(np.array(own) > norms.comments_edge) == pytest.approx(0.05, abs=0.01)
    means = np.full(40, 1000.0), np.full(40, 10.0)
    both = fit_norms({"a": creators}, {"b": means})
    assert both.comments_edge == pytest.approx((norms.comments_edge + math.log(1001 / 10.2)) / 2)
    assert math.isnan(creator_ratio(np.full(9, 100.0), np.zeros(9)))


def points(counts: list[float], days: int = 1) -> list[FollowerPoint]:
    return [FollowerPoint(at=START + timedelta(days=days * i), followers=round(c)) for i, c in enumerate(counts)]


def test_jumps_are_found_with_their_decay_and_their_explanation() -> None:
    organic_ = [10_000 * 1.001**i for i in range(60)]
    assert follower_jumps(points(organic_), ()) == []
    assert follower_jumps(points(organic_[:5]), ()) is None
    melts = organic_[:30] + [c + 9_000 * math.exp(-k / 20) for k, c in enumerate(organic_[30:])]
    jumps = follower_jumps(points(melts), ())
    assert jumps is not None
    assert [j.at for j in jumps] == ["2024-01-31"]
    assert jumps[0].growth == pytest.approx(0.875, abs=0.02)
    assert jumps[0].lost_share > 0.5
    viral = Post(posted_at=START + timedelta(days=29), views=400_000)
    usual = [Post(posted_at=START + timedelta(days=2 * i), views=5_000) for i in range(5)]
    assert extra_views([viral, *usual], START + timedelta(days=20), START + timedelta(days=31)) == 395_000
    assert (follower_jumps(points(melts), [viral, *usual]) or jumps)[0].explained == 1.0


def test_a_purchase_spread_over_days_is_one_jump_and_steady_doubling_none() -> None:
    drip = [10_000.0] * 20 + [12_500.0, 15_500.0, 19_500.0] + [19_600.0] * 10
    found = follower_jumps(points(drip), ())
    assert found is not None
    assert len(found) == 1
    assert found[0].growth == pytest.approx(0.95)
    assert follower_jumps(points([1_000 * 1.6**i for i in range(12)], 30), ()) == []
    assert follower_jumps(points([1_000.0, 1_010, 1_020, 1_030, 1_040, 5_000], 400), ()) == []


def test_simulated_purchases_are_found_and_simulated_growth_is_left_alone() -> None:
    rng = np.random.default_rng(3)
    clean = [organic(rng) for _ in range(60)]
    assert all(np.all(c > 0) and 60 <= len(c) <= 365 for c in clean)
    assert sum(raised(c) for c in clean) <= 1
    rates = {dose: sum(raised(with_purchase(c, dose, rng)) for c in clean) for dose in (0.2, 1.0)}
    assert rates[0.2] == 0
    assert rates[1.0] > 50


def test_likeness_of_comments_is_a_chance_and_does_not_grow_with_their_number() -> None:
    assert alike([]) == alike(["a"]) == alike(["a", "b"]) == 0.0
    assert alike(["a", "a"]) == 1.0
    for n in (30, 300):
        assert alike([f"{k % 3}" for k in range(n)]) == pytest.approx(1 / 3, abs=0.03)
    assert phrases(["Nice pic!!", "nice PIC 🔥", "🔥🔥", ""]) == ["nicepic", "nicepic"]
    assert wordless_share(["so good", "🔥🔥"]) == 0.5


def test_a_talk_under_one_post_counts_each_person_once() -> None:
    talk = [Comment(text="x", author=f"{k % 2}", post_id="p") for k in range(20)]
    assert authors(talk) == (["0", "1"], 1)
    loose = [Comment(text="x", author="A"), Comment(text="y", author="a"), Comment(text="z")]
    assert authors(loose) == (["a", "a"], 2)
