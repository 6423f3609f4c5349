"""Fit the model of posts: three linear models, and out of fold what their answers are worth together."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.post_model import (
    IS_SAID,
    MIXED,
    STANCES,
    PostModel,
    mixture,
    model_inputs,
    softmax,
)
from bonafit.heads.safety.words import WordColumns
from bonafit.tables.arrays import FloatArray, Vectors
from bonafit_training.data.niche_fit import INSTAGRAM
from bonafit_training.heads.safety.examples import EVERYDAY, INVENTED, NEWS_SET, UNKNOWN, Examples
from bonafit_training.heads.safety.texts import LOTS, lot
from bonafit_training.heads.safety.together import bounds_together

FOLDS = LOTS
# Directions of unit vectors are small beside word columns of 0 and 1; this makes the ridge weigh them alike.
SCALE = 8.0
# Inverse strength of the ridge, of .01, .03, .1, .3 and 1 the best by log-loss out of fold on the sets that train.
C = 0.03
# Share of posts taken to promote a category, at which fewer than one in twenty of those that only sound like it, held
# out, are taken to promote it; of the rest a quarter sounds like it or speaks of it, a quarter is of
# other categories, and half are posts at large.
PRIOR, OWN, OTHERS = 0.05, 0.25, 0.25
AT_LARGE = frozenset((INSTAGRAM, NEWS_SET, EVERYDAY))
ELSEWHERE = "elsewhere"
# Shares of texts held out, by kind, that may be taken to promote a category they do not: those that only sound like it
# or speak of it, invented ones of other categories that promote nothing, those that promote another category, whose
# creator is kept away from all the same, and posts at large, of which a creator has forty. Where more would be, the
# category's constant is lowered. None is raised: it would find one post in a hundred more, and take words of wine
# beside roses of the skin and lipsticks for drink.
BOUNDS = {"own": 0.045, INVENTED: 0.003, ELSEWHERE: 0.1, "at large": 0.002}
# Log-odds of a category that no text is of.
NEVER_SEEN = -10.0
# Kinds of sources, which count alike however many texts each has.
KINDS = (INVENTED, "public", "at large", "own")


def folds_of(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """(n,) fold of each row; rows of a group share it, and each lot of invented posts has its own."""
    lots = {lot(k): k for k in range(LOTS)}
    return np.array([lots.get(group, zlib.crc32(group.encode()) % FOLDS) for group in groups])


def inputs_of(words: WordColumns, vectors: Vectors, texts: Sequence[str]) -> FloatArray:
    """(n, width + columns) what the linear models see."""
    return np.hstack([vectors.astype(np.float64) * SCALE, words.matrix(texts)])


def even_weights(y: npt.NDArray[np.int8], kind: npt.NDArray[np.int64]) -> FloatArray:
    """(n,) weights by which both classes count alike, and within each the kinds of sources that it has.

    y : (n,) of 0 and 1. kind : (n,) places in KINDS.
    """
    weights = np.zeros(len(y))
    for label in (0, 1):
        cells = [mask for k in range(len(KINDS)) if (mask := (y == label) & (kind == k)).any()]
        for mask in cells:
            weights[mask] = len(y) / (2 * len(cells) * mask.sum())
    return weights


def kinds_of(examples: Examples, category: str) -> npt.NDArray[np.int64]:
    """(n,) places in KINDS; `own` are the invented texts that are about a category or sound like it."""
    kinds = [0 if name == INVENTED else 2 if name in AT_LARGE else 1 for name in examples.source]
    return np.array([3 if near == category else kind for kind, near in zip(kinds, examples.near, strict=True)])


def linear(X: FloatArray, y: npt.NDArray[np.int8], kind: npt.NDArray[np.int64], width: int) -> FloatArray:
    """(columns + 1,) weights of unscaled inputs and bias. A category that none is of stays off."""
    known = y != UNKNOWN
    weights = np.zeros(X.shape[1] + 1)
    if len(np.unique(y[known])) < 2:
        weights[-1] = NEVER_SEEN
        return weights
    even = even_weights(y[known], kind[known])
    model = LogisticRegression(C=C, max_iter=400, tol=1e-3).fit(X[known], y[known], sample_weight=even)
    weights[:-1], weights[-1] = model.coef_[0], model.intercept_[0]
    weights[:width] *= SCALE
    return weights


def fit_linear(examples: Examples, words: WordColumns) -> tuple[FloatArray, FloatArray, FloatArray]:
    """about, stance and promotes as PostModel holds them."""
    X, width = inputs_of(words, examples.vectors, examples.texts), examples.vectors.shape[1]
    kinds = [kinds_of(examples, name) for name in NAMES]
    about = np.stack([linear(X, examples.about[:, j], kind, width) for j, kind in enumerate(kinds)], axis=1)
    promotes = np.stack([linear(X, examples.promotes[:, j], kind, width) for j, kind in enumerate(kinds)], axis=1)
    has = examples.stance != UNKNOWN
    stances = np.zeros((X.shape[1] + 1, len(STANCES)))
    model = LogisticRegression(C=C, class_weight="balanced", max_iter=400, tol=1e-3)
    model.fit(X[has], examples.stance[has])
    stances[:-1, model.classes_], stances[-1, model.classes_] = model.coef_.T, model.intercept_
    stances[:width] *= SCALE
    return about, stances, promotes


def out_of_fold(examples: Examples, words: WordColumns) -> FloatArray:
    """(n, categories, len(MIXED)) what the calibration is linear in, of models that did not see the row's group."""
    fold = folds_of(examples.group)
    raw = model_inputs(words, examples.vectors, examples.texts)
    width, out = examples.vectors.shape[1], np.zeros((len(examples), len(NAMES), len(MIXED)))
    for k in range(FOLDS):
        about, stance, promotes = fit_linear(examples.rows(fold != k), words)
        log_odds = raw[fold == k]
        out[fold == k] = mixture(
            log_odds @ about, softmax(log_odds @ stance), log_odds @ promotes, log_odds[:, width:-1]
        )
    return out


def prior_weights(y: npt.NDArray[np.int8], kind: npt.NDArray[np.int64]) -> FloatArray:
    """(n,) weights that make PRIOR of the rows positive, and of the others OWN such as sound like it; kinds alike.

    y : (n,) of 0 and 1. kind : (n,) as `kinds_of` gives them.
    """
    weights = even_weights(y, kind)
    own, large = kind == KINDS.index("own"), kind == KINDS.index("at large")
    for mask, share in (
        (y == 1, PRIOR),
        ((y == 0) & own, (1 - PRIOR) * OWN),
        ((y == 0) & ~own & ~large, (1 - PRIOR) * OTHERS),
        ((y == 0) & large, (1 - PRIOR) * (1 - OWN - OTHERS)),
    ):
        if mask.any():
            weights[mask] *= share * len(y) / weights[mask].sum()
    return weights


def calibrate(mixed: FloatArray, examples: Examples) -> FloatArray:
    """(categories, len(MIXED)) weights of the mixture at the stated prior, lowered where BOUNDS ask for it.

    One set of weights for all categories, and another for those whose text is itself the harm; each category has its
    own constant beside them.
    """
    mix = np.zeros((len(NAMES), len(MIXED)))
    for is_word_list in (False, True):
        both = [{0, 1} <= set(labels.tolist()) for labels in examples.promotes.T]
        places = [j for j in range(len(NAMES)) if IS_SAID[j] == is_word_list and both[j]]
        if not places:
            continue
        X, truths, weights = [], [], []
        for own, j in enumerate(places):
            known = examples.promotes[:, j] != UNKNOWN
            y = examples.promotes[known, j]
            X.append(np.hstack([mixed[known, j, :-1], np.tile(np.eye(len(places))[own], (len(y), 1))]))
            truths.append(y)
            weights.append(prior_weights(y, kinds_of(examples, NAMES[j])[known]))
        model = LogisticRegression(C=1.0, max_iter=2_000)
        model.fit(np.concatenate(X), np.concatenate(truths), sample_weight=np.concatenate(weights))
        shared = len(MIXED) - 1
        mix[places, :-1] = model.coef_[0, :shared]
        mix[places, -1] = model.intercept_[0] + model.coef_[0, shared:]
    for j in np.flatnonzero(mix[:, -1]).tolist():
        mix[j, -1] -= excess(mixed[:, j] @ mix[j], examples, j)
    mix[mix[:, -1] == 0, -1] = NEVER_SEEN
    return mix


def excess(log_odds: FloatArray, examples: Examples, j: int) -> float:
    """How far in log-odds the strictest of BOUNDS lies above even odds for category j; 0 where all are kept.

    log_odds : (n,) calibrated log-odds out of fold.
    """
    kind, negative = kinds_of(examples, NAMES[j]), examples.promotes[:, j] == 0
    of = {name: negative & (kind == k) for k, name in enumerate(KINDS) if name in BOUNDS}
    promoting = (examples.promotes == 1).any(axis=1)
    of |= {INVENTED: of[INVENTED] & ~promoting, ELSEWHERE: of[INVENTED] & promoting}
    shares = {name: log_odds[rows] for name, rows in of.items()}
    return max([0.0, *(float(np.quantile(values, 1 - BOUNDS[name])) for name, values in shares.items() if len(values))])


def fit_model(examples: Examples, words: WordColumns, *, seed: int) -> tuple[PostModel, FloatArray]:
    """The model, and (n, categories) calibrated log-odds out of fold. seed : of the creators that are invented."""
    mixed = out_of_fold(examples, words)
    mix = calibrate(mixed, examples)
    out_of_fold_values = np.einsum("ncf,cf->nc", mixed, mix)
    bounds = bounds_together(out_of_fold_values, examples, seed=seed)
    return PostModel(words, *fit_linear(examples, words), mix, bounds), out_of_fold_values
