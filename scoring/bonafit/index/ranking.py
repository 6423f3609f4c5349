"""Ranking a view of an index for one brief: every live row that passes the filters, with the learned head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.heads.niche_fit.summary import IndexHead, index_features
from bonafit.heads.niche_fit.view import BriefView
from bonafit.index.filters import Filters, passing
from bonafit.index.products import Directions, products
from bonafit.index.segment import Segment
from bonafit.index.store import View
from bonafit.tables.arrays import FloatArray

# Rows handled together: their vectors (4 x 384 float32 each) stay within a core's cache share while they are used.
CHUNK = 4_096
# Below this share of passing rows a chunk's rows are gathered before they are multiplied.
GATHER = 0.5
Candidates = Callable[[Segment, npt.NDArray[np.bool_] | None], npt.NDArray[np.intp] | None]


@dataclass(frozen=True)
class Found:
    """Rows found in one segment: their numbers and linear predictors, best first."""

    segment: Segment
    rows: npt.NDArray[np.intp]
    eta: FloatArray


@dataclass(frozen=True)
class Wanted:
    """What is asked of an index: the k best rows for a brief, of those that pass the filters.

    candidates : told a segment and its passing rows, the rows to rank there, or None for all that pass.
    """

    brief: BriefView
    k: int
    filters: Filters
    candidates: Candidates | None = None


def best_rows(view: View, query: Wanted, head: IndexHead, pool: Executor | None) -> tuple[list[Found], int]:
    """The k best rows of every segment, and how many rows were ranked. Exact: nothing is skipped but filtered rows."""
    brief, k, candidates = query.brief, query.k, query.candidates
    directions = Directions(brief.targets)
    best, ranked = [], 0
    for segment in view.segments:
        mask = passing(segment, query.filters)
        candidate_rows = None if candidates is None else candidates(segment, mask)
        if candidate_rows is not None:
            ranked += len(candidate_rows)
            eta = _eta(segment, candidate_rows, directions, brief, head)
            order = _best(eta, k)
            best.append(Found(segment, candidate_rows[order], eta[order]))
            continue
        ranked += segment.info.rows if mask is None else int(mask.sum())
        parts = list(_map(pool, _scan(segment, mask, directions, brief, head, k), _chunks(segment.info.rows)))
        rows, eta = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
        order = _best(eta, k)
        best.append(Found(segment, rows[order], eta[order]))
    return best, ranked


def _eta(
    segment: Segment,
    rows: slice | npt.NDArray[np.intp],
    directions: Directions,
    brief: BriefView,
    head: IndexHead,
) -> FloatArray:
    return head.predict(index_features(products(segment, rows, directions), segment.inputs[rows], brief))


Part = tuple[npt.NDArray[np.intp], FloatArray]


def _scan(
    segment: Segment,
    mask: npt.NDArray[np.bool_] | None,
    directions: Directions,
    brief: BriefView,
    head: IndexHead,
    k: int,
) -> Callable[[slice], Part]:
    def scan(chunk: slice) -> Part:
        rows: npt.NDArray[np.intp] = np.arange(chunk.start, chunk.stop)
        take: slice | npt.NDArray[np.intp] = chunk
        inside = None if mask is None else mask[chunk]
        if inside is not None and inside.mean() < GATHER:
            rows = take = rows[inside]
            inside = None
        if not len(rows):
            return rows, np.zeros(0)
        eta = _eta(segment, take, directions, brief, head)
        if inside is not None:
            rows, eta = rows[inside], eta[inside]
        order = _best(eta, k)
        return rows[order], eta[order]

    return scan


def _chunks(rows: int) -> Iterator[slice]:
    return (slice(start, min(start + CHUNK, rows)) for start in range(0, rows, CHUNK))


def _map(pool: Executor | None, scan: Callable[[slice], Part], chunks: Iterator[slice]) -> Iterator[Part]:
    yield np.zeros(0, dtype=np.intp), np.zeros(0)
    yield from map(scan, chunks) if pool is None else pool.map(scan, chunks)


def _best(eta: FloatArray, k: int) -> npt.NDArray[np.intp]:
    """Positions of the k largest and of all that tie with the last of them, best first."""
    if len(eta) > k:
        floor = np.partition(eta, len(eta) - k)[len(eta) - k]
        rows = np.flatnonzero(eta >= floor)
    else:
        rows = np.arange(len(eta))
    return rows[np.argsort(-eta[rows], kind="stable")]
