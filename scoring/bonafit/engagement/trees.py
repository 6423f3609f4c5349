"""Boosted regression trees as plain arrays, with exact additive attribution.

Every node holds the mean prediction of the training rows that reached it (shrinkage included), so a row's prediction is
the sum of the roots' values plus, split by split, how far the value moves; each move is credited to the split's column.
The effects therefore add up to the prediction exactly.
Source: Saabas, "Interpreting random forests", 2014; the ensembles are scikit-learn's histogram gradient boosting
(Ke et al., NeurIPS 2017).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError, ShapeError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]


class BoostedTrees:
    """A sum of regression trees over named columns.

    roots        : (n_trees,) int32, node index of each tree's root.
    feature      : (n_nodes,) int32, column tested, -1 for a leaf. threshold : (n_nodes,) float64, x <= threshold goes
                   left. missing_left : (n_nodes,) bool, where NaN goes.
    left, right  : (n_nodes,) int32, children, -1 for a leaf; always behind their parent, which rules out cycles.
    value        : (n_nodes,) float64, mean prediction below this node.
    intercept    : added once. n_columns : width of the matrices it takes.
    """

    _ARRAYS = ("roots", "feature", "threshold", "missing_left", "left", "right", "value")

    def __init__(
        self,
        *,
        roots: IntArray,
        feature: IntArray,
        threshold: FloatArray,
        missing_left: npt.NDArray[np.bool_],
        left: IntArray,
        right: IntArray,
        value: FloatArray,
        intercept: float,
        n_columns: int,
    ) -> None:
        n = len(feature)
        if any(len(a) != n for a in (threshold, missing_left, left, right, value)):
            raise ShapeError("boosted trees: node arrays differ in length; expected one entry a node each")
        inner = feature >= 0
        order = np.arange(n)
        children_follow = (
            np.all(left[inner] > order[inner]) and np.all(right[inner] > order[inner])
            and np.all(left[inner] < n) and np.all(right[inner] < n)
        )  # fmt: skip
        if np.any(feature >= n_columns) or not children_follow or np.any((roots < 0) | (roots >= n)):
            raise ShapeError(f"boosted trees: a node points outside {n} nodes or {n_columns} columns; retrain the head")
        if not (np.all(np.isfinite(value)) and np.isfinite(intercept)):
            raise ShapeError("boosted trees: a value is not finite; retrain the head")
        self.roots, self.feature, self.threshold, self.missing_left = roots, feature, threshold, missing_left
        self.left, self.right, self.value = left, right, value
        self.n_columns = n_columns
        self.intercept = float(intercept) + float(np.sum(value[roots]))
        self._given_intercept = float(intercept)
        # leaves lead to themselves, so that all rows can walk the same number of steps
        self._column = np.maximum(feature, 0).astype(np.intp)
        self._left = np.where(inner, left, order).astype(np.intp)
        self._right = np.where(inner, right, order).astype(np.intp)
        self._depth = self._deepest()

    def _deepest(self) -> int:
        depth = np.zeros(len(self.feature), dtype=np.int64)
        for node in np.flatnonzero(self.feature >= 0).tolist():
            depth[self.left[node]] = depth[self.right[node]] = depth[node] + 1
        return int(np.max(depth, initial=0))

    def predict(self, X: FloatArray) -> FloatArray:
        """Prediction of each row, (n,). X : (n, n_columns) float64, NaN where missing.

        Trees are added in stored order, so a row's bytes do not depend on its neighbours.
        """
        self._check(X)
        rows = np.arange(len(X))[:, None]
        node = np.broadcast_to(self.roots.astype(np.intp), (len(X), len(self.roots)))
        for _ in range(self._depth):
            node = self._step(X, rows, node)
        total = np.full(len(X), self._given_intercept)
        for values in self.value[node].T:
            total += values
        return total

    def effects(self, row: FloatArray) -> FloatArray:
        """Effect of each column for one row, (n_columns,); with `intercept` they sum to the prediction.

        row : (n_columns,) float64, NaN where missing.
        """
        X = row[None, :]
        self._check(X)
        effects = np.zeros(self.n_columns)
        node = self.roots.astype(np.intp)
        for _ in range(self._depth):
            inner = self.feature[node] >= 0
            node = node[inner]
            child = self._step(X, 0, node)
            effects += np.bincount(
                self.feature[node], weights=self.value[child] - self.value[node], minlength=self.n_columns
            )
            node = child
        return effects

    def _step(
        self, X: FloatArray, rows: npt.NDArray[np.intp] | int, node: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.intp]:
        """One split further down; leaves stay where they are."""
        x = X[rows, self._column[node]]
        goes_left = np.where(np.isnan(x), self.missing_left[node], x <= self.threshold[node])
        return np.where(goes_left, self._left[node], self._right[node])

    def _check(self, X: FloatArray) -> None:
        if X.ndim != 2 or X.shape[1] != self.n_columns:
            raise ShapeError(f"features of shape {X.shape}; expected (n, {self.n_columns})")

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """The trees as flat arrays for an npz file. Inverse of `from_tables`."""
        arrays: dict[str, npt.NDArray[np.generic]] = {f"{prefix}.{k}": getattr(self, k) for k in self._ARRAYS}
        # values were rounded to single precision when exported, so nothing is lost here
        arrays[f"{prefix}.feature"] = self.feature.astype(np.int16)
        arrays[f"{prefix}.value"] = self.value.astype(np.float32)
        arrays[f"{prefix}.intercept"] = np.array([self._given_intercept])
        return arrays

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str, *, n_columns: int) -> BoostedTrees:
        """Read what `to_tables` wrote. Raises BundleCorruptError where an array is absent or points astray."""
        try:
            part = {k: tables[f"{prefix}.{k}"] for k in (*cls._ARRAYS, "intercept")}
            return cls(
                roots=part["roots"].astype(np.int32),
                feature=part["feature"].astype(np.int32),
                threshold=part["threshold"].astype(np.float64),
                missing_left=part["missing_left"].astype(np.bool_),
                left=part["left"].astype(np.int32),
                right=part["right"].astype(np.int32),
                value=part["value"].astype(np.float64),
                intercept=float(part["intercept"][0]),
                n_columns=n_columns,
            )
        except (KeyError, IndexError, ShapeError) as error:
            raise BundleCorruptError(f"boosted trees {prefix}: {error}; publish the bundle again") from None
