"""Fit the model of posts: three linear models, and out of fold what their answers are worth together."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.post_model import STANCES, PostModel, mixture, softmax
from bonafit.heads.safety.words import WordColumns
from bonafit.tables.arrays import FloatArray, Vectors
from bonafit_training.data.niche_fit import INSTAGRAM
from bonafit_training.heads.safety.examples import NEWS_SET, UNKNOWN, Examples

FOLDS = 4
# Directions of unit vectors are small beside word columns of 0 and 1; this makes the ridge weigh them alike.
SCALE = 8.0
# Inverse strength of the ridge, of .1, .3 and 1 the one with the best mean AUC out of fold on the sets that train.
C = 0.3
# Share of posts taken to promote a category, and what of the rest only sounds like it or speaks of it.
PRIOR, HARD = 0.02, 0.2
AT_LARGE = frozenset((INSTAGRAM, NEWS_SET))
BoolArray = npt.NDArray[np.bool_]


def folds_of(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """(n,) fold of each row; rows of a group share it."""
    return np.array([zlib.crc32(group.encode()) % FOLDS for group in groups])


def inputs_of(words: WordColumns, vectors: Vectors, texts: Sequence[str]) -> FloatArray:
    """(n, width + columns) what the linear models see."""
    return np.hstack([vectors.astype(np.float64) * SCALE, words.matrix(texts)])


def linear(X: FloatArray, y: npt.NDArray[np.int8], width: int) -> FloatArray:
    """(columns + 1,) weights of unscaled inputs and bias; both classes count alike. A category none is of stays off."""
    known = y != UNKNOWN
    weights = np.zeros(X.shape[1] + 1)
    if len(np.unique(y[known])) < 2:
        weights[-1] = -10.0
        return weights
    model = LogisticRegression(C=C, class_weight="balanced", max_iter=400, tol=1e-3).fit(X[known], y[known])
    weights[:-1], weights[-1] = model.coef_[0], model.intercept_[0]
    weights[:width] *= SCALE
    return weights


def fit_linear(examples: Examples, words: WordColumns) -> tuple[FloatArray, FloatArray, FloatArray]:
    """about, stance and promotes as PostModel holds them."""
    X, width = inputs_of(words, examples.vectors, examples.texts), examples.vectors.shape[1]
    columns = range(len(NAMES))
    about = np.stack([linear(X, examples.about[:, j], width) for j in columns], axis=1)
    promotes = np.stack([linear(X, examples.promotes[:, j], width) for j in columns], axis=1)
    has = examples.stance != UNKNOWN
    stances = np.zeros((X.shape[1] + 1, len(STANCES)))
    model = LogisticRegression(C=C, class_weight="balanced", max_iter=400, tol=1e-3)
    model.fit(X[has], examples.stance[has])
    stances[:-1, model.classes_], stances[-1, model.classes_] = model.coef_.T, model.intercept_
    stances[:width] *= SCALE
    return about, stances, promotes


def out_of_fold(examples: Examples, words: WordColumns) -> FloatArray:
    """(n, categories, 4) what the calibration is linear in, of models that did not see the row's group."""
    fold = folds_of(examples.group)
    raw = PostModel(words, *_empty(examples, words)).inputs(examples.vectors, examples.texts)
    out = np.zeros((len(examples), len(NAMES), 4))
    for k in range(FOLDS):
        about, stance, promotes = fit_linear(examples.rows(fold != k), words)
        seen = raw[fold == k]
        out[fold == k] = mixture(seen @ about, softmax(seen @ stance), seen @ promotes)
    return out


def _empty(examples: Examples, words: WordColumns) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    rows = examples.vectors.shape[1] + words.matrix([""]).shape[1] + 1
    n = len(NAMES)
    return np.zeros((rows, n)), np.zeros((rows, len(STANCES))), np.zeros((rows, n)), np.zeros((n, 4))


def prior_weights(y: npt.NDArray[np.int8], at_large: BoolArray) -> FloatArray:
    """(n,) weights that make PRIOR of the rows positive and HARD of the others such as sound like it; 0 for UNKNOWN."""
    weights = np.zeros(len(y))
    for mask, share in (
        (y == 1, PRIOR),
        ((y == 0) & ~at_large, (1 - PRIOR) * HARD),
        ((y == 0) & at_large, (1 - PRIOR) * (1 - HARD)),
    ):
        if mask.any():
            weights[mask] = share / mask.sum()
    return weights * np.count_nonzero(y != UNKNOWN)


def calibrate(mixed: FloatArray, examples: Examples) -> FloatArray:
    """(categories, 4) weights of the mixture at the stated prior."""
    at_large = np.array([source in AT_LARGE for source in examples.source])
    mix = np.zeros((len(NAMES), 4))
    for j in range(len(NAMES)):
        y = examples.promotes[:, j]
        known = y != UNKNOWN
        if len(np.unique(y[known])) < 2:
            mix[j, -1] = -10.0
            continue
        weights = prior_weights(y, at_large)[known]
        model = LogisticRegression(C=1.0, max_iter=1_000).fit(mixed[known, j, :3], y[known], sample_weight=weights)
        mix[j, :3], mix[j, 3] = model.coef_[0], model.intercept_[0]
    return mix


def fit_model(examples: Examples, words: WordColumns) -> tuple[PostModel, FloatArray]:
    """The model, and (n, categories) calibrated log-odds out of fold."""
    mixed = out_of_fold(examples, words)
    mix = calibrate(mixed, examples)
    held = np.einsum("ncf,cf->nc", mixed, mix)
    return PostModel(words, *fit_linear(examples, words), mix), held

