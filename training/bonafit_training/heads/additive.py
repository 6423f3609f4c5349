"""Explainable boosting machines as bonafit's plain additive tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from bonafit.errors import ShapeError
from bonafit.tables.additive import AdditiveModel, Term


def to_additive(ebm: Any) -> AdditiveModel:
    """A fitted binary or regression EBM of continuous features as an AdditiveModel with equal predictions.

    interpret-core keeps for each feature a list of binnings, finest first: main effects use the first, pairs the second
    where there is one. Tables carry a missing bin first and an unknown bin last; continuous features never meet the
    unknown bin, so it is dropped.
    Raises ShapeError for multiclass models and categorical features.
    """
    if any(kind != "continuous" for kind in ebm.feature_types_in_):
        raise ShapeError(f"EBM with feature types {sorted(set(ebm.feature_types_in_))}; expected only continuous")
    if np.size(ebm.intercept_) != 1:
        raise ShapeError("multiclass EBM; expected a binary classifier or a regressor")
    terms = []
    for features, scores, spread in zip(ebm.term_features_, ebm.term_scores_, ebm.standard_deviations_, strict=True):
        cuts = []
        for feature in features:
            levels = ebm.bins_[feature]
            cuts.append(np.asarray(levels[min(len(levels), len(features)) - 1], dtype=np.float64))
        known = tuple(slice(0, -1) for _ in features)
        terms.append(
            Term(
                tuple(int(f) for f in features),
                tuple(cuts),
                np.ascontiguousarray(scores[known], dtype=np.float64),
                np.ascontiguousarray(spread[known], dtype=np.float64),
            )
        )
    return AdditiveModel(float(np.ravel(ebm.intercept_)[0]), terms, n_columns=len(ebm.feature_types_in_))
