"""What an index looks like on disk, and how a change becomes visible: whole or not at all.

    <index>/index.json               the manifest; replacing it by rename is the commit
    <index>/lock                     held by the one writer (flock)
    <index>/segments/<name>/*.bin    columns of a segment, written once, mapped by readers
    <index>/segments/<name>/deleted-<generation>.bin   bit map of deleted rows, written once a generation

A crash before the rename leaves files that no manifest names; the next writer removes them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bonafit.errors import IndexCorruptError, IndexIncompatibleError, IndexLockedError, IndexMissingError

SCHEMA = 1
MANIFEST = "index.json"
SEGMENTS = "segments"
DTYPES = ("float32", "float16", "int8")


class SegmentInfo(msgspec.Struct, frozen=True):
    """One segment: rows written, rows not deleted, name of its bit map of deleted rows or None."""

    name: str
    rows: int
    live: int
    deleted: str | None = None


class IndexManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of an index.

    encoder, bundle : digests; an index answers only with the bundle whose head inputs it holds.
    vectors, width  : vectors a creator, and their width. inputs : head inputs a creator, by name.
    dtype           : how vectors are stored; int8 has one float32 scale a vector.
    """

    schema: int
    generation: int
    encoder: str
    bundle: str
    vectors: int
    width: int
    inputs: tuple[str, ...]
    dtype: str
    segments: tuple[SegmentInfo, ...] = ()


def read_manifest(path: Path) -> IndexManifest:
    """Read the manifest. Raises IndexMissingError, IndexCorruptError or IndexIncompatibleError."""
    try:
        raw = (path / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(
            f"{path}: no {MANIFEST}; expected an index, build one with `bonafit index build`"
        ) from None
    try:
        manifest = msgspec.json.decode(raw, type=IndexManifest)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise IndexCorruptError(f"{path / MANIFEST}: {error}; build the index again") from None
    if manifest.schema != SCHEMA or manifest.dtype not in DTYPES:
        raise IndexIncompatibleError(
            f"{path}: index schema {manifest.schema}, vectors {manifest.dtype}; this version reads schema {SCHEMA} and "
            f"{', '.join(DTYPES)}; build the index again"
        )
    return manifest


def commit(path: Path, manifest: IndexManifest) -> None:
    """Make a manifest the current one: written beside its place, synced, renamed, the folder synced."""
    temporary = path / f".{MANIFEST}.{os.getpid()}"
    temporary.write_bytes(msgspec.json.encode(manifest))
    sync(temporary)
    os.replace(temporary, path / MANIFEST)
    sync(path)


def sync(path: Path) -> None:
    """Flush a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def new_segment_folder(path: Path) -> Path:
    """An empty folder for a new segment, not yet named by any manifest."""
    folder = path / SEGMENTS / uuid.uuid4().hex[:16]
    folder.mkdir(parents=True)
    return folder


def remove_unnamed(path: Path, manifest: IndexManifest) -> int:
    """Remove what no manifest names: segments of crashed writers and bit maps of past generations; returns how many.

    Only the writer that holds the lock may call this. Readers that mapped a file keep it until they let go.
    """
    named = {segment.name: segment.deleted for segment in manifest.segments}
    removed = 0
    folder = path / SEGMENTS
    for segment in sorted(folder.iterdir()) if folder.is_dir() else []:
        if segment.name not in named:
            shutil.rmtree(segment)
            removed += 1
            continue
        for bitmap in segment.glob("deleted-*.bin"):
            if bitmap.name != named[segment.name]:
                bitmap.unlink()
                removed += 1
    for leftover in path.glob(f".{MANIFEST}.*"):
        leftover.unlink()
        removed += 1
    return removed


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the index's only writer's place. Raises IndexLockedError where another process or thread holds it."""
    handle = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexLockedError(
                f"{path}: another writer is at work; expected one writer at a time, try later"
            ) from None
        yield
    finally:
        os.close(handle)
