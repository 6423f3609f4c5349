"""Text scores: ridge regressions of what posts get on caption vectors and hashed words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge

from bonafit.engagement.words import BUCKETS, TextScore, hashed_words

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ALPHAS_TOPIC = (10.0, 30.0, 100.0, 300.0)
ALPHAS_WORDS = (1.0, 3.0, 10.0, 30.0)
# Texts of one kind below which no score is fitted.
LEAST_TEXTS = 400
FOLDS = 5


@dataclass(frozen=True)
class Texts:
    """Texts of one kind. text, vectors, y : (n,), (n, width), (n,), y a log ratio; fold : (n,) fold of each creator."""

    text: Sequence[str]
    vectors: npt.NDArray[np.float32]
    y: FloatArray
    fold: IntArray


def word_matrix(texts: Sequence[str]) -> csr_matrix:
    """Hashed words of texts, (n, BUCKETS) sparse."""
    parts = [hashed_words(text) for text in texts]
    indptr = np.cumsum([0, *(len(part) for part in parts)])
    indices = np.fromiter((bucket for part in parts for bucket in part), dtype=np.int64)
    data = np.fromiter((weight for part in parts for weight in part.values()), dtype=np.float64)
    return csr_matrix((data, indices, indptr), shape=(len(texts), BUCKETS))


def fit_text_score(texts: Texts) -> tuple[TextScore, list[TextScore], FloatArray]:
    """The score fitted on all texts, those fitted without each fold, and each text's out-of-fold scores (n, 2).

    Both ridge penalties are chosen by the same folds.
    """
    vectors, words = texts.vectors.astype(np.float64), word_matrix(texts.text)
    alphas = _best_alpha(vectors, texts, ALPHAS_TOPIC), _best_alpha(words, texts, ALPHAS_WORDS)
    folds = [_fit(vectors, words, texts.y, texts.fold != fold, alphas) for fold in range(FOLDS)]
    out = np.zeros((len(texts.y), 2))
    for fold, score in enumerate(folds):
        held = texts.fold == fold
        out[held, 0] = vectors[held] @ score.topic - score.topic_centre
        out[held, 1] = words[held] @ score.words - score.words_centre
    return _fit(vectors, words, texts.y, texts.fold >= 0, alphas), folds, out


def _fit(
    vectors: FloatArray, words: csr_matrix, y: FloatArray, rows: npt.NDArray[np.bool_], alphas: tuple[float, float]
) -> TextScore:
    topic = _ridge(alphas[0], vectors).fit(vectors[rows], y[rows])
    word = _ridge(alphas[1], words).fit(words[rows], y[rows])
    mean = float(np.mean(y[rows]))
    # rounded as they are stored, so that what is evaluated is what is served
    return TextScore(
        topic.coef_.astype(np.float32).astype(np.float64),
        mean - float(topic.intercept_),
        word.coef_.astype(np.float16).astype(np.float64),
        mean - float(word.intercept_),
    )


def _ridge(alpha: float, X: FloatArray | csr_matrix) -> Ridge:
    return Ridge(alpha, solver="sparse_cg" if isinstance(X, csr_matrix) else "cholesky")


def _best_alpha(X: FloatArray | csr_matrix, texts: Texts, alphas: Sequence[float]) -> float:
    errors = []
    for alpha in alphas:
        error = 0.0
        for fold in range(FOLDS):
            held = texts.fold == fold
            model = _ridge(alpha, X).fit(X[~held], texts.y[~held])
            error += float(np.sum((model.predict(X[held]) - texts.y[held]) ** 2))
        errors.append(error)
    return alphas[int(np.argmin(errors))]
