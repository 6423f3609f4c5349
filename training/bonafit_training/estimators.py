"""Heads as scikit-learn estimators, for cross-validation and search over one's own cases with scikit-learn's own tools.

    from sklearn.model_selection import GroupKFold, cross_val_score
    cross_val_score(NicheFitClassifier(), pairs, suits, groups=brands, cv=GroupKFold(5), scoring="roc_auc")

They are thin: features and fits are those of the heads, parameters are plain, so that `clone` copies nothing heavy. A
bundle is made by `bonafit train`. Predicting the engagement of posts needs histories cut in time, which a row of X
cannot say: `bonafit evaluate` measures that head.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.resolve import located
from bonafit.encoders.encoder import Encoder
from bonafit.heads.authenticity.account_columns import PROFILE, account_values
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.pair import COLUMNS
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.records import Brief, Creator
from bonafit.scorer.load import load_serving_encoder
from bonafit.tables.arrays import FloatArray
from bonafit.tables.logistic import sigmoid
from bonafit_training.heads.authenticity.account import LabelledSet, fit_accounts, log_odds_fake
from bonafit_training.heads.niche_fit.evaluate import final_calibration
from bonafit_training.heads.niche_fit.examples import Examples, PairRow, full_row, prepare, prepare_brief
from bonafit_training.heads.niche_fit.model import fit_travelling

Labels = Sequence[int] | npt.NDArray[np.int64]


class _Head(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What both classifiers share: two classes, 0 and 1, of which `probability` foretells the second."""

    def predict_proba(self, X: Sequence[Any]) -> FloatArray:
        """Probabilities of 0 and of 1, (n, 2), at even odds before any evidence."""
        check_is_fitted(self)
        p = self._probability(X)
        return np.column_stack([1 - p, p])

    def predict(self, X: Sequence[Any]) -> npt.NDArray[np.int64]:
        """The likelier class of each, (n,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _probability(self, X: Sequence[Any]) -> FloatArray:
        raise NotImplementedError

    def _checked(self, X: Sequence[Any], y: Labels) -> npt.NDArray[np.int64]:
        """Labels as an array. Raises ValueError where they are not one of 0 and 1 for each of X, both present."""
        labels = np.asarray(y, dtype=np.int64)
        if labels.shape != (len(X),) or set(np.unique(labels).tolist()) != {0, 1}:
            raise ValueError(f"{len(X)} cases and labels {np.unique(labels)[:5]}; expected a 0 or 1 for each, and both")
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = len(self.get_feature_names_out())
        return labels

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Names of the columns that the head sees."""
        raise NotImplementedError


class NicheFitClassifier(_Head):
    """Whether creator and brief suit each other. X : pairs (Creator, Brief). y : 1 where they do.

    bundle : as `Scorer.load` takes it; its encoder and reference are used, its lines are not.
    """

    def __init__(self, bundle: str | None = None) -> None:
        self.bundle = bundle

    def fit(self, X: Sequence[tuple[Creator, Brief]], y: Labels, sample_weight: FloatArray | None = None) -> Self:
        """Fit the head's lines and their calibration. sample_weight : (n,), default both classes alike."""
        labels = self._checked(X, y)
        rows = self._rows(X)
        weight = 0.5 / np.bincount(labels)[labels] if sample_weight is None else np.asarray(sample_weight)
        features, n_posts = np.array([row.row for row in rows]), np.array([row.n_posts for row in rows])
        examples = Examples(features, labels, np.zeros(len(labels), np.int64), weight, n_posts)
        self.model_ = fit_travelling(examples)
        self.calibration_ = final_calibration(examples, self.model_.predict(features))
        return self

    def transform(self, X: Sequence[tuple[Creator, Brief]]) -> FloatArray:
        """The columns that the head sees, (n, columns); NaN where there is nothing to measure."""
        return np.array([row.row for row in self._rows(X)])

    def _probability(self, X: Sequence[tuple[Creator, Brief]]) -> FloatArray:
        return np.asarray(self.calibration_(self.model_.predict(self.transform(X))))

    def _rows(self, X: Sequence[tuple[Creator, Brief]]) -> list[PairRow]:
        encoder, reference = _served(str(located(self.bundle)))
        unique = list({id(creator): creator for creator, _ in X}.values())
        creators = dict(zip(map(id, unique), prepare(unique, encoder), strict=True))
        views = {id(brief): BriefView(prepare_brief(brief, encoder), reference) for _, brief in X}
        return [full_row(creators[id(creator)], views[id(brief)], None) for creator, brief in X]

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Names of the columns of `transform`."""
        return np.array([column.name for column in COLUMNS], dtype=object)


class AuthenticityClassifier(_Head):
    """Whether an account's counts are those of a genuine one. X : Creators. y : 1 for genuine, 0 for bought or fake."""

    def fit(self, X: Sequence[Creator], y: Labels) -> Self:
        """Fit the account models, one for each pattern of counts that are known."""
        labels = self._checked(X, y)
        self.models_ = fit_accounts([LabelledSet("own", [account_values(creator) for creator in X], 1 - labels)])
        return self

    def transform(self, X: Sequence[Creator]) -> FloatArray:
        """The counts that the models see, (n, columns); NaN where unknown."""
        rows = [account_values(creator) for creator in X]
        return np.array([[_number(row.get(column.name)) for column in PROFILE] for row in rows])

    def _probability(self, X: Sequence[Creator]) -> FloatArray:
        log_odds = log_odds_fake(self.models_, [account_values(creator) for creator in X])
        return sigmoid(-log_odds)

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Names of the columns of `transform`."""
        return np.array([column.name for column in PROFILE], dtype=object)


@cache
def _served(folder: str) -> tuple[Encoder, Reference]:
    """The encoder of a bundle, with its vectors cached in memory, and the reference of its niche head."""
    bundle = read_bundle(folder)
    head = NicheFitHead.from_bundle(bundle.manifest.heads[NicheFitHead.name], bundle.tables[NicheFitHead.name])
    return load_serving_encoder(bundle), head.reference


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
