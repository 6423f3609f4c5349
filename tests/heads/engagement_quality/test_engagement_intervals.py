"""Intervals that hold: the conformal margins against MAPIE's and against what they promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin

from bonafit.heads.engagement_quality.columns import COLUMNS, INDEX
from bonafit.heads.engagement_quality.interval import SHAPE_COLUMNS, QuantileBand, shape_values
from bonafit.heads.engagement_quality.series import Basis, days, read_series
from bonafit_training.heads.engagement_quality import tuning as choices
from bonafit_training.heads.engagement_quality.bands import (
    Cases,
    conformal_quantile,
    fit_band,
    fit_quantiles,
    margin_of,
    misses,
)
from bonafit_training.heads.engagement_quality.before_trees import Choices, fit_base
from bonafit_training.heads.engagement_quality.examples import AHEAD_SHARE, Examples, build, training_tasks
from bonafit_training.heads.engagement_quality.later_months import before, errors_later
from bonafit_training.heads.engagement_quality.out_of_fold_errors import errors_ahead
from bonafit_training.heads.engagement_quality.tuning import far_pays, share_believed
from tests.engagement_makers import creator_of, prepared

BASIS = Basis("likes_comments", "followers")


def uneven(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Errors with heavy tails that grow along a column, and two cells by it."""
    rng = np.random.default_rng(seed)
    shape = np.stack([np.ones(n), rng.uniform(0, 1, n)], axis=1)
    return shape, rng.standard_t(3, n) * (0.2 + shape[:, 1]), ["a" if x < 0.5 else "b" for x in shape[:, 1]]


def covered(band: QuantileBand, shape: np.ndarray, error: np.ndarray, cells: list[str]) -> np.ndarray:
    bounds = [band(s, c) for s, c in zip(shape, cells, strict=True)]
    return np.array([low <= e <= high for (low, high), e in zip(bounds, error.tolist(), strict=True)])


def test_conformal_quantile_is_the_stated_order_statistic() -> None:
    values = np.random.default_rng(0).permutation(np.arange(99.0))
    assert conformal_quantile(values, 0.9) == 89.0  # the 90th of 99, (n + 1) x 0.9 = 90
    assert conformal_quantile(values[:3], 0.9) == max(values[:3])


class Linear(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A fitted linear quantile, as MAPIE wants it."""

    def __init__(self, coefficients: np.ndarray) -> None:
        # the trailing underscore is how MAPIE knows that it is fitted
        self.coef_ = coefficients

    def fit(self, X: np.ndarray, y: np.ndarray) -> Linear:
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.asarray(X @ self.coef_)


def test_margins_and_bounds_are_those_of_mapie() -> None:
    mapie = pytest.importorskip("mapie.regression", reason="MAPIE is not installed; it comes with the extra `test`")
    shape, error, _ = uneven(1_500)
    fit, hold, new = slice(0, 500), slice(500, 1_000), slice(1_000, 1_500)
    low, high = fit_quantiles(shape[fit], error[fit], level=0.9, rng=np.random.default_rng(0))
    margin = conformal_quantile(misses(shape[hold], error[hold], low, high), 0.9)
    band = QuantileBand(low, high, {"all": margin})
    oracle = mapie.ConformalizedQuantileRegressor(
        [Linear(low), Linear(high), Linear((low + high) / 2)], confidence_level=0.9, prefit=True
    )
    oracle.conformalize(shape[hold], error[hold])
    _, bounds = oracle.predict_interval(shape[new], symmetric_correction=True)
    ours = np.array([band(s, "all") for s in shape[new]])
    np.testing.assert_allclose(ours, bounds[:, :, 0], atol=1e-9)


@pytest.mark.slow
def test_band_covers_unseen_cases_where_errors_are_uneven() -> None:
    shape, error, cells = uneven(6_000)
    band = fit_band(Cases(shape[:4_000], error[:4_000], cells[:4_000], np.arange(4_000)), seed=0)
    hit = covered(band, shape[4_000:], error[4_000:], cells[4_000:])
    assert 0.88 <= hit.mean() <= 0.92
    for cell in "ab":
        assert 0.85 <= hit[np.array(cells[4_000:]) == cell].mean() <= 0.95


@pytest.mark.slow
def test_bounds_hold_in_months_that_err_more_than_those_learned_from() -> None:
    shape, error, cells = uneven(6_000)
    months = np.arange(6_000) // 2_000
    error = error * np.array([1.0, 1.4, 1.4])[months]
    group = np.arange(6_000)

    def cases(month: int) -> Cases:
        mine = np.flatnonzero(months == month)
        return Cases(shape[mine], error[mine], [cells[i] for i in mine], group[mine])

    new = cases(2)
    alone, warned = (fit_band(cases(0), later, seed=0) for later in (None, cases(1)))
    assert covered(alone, new.shape, new.error, list(new.cell)).mean() < 0.85
    assert 0.88 <= covered(warned, new.shape, new.error, list(new.cell)).mean() <= 0.92
    # calm months never narrow what other creators need
    assert fit_band(cases(1), cases(0), seed=0).margins == fit_band(cases(1), seed=0).margins


def test_what_stood_before_a_day_has_its_own_posts_and_texts() -> None:
    whole = prepared(creator_of(5, n_posts=12))
    series = read_series(whole.creator, BASIS)
    day = float(series.day[6])
    older = before(whole, series, day)
    assert [p.posted_at for p in older.creator.posts] == sorted(
        p.posted_at for p in whole.creator.posts if p.posted_at is not None and days(p.posted_at) <= day
    )
    assert len(older.creator.posts) == 7
    assert older.vectors.shape[0] == len(older.units)
    for unit, vector in zip(older.units, older.vectors, strict=True):
        if unit.post is not None:
            assert unit.at == older.creator.posts[unit.post].posted_at
        assert np.array_equal(vector, whole.vectors[[u.text for u in whole.units].index(unit.text)])


def test_errors_later_are_of_posts_behind_the_middle_day_and_of_no_others() -> None:
    crowd = [prepared(creator_of(seed, n_posts=40 + seed % 9)) for seed in range(20)]
    set_up = Choices(BASIS, trees={"max_iter": 10, "min_samples_leaf": 20})
    found = errors_later(crowd, set_up, far=True, believed=1.0, seed=0)
    assert found is not None
    asked, errors = found
    series = [read_series(one.creator, BASIS) for one in crowd]
    middle = np.median(np.concatenate([s.day for s in series]))
    later = sum(int(np.sum(s.day > middle)) for s in series)
    assert len(asked) == len(errors) == later
    for c, target, n in zip(asked.creator.tolist(), asked.target.tolist(), asked.n_known.tolist(), strict=True):
        assert series[c].day[target] > middle
        assert n == np.sum(series[c].day <= middle)
    within_a_month = [prepared(creator_of(seed, n_posts=12)) for seed in range(20)]
    assert errors_later(within_a_month, set_up, far=True, believed=1.0, seed=0) is None


def test_far_targets_are_learned_from_where_they_foretell_the_newest_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [prepared(creator_of(seed, n_posts=30)) for seed in range(30)]
    base = fit_base(crowd, Choices(BASIS, rest=False), seed=0)
    examples = build(base.knowledge, training_tasks(base.lengths.tolist(), seed=0), base.level)
    assert 0.1 < np.mean(examples.far) < 0.9

    def pays(y: np.ndarray) -> bool:
        changed = replace(examples, y=y)
        settings = {"max_iter": 10, "min_samples_leaf": 20}
        return far_pays(changed, base.knowledge, base.level, settings=settings, bags=1, seed=0)

    misleading = examples.y + 3.0 * examples.far
    assert pays(misleading)  # 180 cases tell too little: the usual choice stands
    monkeypatch.setattr(choices, "LEAST_CASES", 100)
    assert not pays(misleading)
    assert pays(examples.y + 3.0 * ~examples.far)


def test_trees_are_believed_where_nothing_is_known_as_far_as_they_held() -> None:
    rng = np.random.default_rng(0)
    truth, noise = rng.normal(size=4_000), rng.normal(size=4_000)
    assert share_believed(truth, truth) == 1.0
    assert share_believed(truth, noise) == 0.0
    assert share_believed(truth, 2 * truth) == 0.5
    assert share_believed(truth[:50], noise[:50]) == 1.0


def test_few_creators_widen_a_margin_and_many_posts_of_theirs_do_not_narrow_it() -> None:
    miss = np.random.default_rng(0).normal(size=2_000)
    few, many = (margin_of(miss, np.arange(2_000) % n, 0.9) for n in (20, 2_000))
    assert few == conformal_quantile(miss, 0.945)
    assert many == pytest.approx(conformal_quantile(miss, 0.90045))
    assert few > many


def test_training_asks_for_near_posts_and_for_far_ones() -> None:
    tasks = list(training_tasks([1, 3, 200], seed=0))
    for task in tasks:
        n = (1, 3, 200)[task.creator]
        assert list(task.targets) == sorted(set(task.targets))
        assert task.start <= task.cut <= task.targets[0]
        assert task.targets[-1] < n
        assert task.n_far <= len(task.targets)
    ahead = [task.targets[-1] - task.cut for task in tasks if task.creator == 2 and task.cut == 50]
    assert max(ahead) > 50 * AHEAD_SHARE
    assert [list(t.targets) for t in training_tasks([9, 40], seed=1)] == [
        list(t.targets) for t in training_tasks([9, 40], seed=1)
    ]


def test_width_follows_the_age_and_older_bundles_go_on_without() -> None:
    row = np.full(len(COLUMNS), np.nan)
    row[[INDEX["level_spread"], INDEX["n_known"], INDEX["steps_ahead"]]] = 0.5, np.log1p(4), 1.0
    old, aged = np.ones(9), np.array([*np.ones(9), 0.0, 0.3])
    shapes = {}
    for age in (1.0, 30.0):
        row[INDEX["age"]] = np.log(age)
        shapes[age] = shape_values(row)
    assert len(shapes[1.0]) == len(SHAPE_COLUMNS)
    before, after = (QuantileBand(-old, old, {"all": 0.0})(shapes[age], "all") for age in (1.0, 30.0))
    assert before == after
    near, far = (QuantileBand(-aged, aged, {"all": 0.0})(shapes[age], "all") for age in (1.0, 30.0))
    assert far[1] - near[1] == pytest.approx(0.3 * np.log(30))


def test_errors_ahead_know_neither_the_creator_nor_the_time() -> None:
    n = 2_000
    rng = np.random.default_rng(0)
    creator, recent = np.arange(n) // 10, np.arange(n) % 10 >= 8
    X = np.zeros((n, 2))
    X[:, 0] = rng.normal(size=n)
    # everything rises by one with time: whoever has seen the recent cases knows, by the second column
    X[:, 1] = recent
    y = X[:, 0] + recent
    zeros = np.zeros(n, dtype=np.int64)
    examples = Examples(
        X=X, y=y, base=np.zeros(n), creator=creator, target=zeros, n_known=zeros, block=np.arange(n),
        far=np.zeros(n, dtype=np.bool_), back_row=np.full((n, 2), np.nan), back_error=np.full(n, np.nan),
        back_variance=np.full(n, np.nan),
    )  # fmt: skip
    errors = errors_ahead(examples, ~recent, recent, settings={"max_iter": 60, "min_samples_leaf": 20}, seed=0)
    assert np.all(np.isnan(errors[~recent]))
    assert np.mean(errors[recent]) == pytest.approx(1.0, abs=0.15)
