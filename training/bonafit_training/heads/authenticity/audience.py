"""Fit the models of audience accounts, and study their corrected shares by resampling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_columns import PROFILE, Values, derived
from bonafit.heads.authenticity.audience import AudienceModel, Share, rogan_gladen
from bonafit.heads.columns import Column, column_matrix
from bonafit_training.heads.authenticity.account import Settings, fit_evidence, out_of_fold

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Two kinds of sample: with the whole profile, and with the counts that a list of followers shows.
_COUNTS = {
    "followers",
    "following",
    "posts_count",
    "followers_per_following",
    "posts_per_follower",
    "posts_per_following",
}
COLUMNS: dict[str, tuple[Column, ...]] = {
    "profile": PROFILE,
    "counts": tuple(c for c in PROFILE if c.name in _COUNTS),
}
# Bins of the score histograms: 20 keep what a cut in the middle throws away.
BINS = 20


def histograms(scores: FloatArray, y: IntArray, *, bins: int = BINS) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Edges at quantiles of equally weighted classes, and counts of fake and genuine in each bin."""
    weights = np.where(y == 1, 0.5 / max(1, (y == 1).sum()), 0.5 / max(1, (y == 0).sum()))
    order = np.argsort(scores, kind="stable")
    mass = np.cumsum(weights[order])
    at = np.searchsorted(mass, np.arange(1, bins) / bins)
    edges = np.unique(scores[order][np.minimum(at, len(scores) - 1)])
    slot = np.searchsorted(edges, scores, side="right")
    fake = np.bincount(slot[y == 1], minlength=len(edges) + 1).astype(np.float64)
    genuine = np.bincount(slot[y == 0], minlength=len(edges) + 1).astype(np.float64)
    return edges, fake, genuine


def fit_audience(
    rows: Sequence[Values], y: IntArray, columns: Sequence[Column], *, settings: Settings, seed: int
) -> AudienceModel:
    """An audience model from base or derived values and labels (1 = fake); histograms out of fold."""
    known = [derived(row) for row in rows]
    model = fit_evidence(known, y, columns, settings=settings, seed=seed)
    X = column_matrix(known, columns)
    eta = out_of_fold(X, y, columns, settings=settings, seed=seed + 1, folds=settings.calibration_folds)
    scores = model.prior_log_odds + model.shift + model.slope * eta
    return AudienceModel(model, *histograms(scores, y))


def fit_audiences(rows: Sequence[Values], y: IntArray, *, settings: Settings, seed: int) -> dict[str, AudienceModel]:
    """Both audience models."""
    return {name: fit_audience(rows, y, columns, settings=settings, seed=seed) for name, columns in COLUMNS.items()}


def error_rates(model: AudienceModel) -> tuple[float, float]:
    """Sensitivity and specificity out of fold at the bin edge nearest to even odds."""
    cut = int(np.argmin(np.abs(model.edges))) + 1
    return float(model.fake[cut:].sum() / model.fake.sum()), float(model.genuine[:cut].sum() / model.genuine.sum())


def resample(
    model: AudienceModel,
    scores: FloatArray,
    y: IntArray,
    *,
    audiences: int,
    seed: int,
    sizes: tuple[int, int] = (50, 500),
) -> dict[str, FloatArray]:
    """Audiences drawn from labelled accounts: true share 0-60 %, 50-500 accounts.

    scores : (n,) log-odds of accounts the model has not seen. The true share is that of the audience drawn from; the
    sample's own share varies around it, and the interval must carry that too.
    Returns arrays over audiences: true, n, share, low, high, counted, rogan_gladen.
    """
    rng = np.random.default_rng(seed)
    pools = scores[y == 1], scores[y == 0]
    sensitivity, specificity = error_rates(model)
    cut = model.edges[int(np.argmin(np.abs(model.edges)))]
    columns: dict[str, list[float]] = {k: [] for k in ("true", "n", "share", "low", "high", "counted", "rogan_gladen")}
    for i in range(audiences):
        true = 0.6 * (i + rng.random()) / audiences
        n = int(rng.integers(sizes[0], sizes[1] + 1))
        fakes = int(rng.binomial(n, true))
        drawn = np.concatenate([rng.choice(pools[0], fakes), rng.choice(pools[1], n - fakes)])
        found: Share = model.share(drawn)
        simple = rogan_gladen(float(np.sum(drawn >= cut)), n, sensitivity=sensitivity, specificity=specificity)
        values = (true, float(n), found.share, *found.interval, found.counted, simple)
        for name, value in zip(columns, values, strict=True):
            columns[name].append(value)
    return {name: np.array(values) for name, values in columns.items()}


def coverage_by_decade(study: Mapping[str, FloatArray]) -> dict[str, tuple[float, int]]:
    """Coverage of the 90 % interval over all audiences and in each tenth of the true share, with counts."""
    inside = (study["true"] >= study["low"]) & (study["true"] <= study["high"])
    slices = {"all": np.ones(len(inside), dtype=bool)}
    for low in range(0, 60, 10):
        slices[f"share {low}-{low + 10} %"] = (study["true"] * 100 >= low) & (study["true"] * 100 < low + 10)
    return {name: (float(np.mean(inside[mask])), int(mask.sum())) for name, mask in slices.items()}
