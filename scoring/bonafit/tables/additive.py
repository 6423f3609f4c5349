"""Additive models: main effects and pairs over binned features, read from plain tables.

The model is the generalised additive model with pairwise interactions of Lou et al., KDD 2013 (GA2M), which
interpret-core fits as the explainable boosting machine. Its prediction is an intercept plus one table cell per term,
so every reason is exact: the effects of a row add up to its linear predictor.

Bins of a feature with cut points c_1 < ... < c_m: bin 0 is missing, bin 1 is x < c_1, bin k is c_(k-1) <= x < c_k,
bin m+1 is x >= c_m. Pairs may use coarser cuts than main effects.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.tables.arrays import FloatArray

BinArray = npt.NDArray[np.intp]

# Up to so many rows the tables are read through one flat array: a single creator then costs a few array calls, not two
# a term. Above it the loop over terms is faster, since each term's table stays in the processor's cache.
FEW_ROWS = 8


class Term:
    """One term: a table over the bins of one or two features.

    features : indices into the columns, one or two.
    cuts     : for each feature, its increasing cut points, (n_cuts,) float64.
    scores   : (n_cuts + 2,) or (n_cuts_a + 2, n_cuts_b + 2) float64; the +2 are the missing bin and the last one.
    spread   : standard deviation of each cell over the bagged fits, same shape as `scores`.
    """

    __slots__ = ("cuts", "features", "scores", "spread")

    def __init__(
        self, features: tuple[int, ...], cuts: tuple[FloatArray, ...], scores: FloatArray, spread: FloatArray
    ) -> None:
        expected = tuple(len(c) + 2 for c in cuts)
        if len(features) not in (1, 2) or len(cuts) != len(features):
            raise ShapeError(
                f"term over features {features} with {len(cuts)} lists of cuts; expected one or two of each"
            )
        if scores.shape != expected or spread.shape != expected:
            raise ShapeError(f"term over {features}: tables {scores.shape} and {spread.shape}; expected {expected}")
        if any(np.any(np.diff(c) <= 0) for c in cuts):
            raise ShapeError(f"term over {features}: cut points do not increase")
        self.features = features
        self.cuts = cuts
        self.scores = scores
        self.spread = spread


def bin_index(values: FloatArray, cuts: FloatArray) -> BinArray:
    """Bin of each value, (n,) integers in 0..len(cuts)+1; 0 for NaN."""
    index = np.searchsorted(cuts, values, side="right") + 1
    return np.where(np.isnan(values), 0, index)


class _Flat:
    """The terms' tables end to end, and where each term's cell stands for given bins; for a few rows at a time."""

    __slots__ = ("first", "grids", "offset", "scores", "second", "spread", "stride")

    def __init__(self, terms: Sequence[Term]) -> None:
        known: dict[tuple[int, int], int] = {}
        grids: list[tuple[int, list[float]]] = []
        first, second, stride, offset, at = [], [], [], [], 0
        for term in terms:
            slots = []
            for feature, cuts in zip(term.features, term.cuts, strict=True):
                key = (feature, id(cuts))
                if key not in known:
                    known[key] = len(grids)
                    grids.append((feature, cuts.tolist()))
                slots.append(known[key])
            # a main effect has no second bin: slot -1 is a column of zeros
            first.append(slots[0])
            second.append(slots[1] if len(slots) == 2 else -1)
            stride.append(term.scores.shape[1] if len(slots) == 2 else 1)
            offset.append(at)
            at += term.scores.size
        self.grids = grids
        self.first, self.second = np.array(first, dtype=np.intp), np.array(second, dtype=np.intp)
        self.stride, self.offset = np.array(stride, dtype=np.intp), np.array(offset, dtype=np.intp)
        self.scores = np.concatenate([t.scores.ravel() for t in terms]) if terms else np.zeros(0)
        self.spread = np.concatenate([t.spread.ravel() for t in terms]) if terms else np.zeros(0)

    def effects(self, X: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What `AdditiveModel.effects` returns."""
        bins = np.array(
            [
                # a value unlike itself is missing
                [bisect_right(cuts, v) + 1 if (v := row[feature]) == v else 0 for feature, cuts in self.grids] + [0]
                for row in X.tolist()
            ],
            dtype=np.intp,
        ).reshape(len(X), len(self.grids) + 1)
        cells = self.offset + bins[:, self.first] * self.stride + bins[:, self.second]
        return self.scores[cells], self.spread[cells]


class AdditiveModel:
    """An intercept and terms over named columns.

    n_columns : width of the matrices it takes.
    """

    def __init__(self, intercept: float, terms: Sequence[Term], *, n_columns: int) -> None:
        if not np.isfinite(intercept) or any(not np.all(np.isfinite(t.scores)) for t in terms):
            raise ShapeError("additive model: a score is not finite; expected finite tables, retrain the head")
        if any(f < 0 or f >= n_columns for t in terms for f in t.features):
            raise ShapeError(f"additive model: a term names a column beyond the {n_columns} there are")
        self.intercept = float(intercept)
        self.terms = tuple(terms)
        self.n_columns = n_columns
        self._flat = _Flat(self.terms)

    def effects(self, X: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Effect and spread of every term.

        X : (n, n_columns) float64, NaN where missing.
        Returns two (n, n_terms) float64 arrays: effects in linear-predictor units, and their standard deviations
        over the bagged fits.
        Raises ShapeError where the width differs.
        """
        if X.ndim != 2 or X.shape[1] != self.n_columns:
            raise ShapeError(f"features of shape {X.shape}; expected (n, {self.n_columns})")
        if len(X) <= FEW_ROWS:
            return self._flat.effects(X)
        effects = np.empty((len(X), len(self.terms)))
        spreads = np.empty_like(effects)
        binned: dict[tuple[int, int], BinArray] = {}
        for j, term in enumerate(self.terms):
            index = []
            for feature, cuts in zip(term.features, term.cuts, strict=True):
                key = (feature, id(cuts))
                if key not in binned:
                    binned[key] = bin_index(X[:, feature], cuts)
                index.append(binned[key])
            cell = tuple(index)
            effects[:, j] = term.scores[cell]
            spreads[:, j] = term.spread[cell]
        return effects, spreads

    def predict(self, X: FloatArray) -> FloatArray:
        """Linear predictor, (n,) float64: intercept plus effects, added term by term in stored order."""
        return self.total(self.effects(X)[0])

    def total(self, effects: FloatArray) -> FloatArray:
        """Sum of effects and intercept, (n,); the order of addition is fixed, so a row's bytes never depend on
        how many rows stand beside it."""
        total = np.full(len(effects), self.intercept)
        for j in range(effects.shape[1]):
            total += effects[:, j]
        return total

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """The model as flat arrays for an npz file, names starting with `prefix`. Inverse of `from_tables`."""
        cuts = [c for t in self.terms for c in t.cuts]
        pairs = np.full((len(self.terms), 2), -1, dtype=np.int32)
        for i, t in enumerate(self.terms):
            pairs[i, : len(t.features)] = t.features
        empty = np.zeros(0)
        return {
            f"{prefix}.intercept": np.array([self.intercept]),
            f"{prefix}.features": pairs,
            f"{prefix}.cut_counts": np.array([len(c) for c in cuts], dtype=np.int32),
            f"{prefix}.cuts": np.concatenate(cuts) if cuts else empty,
            f"{prefix}.scores": np.concatenate([t.scores.ravel() for t in self.terms]) if self.terms else empty,
            f"{prefix}.spread": np.concatenate([t.spread.ravel() for t in self.terms]) if self.terms else empty,
        }

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str, *, n_columns: int
    ) -> AdditiveModel:
        """Read what `to_tables` wrote. Raises BundleCorruptError where an array is absent or lengths disagree."""
        try:
            pairs = tables[f"{prefix}.features"]
            counts = tables[f"{prefix}.cut_counts"].astype(np.int64)
            cuts = tables[f"{prefix}.cuts"].astype(np.float64)
            scores = tables[f"{prefix}.scores"].astype(np.float64)
            spread = tables[f"{prefix}.spread"].astype(np.float64)
            intercept = float(tables[f"{prefix}.intercept"][0])
        except (KeyError, IndexError) as error:
            raise BundleCorruptError(
                f"additive model {prefix}: table {error} is absent; publish the bundle again"
            ) from None
        shared: dict[tuple[int, bytes], FloatArray] = {}
        terms, cut_at, score_at, list_at = [], 0, 0, 0
        for row in pairs:
            features = tuple(int(f) for f in row if f >= 0)
            term_cuts = []
            for feature in features:
                n = int(counts[list_at]) if list_at < len(counts) else -1
                part = cuts[cut_at : cut_at + max(n, 0)]
                if n < 0 or len(part) != n:
                    raise BundleCorruptError(f"additive model {prefix}: cut points end early; publish the bundle again")
                term_cuts.append(shared.setdefault((feature, part.tobytes()), part))
                cut_at += n
                list_at += 1
            shape = tuple(len(c) + 2 for c in term_cuts)
            size = int(np.prod(shape))
            if score_at + size > len(scores) or len(scores) != len(spread):
                raise BundleCorruptError(f"additive model {prefix}: scores end early; publish the bundle again")
            cells = slice(score_at, score_at + size)
            terms.append(Term(features, tuple(term_cuts), scores[cells].reshape(shape), spread[cells].reshape(shape)))
            score_at += size
        return cls(intercept, terms, n_columns=n_columns)
