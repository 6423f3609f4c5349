"""Errors of predictions for creators, and times, that a model was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from bonafit.heads.engagement_quality.platform_model import PRIOR
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit.tables.trees import BoostedTrees
from bonafit_training.heads.engagement_quality.examples import Examples
from bonafit_training.heads.engagement_quality.trees import fit_trees

Mask = npt.NDArray[np.bool_]
FOLDS = 5


def out_of_fold(X: FloatArray, y: FloatArray, group: IntArray, *, settings: Mapping[str, int], seed: int) -> FloatArray:
    """Predictions of trees that were fitted on the other four fifths of the creators, (n,). group : (n,) creators."""
    out = np.zeros(len(y))
    for fit, test in GroupKFold(FOLDS).split(X, groups=group):
        out[test] = fit_trees(X[fit], y[fit], seed=seed, **settings).predict(X[test])
    return out


def trees_answer(examples: Examples, trees: BoostedTrees, *, believed: float, prior: float = PRIOR) -> FloatArray:
    """What is taken of the trees' answer for each example, (n,), as the head takes it: by back-test, and by `believed`
    where no post is known.
    """
    if not len(examples):
        return np.zeros(0)
    share = examples.share_of(trees.predict(examples.back_row), prior=prior)
    answer: FloatArray = np.where(examples.n_known == 0, believed, share) * trees.predict(examples.X)
    return answer


def errors_of_others(examples: Examples, *, believed: float, settings: Mapping[str, int], seed: int) -> FloatArray:
    """Errors of each example by trees fitted on the other four fifths of the creators, (n,)."""
    left = examples.y - examples.base
    out = np.zeros(len(left))
    for fit, test in GroupKFold(FOLDS).split(examples.X, groups=examples.creator):
        trees = fit_trees(examples.X[fit], left[fit], seed=seed, **settings)
        out[test] = left[test] - trees_answer(examples.take(test), trees, believed=believed)
    return out


def errors_ahead(
    examples: Examples, older: Mask, recent: Mask, *, settings: Mapping[str, int], seed: int
) -> FloatArray:
    """Errors of the recent cases by trees fitted on the older cases of other creators, (n,); NaN elsewhere.

    Whoever is predicted lies ahead of everything that was learned: errors within the same time are too small by what
    changes between then and now.
    """
    left = examples.y - examples.base
    out = np.full(len(left), np.nan)
    for fit, test in GroupKFold(FOLDS).split(examples.X, groups=examples.creator):
        old, new = fit[older[fit]], test[recent[test]]
        trees = fit_trees(examples.X[old], left[old], seed=seed, **settings)
        out[new] = left[new] - trees_answer(examples.take(new), trees, believed=1.0)
    return out


def typical_errors(examples: Examples, errors: FloatArray) -> tuple[IntArray, FloatArray]:
    """First row of every cut, and the median error over its targets: the error of the next posts' typical rate."""
    _, first, block = np.unique(examples.block, return_index=True, return_inverse=True)
    order = np.argsort(block, kind="stable")
    ends = np.flatnonzero(np.diff(block[order])) + 1
    return first.astype(np.int64), np.array([float(np.median(part)) for part in np.split(errors[order], ends)])
