"""Fit the account models: explainable boosting, exported to tables, calibrated out of fold."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from interpret.glassbox import ExplainableBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bonafit.heads.authenticity.account_columns import CONTENT, PROFILE, Values, derived
from bonafit.heads.authenticity.account_model import N_DECADES, AccountModels, EvidenceModel, decade
from bonafit.heads.columns import Column, column_matrix
from bonafit.tables.additive import AdditiveModel, Term
from bonafit_training.heads.additive import to_additive

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


# Pairs of the model for accounts whose link is unknown.
ANY_INTERACTIONS = 40


@dataclass(frozen=True)
class Settings:
    """Settings of one boosting machine; chosen by 5-fold inside train (docs/methods/authenticity.md)."""

    interactions: int = 130
    outer_bags: int = 8
    learning_rate: float = 0.015
    max_interaction_bins: int = 32
    max_bins: int = 256
    min_samples_leaf: int = 4
    smoothing_rounds: int = 75
    calibration_folds: int = 2
    calibration_bags: int = 2


def fit_additive(
    X: FloatArray,
    y: IntArray,
    columns: Sequence[Column],
    *,
    settings: Settings,
    seed: int,
    weights: FloatArray | None = None,
) -> AdditiveModel:
    """Additive model of y in {0, 1}; monotone where a column's direction says so. weights : (n,), default all one.

    A missing value adds nothing: its bin is set to the term's mean, zero. What the sets leave out is left out for whole
    groups (accounts without posts), so a learned bin would judge records for the gaps of whoever supplied them.
    """
    ebm = ExplainableBoostingClassifier(
        feature_names=[c.name for c in columns],
        feature_types=["continuous"] * len(columns),
        interactions=settings.interactions,
        outer_bags=settings.outer_bags,
        learning_rate=settings.learning_rate,
        max_bins=settings.max_bins,
        max_interaction_bins=settings.max_interaction_bins,
        min_samples_leaf=settings.min_samples_leaf,
        smoothing_rounds=settings.smoothing_rounds,
        # a column's direction is that of the head's value, genuine; the model's is fake
        monotone_constraints=[-c.direction for c in columns] if any(c.direction for c in columns) else None,
        n_jobs=1,
        random_state=seed,
    )
    with warnings.catch_warnings():
        # it only says that its plots leave out the missing bin
        warnings.filterwarnings("ignore", message="Missing values detected", category=UserWarning)
        ebm.fit(X, y, sample_weight=weights)
    return neutral_missing(to_additive(ebm))


def neutral_missing(model: AdditiveModel) -> AdditiveModel:
    """The same model with zero in every missing bin, cells rounded to what a bundle stores."""
    terms = []
    for term in model.terms:
        scores = term.scores.astype(np.float32).astype(np.float64)
        spread = term.spread.astype(np.float16).astype(np.float64)
        for axis in range(scores.ndim):
            missing = tuple(0 if a == axis else slice(None) for a in range(scores.ndim))
            scores[missing] = 0
            spread[missing] = 0
        terms.append(Term(term.features, term.cuts, scores, spread))
    return AdditiveModel(model.intercept, terms, n_columns=model.n_columns)


def platt(eta: FloatArray, y: IntArray) -> tuple[float, float]:
    """Shift and slope that turn linear predictors into calibrated log-odds. Source: Platt 1999."""
    fitted = LogisticRegression(C=np.inf).fit(eta[:, None], y)
    return float(fitted.intercept_[0]), float(fitted.coef_[0, 0])


def out_of_fold(
    X: FloatArray, y: IntArray, columns: Sequence[Column], *, settings: Settings, seed: int, folds: int
) -> FloatArray:
    """Linear predictor of each row from a model that has not seen it, (n,)."""
    eta = np.empty(len(y))
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=seed).split(X, y):
        eta[test] = fit_additive(X[train], y[train], columns, settings=settings, seed=seed).predict(X[test])
    return eta


def fit_evidence(
    rows: Sequence[Mapping[str, float | None]],
    y: IntArray,
    columns: Sequence[Column],
    *,
    settings: Settings,
    seed: int,
    sized: bool = True,
    held: list[FloatArray] | None = None,
) -> EvidenceModel:
    """A calibrated evidence model of y (1 = fake) from named rows.

    Calibration uses out-of-fold predictors of smaller ensembles, whose slope is the honest, slightly cautious one.
    `sized`: the first column is followers, and what is usual is told per follower decade. `held` takes the calibrated
    out-of-fold log-odds of the rows, (n,).
    """
    X = column_matrix(rows, columns)
    lean = replace(settings, outer_bags=settings.calibration_bags)
    eta = out_of_fold(X, y, columns, settings=lean, seed=seed, folds=settings.calibration_folds)
    calibration = platt(eta, y)
    if held is not None:
        held.append(calibration[0] + calibration[1] * eta)
    model = fit_additive(X, y, columns, settings=settings, seed=seed)
    moves = np.std(model.effects(X)[0], axis=0)
    genuine = float(np.log((y == 0).sum() / (y == 1).sum()))
    return EvidenceModel(columns, model, calibration, moves, usual_table(X, y, sized=sized), genuine)


def usual_table(X: FloatArray, y: IntArray, *, quantiles: int = 41, sized: bool = True) -> FloatArray:
    """Quantiles of each column among genuine accounts per follower decade, (decades, columns, quantiles) float64.

    The first column is followers, unless `sized` is false: then every decade holds all genuine accounts. A decade with
    under 30 genuine values borrows all genuine accounts.
    """
    genuine = X[y == 0]
    decades = np.array([decade(f) if sized else -1 for f in genuine[:, 0]])
    table = np.full((N_DECADES, X.shape[1], quantiles), np.nan)
    grid = np.linspace(0, 1, quantiles)
    for d in range(N_DECADES):
        for j in range(X.shape[1]):
            values = genuine[decades == d, j]
            values = values[~np.isnan(values)]
            if len(values) < 30:
                values = genuine[~np.isnan(genuine[:, j]), j]
            if len(values):
                table[d, j] = np.quantile(values, grid)
    return table


URL = "has_url"


def fit_accounts(
    base: Sequence[Values],
    y: IntArray,
    *,
    full: Settings,
    profile: Settings,
    seed: int,
    held: FloatArray | None = None,
) -> AccountModels:
    """The account models from base values (bonafit.heads.authenticity.account_columns.BASE) and labels (1 = fake).

    held : (n,), filled with each account's out-of-fold log-odds of fake from the model that serves it; NaN for the few
    whose link is unknown.
    """
    rows = [derived(row) for row in base]
    chosen = [AccountModels.choose(row) for row in rows]
    without_url = tuple(c for c in PROFILE + CONTENT if c.name != URL)
    models = {}
    for name in ("url", "no_url"):
        part = [i for i, c in enumerate(chosen) if c == name]
        kept: list[FloatArray] = []
        models[name] = fit_evidence([rows[i] for i in part], y[part], without_url, settings=full, seed=seed, held=kept)
        if held is not None:
            held[part] = kept[0]
    content = [i for i, c in enumerate(chosen) if c != "profile"]
    lean = replace(full, interactions=min(full.interactions, ANY_INTERACTIONS))
    models["any"] = fit_evidence([rows[i] for i in content], y[content], without_url, settings=lean, seed=seed)
    kept = []
    models["profile"] = fit_evidence(rows, y, PROFILE, settings=profile, seed=seed, held=kept)
    if held is not None:
        bare = np.array([c == "profile" for c in chosen])
        held[bare] = kept[0][bare]
    prior = float(np.log((y == 0).sum() / (y == 1).sum()))
    for model in models.values():
        model.prior_log_odds = prior
    for name in ("url", "no_url"):
        models[name].anchor = models["any"].average
    return AccountModels(models)
