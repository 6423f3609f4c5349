"""Segments: columns of creators, written once by a streaming writer, mapped by readers."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import IndexCorruptError, ShapeError
from bonafit.index.layout import FileSum, IndexManifest, SegmentInfo, sync
from bonafit.io.regular_files import is_plain_name, refusal

Floats = npt.NDArray[np.float32]
CODES = ("platform", "language", "country")
CODES_FILE = "codes.json"
UNKNOWN = -1
# Bytes summed at a time, and threads that sum files.
BLOCK = 1 << 20
CHECKERS = 2
# Components stored in 8 bits are rounded to this many steps either side of zero, and kept as unsigned bytes around
# `ZERO`: processors multiply unsigned by signed bytes fastest.
STEPS = 127
ZERO = 128
# What `dtype` of the manifest is on disk.
STORED = {"float32": "float32", "float16": "float16", "int8": "uint8"}


class IndexRow(msgspec.Struct, frozen=True):
    """One creator as an index holds it.

    vectors : (n_vectors, width) float32, a zero row where there is none. inputs : (n_inputs,) float32 head inputs.
    authenticity : value in [0, 1], NaN for who cannot be judged, by this head or at all: nothing ranks such a row.
    followers : -1 where not known.
    """

    creator_id: str
    vectors: Any
    inputs: Any
    platform: str | None = None
    language: str | None = None
    country: str | None = None
    followers: int = UNKNOWN
    authenticity: float = float("nan")


def key_of(creator_id: str) -> int:
    """64-bit key of an id (BLAKE2b); a lookup compares the id itself after the key."""
    return int.from_bytes(hashlib.blake2b(creator_id.encode(), digest_size=8).digest(), "little")


def quantised(vectors: Floats) -> tuple[npt.NDArray[np.uint8], Floats]:
    """Vectors in 8 bits with one scale each: vector is near (values - ZERO) * scale. A zero vector has scale 0."""
    scale = np.abs(vectors).max(axis=-1) / STEPS
    safe = np.where(scale > 0, scale, 1.0)
    return (np.rint(vectors / safe[..., None]) + ZERO).astype(np.uint8), scale.astype(np.float32)


class SegmentWriter:
    """Appends rows to a new segment in bounded memory: keys and offsets alone are held, 24 bytes a row."""

    def __init__(self, folder: Path, manifest: IndexManifest) -> None:
        self._folder = folder
        self._manifest = manifest
        names = ("vectors", "scales", "inputs", "codes", "followers", "authenticity", "ids")
        self._files: dict[str, BinaryIO] = {name: (folder / f"{name}.bin").open("wb") for name in names}
        self._sums: dict[str, tuple[int, int]] = dict.fromkeys(names, (0, 0))
        self._codes: list[dict[str, int]] = [{} for _ in CODES]
        self._keys: list[int] = []
        self._offsets = [0]

    @property
    def rows(self) -> int:
        return len(self._keys)

    def append(self, rows: Sequence[IndexRow]) -> None:
        """Append rows. Raises ShapeError where vectors or inputs have other shapes than the index."""
        if not rows:
            return
        shape = (self._manifest.vectors, self._manifest.width)
        for row in rows:
            if row.vectors.shape != shape or row.inputs.shape != (len(self._manifest.inputs),):
                raise ShapeError(
                    f"creator {row.creator_id}: vectors {row.vectors.shape} and inputs {row.inputs.shape}; "
                    f"expected {shape} and ({len(self._manifest.inputs)},)"
                )
        self._write_vectors(np.stack([row.vectors for row in rows]).astype(np.float32))
        self._put("inputs", np.stack([row.inputs for row in rows]).astype(np.float32))
        self._put("followers", np.array([row.followers for row in rows], dtype=np.int64))
        self._put("authenticity", np.array([row.authenticity for row in rows], dtype=np.float32))
        codes = [[self._code(i, getattr(row, name)) for i, name in enumerate(CODES)] for row in rows]
        self._put("codes", np.array(codes, dtype=np.int32))
        for row in rows:
            raw = row.creator_id.encode()
            self._write("ids", raw)
            self._offsets.append(self._offsets[-1] + len(raw))
            self._keys.append(key_of(row.creator_id))

    def _write_vectors(self, vectors: Floats) -> None:
        if self._manifest.dtype == "int8":
            values, scales = quantised(vectors)
            self._put("vectors", values)
            self._put("scales", scales)
        else:
            self._put("vectors", vectors.astype(self._manifest.dtype))

    def _code(self, column: int, value: str | None) -> int:
        if value is None:
            return UNKNOWN
        return self._codes[column].setdefault(value.casefold(), len(self._codes[column]))

    def _put(self, name: str, array: npt.NDArray[Any]) -> None:
        self._write(name, np.ascontiguousarray(array).data.cast("B") if array.size else b"")

    def _write(self, name: str, raw: bytes | memoryview) -> None:
        size, crc = self._sums[name]
        self._sums[name] = size + len(raw), zlib.crc32(raw, crc)
        self._files[name].write(raw)

    def close(self) -> SegmentInfo:
        """Finish the segment and sync it; nothing names it until a manifest does."""
        keys = np.array(self._keys, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        extra = {
            "keys": keys[order],
            "key_rows": order.astype(np.int64),
            "offsets": np.array(self._offsets, dtype=np.int64),
        }
        for stream in self._files.values():
            stream.close()
        sums = [FileSum(f"{name}.bin", size, crc) for name, (size, crc) in self._sums.items()]
        for name, array in extra.items():
            sums.append(_written(self._folder / f"{name}.bin", array.tobytes()))
        sums.append(_written(self._folder / CODES_FILE, msgspec.json.encode([list(codes) for codes in self._codes])))
        for file in self._folder.iterdir():
            sync(file)
        sync(self._folder)
        return SegmentInfo(name=self._folder.name, rows=self.rows, live=self.rows, files=tuple(sums))

    def __enter__(self) -> SegmentWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in self._files.values():
            stream.close()


class Segment:
    """A segment as readers see it: memory-mapped columns, never changed after construction.

    Every byte is checked against the manifest's sums first, some 0.5 s a GB on two cores.
    Raises IndexCorruptError where one differs; FileNotFoundError where a compaction has removed the segment.
    """

    def __init__(self, folder: Path, info: SegmentInfo, manifest: IndexManifest) -> None:
        self.folder, self.info = folder, info
        _check(folder, info.files if info.deleted is None else (*info.files, info.deleted))
        n, m, w = info.rows, manifest.vectors, manifest.width
        self.vectors = self._map("vectors", STORED[manifest.dtype], (n, m, w))
        self.scales = self._map("scales", "float32", (n, m)) if manifest.dtype == "int8" else None
        self.inputs = self._map("inputs", "float32", (n, len(manifest.inputs)))
        self.codes = self._map("codes", "int32", (n, len(CODES)))
        self.followers = self._map("followers", "int64", (n,))
        self.authenticity = self._map("authenticity", "float32", (n,))
        self._keys = self._map("keys", "uint64", (n,))
        self._key_rows = self._map("key_rows", "int64", (n,))
        self._offsets = self._map("offsets", "int64", (n + 1,))
        self._ids = self._map("ids", "uint8", (int(self._offsets[-1]),))
        self.values: list[list[str]] = msgspec.json.decode((folder / CODES_FILE).read_bytes(), type=list[list[str]])
        self.deleted = self._bitmap(info.deleted)
        unjudged = np.isnan(self.authenticity)
        self.unjudged = unjudged if unjudged.any() else None

    def _map(self, name: str, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        file = self.folder / f"{name}.bin"
        expected = int(np.prod(shape)) * np.dtype(dtype).itemsize
        size = file.stat().st_size
        if size != expected:
            raise IndexCorruptError(f"{file}: {size} bytes, expected {expected}; build the index again")
        if expected == 0:
            return np.zeros(shape, dtype=dtype)
        # A plain ndarray over the map: memmap's own class costs microseconds on every slice.
        return np.asarray(np.memmap(file, dtype=dtype, mode="r", shape=shape))

    def _bitmap(self, file: FileSum | None) -> npt.NDArray[np.bool_] | None:
        if file is None:
            return None
        packed = np.fromfile(self.folder / file.name, dtype=np.uint8)
        if len(packed) != (self.info.rows + 7) // 8:
            raise IndexCorruptError(
                f"{self.folder / file.name}: {len(packed)} bytes for {self.info.rows} rows; build it again"
            )
        return np.unpackbits(packed, count=self.info.rows).astype(bool)

    def creator_id(self, row: int) -> str:
        return bytes(self._ids[self._offsets[row] : self._offsets[row + 1]]).decode()

    def find(self, creator_id: str) -> int | None:
        """Row of a live creator, or None."""
        key = np.uint64(key_of(creator_id))
        start, end = np.searchsorted(self._keys, key, "left"), np.searchsorted(self._keys, key, "right")
        for at in range(int(start), int(end)):
            row = int(self._key_rows[at])
            if (self.deleted is None or not self.deleted[row]) and self.creator_id(row) == creator_id:
                return row
        return None

    def row(self, row: int) -> IndexRow:
        """One row as it was given, vectors as stored."""
        vectors = self.vectors[row].astype(np.float32)
        if self.scales is not None:
            vectors = (vectors - ZERO) * self.scales[row][:, None]
        platform, language, country = (
            None if code == UNKNOWN else self.values[i][code] for i, code in enumerate(self.codes[row])
        )
        return IndexRow(
            creator_id=self.creator_id(row),
            vectors=vectors,
            inputs=self.inputs[row].copy(),
            platform=platform,
            language=language,
            country=country,
            followers=int(self.followers[row]),
            authenticity=float(self.authenticity[row]),
        )


def write_deleted(folder: Path, deleted: npt.NDArray[np.bool_], generation: int) -> FileSum:
    """Write a bit map of deleted rows for a generation, synced; returns its name and sum."""
    written = _written(folder / f"deleted-{generation}.bin", np.packbits(deleted).tobytes())
    sync(folder / written.name)
    sync(folder)
    return written


def _written(file: Path, raw: bytes) -> FileSum:
    file.write_bytes(raw)
    return FileSum(file.name, len(raw), zlib.crc32(raw))


def _check(folder: Path, files: Iterable[FileSum]) -> None:
    """Compare size and CRC-32 of each file with what was written; zlib lets other threads run meanwhile."""
    with ThreadPoolExecutor(CHECKERS, thread_name_prefix="bonafit-check") as pool:
        for file, checksum in [(file, pool.submit(_sum_of, folder, file)) for file in files]:
            if checksum.result() != file.crc:
                raise IndexCorruptError(f"{folder / file.name}: changed since it was written; build the index again")


def _sum_of(folder: Path, file: FileSum) -> int:
    crc = size = 0
    if not is_plain_name(file.name):
        raise IndexCorruptError(f"{folder}: file name {file.name!r}; expected a plain name, build the index again")
    if why := refusal(folder / file.name, limit=file.size):
        raise IndexCorruptError(f"{folder / file.name}: {why}; build the index again")
    with (folder / file.name).open("rb") as stream:
        while block := stream.read(BLOCK):
            crc, size = zlib.crc32(block, crc), size + len(block)
    if size != file.size:
        raise IndexCorruptError(f"{folder / file.name}: {size:,} bytes, expected {file.size:,}; build the index again")
    return crc
