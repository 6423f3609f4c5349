"""Conformalised quantile regression of the errors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import QuantileRegressor

from bonafit.engagement.interval import QuantileBand

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
LEVEL = 0.9
# Cases below which a cell takes the margin of all cells together.
LEAST_CELL = 200
# Rows a quantile regression is fitted on; it is a linear programme.
MOST_ROWS = 2_000


def fit_band(
    shape: FloatArray,
    error: FloatArray,
    cells: Sequence[str],
    group: IntArray,
    *,
    recent: npt.NDArray[np.bool_],
    seed: int,
    level: float = LEVEL,
) -> QuantileBand:
    """Bounds that hold the errors of a share `level` of unseen cases.

    shape : (n, k) from bonafit.engagement.interval.shape_values. error : (n,) out-of-fold. group : (n,) creators: half
    of them fit the quantiles, the other half the margins. recent : (n,) cases that stand for those to come, which alone
    set the margins: errors grow towards the newest posts (on tiktok_2020 margins from all cases cover .871 of them).
    """
    rng = np.random.default_rng(seed)
    ids = np.unique(group)
    fitting = np.isin(group, rng.permutation(ids)[: len(ids) // 2])
    rows = np.flatnonzero(fitting)
    if len(rows) > MOST_ROWS:
        rows = np.sort(rng.choice(rows, MOST_ROWS, replace=False))
    tail = (1 - level) / 2
    low, high = (
        QuantileRegressor(quantile=q, alpha=1e-4, fit_intercept=False).fit(shape[rows], error[rows]).coef_
        for q in (tail, 1 - tail)
    )
    held = np.flatnonzero(~fitting & recent)
    below, above = shape[held] @ low, shape[held] @ high
    miss = np.maximum(np.minimum(below, above) - error[held], error[held] - np.maximum(below, above))
    names = np.array(cells)[held]
    margins = {"all": conformal_quantile(miss, level)}
    for name in sorted(set(names.tolist())):
        if np.sum(names == name) >= LEAST_CELL:
            margins[name] = conformal_quantile(miss[names == name], level)
    return QuantileBand(np.asarray(low), np.asarray(high), margins)


def conformal_quantile(miss: FloatArray, level: float) -> float:
    """The ceil((n + 1) level)-th smallest miss, the largest where n is too small for it."""
    n = len(miss)
    k = min(int(np.ceil((n + 1) * level)), n)
    return float(np.sort(miss)[k - 1])
