"""The pieces of the engagement model against slow, obvious references."""

from __future__ import annotations

import itertools
import math
import re
import zlib
from collections import Counter

import msgspec
import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.heads.engagement_quality.conversation import conversation, wilson
from bonafit.heads.engagement_quality.level import LevelParameters, own_levels
from bonafit.heads.engagement_quality.series import Basis, FollowersThen, days, read_series
from bonafit.heads.engagement_quality.text_scores import BUCKETS, TextScore, hashed_words
from bonafit.records import Comment, Creator, FollowerPoint, Post
from bonafit.tables.trees import BoostedTrees
from bonafit_training.heads.engagement_quality.curves import fit_curve, fit_standing, group_levels
from bonafit_training.heads.engagement_quality.trees import fit_trees, to_boosted_trees
from tests.engagement_makers import END, creator_of

BASIS = Basis("likes_comments", "followers")
STILL = LevelParameters(noise=1.0, between=0.5, drift_day=0.0, drift_post=0.0, bound=1e9)


def data(n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(n, 5))
    X[rng.random(X.shape) < 0.2] = np.nan
    return X, np.nan_to_num(X[:, 0]) * 2 + np.nan_to_num(X[:, 1] * X[:, 2]) + rng.normal(0, 0.1, n)


def test_trees_predict_what_the_fitted_boosting_does_and_effects_add_up() -> None:
    X, y = data()
    model = HistGradientBoostingRegressor(max_iter=30, random_state=0).fit(X, y)
    trees = to_boosted_trees(model)
    np.testing.assert_allclose(trees.predict(X), model.predict(X), atol=1e-5)
    np.testing.assert_allclose(trees.intercept + trees.effects(X).sum(axis=1), trees.predict(X), atol=1e-9)
    again = BoostedTrees.from_tables(trees.to_tables("t"), "t", n_columns=5)
    assert again.predict(X).tobytes() == trees.predict(X).tobytes()
    assert np.concatenate([trees.predict(X[i : i + 1]) for i in range(50)]).tobytes() == trees.predict(X[:50]).tobytes()


def test_a_column_that_matters_gets_the_effect() -> None:
    X, y = data()
    trees = fit_trees(X, y, seed=0, max_iter=50, min_samples_leaf=20, max_features=1.0)
    row = np.array([[2.0, 0.0, 0.0, 0.0, 0.0]])
    assert np.argmax(np.abs(trees.effects(row))) == 0


def test_damaged_trees_are_refused() -> None:
    X, y = data()
    tables = fit_trees(X, y, seed=0, max_iter=3).to_tables("t")
    with pytest.raises(BundleCorruptError, match="publish the bundle again"):
        BoostedTrees.from_tables({k: v for k, v in tables.items() if k != "t.left"}, "t", n_columns=5)
    with pytest.raises(BundleCorruptError, match="a node points outside"):
        BoostedTrees.from_tables({**tables, "t.left": np.zeros_like(tables["t.left"])}, "t", n_columns=5)
    shared = tables["t.left"].copy()
    inner = np.flatnonzero(tables["t.feature"] >= 0)
    shared[inner[0]] = tables["t.right"][inner[0]]
    with pytest.raises(BundleCorruptError, match="two parents"):
        BoostedTrees.from_tables({**tables, "t.left": shared}, "t", n_columns=5)
    with pytest.raises(ShapeError, match=r"\(n, 5\)"):
        BoostedTrees.from_tables(tables, "t", n_columns=5).predict(X[:, :3])


def test_trees_of_up_to_64_leaves_are_read_and_larger_ones_refused() -> None:
    X, y = data(3_000)
    for leaves in (64, 2):
        model = HistGradientBoostingRegressor(
            max_iter=4, max_leaf_nodes=leaves, min_samples_leaf=5, random_state=0
        ).fit(X, y)
        np.testing.assert_allclose(to_boosted_trees(model).predict(X), model.predict(X), atol=1e-5)
    large = HistGradientBoostingRegressor(max_iter=2, max_leaf_nodes=70, min_samples_leaf=5).fit(X, y)
    with pytest.raises(ShapeError, match="70 leaves; expected 64 at most"):
        to_boosted_trees(large)


def test_effects_follow_the_path_of_every_tree() -> None:
    X, y = data()
    trees = fit_trees(X, y, seed=0, max_iter=6, min_samples_leaf=20)
    together = trees.effects(X)
    for i in range(0, len(X), 7):
        walked = np.zeros(5)
        for node in trees.roots.tolist():
            while (column := int(trees.feature[node])) >= 0:
                x = X[i, column]
                left = trees.missing_left[node] if np.isnan(x) else x <= trees.threshold[node]
                child = int((trees.left if left else trees.right)[node])
                walked[column] += trees.value[child] - trees.value[node]
                node = child  # noqa: PLW2901
        np.testing.assert_allclose(together[i], walked, atol=1e-12)
        assert trees.effects(X[i : i + 1]).tobytes() == together[i].tobytes()


def test_without_drift_the_level_is_the_textbook_shrinkage() -> None:
    lift = np.random.default_rng(0).normal(1.0, 1.0, 30)
    levels = own_levels(lift, np.arange(30.0), STILL)
    for n in (0, 1, 2, 10, 30):
        weight = n / (n + STILL.noise / STILL.between)
        assert levels[n].own == pytest.approx(weight)
        assert levels[n].mean == pytest.approx(weight * (np.mean(lift[:n]) if n else 0.0))
        assert levels[n].variance == pytest.approx(1 / (1 / STILL.between + n / STILL.noise))


def test_recent_posts_count_more_where_levels_drift() -> None:
    lift = np.array([0.0] * 10 + [2.0] * 10)
    drifting = msgspec.structs.replace(STILL, drift_post=0.2)
    still = own_levels(lift, np.arange(20.0), STILL)[-1].mean
    assert own_levels(lift, np.arange(20.0), drifting)[-1].mean > still


def test_one_viral_post_moves_a_bounded_level_little() -> None:
    calm, viral = np.zeros(20), np.zeros(20)
    viral[15] = 6.0
    bounded = msgspec.structs.replace(STILL, bound=1.5, drift_post=0.01)
    moved = own_levels(viral, np.arange(20.0), bounded)[-1].mean - own_levels(calm, np.arange(20.0), bounded)[-1].mean
    assert 0 < moved < 0.12


def test_curve_learns_the_sign_and_is_flat_without_evidence() -> None:
    rng = np.random.default_rng(0)
    size = rng.uniform(7, 13, 800)
    falling = fit_curve(size, -2 - 0.3 * size + rng.normal(0, 0.5, 800))
    rising = fit_curve(size, -2 + 0.3 * size + rng.normal(0, 0.5, 800))
    at = np.array([8.0, 12.0])
    assert np.diff(falling(at))[0] == pytest.approx(-1.2, abs=0.15)
    assert np.diff(rising(at))[0] == pytest.approx(1.2, abs=0.15)
    assert falling.spread_at(10.0) == pytest.approx(0.5, abs=0.1)
    few = fit_curve(size[:6], -2 - 0.3 * size[:6])
    assert abs(np.diff(few(at))[0]) < 0.5
    # beyond what was seen it says nothing new
    assert falling(np.array([13.5, 30.0])).tolist() == [falling.centre[-1]] * 2
    assert fit_curve(np.full(9, np.nan), np.arange(9.0))(np.array([np.nan, 5.0])).tolist() == [4.0, 4.0]


def test_group_levels_are_shrunk_and_small_groups_left_out() -> None:
    levels = group_levels(["En"] * 10 + ["fr"] * 2 + [None] * 3, np.ones(15))
    assert levels == {"en": 0.5}


def test_standing_is_the_share_of_creators_below() -> None:
    lift = np.random.default_rng(0).normal(size=5_000)
    standing = fit_standing(lift)
    for x in (-1.5, 0.0, 0.7):
        assert standing(np.array([x]))[0] == pytest.approx(np.mean(lift < x), abs=0.01)
    assert np.all(np.diff(standing(np.linspace(-9, 9, 500))) >= 0)


def test_followers_then_follow_the_history() -> None:
    at = [datetime_days(-100), datetime_days(-50), datetime_days(0)]
    creator = Creator(
        creator_id="a",
        followers=4_000,
        follower_history=tuple(
            FollowerPoint(at=t, followers=f) for t, f in zip(at, (1_000, 2_000, 4_000), strict=True)
        ),
    )
    then = FollowersThen(creator)
    assert np.exp(then.log_at(days(datetime_days(-50)))) == pytest.approx(2_000)
    assert np.exp(then.log_at(days(datetime_days(-75)))) == pytest.approx(1_000 * 2**0.5)
    assert then.log_at(days(datetime_days(-300))) is None


def test_a_growing_creator_is_measured_by_followers_of_the_time() -> None:
    creator = creator_of(1, followers=80_000)
    history = tuple(
        FollowerPoint(at=datetime_days(-d), followers=int(80_000 * 0.5 ** (d / 10))) for d in range(0, 40, 2)
    )
    then = read_series(msgspec.structs.replace(creator, follower_history=history), BASIS)
    now = read_series(creator, BASIS)
    assert then.normalised
    assert not now.normalised
    np.testing.assert_allclose(then.y + then.size, now.y + now.size)
    # a post of twenty days ago had a quarter of the audience: its rate is four times what today's followers say
    i = int(np.argmin(np.abs(then.day - days(datetime_days(-20)))))
    assert then.y[i] - now.y[i] == pytest.approx((days(END) - then.day[i]) / 10 * np.log(2), abs=0.05)


def datetime_days(offset: float):  # type: ignore[no-untyped-def]
    from datetime import timedelta

    return END + timedelta(days=offset)


def test_likes_beyond_views_are_not_believed() -> None:
    post = Post(posted_at=datetime_days(-10), likes=5_000, comments=0, views=100, counted_at=END)
    series = read_series(Creator(creator_id="a", followers=1_000, posts=(post,)), BASIS)
    assert np.exp(series.y[0]) == pytest.approx(101 / 1_000)


def test_young_posts_are_not_history_unless_nothing_else_is_there() -> None:
    creator = creator_of(2)
    young = Post(posted_at=datetime_days(-1), likes=1, comments=0, counted_at=END)
    series = read_series(msgspec.structs.replace(creator, posts=(*creator.posts, young)), BASIS)
    assert (len(series), series.left.unsettled) == (len(creator.posts), 1)
    assert len(read_series(msgspec.structs.replace(creator, posts=(young,)), BASIS)) == 1


def test_conversation_checked_by_hand() -> None:
    def comment(i: int, author: str, text: str, hours: float, reply_to: str | None = None) -> Comment:
        return Comment(
            comment_id=f"c{i}", author=author, text=text, posted_at=datetime_days(hours / 24), reply_to=reply_to
        )

    asked = (
        comment(1, "ana", "which grinder do you use for espresso?", 0),
        comment(2, "ben", "nice", 0),
        comment(3, "ana", "and how fine do you set it then?", 5),
        comment(4, "eva", "follow me for great daily coffee deals", 6),
        comment(5, "eve", "follow me for great daily coffee deals", 6),
    )
    replies = (comment(6, "Me", "the small one", 2, "c1"), comment(7, "me", "thanks", 4, "c2"))
    creator = Creator(
        creator_id="a",
        handle="@me",
        posts=(Post(replies=replies),),
        comments=(*asked, comment(8, "me", "fine", 9, "c3")),
    )
    talk = conversation(creator)
    assert talk is not None
    assert talk.reply_rate is not None
    assert (talk.reply_rate.value, talk.reply_rate.n) == (pytest.approx(3 / 5), 5)
    assert (talk.people, talk.people_answered) == (4, 2)
    assert (talk.latency_hours, talk.n_latency) == (pytest.approx(4.0), 3)
    # the two equal texts and "nice" say nothing
    assert talk.says_something is not None
    assert talk.says_something.value == pytest.approx(2 / 5)
    assert conversation(Creator(creator_id="b")) is None


def test_wilson_interval_checked_against_the_formula() -> None:
    share = wilson(8, 10)
    assert share is not None
    # roots of (p - 0.8)^2 = z^2 p (1 - p) / 10
    for p in (share.low, share.high):
        assert (p - 0.8) ** 2 == pytest.approx(1.6448536**2 * p * (1 - p) / 10, rel=1e-5)
    assert wilson(0, 0) is None


def test_text_scores_are_the_plain_sums_and_do_not_depend_on_the_batch() -> None:
    rng = np.random.default_rng(0)
    model = TextScore(rng.normal(size=384), 0.1, rng.normal(size=BUCKETS), -0.2)
    texts = ["one cup a day", "", "ünïcödé 🎉🎉 #tag", "a a a b", *(f"post {i} " * i for i in range(40))]
    vectors = rng.normal(size=(len(texts), 384)).astype(np.float32)
    together = model.score(texts, vectors)
    for i, text in enumerate(texts):
        words = re.findall(r"\w+|[^\w\s]", text.lower())[:120]
        counts = Counter(
            zlib.crc32(word.encode()) % BUCKETS for word in [*words, *map(" ".join, itertools.pairwise(words))]
        )
        weight = {bucket: 1 + math.log(n) for bucket, n in counts.items()}
        norm = math.sqrt(sum(w**2 for w in weight.values())) or 1.0
        expected = sum(model.words[bucket] * w / norm for bucket, w in weight.items()) + 0.2
        assert together[i] == (pytest.approx(float(vectors[i] @ model.topic) - 0.1), pytest.approx(expected))
        assert model.score([text], vectors[i : i + 1]) == [together[i]]
    assert model.score(texts[::-1], vectors[::-1]) == together[::-1]


def test_hashed_words_have_unit_length_and_ignore_order_of_calls() -> None:
    weights = hashed_words("Home coffee, home coffee every day")
    assert sum(w * w for w in weights.values()) == pytest.approx(1.0)
    assert all(0 <= bucket < BUCKETS for bucket in weights)
    assert hashed_words("") == {}
    assert hashed_words("HOME coffee") == hashed_words("home coffee")
