"""Figures of account models beside their baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from bonafit.heads.authenticity.account_columns import CONTENT, PROFILE, derived
from bonafit.heads.authenticity.account_model import AccountModels
from bonafit.heads.columns import column_matrix
from bonafit_training.contracts import OURS, Row
from bonafit_training.data.authenticity import Accounts
from bonafit_training.metrics import calibrated_ece, expected_calibration_error

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
SUITE = "authenticity"


def sigmoid(eta: FloatArray) -> FloatArray:
    """Probability of log-odds."""
    return 1 / (1 + np.exp(-eta))


def binary_metrics(y: IntArray, p: FloatArray, *, threshold: float = 0.5) -> dict[str, float]:
    """auc, f1 and accuracy at the threshold, ece; y in {0, 1}, p in [0, 1]."""
    guess = (p >= threshold).astype(np.int64)
    return {
        "auc": float(roc_auc_score(y, p)) if 0 < y.sum() < len(y) else float("nan"),
        "f1": float(f1_score(y, guess, zero_division=0.0)),
        "accuracy": float(accuracy_score(y, guess)),
        "ece": expected_calibration_error(y, p),
    }


def rows_of(
    y: IntArray, p: FloatArray, *, dataset: str, split: str, part: str, method: str = OURS, threshold: float = 0.5
) -> Iterator[Row]:
    """One Row a metric; every method but ours is a baseline."""
    for metric, value in binary_metrics(y, p, threshold=threshold).items():
        if np.isfinite(value):
            yield Row(
                suite=SUITE, dataset=dataset, split=split, slice=part, method=method, metric=metric, value=value,
                n=len(y), baseline=method != OURS,
            )  # fmt: skip


def follower_slices(followers: FloatArray) -> dict[str, npt.NDArray[np.bool_]]:
    """Everything, the micro range the field sells, and each follower decade."""
    edges = {"0-9": (0, 10), "10-99": (10, 100), "100-999": (100, 1e3), "1k-10k": (1e3, 1e4), "10k-100k": (1e4, 1e5)}
    slices = {"all": np.ones(len(followers), dtype=bool), "1k-100k": (followers >= 1e3) & (followers <= 1e5)}
    slices |= {name: (followers >= low) & (followers < high) for name, (low, high) in edges.items()}
    slices["100k+"] = followers >= 1e5
    return slices


# Draws of labels from our own probabilities: what the same error would be with nothing wrong but chance.
PERFECT = "our probabilities, if exactly right"


def account_rows(purba: Accounts, models: AccountModels, *, threshold: float | None = None) -> Iterator[Row]:
    """Our rows on the published test part: all, 1k-100k and every follower decade.

    threshold : probability chosen inside train; F1 and accuracy are given at even odds and, if known, at it too.
    """
    test = np.flatnonzero(purba.other["published_test"] == 1)
    rows = [derived(purba.rows[i]) for i in test]
    p = sigmoid(models.log_odds_fake(rows))
    y = purba.fake[test]
    followers = np.array([row["followers"] or 0.0 for row in rows])
    for name, mask in follower_slices(followers).items():
        yield from rows_of(y[mask], p[mask], dataset=purba.name, split="published_test", part=name)
        chance = dict(zip(("ece", "ece_p95"), calibrated_ece(p[mask], seed=0), strict=True))
        for metric, value in chance.items():
            yield Row(
                suite=SUITE, dataset=purba.name, split="published_test", slice=name, method=PERFECT, metric=metric,
                value=value, n=int(mask.sum()), baseline=True,
            )  # fmt: skip
    if threshold is not None:
        for row in rows_of(y, p, dataset=purba.name, split="published_test", part=TUNED, threshold=threshold):
            if row.metric in {"f1", "accuracy"}:
                yield row


TUNED = "all, threshold chosen inside train"


def single_best(X: FloatArray, y: IntArray, T: FloatArray) -> FloatArray:
    """The one column, up or down, with the best AUC in train, as probabilities by rank in train."""
    filled = np.where(np.isnan(X), np.nanmedian(X, axis=0), X)
    aucs = [roc_auc_score(y, filled[:, j]) for j in range(X.shape[1])]
    best = int(np.argmax(np.abs(np.array(aucs) - 0.5)))
    test = np.where(np.isnan(T[:, best]), np.nanmedian(X[:, best]), T[:, best])
    fitted = LogisticRegression().fit(_ranks(filled[:, best], filled[:, best])[:, None], y)
    return np.asarray(fitted.predict_proba(_ranks(filled[:, best], test)[:, None])[:, 1])


def _ranks(reference: FloatArray, values: FloatArray) -> FloatArray:
    return np.searchsorted(np.sort(reference), values) / len(reference)


def logistic(X: FloatArray, y: IntArray, T: FloatArray) -> FloatArray:
    """Logistic regression on quantile-transformed columns, medians where missing."""
    median = np.nanmedian(X, axis=0)
    model = make_pipeline(
        QuantileTransformer(output_distribution="normal", n_quantiles=min(200, len(X)), random_state=0),
        LogisticRegression(max_iter=2000),
    )
    model.fit(np.where(np.isnan(X), median, X), y)
    return np.asarray(model.predict_proba(np.where(np.isnan(T), median, T))[:, 1])


def histogram_boosting(X: FloatArray, y: IntArray, T: FloatArray) -> FloatArray:
    """Histogram gradient boosting with its defaults, the challenger."""
    return np.asarray(HistGradientBoostingClassifier(random_state=0).fit(X, y).predict_proba(T)[:, 1])


def random_forest(X: FloatArray, y: IntArray, T: FloatArray) -> FloatArray:
    """Random forest of 300 trees, the published method on most of these sets; medians where missing."""
    median = np.nanmedian(X, axis=0)
    model = RandomForestClassifier(300, min_samples_leaf=3, random_state=0)
    model.fit(np.where(np.isnan(X), median, X), y)
    return np.asarray(model.predict_proba(np.where(np.isnan(T), median, T))[:, 1])


def majority(X: FloatArray, y: IntArray, T: FloatArray) -> FloatArray:
    """The training share of fakes for everybody."""
    return np.full(len(T), y.mean())


Baseline = Callable[[FloatArray, IntArray, FloatArray], FloatArray]
BASELINES: dict[str, Baseline] = {
    "majority": majority,
    "single best feature": single_best,
    "logistic regression": logistic,
    "histogram boosting": histogram_boosting,
    "random forest": random_forest,
}


# The baselines whose probabilities are worth reading as such.
LEARNED = frozenset({"logistic regression", "histogram boosting"})


def naive_rules(X: FloatArray, names: list[str]) -> dict[str, FloatArray]:
    """Rules people use, as 0 or 1: follows more than twice its followers; likes under 1 % of followers."""
    rules = {}
    if "followers_per_following" in names:
        ratio = X[:, names.index("followers_per_following")]
        rules["rule: follows twice its followers"] = (ratio < np.log10(0.5)).astype(np.float64)
    if "like_rate" in names:
        rules["rule: like rate under 1 %"] = (np.nan_to_num(X[:, names.index("like_rate")]) < 0.01).astype(np.float64)
    return rules


def purba_baselines(purba: Accounts) -> Iterator[Row]:
    """Baselines on the published test part: all and 1k-100k; calibration in every follower decade as well."""
    columns = PROFILE + CONTENT
    X = column_matrix([derived(row) for row in purba.rows], columns)
    test = purba.other["published_test"] == 1
    y = purba.fake
    slices = follower_slices(X[test, 0])
    names = [c.name for c in columns]
    guesses = {name: method(X[~test], y[~test], X[test]) for name, method in BASELINES.items()}
    guesses |= naive_rules(X[test], names)
    for method, p in guesses.items():
        for part, mask in slices.items():
            rows = rows_of(y[test][mask], p[mask], dataset=purba.name, split="published_test", part=part, method=method)
            whole = part in {"all", "1k-100k"}
            yield from (row for row in rows if whole or (row.metric == "ece" and method in LEARNED))
