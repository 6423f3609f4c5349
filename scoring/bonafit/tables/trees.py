"""Boosted regression trees as plain arrays, with exact additive attribution.

Every node holds the mean prediction of the training rows that reached it (shrinkage included), so a row's prediction is
the sum of the roots' values plus, split by split, how far the value moves; each move is credited to the split's column.
The effects therefore add up to the prediction exactly.
Rows are not walked down: all splits of all trees are compared at once, each split that says "right" strikes out the
leaves on its left, and the first leaf of a tree that is left is the row's (Lucchese et al., "QuickScorer", SIGIR 2015).
Sources: Saabas, "Interpreting random forests", 2014; the ensembles are scikit-learn's histogram gradient boosting
(Ke et al., NeurIPS 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.tables.arrays import FloatArray

Places = npt.NDArray[np.intp]
# Leaves of a tree are bits of one word.
MOST_LEAVES = 64
# Rows compared at a time: their splits stay in the processor's cache.
ROWS = 32


class BoostedTrees:
    """A sum of regression trees over named columns.

    roots        : (n_trees,) int32, node index of each tree's root.
    feature      : (n_nodes,) int32, column tested, -1 for a leaf. threshold : (n_nodes,) float64, x <= threshold goes
                   left. missing_left : (n_nodes,) bool, where NaN goes.
    left, right  : (n_nodes,) int32, children, -1 for a leaf; always behind their parent, which rules out cycles.
    value        : (n_nodes,) float64, mean prediction below this node.
    intercept    : added once. n_columns : width of the matrices it takes.
    Raises ShapeError for arrays that are no trees, or trees of more than 64 leaves.
    """

    _TYPES: Mapping[str, type] = {
        "roots": np.int32, "feature": np.int32, "threshold": np.float64, "missing_left": np.bool_, "left": np.int32,
        "right": np.int32, "value": np.float64,
    }  # fmt: skip

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]], *, intercept: float, n_columns: int) -> None:
        """arrays : the arrays of the class by name, of any type that holds them. Raises KeyError for an absent one."""
        typed: list[npt.NDArray[Any]] = [arrays[name].astype(kind) for name, kind in self._TYPES.items()]
        roots, feature, threshold, missing_left, left, right, value = typed
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
        if np.any(np.bincount(np.concatenate([left[inner], right[inner], roots]), minlength=n) > 1):
            raise ShapeError("boosted trees: a node has two parents; retrain the head")
        if not (np.all(np.isfinite(value)) and np.isfinite(intercept)):
            raise ShapeError("boosted trees: a value is not finite; retrain the head")
        self.roots, self.feature, self.threshold, self.missing_left = roots, feature, threshold, missing_left
        self.left, self.right, self.value = left, right, value
        self.n_columns = n_columns
        self.intercept = float(intercept) + float(np.sum(value[roots]))
        self._given_intercept = float(intercept)
        self._prepare()

    def _prepare(self) -> None:
        """Splits in the order of their trees, the leaves each strikes out, and the path to every leaf."""
        n = len(self.feature)
        inner = self.feature >= 0
        levels = [self.roots.astype(np.intp)]
        tree = np.zeros(n, dtype=np.intp)
        tree[self.roots] = np.arange(len(self.roots))
        while np.any(inner[levels[-1]]):
            above = levels[-1][inner[levels[-1]]]
            tree[self.left[above]] = tree[self.right[above]] = tree[above]
            levels.append(np.concatenate([self.left[above], self.right[above]]).astype(np.intp))
        depth = len(levels) - 1
        leaves = np.ones(n, dtype=np.int64)
        for level in levels[::-1]:
            above = level[inner[level]]
            leaves[above] = leaves[self.left[above]] + leaves[self.right[above]]
        if np.any(leaves[self.roots] > MOST_LEAVES):
            most = int(np.max(leaves[self.roots]))
            raise ShapeError(
                f"boosted trees: a tree of {most} leaves; expected {MOST_LEAVES} at most; retrain the head"
            )
        first = np.zeros(n, dtype=np.int64)
        column = np.zeros((n, depth), dtype=np.intp)
        move = np.zeros((n, depth))
        for d, level in enumerate(levels[:-1]):
            above = level[inner[level]]
            for child in (self.left[above], self.right[above]):
                first[child] = first[above]
                column[child], move[child] = column[above], move[above]
                column[child, d], move[child, d] = self.feature[above], self.value[child] - self.value[above]
            first[self.right[above]] += leaves[self.left[above]]
        place = np.concatenate([[0], np.cumsum(leaves[self.roots])])
        reached = np.concatenate(levels)
        ends = np.sort(reached[~inner[reached]])
        self._first_leaf = place[:-1]
        by_place = np.empty(len(ends), dtype=np.intp)
        by_place[place[tree[ends]] + first[ends]] = ends
        self._leaf_value, self._path_column, self._path_move = self.value[by_place], column[by_place], move[by_place]
        splits = np.sort(reached[inner[reached]])
        splits = splits[np.argsort(tree[splits], kind="stable")]
        # NaN is never <= a threshold; where it goes left it is read from a second half with -inf in its place
        self._column = self.feature[splits] + np.where(self.missing_left[splits], self.n_columns, 0)
        self._threshold = self.threshold[splits]
        word = np.uint64
        below = (word(1) << leaves[self.left[splits]].astype(word)) - word(1)
        self._kept = ~(below << first[splits].astype(word))
        self._split_trees, self._starts = np.unique(tree[splits], return_index=True)

    def _leaves(self, X: FloatArray) -> Iterator[tuple[slice, Places]]:
        """The leaf that each row reaches in each tree, (rows, n_trees), for some rows at a time."""
        self._check(X)
        every = ~np.uint64(0)
        for start in range(0, len(X), ROWS):
            span = slice(start, min(start + ROWS, len(X)))
            x = X[span]
            both = np.concatenate([x, np.where(np.isnan(x), -np.inf, x)], axis=1)
            goes_left = both[:, self._column] <= self._threshold
            left = np.full((len(x), len(self.roots)), every)
            if len(self._starts):
                leaves = np.where(goes_left, every, self._kept)
                left[:, self._split_trees] = np.bitwise_and.reduceat(leaves, self._starts, axis=1)
            lowest = left & (~left + np.uint64(1))
            yield span, self._first_leaf + np.bitwise_count(lowest - np.uint64(1))

    def predict(self, X: FloatArray) -> FloatArray:
        """Prediction of each row, (n,). X : (n, n_columns) float64, NaN where missing.

        Trees are added in stored order, so a row's bytes do not depend on its neighbours.
        """
        total = np.empty(len(X))
        for span, leaves in self._leaves(X):
            values = np.concatenate(
                [np.full((len(leaves), 1), self._given_intercept), self._leaf_value[leaves]], axis=1
            )
            total[span] = np.add.accumulate(values, axis=1)[:, -1]
        return total

    def effects(self, X: FloatArray) -> FloatArray:
        """Effect of each column for each row, (n, n_columns); with `intercept` a row's sum to its prediction.

        X : (n, n_columns) float64, NaN where missing. A row's bytes do not depend on its neighbours.
        """
        out = np.empty((len(X), self.n_columns))
        for span, leaves in self._leaves(X):
            n = len(leaves)
            at = self._path_column[leaves] + np.arange(n)[:, None, None] * self.n_columns
            moved = np.bincount(at.ravel(), weights=self._path_move[leaves].ravel(), minlength=n * self.n_columns)
            out[span] = moved.reshape(n, self.n_columns)
        return out

    def _check(self, X: FloatArray) -> None:
        if X.ndim != 2 or X.shape[1] != self.n_columns:
            raise ShapeError(f"features of shape {X.shape}; expected (n, {self.n_columns})")

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """The trees as flat arrays for an npz file. Inverse of `from_tables`."""
        arrays: dict[str, npt.NDArray[np.generic]] = {f"{prefix}.{k}": getattr(self, k) for k in self._TYPES}
        # values were rounded to single precision when exported, so nothing is lost here
        arrays[f"{prefix}.feature"] = self.feature.astype(np.int16)
        arrays[f"{prefix}.value"] = self.value.astype(np.float32)
        arrays[f"{prefix}.intercept"] = np.array([self._given_intercept])
        return arrays

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str, *, n_columns: int) -> BoostedTrees:
        """Read what `to_tables` wrote. Raises BundleCorruptError where an array is absent or points astray."""
        try:
            arrays = {name: tables[f"{prefix}.{name}"] for name in cls._TYPES}
            return cls(arrays, intercept=float(tables[f"{prefix}.intercept"][0]), n_columns=n_columns)
        except (KeyError, IndexError, ShapeError) as error:
            raise BundleCorruptError(f"boosted trees {prefix}: {error}; publish the bundle again") from None
