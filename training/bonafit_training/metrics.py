"""Metrics as the field defines them; scikit-learn's where it has them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from bonafit.tables.arrays import FloatArray, IntArray


def expected_calibration_error(
    y: IntArray, p: FloatArray, *, bins: int = 15, weights: FloatArray | None = None
) -> float:
    """Expected calibration error in [0, 1] over equal-count bins.

    y, p : (n,) labels in {0, 1} and probabilities. weights : (n,) or None.
    Source: Naeini et al., AAAI 2015, with the equal-mass bins of Nguyen & O'Connor, EMNLP 2015.
    """
    w = np.ones(len(y)) if weights is None else weights
    order = np.argsort(p, kind="stable")
    mass = np.cumsum(w[order]) / w.sum()
    slot = np.minimum((mass * bins - 1e-12).astype(int), bins - 1)
    total = 0.0
    for b in range(bins):
        rows = order[slot == b]
        if len(rows):
            total += abs(float(np.sum(w[rows] * (y[rows] - p[rows]))))
    return total / float(w.sum())


def ranking_metrics(groups: Iterable[tuple[IntArray, FloatArray]]) -> dict[str, float]:
    """Ranking metrics per query, averaged over queries that have both positives and negatives.

    groups : pairs of (n,) relevance in {0, 1} and (n,) scores, one pair a query. Ties are broken against us: a
    positive ranks behind every negative of the same score (AUC counts a tie as half).
    Returns auc, map, mrr, recall@10, recall@50, medr (median rank of the first positive, 1-based), n (queries).
    """
    columns: dict[str, list[float]] = {k: [] for k in ("auc", "map", "mrr", "recall@10", "recall@50", "first")}
    for y, s in groups:
        if y.sum() == 0 or y.sum() == len(y):
            continue
        order = np.lexsort((y, -s))
        ranked = y[order]
        first = int(np.argmax(ranked)) + 1
        columns["auc"].append(float(roc_auc_score(y, s)))
        columns["map"].append(float(average_precision_score(ranked, -np.arange(len(y)))))
        columns["mrr"].append(1 / first)
        columns["recall@10"].append(float(ranked[:10].sum() / y.sum()))
        columns["recall@50"].append(float(ranked[:50].sum() / y.sum()))
        columns["first"].append(first)
    result = {k: float(np.mean(v)) if v else float("nan") for k, v in columns.items() if k != "first"}
    result["medr"] = float(np.median(columns["first"])) if columns["first"] else float("nan")
    result["n"] = float(len(columns["auc"]))
    return result


def ndcg_at(relevance: FloatArray, scores: FloatArray, k: int) -> float:
    """Normalised discounted cumulative gain at k for one query; relevance and scores (n,)."""
    return float(ndcg_score(relevance[None], scores[None], k=k))


def r2(y: FloatArray, predicted: FloatArray) -> float:
    """Coefficient of determination against the mean of y."""
    return 1 - float(np.sum((y - predicted) ** 2) / np.sum((y - y.mean()) ** 2))


def mae(y: FloatArray, predicted: FloatArray) -> float:
    """Mean absolute error, in the target's unit."""
    return float(np.mean(np.abs(y - predicted)))


def coverage(y: FloatArray, low: FloatArray, high: FloatArray) -> float:
    """Share of y within [low, high]."""
    return float(np.mean((y >= low) & (y <= high)))
