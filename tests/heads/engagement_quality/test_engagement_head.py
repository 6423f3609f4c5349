"""The engagement head on creators that follow a known law: what it must see, and what must not fool it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.errors import BundleIncompatibleError
from bonafit.heads.engagement_quality.head import POOLED, EngagementQualityHead
from bonafit.heads.engagement_quality.quality import PLATFORM
from bonafit.heads.engagement_quality.series import Basis
from bonafit.records import Creator, Post
from bonafit.results import Component
from tests.engagement_makers import BRIEF, END, creator_of, prepared

BY_FOLLOWERS = Basis("likes_comments", "followers")


@pytest.fixture(scope="module")
def score(head: EngagementQualityHead) -> Callable[[Creator], Component]:
    return lambda creator: head.score([prepared(creator)], BRIEF)[0]


Score = Callable[[Creator], Component]


def value(component: Component) -> float:
    assert component.value is not None
    assert component.interval is not None
    assert 0 <= component.interval[0] <= component.value <= component.interval[1] <= 1
    assert sum(r.points for r in component.reasons) == pytest.approx(component.value, abs=1e-9)
    return component.value


def width(component: Component) -> float:
    """Of the interval, in log-odds."""
    assert component.interval is not None
    low, high = component.interval
    return float(np.log(high / (1 - high)) - np.log(low / (1 - low)))


def with_posts(creator: Creator, change: Callable[[int, Post], Post]) -> Creator:
    return msgspec.structs.replace(creator, posts=tuple(change(i, p) for i, p in enumerate(creator.posts)))


def replace(post: Post, **changes: object) -> Post:
    return msgspec.structs.replace(post, **changes)


def test_better_creators_score_higher(score: Score) -> None:
    values = [
        np.mean([value(score(creator_of(s, level=level, n_posts=20))) for s in range(900, 908)]) for level in (-1, 0, 1)
    ]
    assert values[0] < 0.3
    assert 0.35 < values[1] < 0.65
    assert values[2] > 0.7


def test_few_posts_lean_on_peers_and_are_wider(score: Score) -> None:
    few, many = (score(creator_of(700, level=1.2, n_posts=n)) for n in (1, 40))
    assert abs(value(few) - 0.5) < abs(value(many) - 0.5)
    assert few.interval is not None
    assert many.interval is not None
    assert few.interval[1] - few.interval[0] > many.interval[1] - many.interval[0]
    assert few.sufficiency < many.sufficiency
    assert few.detail["own_weight"] < many.detail["own_weight"]


def test_points_sum_to_the_value_and_rates_hang_together(score: Score) -> None:
    component = score(creator_of(701))
    assert {r.feature for r in component.reasons} >= {"level", "comments_against_likes", "views_against_likes"}
    assert sum(r.points for r in component.reasons) == pytest.approx(value(component), abs=1e-9)
    assert component.detail["predicted_rate"] == pytest.approx(
        component.detail["expected_rate"] * np.exp(component.detail["predicted_lift"])
    )
    low, high = component.detail["predicted_rate_interval"]
    assert low < component.detail["predicted_rate"] < high


def test_where_nothing_is_known_the_curve_answers_as_far_as_the_trees_are_not_believed(
    head: EngagementQualityHead,
) -> None:
    bare = msgspec.structs.replace(creator_of(702, followers=20_000), posts=())
    section, tables = head.to_bundle()
    lifts = {}
    for share in (0.0, 0.5, 1.0):
        section["platforms"]["tiktok"]["believed"] = share
        component = EngagementQualityHead.from_bundle(section, tables).score([prepared(bare)], BRIEF)[0]
        # a rate is foreseen, quality is not stated of somebody whose posts nobody has seen
        assert component.value is None
        assert "no_post_metrics" in component.flags
        lifts[share] = component.detail["predicted_lift"]
    assert lifts[0.0] == 0.0
    assert lifts[1.0] != 0.0
    assert lifts[0.5] == pytest.approx(lifts[1.0] / 2)


def test_order_batch_and_order_of_posts_do_not_matter(head: EngagementQualityHead) -> None:
    crowd = [prepared(creator_of(s, n_posts=s % 9)) for s in range(800, 830)]
    together = [msgspec.json.encode(c) for c in head.score(crowd, BRIEF)]
    assert [msgspec.json.encode(head.score([c], BRIEF)[0]) for c in crowd] == together
    assert [msgspec.json.encode(c) for c in head.score(crowd[::-1], BRIEF)][::-1] == together


@pytest.mark.parametrize("times", [2, 3, 5, 10])
@pytest.mark.parametrize("seed", range(710, 722))
def test_bought_likes_do_not_raise_quality(score: Score, times: int, seed: int) -> None:
    genuine = creator_of(seed, n_posts=20)
    bought = with_posts(genuine, lambda _, p: replace(p, likes=(p.likes or 0) * times))
    before, after = score(genuine), score(bought)
    assert value(after) <= value(before) + 0.02
    shares = [c.detail["parts"]["comments_against_likes"]["times_usual"] for c in (before, after)]
    assert shares[1] == pytest.approx(shares[0] / times, rel=0.2)


@pytest.mark.parametrize("times", [2, 5, 10, 50])
@pytest.mark.parametrize("seed", range(710, 722))
def test_bought_likes_and_views_together_do_not_raise_quality(score: Score, times: int, seed: int) -> None:
    genuine = creator_of(seed, n_posts=20)
    bought = with_posts(
        genuine, lambda _, p: replace(p, likes=(p.likes or 0) * times, views=p.views and p.views * times)
    )
    assert value(score(bought)) <= value(score(genuine)) + 0.025


@pytest.mark.parametrize("seed", range(722, 730))
def test_bought_likes_on_half_of_the_posts_do_not_raise_quality(score: Score, seed: int) -> None:
    genuine = creator_of(seed, n_posts=20)
    bought = with_posts(genuine, lambda i, p: replace(p, likes=(p.likes or 0) * 8) if i % 2 else p)
    assert value(score(bought)) <= value(score(genuine)) + 0.06


@pytest.mark.parametrize("seed", range(722, 730))
def test_more_comments_never_lower_quality_and_hiding_them_never_pays(score: Score, seed: int) -> None:
    genuine = creator_of(seed, n_posts=20)
    twice = with_posts(genuine, lambda _, p: replace(p, comments=(p.comments or 0) * 2))
    hidden = score(with_posts(genuine, lambda _, p: replace(p, comments=None)))
    assert value(score(twice)) >= value(score(genuine))
    # nobody knows who stands behind the likes: a rate is foreseen, quality is not stated
    assert hidden.value is None
    assert "comments_not_shown" in hidden.flags
    assert hidden.detail["predicted_rate"] > 0


def test_one_viral_post_moves_quality_little(score: Score) -> None:
    calm = creator_of(731, level=0.0, n_posts=20)
    viral = with_posts(
        calm,
        lambda i, p: (
            replace(p, likes=(p.likes or 0) * 300, comments=(p.comments or 0) * 300, views=10**8) if i == 12 else p
        ),
    )
    assert abs(value(score(viral)) - value(score(calm))) < 0.25


def test_heavy_tails_stay_finite_and_widen_the_interval(score: Score) -> None:
    tame, wild = creator_of(732, level=0.0, n_posts=30), creator_of(732, level=0.0, n_posts=30, spread=2.5)
    low, high = np.log(score(wild).detail["predicted_rate_interval"])
    tame_low, tame_high = np.log(score(tame).detail["predicted_rate_interval"])
    assert high - low > tame_high - tame_low


def test_no_likes_at_all_is_low_and_not_missing(score: Score) -> None:
    dead = with_posts(creator_of(733, n_posts=20), lambda _, p: replace(p, likes=0, comments=0))
    component = score(dead)
    assert value(component) < 0.05
    assert component.detail["n_posts_used"] == 20


def test_all_equal_likes_are_scored(score: Score) -> None:
    flat = with_posts(creator_of(734, followers=20_000), lambda _, p: replace(p, likes=1_000, comments=20))
    component = score(flat)
    assert np.isfinite(value(component))
    assert component.detail["parts"]["consistency"]["typical_factor"] == pytest.approx(1.0, abs=1e-9)


def test_hidden_likes_are_flagged_and_the_rest_is_used(score: Score) -> None:
    partly = with_posts(creator_of(735), lambda i, p: replace(p, likes=None) if i % 2 else p)
    component = score(partly)
    assert value(component)
    assert "counts_hidden" in component.flags
    assert component.detail["posts_left_out"]["hidden"] == 6
    hidden = score(with_posts(creator_of(735), lambda _, p: replace(p, likes=None)))
    assert {"counts_hidden", "no_post_metrics"} <= set(hidden.flags)
    assert hidden.value is None


@pytest.mark.parametrize("field", ["bio", "language", "category", "country", "posts_count", "following", "verified"])
def test_what_a_profile_says_of_itself_moves_no_quality(score: Score, field: str) -> None:
    genuine = creator_of(736, n_posts=20)
    bare = score(msgspec.structs.replace(genuine, **{field: None}))
    assert (bare.value, bare.interval) == (score(genuine).value, score(genuine).interval)


def test_texts_and_kinds_of_posts_move_no_quality(score: Score) -> None:
    genuine = creator_of(736, n_posts=20)
    bare = score(with_posts(genuine, lambda _, p: replace(p, caption="", title="", kind=None, tags=(), location=None)))
    assert (bare.value, bare.interval) == (score(genuine).value, score(genuine).interval)


def test_hiding_the_weaker_half_does_not_pay(score: Score) -> None:
    gains = []
    for seed in range(740, 752):
        genuine = creator_of(seed, n_posts=20)
        middle = float(np.median([p.likes or 0 for p in genuine.posts]))
        posts = tuple(p if (p.likes or 0) >= middle else replace(p, likes=None) for p in genuine.posts)
        best = msgspec.structs.replace(genuine, posts=posts)
        gains.append(value(score(best)) - value(score(genuine)))
    assert np.mean(gains) <= 0.02
    assert max(gains) <= 0.1


def test_without_dates_quality_is_no_higher_on_average_and_wider(score: Score) -> None:
    gains = []
    for seed in range(740, 752):
        genuine = creator_of(seed, n_posts=20)
        dated, undated = score(genuine), score(with_posts(genuine, lambda _, p: replace(p, posted_at=None)))
        gains.append(value(undated) - value(dated))
        assert width(undated) >= width(dated)
    assert np.mean(gains) < 0


def test_other_columns_are_refused(head: EngagementQualityHead) -> None:
    section, tables = head.to_bundle()
    for columns in (section["columns"][1:], section["columns"][:-1]):
        with pytest.raises(BundleIncompatibleError, match="retrain or choose another version"):
            EngagementQualityHead.from_bundle({**section, "columns": columns}, tables)


def test_a_creator_answers_the_same_beside_any_neighbours(head: EngagementQualityHead) -> None:
    # more creators than the trees compare at a time, of three models and none
    kinds = ({"platform": "tiktok"}, {"platform": "pinterest"}, {"n_posts": 0}, {"n_posts": 90})
    crowd = [prepared(creator_of(s, **kinds[s % 4])) for s in range(760, 830)]
    together = [msgspec.json.encode(c) for c in head.score(crowd, BRIEF)]
    for size in (1, 7, 33):
        parts = [head.score(crowd[i : i + size], BRIEF) for i in range(0, len(crowd), size)]
        assert [msgspec.json.encode(c) for part in parts for c in part] == together


def test_nothing_known_is_insufficient(score: Score) -> None:
    for creator in (
        Creator(creator_id="a"),
        Creator(creator_id="b", followers=0, posts=creator_of(1).posts, platform="instagram"),
        Creator(creator_id="c", followers=5_000),
    ):
        component = score(creator)
        if creator.creator_id != "b":
            assert component.status == "insufficient"
            assert component.flags == (PLATFORM, "too_little_to_predict")


def test_an_unknown_platform_counts_its_low_end_and_is_wide(head: EngagementQualityHead, score: Score) -> None:
    section, tables = head.to_bundle()
    section["platforms"][POOLED]["platform_spread"] = 0.8
    other = EngagementQualityHead.from_bundle(section, tables)
    for seed in range(736, 744):
        component = other.score([prepared(creator_of(seed, platform="pinterest"))], BRIEF)[0]
        assert component.detail["platform_model"] == POOLED
        assert PLATFORM in component.flags
        assert value(component) <= value(score(creator_of(seed))) + 0.02
        assert component.interval is not None
        assert component.interval[1] - component.interval[0] > 0.4


@pytest.mark.parametrize("seed", range(744, 748))
def test_longer_histories_change_the_answer_smoothly(score: Score, seed: int) -> None:
    creator = creator_of(seed, n_posts=1_000)
    lifts = {
        n: score(msgspec.structs.replace(creator, posts=creator.posts[-n:])).detail["predicted_lift"]
        for n in (3, 4, 6, 8, 11, 16, 32, 33, 64, 65, 128, 256, 500, 1_000)
    }
    assert lifts[1_000] == pytest.approx(lifts[256], abs=0.15)
    for shorter, longer in ((32, 33), (64, 65), (128, 256), (256, 500)):
        assert abs(lifts[longer] - lifts[shorter]) < 0.3


def test_the_newest_post_is_not_taken_for_new_where_nothing_tells(score: Score) -> None:
    undated = with_posts(creator_of(748), lambda _, p: replace(p, counted_at=None))
    component = score(undated)
    assert "age_at_counting_unknown" in component.flags
    assert "counts_still_growing" not in component.flags
    assert component.detail["n_posts_used"] == 12


def test_counts_of_the_next_post_are_stated(score: Score) -> None:
    component = score(creator_of(749, n_posts=30))
    counts = component.detail["next_post"]
    assert set(counts) == {"likes", "comments", "views"}
    for count in counts.values():
        low, high = count["interval"]
        assert 0 < low < count["value"] < high
    assert counts["comments"]["value"] < counts["likes"]["value"] < counts["views"]["value"]


def test_posts_in_the_future_are_left_out(score: Score) -> None:
    creator = creator_of(737)
    ahead = Post(posted_at=END + timedelta(hours=20), likes=10**9, comments=0, counted_at=None)
    component = score(msgspec.structs.replace(creator, posts=(*creator.posts, ahead)))
    assert value(component) == value(score(creator))
    assert "posts_in_the_future" in component.flags


def test_ten_thousand_posts_read_the_newest(score: Score) -> None:
    creator = creator_of(738, n_posts=10_000)
    component = score(creator)
    newest = score(msgspec.structs.replace(creator, posts=creator.posts[-500:]))
    assert component.detail["n_posts_used"] == 500
    assert "oldest_posts_left_out" in component.flags
    assert "long_history_at_followers_of_today" in component.flags
    assert value(component) == pytest.approx(value(newest), abs=0.02)


def test_language_and_country_do_not_move_quality(score: Score) -> None:
    creator = creator_of(739)
    for language in ("hi", "en"):
        assert value(score(msgspec.structs.replace(creator, language=language, country="in"))) == value(score(creator))


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_protocol_gives_the_published_baseline(data_root: Path) -> None:
    from benchmarks.measures.next_posts import LAST, newest_fifth

    from bonafit.heads.engagement_quality.series import read_series
    from bonafit_training.data.engagement import read_tiktok_2020
    from bonafit_training.metrics import r2

    split = newest_fifth(read_tiktok_2020(data_root), BY_FOLLOWERS)
    target, last = [], []
    for creator, cut in zip(split.whole, split.cuts, strict=True):
        y = read_series(creator, BY_FOLLOWERS).y
        target.append(y[cut:])
        last.append(np.full(len(y) - cut, np.median(y[max(cut - LAST, 0) : cut])))
    assert r2(np.concatenate(target), np.concatenate(last)) == pytest.approx(0.514, abs=0.01)
