"""Fit the account models: few, smooth, monotone effects of three counts, on several collections at once.

Each set weighs alike, and in it fake and genuine accounts alike. An effect is a line between a few knots on the scale
of log10(1 + count), flat beyond the outer ones; its sign is the column's. Knots and penalty were chosen by
leave-one-set-out (docs/decisions/009-authenticity-from-several-sets.md): boosting with pairs fits a collection better
and travels worse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import minimize

from bonafit.heads.authenticity.account_columns import PROFILE, Values
from bonafit.heads.authenticity.account_model import N_DECADES, PATTERNS, AccountModels, EvidenceModel, decade
from bonafit.heads.columns import column_matrix
from bonafit.tables.additive import AdditiveModel, Term
from bonafit.tables.arrays import FloatArray, IntArray

# log10(1 + count). Followers beyond 1,000, posts beyond 9 and following under 316 say nothing that two sets agree on.
KNOTS: dict[str, tuple[float, ...]] = {
    "followers": (0.0, 1.0, 2.0, 3.0),
    "following": (2.5, 4.0),
    "posts_count": (0.0, 1.0),
}
PENALTY = 0.003
# Width of a table's cells: a count 2 % larger moves the log-odds by less than .03.
CELL = 0.01
# Accounts above a size without which that size was not measured.
LEAST_ABOVE = 30


@dataclass(frozen=True)
class LabelledSet:
    """Counts and labels of one collection; fake : (n,) 1 for fake or bought."""

    name: str
    rows: Sequence[Values]
    fake: IntArray


def hinges(X: FloatArray, columns: Sequence[str]) -> FloatArray:
    """Pieces of every column's line, (n, pieces): how far log10(1 + count) reaches into each span between knots."""
    pieces = []
    for j, name in enumerate(columns):
        x = np.log10(X[:, j] + 1)
        pieces += [np.clip(x, low, high) - low for low, high in pairwise(KNOTS[name])]
    return np.column_stack(pieces)


def even_weights(fake: IntArray) -> FloatArray:
    """Weights, (n,) summing to 1, that give both classes the same say."""
    counts = np.bincount(fake, minlength=2)
    return np.asarray(0.5 / np.maximum(counts, 1)[fake])


def fit_lines(H: FloatArray, fake: IntArray, weights: FloatArray, signs: FloatArray) -> tuple[float, FloatArray]:
    """Intercept and slopes of a penalised logistic regression of fake on pieces, each slope of its sign.

    H : (n, pieces). weights : (n,) summing to 1. signs : (pieces,) +1 or -1. The penalty is on slopes of standardised
    pieces.
    """
    centre, scale = weights @ H, np.sqrt(weights @ (H - weights @ H) ** 2) + 1e-9
    Z, sign = (H - centre) / scale, 2.0 * fake - 1

    def loss(b: FloatArray) -> tuple[float, FloatArray]:
        margin = sign * (b[0] + Z @ b[1:])
        pull = -sign * weights / (1 + np.exp(np.minimum(margin, 500)))
        gradient = np.concatenate([[pull.sum()], Z.T @ pull + 2 * PENALTY * b[1:]])
        return float(weights @ np.logaddexp(0, -margin) + PENALTY * b[1:] @ b[1:]), gradient

    bounds = [(None, None), *((0, None) if s > 0 else (None, 0) for s in signs)]
    b = minimize(loss, np.zeros(H.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = b[1:] / scale
    return float(b[0] - centre @ slopes), slopes


def to_tables(intercept: float, slopes: FloatArray, columns: Sequence[str], mean: FloatArray) -> AdditiveModel:
    """The lines as an additive model of raw counts, in cells of CELL; an effect is zero at its mean over the sets.

    mean : (pieces,) mean of the pieces over the weighted sets.
    """
    terms, k = [], 0
    for j, name in enumerate(columns):
        knots = KNOTS[name]
        pieces = len(knots) - 1
        edges = np.arange(round((knots[-1] - knots[0]) / CELL) + 1) * CELL + knots[0]
        middles = np.concatenate([[knots[0]], (edges[:-1] + edges[1:]) / 2, [knots[-1]]])
        spans = np.column_stack([np.clip(middles, low, high) - low for low, high in pairwise(knots)])
        centre = float(mean[k : k + pieces] @ slopes[k : k + pieces])
        intercept += centre
        scores = np.concatenate([[0.0], spans @ slopes[k : k + pieces] - centre])
        scores = scores.astype(np.float32).astype(np.float64)
        cuts: FloatArray = np.power(10.0, edges) - 1
        terms.append(Term((j,), (cuts,), scores, np.zeros(len(scores))))
        k += pieces
    return AdditiveModel(intercept, terms, n_columns=len(columns))


def known(labelled: LabelledSet, columns: Sequence[str]) -> tuple[FloatArray, IntArray]:
    """Counts, (n, columns), and labels of the accounts that have all of them."""
    X = column_matrix(labelled.rows, [c for c in PROFILE if c.name in columns])
    complete = ~np.isnan(X).any(axis=1)
    return X[complete], labelled.fake[complete]


def fit_pattern(sets: Sequence[LabelledSet], columns: Sequence[str]) -> AdditiveModel:
    """One additive model of these columns on several sets."""
    parts = [known(labelled, columns) for labelled in sets]
    H = np.concatenate([hinges(X, columns) for X, _ in parts])
    fake = np.concatenate([y for _, y in parts])
    weights = np.concatenate([even_weights(y) for _, y in parts]) / len(parts)
    direction = {c.name: -c.direction for c in PROFILE}
    signs = np.array([direction[name] for name in columns for _ in KNOTS[name][1:]], dtype=np.float64)
    intercept, slopes = fit_lines(H, fake, weights, signs)
    return to_tables(intercept, slopes, columns, weights @ H)


def calibrated(eta: FloatArray, fake: IntArray, *, slope: float | None = None) -> tuple[float, float]:
    """Shift and slope of log-odds of fake at even odds, by maximum likelihood (Platt 1999); the slope may be given."""
    weights, sign = even_weights(fake), 2.0 * fake - 1

    def loss(b: FloatArray) -> float:
        return float(weights @ np.logaddexp(0, -sign * (b[0] + (b[1] if slope is None else slope) * eta)))

    b = minimize(loss, np.array([0.0, 1.0 if slope is None else slope]), method="L-BFGS-B").x
    return float(b[0]), float(b[1] if slope is None else slope)


def calibration(sets: Sequence[LabelledSet], model: AdditiveModel, columns: Sequence[str]) -> tuple[float, float]:
    """Shift and slope for an account of a set that is none of these.

    Each set asks for a slope of the model of the others; the smallest is the most that can be promised. The shift is
    the mean of what the sets ask for at that slope.
    """
    slopes = []
    for left in sets if len(sets) > 1 else ():
        training_sets = fit_pattern([s for s in sets if s.name != left.name], columns)
        X, y = known(left, columns)
        slopes.append(calibrated(training_sets.predict(X), y)[1])
    slope = max(min(slopes, default=1.0), 0.1)
    shifts = []
    for labelled in sets:
        X, y = known(labelled, columns)
        shifts.append(calibrated(model.predict(X), y, slope=slope)[0])
    return float(np.mean(shifts)), slope


def fit_accounts(sets: Sequence[LabelledSet]) -> AccountModels:
    """The account models of several sets, a model for each pattern of what is known."""
    models = {}
    for name, columns in PATTERNS.items():
        model = fit_pattern(sets, columns)
        columns_used = [c for c in PROFILE if c.name in columns]
        X = np.concatenate([known(s, columns)[0] for s in sets])
        y = np.concatenate([known(s, columns)[1] for s in sets])
        models[name] = EvidenceModel(columns_used, model, calibration(sets, model, columns), usual_table(X, y))
    followers = np.sort(np.concatenate([known(s, ("followers",))[0][:, 0] for s in sets]))
    return AccountModels(models, largest=float(followers[-min(LEAST_ABOVE, len(followers))]))


def usual_table(X: FloatArray, y: IntArray, *, quantiles: int = 41) -> FloatArray:
    """Quantiles of each column among genuine accounts per follower decade, (decades, columns, quantiles) float64.

    The first column is followers. A decade with under 30 genuine values borrows all genuine accounts.
    """
    genuine = X[y == 0]
    decades = np.array([decade(f) for f in genuine[:, 0]])
    table = np.full((N_DECADES, X.shape[1], quantiles), np.nan)
    grid = np.linspace(0, 1, quantiles)
    for d in range(N_DECADES):
        values = genuine[decades == d] if (decades == d).sum() >= 30 else genuine
        if len(values):
            table[d] = np.quantile(values, grid, axis=0).T
    return table


def log_odds_fake(models: AccountModels, rows: Sequence[Mapping[str, float | None]]) -> FloatArray:
    """Calibrated log-odds of fake of accounts by their counts alone, whatever else the rows hold; (n,)."""
    return models.log_odds_fake([{c.name: row.get(c.name) for c in PROFILE} for row in rows])
