"""The additive model of the niche head and its calibration."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from interpret.glassbox import ExplainableBoostingClassifier
from sklearn.linear_model import LogisticRegression

from bonafit.heads.columns import Column
from bonafit.heads.niche_fit.pair import COLUMNS
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.calibration import CalibrationMap
from bonafit_training.heads.additive import to_additive
from bonafit_training.heads.niche_fit.examples import Examples
from bonafit_training.heads.refine import refined

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Main effects alone: every reason is then one sentence about one feature.
SETTINGS: dict[str, Any] = {
    "interactions": 0,
    "outer_bags": 4,
    "max_bins": 32,
    "min_samples_leaf": 20,
    "smoothing_rounds": 100,
    "greedy_ratio": 0,
    "learning_rate": 0.04,
}
FOLDS = 5
# Knots of the stored calibration curve, in log-odds; a straight line between two of them is within .002 of the curve.
KNOTS = np.linspace(-8.0, 8.0, 65)


def fit_ebm(
    examples: Examples,
    *,
    seed: int,
    settings: Mapping[str, Any] | None = None,
    columns: Sequence[Column] = COLUMNS,
) -> Any:
    """An explainable boosting machine, monotone where the columns say so."""
    model = ExplainableBoostingClassifier(
        feature_names=[column.name for column in columns],
        feature_types=["continuous"] * len(columns),
        monotone_constraints=[column.direction for column in columns],
        n_jobs=1,
        random_state=seed,
        **{**SETTINGS, **(settings or {})},
    )
    with warnings.catch_warnings():
        # It warns that its own plots leave out the missing bin (ours do not), and of columns that a set lacks.
        warnings.filterwarnings("ignore", message="Missing values detected", category=UserWarning)
        warnings.filterwarnings("ignore", message="All-NaN slice", category=RuntimeWarning)
        return model.fit(examples.X, examples.y, sample_weight=examples.weight)


def fit_additive(
    examples: Examples,
    *,
    seed: int,
    settings: Mapping[str, Any] | None = None,
    columns: Sequence[Column] = COLUMNS,
) -> AdditiveModel:
    """The machine as plain tables, which are monotone to the last bit."""
    return tables_of(fit_ebm(examples, seed=seed, settings=settings, columns=columns), examples)


def tables_of(machine: Any, examples: Examples) -> AdditiveModel:
    """A fitted machine as plain tables, its steps made lines: a ranking must not tie."""
    return refined(to_additive(machine), examples.X)


def group_folds(group: IntArray, *, seed: int, folds: int = FOLDS) -> list[IntArray]:
    """Groups of each fold, every group in one, shuffled by seed."""
    groups = np.random.default_rng(seed).permutation(np.unique(group))
    return [np.sort(groups[i::folds]) for i in range(folds)]


def fit_calibration(eta: FloatArray, y: IntArray, weight: FloatArray) -> CalibrationMap:
    """Platt's sigmoid on out-of-fold log-odds, as a piecewise linear map.

    A sigmoid and not an isotonic map: with a few hundred real pairs the latter's steps are noise.
    """
    sigmoid = LogisticRegression(C=1e6).fit(eta[:, None], y, sample_weight=weight)
    slope, offset = max(float(sigmoid.coef_[0, 0]), 1e-3), float(sigmoid.intercept_[0])
    return CalibrationMap(KNOTS, 1 / (1 + np.exp(-(slope * KNOTS + offset))))
