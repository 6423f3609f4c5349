"""Conformalised quantile regression of the errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import QuantileRegressor
from sklearn.model_selection import GroupKFold

from bonafit.heads.engagement_quality.interval import QuantileBand
from bonafit.tables.arrays import FloatArray, IntArray

LEVEL = 0.9
# Cases below which a cell takes the margin of all cells together.
LEAST_CELL = 200
# Rows a quantile regression is fitted on; it is a linear programme.
MOST_ROWS = 2_000
FOLDS = 5


@dataclass(frozen=True)
class Cases:
    """Cases to calibrate on.

    shape : (n, k) from bonafit.heads.engagement_quality.interval.shape_values. error : (n,) of cases that stand for
    those to come, by a model that did not know them. cell : (n) names. group : (n,) creators.
    """

    shape: FloatArray
    error: FloatArray
    cell: Sequence[str]
    group: IntArray


def fit_band(cases: Cases, later: Cases | None = None, *, seed: int, level: float = LEVEL) -> QuantileBand:
    """Bounds that hold the errors of a share `level` of cases to come.

    cases : by a model that knew neither their creators nor their time. later : of months that their model had not seen.
    Margins are cross-conformal (Vovk 2015): every creator is measured against quantiles of the other four fifths, so
    that all of them calibrate; halves left some cells of tiktok_2020 to a few dozen creators. Bounds have to hold for
    other creators and for other months: in every cell that has enough of both kinds the wider margin is taken.
    """
    rng = np.random.default_rng(seed)
    miss = np.empty(len(cases.error))
    for fit, test in GroupKFold(min(FOLDS, len(np.unique(cases.group)))).split(cases.shape, groups=cases.group):
        low, high = fit_quantiles(cases.shape[fit], cases.error[fit], level=level, rng=rng)
        miss[test] = misses(cases.shape[test], cases.error[test], low, high)
    low, high = fit_quantiles(cases.shape, cases.error, level=level, rng=rng)
    margins = cell_margins(miss, cases, level)
    if later is not None and len(later.error) >= LEAST_CELL:
        found_margins = cell_margins(misses(later.shape, later.error, low, high), later, level)
        margins = {name: max(value, found_margins.get(name, value)) for name, value in margins.items()}
    return QuantileBand(low, high, margins)


def cell_margins(miss: FloatArray, cases: Cases, level: float) -> dict[str, float]:
    """Margin of every cell of LEAST_CELL cases and of `all` together. miss : (n,) as from `misses`."""
    names = np.array(cases.cell)
    margins = {"all": margin_of(miss, cases.group, level)}
    for name in sorted(set(cases.cell)):
        in_cell = names == name
        if np.sum(in_cell) >= LEAST_CELL:
            margins[name] = margin_of(miss[in_cell], cases.group[in_cell], level)
    return margins


def fit_quantiles(
    shape: FloatArray, error: FloatArray, *, level: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Coefficients of the lower and the upper quantile that leave out (1 - level) / 2 each, (k,) and (k,)."""
    rows = np.arange(len(error))
    if len(rows) > MOST_ROWS:
        rows = np.sort(rng.choice(rows, MOST_ROWS, replace=False))
    tail = (1 - level) / 2
    low, high = (
        np.asarray(QuantileRegressor(quantile=q, alpha=1e-4, fit_intercept=False).fit(shape[rows], error[rows]).coef_)
        for q in (tail, 1 - tail)
    )
    return low, high


def misses(shape: FloatArray, error: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """How far each error lies outside its two quantiles, (n,); below 0 inside."""
    below, above = shape @ low, shape @ high
    return np.maximum(np.minimum(below, above) - error, error - np.maximum(below, above))


def margin_of(miss: FloatArray, group: IntArray, level: float) -> float:
    """Margin that holds a new creator's cases at `level`, where creators and not cases are drawn anew.

    With G creators the quantile is taken at level x (1 + 1 / G): posts of one creator err together, and a cell of
    thousands of posts by fifty creators is as uncertain as fifty (Dunn, Wasserman & Ramdas 2023).
    """
    creators = len(np.unique(group))
    return conformal_quantile(miss, min(level * (1 + 1 / creators), 1.0))


def conformal_quantile(miss: FloatArray, level: float) -> float:
    """The ceil((n + 1) level)-th smallest miss, the largest where n is too small for it."""
    n = len(miss)
    k = min(int(np.ceil((n + 1) * level)), n)
    return float(np.sort(miss)[k - 1])
