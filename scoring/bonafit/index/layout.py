"""What an index looks like on disk, and how a change becomes visible: whole or not at all.

    <index>/index.json               the manifest; replacing it by rename is the commit
    <index>/lock                     held by the one writer (flock)
    <index>/segments/<name>/*.bin    columns of a segment, written once, mapped by readers
    <index>/segments/<name>/deleted-<generation>.bin   bit map of deleted rows, written once a generation

A crash before the rename leaves files that no manifest names; the next writer removes them. The manifest holds a
CRC-32 of every file and of itself, so that bytes changed on the disk are found when the index is opened.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import uuid
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bonafit.errors import IndexCorruptError, IndexIncompatibleError, IndexLockedError, IndexMissingError
from bonafit.io.regular_files import refusal

# 2: checksums of every file.
SCHEMA = 2
MANIFEST = "index.json"
SEGMENTS = "segments"
# Bytes of a manifest that are read: a segment takes some 1,000.
MAX_MANIFEST = 64 * 1024**2
DTYPES = ("float32", "float16", "int8")
# What a writer calls its segments, their bit maps, and a manifest that is not yet in place.
_SEGMENT_NAME = re.compile(r"[0-9a-f]{16}")
_BITMAP_NAME = re.compile(r"deleted-\d+\.bin")
_LEFTOVER_NAME = re.compile(rf"\.{re.escape(MANIFEST)}\.\d+")


class FileSum(msgspec.Struct, frozen=True):
    """A file of a segment by name, with its bytes and their CRC-32."""

    name: str
    size: int
    crc: int


class SegmentInfo(msgspec.Struct, frozen=True):
    """One segment: rows written, rows not deleted, its columns' files, and its bit map of deleted rows or None."""

    name: str
    rows: int
    live: int
    files: tuple[FileSum, ...]
    deleted: FileSum | None = None


class IndexManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of an index.

    encoder, bundle : digests; an index answers only with the bundle whose head inputs it holds.
    vectors, width  : vectors a creator, and their width. inputs : head inputs a creator, by name.
    dtype           : how vectors are stored; int8 has one float32 scale a vector.
    """

    schema: int = SCHEMA
    generation: int = 0
    encoder: str
    bundle: str
    vectors: int
    width: int
    inputs: tuple[str, ...]
    dtype: str
    segments: tuple[SegmentInfo, ...] = ()
    crc: int = 0


def manifest_crc(manifest: IndexManifest) -> int:
    """CRC-32 of a manifest, its own field `crc` taken as 0."""
    return zlib.crc32(msgspec.json.encode(msgspec.structs.replace(manifest, crc=0)))


def read_manifest(path: Path) -> IndexManifest:
    """Read the manifest. Raises IndexMissingError, IndexCorruptError or IndexIncompatibleError."""
    try:
        if why := refusal(path / MANIFEST, limit=MAX_MANIFEST):
            raise IndexCorruptError(f"{path / MANIFEST}: {why}; build the index again")
        raw = (path / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(
            f"{path}: no {MANIFEST}; expected an index, build one with `bonafit index build`"
        ) from None
    try:
        schema = msgspec.json.decode(raw)["schema"]
        if schema != SCHEMA:
            raise IndexIncompatibleError(
                f"{path}: index schema {schema}; this version reads schema {SCHEMA}; build the index again"
            )
        manifest = msgspec.json.decode(raw, type=IndexManifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError) as error:
        raise IndexCorruptError(f"{path / MANIFEST}: {error}; build the index again") from None
    if manifest_crc(manifest) != manifest.crc:
        raise IndexCorruptError(f"{path / MANIFEST}: changed since it was written; build the index again")
    if manifest.dtype not in DTYPES:
        raise IndexIncompatibleError(
            f"{path}: vectors {manifest.dtype}; this version reads {', '.join(DTYPES)}; build the index again"
        )
    return manifest


def commit(path: Path, manifest: IndexManifest) -> None:
    """Make a manifest the current one: written beside its place, synced, renamed, the folder synced."""
    temporary = path / f".{MANIFEST}.{os.getpid()}"
    temporary.write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, crc=manifest_crc(manifest))))
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

    What no writer of an index made is left alone, with a warning: a person's file, a file manager's, a link.
    Only the writer that holds the lock may call this. Readers that mapped a file keep it until they let go.
    """
    named = {segment.name: segment.deleted.name if segment.deleted else None for segment in manifest.segments}
    removed, foreign = 0, []
    folder = path / SEGMENTS
    for segment in sorted(folder.iterdir()) if folder.is_dir() else []:
        if segment.is_symlink() or not segment.is_dir() or not _SEGMENT_NAME.fullmatch(segment.name):
            foreign.append(segment.name)
        elif segment.name not in named:
            shutil.rmtree(segment)
            removed += 1
        else:
            for bitmap in segment.iterdir():
                if _BITMAP_NAME.fullmatch(bitmap.name) and bitmap.name != named[segment.name]:
                    bitmap.unlink()
                    removed += 1
    for leftover in path.iterdir():
        if _LEFTOVER_NAME.fullmatch(leftover.name) and leftover.is_file():
            leftover.unlink()
            removed += 1
    if foreign:
        warnings.warn(f"{folder}: {', '.join(foreign[:3])} is not of this index and was left alone", stacklevel=2)
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
