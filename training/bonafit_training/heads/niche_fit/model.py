"""The additive model of the niche head and its calibration."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from interpret.glassbox import ExplainableBoostingClassifier
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bonafit.heads.columns import Column
from bonafit.heads.niche_fit.pair import COLUMNS
from bonafit.tables.additive import AdditiveModel, Term
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit.tables.calibration import CalibrationMap
from bonafit.tables.logistic import sigmoid
from bonafit_training.heads.additive import to_additive
from bonafit_training.heads.niche_fit.examples import Examples
from bonafit_training.heads.refine import refined

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
# The columns that help where they were not trained, with the least slope of each, and the one of bios alone; a weak
# ridge for sets of few pairs. Pairs alone give the share of posts on the niche no slope: who mentions a brand posts on
# much else. But whose posts are all on the niche fits better than whose are half, which the nearest posts do not tell:
# a slope of 2 costs .004 of AUC on instagram_2017 and gains .001 on creators made of sib200's sentences.
TRAVELS, BIO = {"post_fit": 0.0, "best_posts": 0.0, "share_on_niche": 2.0}, "bio_only_fit"
RIDGE = 1e-4
# Cells of a line, in deviations, and how far it reaches either way.
CELL, REACH = 0.01, 8.0
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


def fit_travelling(examples: Examples) -> AdditiveModel:
    """Non-negative lines over the columns that help on sets left out: TRAVELS for posts, BIO for bios alone.

    Boosted tables of all columns rank instagram_2017, left out, no better than a plain cosine; lines over few rank it
    and made-up creators of sib200 better than every single column (decision 013).
    """
    names = [column.name for column in COLUMNS]
    posted = examples.n_posts > 0
    intercept, slopes = _lines(examples, posted, {names.index(name): least for name, least in TRAVELS.items()})
    bio_intercept, (bio_slope,) = _lines(examples, ~posted, {names.index(BIO): 0.0})
    terms = [_term(names.index(name), slope) for name, slope in zip(TRAVELS, slopes, strict=True)]
    # where there are no posts the bio's term carries the other intercept too
    terms.append(_term(names.index(BIO), bio_slope, above=bio_intercept - intercept))
    return AdditiveModel(intercept, terms, n_columns=len(COLUMNS))


def _lines(examples: Examples, rows: npt.NDArray[np.bool_], least: Mapping[int, float]) -> tuple[float, list[float]]:
    """Intercept and slopes of a weighted logistic regression; zeros where a kind has no two classes.

    least : columns, and the least slope of each.
    """
    columns = list(least)
    # creators with nothing left to measure tell nothing
    rows = rows & ~np.isnan(examples.X[:, columns]).any(axis=1)
    X, y, weight = examples.X[rows][:, columns], examples.y[rows], examples.weight[rows]
    if len(np.unique(y)) < 2:
        return 0.0, [0.0] * len(columns)
    sign, weight = np.where(y == 1, 1.0, -1.0), weight / weight.sum()

    def loss(w: FloatArray) -> tuple[float, FloatArray]:
        margin = sign * (w[0] + X @ w[1:])
        pull = -weight * sign / (1 + np.exp(np.clip(margin, -30, 30)))
        value = float(weight @ np.logaddexp(0, -margin)) + RIDGE * float(w[1:] @ w[1:])
        return value, np.concatenate([[pull.sum()], X.T @ pull + 2 * RIDGE * w[1:]])

    bounds = [(None, None), *((low, None) for low in least.values())]
    best = minimize(loss, np.zeros(1 + len(columns)), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(best.x[0]), [float(slope) for slope in best.x[1:]]


def _term(column: int, slope: float, *, above: float = 0.0) -> Term:
    """A line as a table of cells of CELL deviations; a missing value adds nothing."""
    cuts = np.arange(-REACH, REACH + CELL / 2, CELL)
    middles = np.concatenate([[cuts[0]], (cuts[1:] + cuts[:-1]) / 2, [cuts[-1]]])
    scores = np.concatenate([[0.0], above + slope * middles])
    return Term((column,), (cuts,), scores, np.zeros_like(scores))


def group_folds(group: IntArray, *, seed: int, folds: int = FOLDS) -> list[IntArray]:
    """Groups of each fold, every group in one, shuffled by seed."""
    groups = np.random.default_rng(seed).permutation(np.unique(group))
    return [np.sort(groups[i::folds]) for i in range(folds)]


def fit_calibration(eta: FloatArray, y: IntArray, weight: FloatArray) -> CalibrationMap:
    """Platt's sigmoid on out-of-fold log-odds, as a piecewise linear map.

    A sigmoid and not an isotonic map: with a few hundred real pairs the latter's steps are noise.
    """
    platt = LogisticRegression(C=1e6).fit(eta[:, None], y, sample_weight=weight)
    slope, offset = max(float(platt.coef_[0, 0]), 1e-3), float(platt.intercept_[0])
    return CalibrationMap(KNOTS, sigmoid(slope * KNOTS + offset))
