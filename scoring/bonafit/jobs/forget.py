"""Removing one creator from everything that bonafit keeps on a disk, and looking whether anything is left.

A cache holds results enciphered with their input, found by a keyed hash of the id, and vectors by a hash of their text
alone; an index holds ids in clear, which go for good when it is merged; result files hold what they were asked to hold.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from bonafit.encoders.byte_store import ByteStore
from bonafit.errors import InputError
from bonafit.io.formats import format_of, suffix_of
from bonafit.io.streams import MAX_ROW, Peekable, decompressed, lines, opened
from bonafit.io.write import write_lines
from bonafit.scorer.result_cache import forget_results

# What lies beside a file of results: rows of the same creators.
BESIDE = (".rejects.jsonl", ".passed_over.jsonl")
_BLOCK = 1 << 20


class Removed(msgspec.Struct, frozen=True):
    """What was removed at one place. what : results, vectors or rows. n : of them; left : occurrences of the id."""

    place: str
    what: str
    n: int
    left: int


class _Named(msgspec.Struct):
    creator_id: Any = None


def forget_in_cache(folder: Path, creator_id: str, *, keep_vectors: bool = False) -> list[Removed]:
    """Remove a creator's results from a cache, and all vectors, which no longer say whose texts they are of.

    keep_vectors : leave the vectors: hashes of texts and 384 numbers each, without text, name or id.
    Raises InputError where the cache cannot be used.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name the cache that was used")
    counts = [("results", forget_results(folder, creator_id))]
    if not keep_vectors:
        store = ByteStore(folder)
        counts.append(("vectors", store.remove()))
        store.close()
    if any(n is None for _, n in counts):
        raise InputError(f"{folder}: cannot be changed; stop what uses it, or remove the folder: it is only a cache")
    left = occurrences(folder, creator_id)
    return [Removed(str(folder), kind, n or 0, left) for kind, n in counts]


def forget_in_results(path: Path, creator_id: str) -> list[Removed]:
    """Remove a creator's rows from a file of results and from the rejects and those passed over beside it.

    Every other row keeps its bytes, in Parquet its values. Raises InputError for a file of another format, and where a
    run to it is not finished.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; name a file of results")
    if (parts := path.with_name(path.name + ".parts")).exists():
        raise InputError(f"{parts}: a run is not finished; finish it with --resume, or remove the folder")
    kind = format_of(path)
    rewrite = {"jsonl": _rewrite_lines, "csv": _rewrite_csv, "parquet": _rewrite_parquet}.get(str(kind))
    if rewrite is None:
        raise InputError(f"{path}: {suffix_of(path)} cannot be rewritten; remove the file and score again")
    removed = [_removed(path, creator_id, rewrite)]
    for ending in BESIDE:
        beside = Path(f"{path}{ending}")
        if beside.is_file():
            removed.append(_removed(beside, creator_id, _rewrite_lines))
    return removed


def _removed(path: Path, creator_id: str, rewrite: Callable[[Path, str], int]) -> Removed:
    return Removed(str(path), "rows", rewrite(path, creator_id), occurrences(path, creator_id))


def occurrences(path: Path, creator_id: str) -> int:
    """How often an id stands in the bytes of a file, or of all files of a folder; compressed files are unpacked.

    An id of fewer than 4 characters is part of other words, so that only quoted ones and whole cells are counted.
    """
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    plain = creator_id.encode()
    escaped = msgspec.json.encode(creator_id)
    needles = {escaped} if len(plain) < 4 else {plain, escaped[1:-1]}
    return sum(_count(file, needle) for file in files for needle in needles)


def _count(file: Path, needle: bytes) -> int:
    n, tail = 0, b""
    with opened(file) as raw:
        stream = decompressed(raw, str(file))
        while block := stream.read(_BLOCK):
            text = tail + block
            n += text.count(needle)
            tail = text[-(len(needle) - 1) :] if len(needle) > 1 else b""
    return n


def _is_of(line: bytes, creator_id: str) -> bool:
    try:
        return bool(msgspec.json.decode(line, type=_Named).creator_id == creator_id)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _rewrite_lines(path: Path, creator_id: str) -> int:
    n = 0

    def others() -> Iterator[bytes]:
        nonlocal n
        with opened(path) as raw:
            for number, line in lines(decompressed(raw, str(path))):
                if line is None:
                    raise InputError(f"{path}: line {number} is longer than {MAX_ROW:,} bytes; no file of results")
                if _is_of(line, creator_id):
                    n += 1
                else:
                    yield line

    write_lines(path, others())
    return n


def _rewrite_csv(path: Path, creator_id: str) -> int:
    """Rows go by what stands in the column creator_id, with or without the mark against spreadsheets' formulas."""
    csv.field_size_limit(max(MAX_ROW, csv.field_size_limit()))
    with opened(path) as raw:
        text = io.TextIOWrapper(io.BufferedReader(_Whole(decompressed(raw, str(path)))), encoding="utf-8", newline="")
        rows = list(csv.reader(text))
    if not rows or "creator_id" not in rows[0]:
        raise InputError(f"{path}: has no column creator_id; no file of results")
    place = rows[0].index("creator_id")
    rows_left = [row for row in rows if len(row) <= place or row[place] not in (creator_id, f"'{creator_id}")]

    def written() -> Iterator[bytes]:
        for row in rows_left:
            buffer = io.StringIO(newline="")
            csv.writer(buffer).writerow(row)
            # write_lines ends a line with the second half of csv's own
            yield buffer.getvalue().encode().removesuffix(b"\n")

    write_lines(path, written())
    return len(rows) - len(rows_left)


class _Whole(io.RawIOBase):
    """A Peekable as a raw stream."""

    def __init__(self, stream: Peekable) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


def _rewrite_parquet(path: Path, creator_id: str) -> int:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.ParquetFile(path).read()
    if "creator_id" not in table.column_names:
        raise InputError(f"{path}: has no column creator_id; no file of results")
    rows_left = table.filter(pc.not_equal(table["creator_id"], creator_id))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        pq.write_table(rows_left, temporary, compression="zstd")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return int(table.num_rows - rows_left.num_rows)
