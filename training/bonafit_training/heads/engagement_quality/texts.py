"""Text scores: ridge regressions of what posts get on caption vectors and hashed words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold

from bonafit.heads.engagement_quality.text_scores import BUCKETS, TextScore, hashed_words
from bonafit.tables.arrays import FloatArray, IntArray

ALPHAS_TOPIC = (10.0, 30.0, 100.0, 300.0)
ALPHAS_WORDS = (1.0, 3.0, 10.0, 30.0)
# Texts of one kind below which no score is fitted.
LEAST_TEXTS = 400
FOLDS = 5


@dataclass(frozen=True)
class Texts:
    """Texts of one kind. text, vectors, y : (n,), (n, width), (n,); group : (n,) creator of each, y a log ratio."""

    text: Sequence[str]
    vectors: npt.NDArray[np.float32]
    y: FloatArray
    group: IntArray


def word_matrix(texts: Sequence[str]) -> csr_matrix:
    """Hashed words of texts, (n, BUCKETS) sparse."""
    parts = [hashed_words(text) for text in texts]
    indptr = np.cumsum([0, *(len(part) for part in parts)])
    indices = np.fromiter((bucket for part in parts for bucket in part), dtype=np.int64)
    data = np.fromiter((weight for part in parts for weight in part.values()), dtype=np.float64)
    return csr_matrix((data, indices, indptr), shape=(len(texts), BUCKETS))


def fit_text_score(texts: Texts) -> tuple[TextScore, FloatArray]:
    """The score fitted on all texts, and each text's out-of-fold scores (n, 2), split by creator.

    Both ridge penalties are chosen by the same folds.
    """
    words = word_matrix(texts.text)
    topic_oof, topic_alpha = _out_of_fold(texts.vectors.astype(np.float64), texts, ALPHAS_TOPIC)
    words_oof, words_alpha = _out_of_fold(words, texts, ALPHAS_WORDS)
    topic = Ridge(topic_alpha).fit(texts.vectors.astype(np.float64), texts.y)
    word = Ridge(words_alpha, solver="sparse_cg").fit(words, texts.y)
    weights = word.coef_.astype(np.float16).astype(np.float64)
    coefficients = topic.coef_.astype(np.float32).astype(np.float64)
    mean = float(np.mean(texts.y))
    score = TextScore(coefficients, mean - float(topic.intercept_), weights, mean - float(word.intercept_))
    return score, np.stack([topic_oof - mean, words_oof - mean], axis=1)


def _out_of_fold(X: object, texts: Texts, alphas: Sequence[float]) -> tuple[FloatArray, float]:
    best: tuple[float, float, FloatArray] | None = None
    folds = list(GroupKFold(FOLDS).split(texts.y, groups=texts.group))
    for alpha in alphas:
        out = np.zeros(len(texts.y))
        for fit, test in folds:
            solver = "sparse_cg" if isinstance(X, csr_matrix) else "cholesky"
            out[test] = Ridge(alpha, solver=solver).fit(X[fit], texts.y[fit]).predict(X[test])  # type: ignore[index]
        error = float(np.mean((out - texts.y) ** 2))
        if best is None or error < best[0]:
            best = (error, alpha, out)
    if best is None:
        raise ValueError("no ridge penalty to choose from")
    return best[2], best[1]
