"""Finer tables for additive models: steps become lines, so that no two different creators tie.

A boosted table is constant within a bin. With 32 bins the best 3 % of all pairs share one value, and a ranking cannot
tell them apart: on gan_2019 bios the first real creator of a brief stood at rank 19 (median), with a plain cosine at 7.
"""

from __future__ import annotations

import numpy as np

from bonafit.tables.additive import AdditiveModel, Term, bin_index
from bonafit.tables.arrays import FloatArray

# Cells of a refined table. A brief's best creators differ by hundredths of a deviation; these are finer still.
CELLS = 1_024


def refined(model: AdditiveModel, X: FloatArray, *, cells: int = CELLS) -> AdditiveModel:
    """The model with every main effect interpolated between its bins, as a table of `cells` equal cells.

    X : (n, n_columns) float64, the training rows. A bin's value stands at the mean of its rows; between two such points
    the table follows a line, beyond the outer ones the line goes on with its last slope as far as the training rows
    reach. A monotone table stays monotone. The missing bin and pairs stay as they are.
    """
    return AdditiveModel(
        model.intercept,
        [term if len(term.features) > 1 else _refined(term, X[:, term.features[0]], cells) for term in model.terms],
        n_columns=model.n_columns,
    )


def _refined(term: Term, x: FloatArray, cells: int) -> Term:
    known = x[~np.isnan(x)]
    index = bin_index(known, term.cuts[0])
    bins = np.unique(index)
    if len(bins) < 2:
        return term
    at = np.array([known[index == b].mean() for b in bins])
    edges = np.linspace(known.min(), known.max(), cells + 1)
    middles = np.concatenate([[edges[0]], (edges[1:] + edges[:-1]) / 2, [edges[-1]]])
    cuts = edges
    scores = np.concatenate([term.scores[:1], _line(middles, at, term.scores[bins])])
    spread = np.concatenate([term.spread[:1], np.interp(middles, at, term.spread[bins])])
    return Term(term.features, (cuts,), scores, spread)


def _line(x: FloatArray, at: FloatArray, y: FloatArray) -> FloatArray:
    out = np.interp(x, at, y)
    below, above = x < at[0], x > at[-1]
    out[below] = y[0] + (x[below] - at[0]) * (y[1] - y[0]) / (at[1] - at[0])
    out[above] = y[-1] + (x[above] - at[-1]) * (y[-1] - y[-2]) / (at[-1] - at[-2])
    return out
