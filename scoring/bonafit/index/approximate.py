"""Candidates from an inverted file (FAISS), for indexes so large that reading every row takes too long.

    <index>/segments/<segment>/approximate.faiss   built once a segment, which never changes

The exact scan stays the default and the judge: an approximate ranking orders its candidates with the same head, so its
values and reasons are the exact ones, and only who is looked at differs. Segments without such a file (changed
creators since it was built) are scanned exactly, deleted rows are left out, and filters that few rows pass are
answered by the exact scan, which then reads those rows alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.errors import CreatorIndexError
from bonafit.heads.niche_fit.view import BriefView
from bonafit.index.layout import read_manifest, sync, writer_lock
from bonafit.index.ranking import CHUNK
from bonafit.index.segment import ZERO, Segment
from bonafit.index.store import open_view

FILE = "approximate.faiss"
# Segments smaller than this are scanned, which takes no longer (100,000 rows: .08 s scanned, .09 s searched).
LEAST_ROWS = 100_000
# Vectors of a creator that candidates are found by (head.SUMMARY): the posts' centre and the two main subjects.
BY = (0, 2, 3)
# Vectors a list, and lists read a direction. Fewer and longer lists are built sooner (700 a list took three times as
# long) and cost a query the same for as many vectors read. Recall of the first 100 among a million lifelike creators:
# .90 with 24 lists and 1,000 nearest vectors, .945 with 48, .97 with 48 and 3,000.
PER_LIST, PROBES = 2_000, 64
# Vectors that the cells are fitted on, a list.
TRAINED_ON = 64
# Nearest vectors taken a direction (the brief, each facet), as a multiple of the creators asked for, and at least.
DEPTH, LEAST = 10, 4_000
# Below this share of passing rows the exact scan reads less than the candidates of so deep a search would.
FEW = 0.2

Rows = npt.NDArray[np.intp]


def _faiss() -> Any:
    try:
        import faiss
    except ImportError:
        raise CreatorIndexError(
            "an approximate ranking needs the package faiss-cpu; pip install 'bonafit[approximate]', or rank exactly"
        ) from None
    return faiss


def build_approximate(path: Path) -> int:
    """Build the file of every segment that is large enough and has none; returns the creators now covered.

    Takes the writer's place while it works. Raises CreatorIndexError as opening does, or where faiss is absent.
    """
    faiss = _faiss()
    with writer_lock(path):
        view = open_view(path)
        covered = 0
        for segment in view.segments:
            if segment.info.rows >= LEAST_ROWS:
                if not (segment.folder / FILE).is_file():
                    _build(faiss, segment, read_manifest(path).width)
                covered += segment.info.live
    return covered


def _build(faiss: Any, segment: Segment, width: int) -> None:
    rows = segment.info.rows
    lists = max(1, rows * len(BY) // PER_LIST)
    quantizer = faiss.IndexFlatIP(width)
    inverted = faiss.IndexIVFScalarQuantizer(
        quantizer, width, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    step = max(1, rows * len(BY) // (lists * TRAINED_ON))
    inverted.train(np.concatenate([part[::step] for part in _parts(segment)]))
    for part in _parts(segment):
        inverted.add(part)
    temporary = segment.folder / f".{FILE}.{os.getpid()}"
    faiss.write_index(inverted, str(temporary))
    sync(temporary)
    os.replace(temporary, segment.folder / FILE)
    sync(segment.folder)


def _parts(segment: Segment) -> Any:
    """Vectors that stand for creators, len(BY) a row in order, some rows at a time, (n, width) float32."""
    for start in range(0, segment.info.rows, CHUNK):
        span = slice(start, start + CHUNK)
        vectors = segment.vectors[span][:, BY].astype(np.float32)
        if segment.scales is not None:
            vectors = (vectors - ZERO) * segment.scales[span][:, BY, None]
        yield np.ascontiguousarray(vectors.reshape(-1, vectors.shape[-1]))


class Approximate:
    """The opened files of an index's segments. Safe between threads."""

    def __init__(self) -> None:
        self._faiss = _faiss()
        self._opened: dict[str, Any] = {}
        self._lock = Lock()

    def candidates(self, brief: BriefView, k: int) -> Callable[[Segment, npt.NDArray[np.bool_] | None], Rows | None]:
        """What `best_rows` asks: the rows of a segment to rank, or None where all that pass are to be ranked."""
        directions = np.ascontiguousarray(brief.targets.T[[0, *(1 + i for i in brief.wanted)]])
        depth = max(DEPTH * k, LEAST)

        def rows(segment: Segment, passing: npt.NDArray[np.bool_] | None) -> Rows | None:
            if passing is not None and passing.mean() < FEW:
                return None
            inverted = self._of(segment)
            if inverted is None:
                return None
            # Threads of its own would be started anew in every thread that asks, and would not survive a fork.
            self._faiss.omp_set_num_threads(1)
            parameters = self._faiss.SearchParametersIVF(nprobe=PROBES)
            _, neighbours = inverted.search(directions, depth, params=parameters)
            near: Rows = np.unique(neighbours[neighbours >= 0] // len(BY)).astype(np.intp)
            return near if passing is None else near[passing[near]]

        return rows

    def _of(self, segment: Segment) -> Any:
        name = segment.info.name
        with self._lock:
            if name not in self._opened:
                file = segment.folder / FILE
                if not file.is_file():
                    return None
                self._opened[name] = self._faiss.read_index(str(file), self._faiss.IO_FLAG_MMAP)
            return self._opened[name]
