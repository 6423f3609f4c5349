"""The stored side of an index: build, upsert, delete, compact, and a reader's view of one generation."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import msgspec
import numpy as np

from bonafit.errors import IndexCorruptError, InputError
from bonafit.index.layout import (
    DTYPES,
    MANIFEST,
    SEGMENTS,
    IndexManifest,
    SegmentInfo,
    commit,
    new_segment_folder,
    read_manifest,
    remove_unnamed,
    writer_lock,
)
from bonafit.index.segment import IndexRow, Segment, SegmentWriter, write_deleted

# Rows read and written together when segments are merged.
COPY_ROWS = 4_096
# A reader that meets a segment removed by a compaction reads the manifest again this often before it gives up.
RETRIES = 5


class View:
    """One generation of an index, mapped. Immutable: a query that began on a view ends on it."""

    def __init__(self, path: Path, manifest: IndexManifest, segments: Sequence[Segment]) -> None:
        self.path, self.manifest, self.segments = path, manifest, tuple(segments)

    @property
    def live(self) -> int:
        return sum(segment.info.live for segment in self.segments)

    def find(self, creator_id: str) -> IndexRow | None:
        """The row of a live creator, or None."""
        for segment in reversed(self.segments):
            row = segment.find(creator_id)
            if row is not None:
                return segment.row(row)
        return None

    def rows(self) -> Iterator[IndexRow]:
        """Every live row, oldest segment first."""
        for segment in self.segments:
            for row in range(segment.info.rows):
                if segment.deleted is None or not segment.deleted[row]:
                    yield segment.row(row)


def open_view(path: Path, earlier: View | None = None) -> View:
    """Map the current generation, reusing what an earlier view has mapped.

    Raises IndexMissingError, IndexCorruptError or IndexIncompatibleError.
    """
    open_segments = {segment.info: segment for segment in earlier.segments} if earlier is not None else {}
    for _ in range(RETRIES):
        manifest = read_manifest(path)
        if len({info.name for info in manifest.segments}) < len(manifest.segments):
            raise IndexCorruptError(f"{path}: a segment is named twice; build the index again")
        try:
            segments = [
                open_segments.get(info) or Segment(path / SEGMENTS / info.name, info, manifest)
                for info in manifest.segments
            ]
        except FileNotFoundError:
            continue
        return View(path, manifest, segments)
    raise IndexCorruptError(f"{path}: a segment that the manifest names is absent; build the index again")


def create(path: Path, manifest: IndexManifest) -> None:
    """Make an empty index of a manifest without rows. Raises InputError where one exists or for an unknown dtype."""
    if (path / MANIFEST).exists():
        raise InputError(f"{path}: an index exists there; add to it, or build elsewhere")
    if manifest.dtype not in DTYPES:
        raise InputError(f"vectors as {manifest.dtype!r}: expected one of {', '.join(DTYPES)}")
    (path / SEGMENTS).mkdir(parents=True, exist_ok=True)
    with writer_lock(path):
        commit(path, manifest)


class Writer:
    """The one writer of an index: changes gather and become visible together at `commit`.

    Used as a context manager; leaving it without an error commits, leaving it with one leaves the index as it was.
    Raises IndexLockedError where another writer is at work.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = writer_lock(path)

    def __enter__(self) -> Writer:
        read_manifest(self._path)
        self._lock.__enter__()
        try:
            self._manifest = read_manifest(self._path)
            remove_unnamed(self._path, self._manifest)
            self._view = open_view(self._path)
            self._deleted = {
                s.info.name: s.deleted.copy() if s.deleted is not None else np.zeros(s.info.rows, dtype=bool)
                for s in self._view.segments
            }
            self._segment: SegmentWriter | None = None
            self._fresh: dict[str, int] = {}
            self._replaced: list[int] = []
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def upsert(self, rows: Iterable[IndexRow]) -> int:
        """Add creators, or replace those with the same id, also among rows added before; returns how many."""
        count = 0
        batch: list[IndexRow] = []
        for row in rows:
            self._hide(row.creator_id)
            self._fresh[row.creator_id] = self._rows_written() + len(batch)
            batch.append(row)
            count += 1
            if len(batch) >= COPY_ROWS:
                self._append(batch)
                batch = []
        self._append(batch)
        return count

    def delete(self, creator_ids: Iterable[str]) -> int:
        """Delete creators; returns how many were there."""
        return sum(self._hide(creator_id) for creator_id in creator_ids)

    def _rows_written(self) -> int:
        return self._segment.rows if self._segment is not None else 0

    def _append(self, rows: list[IndexRow]) -> None:
        if not rows:
            return
        if self._segment is None:
            self._segment = SegmentWriter(new_segment_folder(self._path), self._manifest)
        self._segment.append(rows)

    def _hide(self, creator_id: str) -> bool:
        written = self._fresh.pop(creator_id, None)
        if written is not None:
            self._replaced.append(written)
            return True
        for segment in self._view.segments:
            row = segment.find(creator_id)
            if row is not None and not self._deleted[segment.info.name][row]:
                self._deleted[segment.info.name][row] = True
                return True
        return False

    def _commit(self) -> None:
        generation = self._manifest.generation + 1
        infos = []
        for segment in self._view.segments:
            deleted = self._deleted[segment.info.name]
            infos.append(self._with_deleted(segment.folder, segment.info, deleted, generation))
        if self._segment is not None:
            info = self._segment.close()
            folder = self._path / SEGMENTS / info.name
            deleted = np.zeros(info.rows, dtype=bool)
            deleted[self._replaced] = True
            infos.append(self._with_deleted(folder, info, deleted, generation))
        remaining = tuple(info for info in infos if info.live)
        commit(self._path, msgspec.structs.replace(self._manifest, generation=generation, segments=remaining))

    def _with_deleted(self, folder: Path, info: SegmentInfo, deleted: np.ndarray, generation: int) -> SegmentInfo:
        live = info.rows - int(deleted.sum())
        if live in (info.live, 0):
            return msgspec.structs.replace(info, live=live)
        return msgspec.structs.replace(info, live=live, deleted=write_deleted(folder, deleted, generation))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
            elif self._segment is not None:
                self._segment.__exit__(kind, error, trace)
        finally:
            self._lock.__exit__(None, None, None)


def compact(path: Path) -> int:
    """Merge all segments into one without deleted rows; returns the rows kept. Readers keep the view they have."""
    with writer_lock(path):
        manifest = read_manifest(path)
        remove_unnamed(path, manifest)
        view = open_view(path)
        if len(view.segments) <= 1 and all(s.deleted is None for s in view.segments):
            return view.live
        with SegmentWriter(new_segment_folder(path), manifest) as writer:
            batch: list[IndexRow] = []
            for row in view.rows():
                batch.append(row)
                if len(batch) >= COPY_ROWS:
                    writer.append(batch)
                    batch = []
            writer.append(batch)
            info = writer.close()
        merged = msgspec.structs.replace(
            manifest, generation=manifest.generation + 1, segments=(info,) if info.rows else ()
        )
        commit(path, merged)
        remove_unnamed(path, merged)
        return info.rows


def forget(path: Path, creator_id: str) -> int:
    """Delete a creator and merge all segments, so that the id is in no file of the index; returns how many rows it had.

    Raises as Writer and open_view do.
    """
    with Writer(path) as writer:
        n = writer.delete([creator_id])
    # also where it is not there now: rows deleted before lie in the segments until they are merged
    compact(path)
    return n


def size_on_disk(path: Path) -> int:
    """Bytes of all files of an index."""
    return sum(os.path.getsize(Path(folder) / name) for folder, _, names in os.walk(path) for name in names)
