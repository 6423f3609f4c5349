"""From a path or standard input to a stream of bytes, decompressed, and to lines of bounded length."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from bonafit.errors import InputError

FORMATS = ("jsonl", "csv", "parquet")
SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
CODECS = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CHUNK = 1 << 20
# One row of 10,000 posts with captions at Instagram's limit is 22 MB; a longer line is a file without line ends.
MAX_ROW = 64 << 20


class Stream(Protocol):
    """What the readers need of a file."""

    def read(self, n: int, /) -> bytes: ...


def named(path: str | os.PathLike[str]) -> str:
    """How messages call an input."""
    return "standard input" if os.fspath(path) == "-" else os.fspath(path)


def format_of(path: str | os.PathLike[str]) -> str | None:
    """`jsonl`, `csv` or `parquet` from the file's name; None for standard input.

    Raises InputError where the name says nothing.
    """
    if os.fspath(path) == "-":
        return None
    name = Path(path)
    suffix = Path(name.stem).suffix if name.suffix.lower() in CODECS else name.suffix
    found = SUFFIXES.get(suffix.lower())
    if found is None:
        raise InputError(
            f"{named(path)}: the name ends in {suffix or 'no extension'!r}, expected {', '.join(SUFFIXES)}, "
            f"with or without {' or '.join(CODECS)}; rename the file or name its format ({', '.join(FORMATS)})"
        )
    return found


def sniffed(head: bytes) -> str:
    """Format of an input without a name, by its first bytes. An empty input is JSON Lines without rows."""
    if head.startswith(b"PAR1"):
        return "parquet"
    text = head.removeprefix(BOM).lstrip()
    return "jsonl" if not text or text[:1] in b"{[" else "csv"


class Peekable:
    """A byte stream whose first bytes can be looked at before they are read. is_raw: it was not compressed."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._head = b""
        self.is_raw = not isinstance(stream, _Decompressed)

    def peek(self, n: int) -> bytes:
        while len(self._head) < n:
            more = self._stream.read(n - len(self._head))
            if not more:
                break
            self._head += more
        return self._head[:n]

    def read(self, n: int, /) -> bytes:
        if self._head:
            out, self._head = self._head[:n], self._head[n:]
            return out
        return self._stream.read(n)


class _Decompressed:
    """pyarrow's decompressor, with its errors as InputError."""

    def __init__(self, stream: Stream, codec: str, name: str) -> None:
        import pyarrow as pa

        self._codec = codec
        self._name = name
        self._stream = pa.CompressedInputStream(pa.PythonFile(_Raw(stream), mode="r"), codec)

    def read(self, n: int, /) -> bytes:
        try:
            out: bytes = self._stream.read(n)
        except OSError as error:
            raise InputError(
                f"{self._name}: {self._codec} stream is damaged or cut short ({error}); rows before the damage "
                "were delivered, rows after it are lost: copy or export the file again"
            ) from error
        return out


class _Raw(io.RawIOBase):
    """A Stream as the file object that pyarrow expects."""

    def __init__(self, stream: Stream) -> None:
        self._source = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._source.read(CHUNK if size < 0 else size)


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """The file's raw bytes, or standard input for `-`. Raises InputError where it cannot be opened."""
    if os.fspath(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        handle = Path(path).open("rb")  # noqa: SIM115 - closed below; an error while reading is not one of opening
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"{named(path)}: cannot be opened ({reason}); expected a readable file, or - for standard input"
        ) from error
    with handle:
        yield handle


def length_of(raw: BinaryIO) -> int | None:
    """Bytes of an open file, compressed ones as they lie there; None for a pipe, an empty one, a stream in memory."""
    try:
        status = os.fstat(raw.fileno())
    except OSError:
        return None
    return status.st_size or None if stat.S_ISREG(status.st_mode) else None


def decompressed(raw: Stream, name: str) -> Peekable:
    """The stream without its gzip or zstd layer, recognised by its first bytes and not by the name."""
    peekable = Peekable(raw)
    head = peekable.peek(4)
    for magic, codec in MAGIC.items():
        if head.startswith(magic):
            return Peekable(_Decompressed(peekable, codec, name))
    return peekable


def lines(stream: Peekable, *, limit: int = MAX_ROW) -> Iterator[tuple[int, bytes | None]]:
    """1-based line number and line without its end; None in place of a line longer than `limit` bytes.

    Memory is bounded by `limit` and one chunk. A byte order mark before the first line is dropped.
    """
    number = 0
    pending: list[bytes] = []
    held = 0
    overlong = False
    if stream.peek(len(BOM)) == BOM:
        stream.read(len(BOM))
    while chunk := stream.read(CHUNK):
        parts = chunk.split(b"\n")
        for part in parts[:-1]:
            number += 1
            if overlong or held + len(part) > limit:
                yield number, None
            elif pending:
                pending.append(part)
                yield number, b"".join(pending)
            else:
                yield number, part
            if held or overlong:
                pending, held, overlong = [], 0, False
        tail = parts[-1]
        if overlong or held + len(tail) > limit:
            pending, held, overlong = [], 0, True
        elif tail:
            pending.append(tail)
            held += len(tail)
    if overlong:
        yield number + 1, None
    elif pending:
        yield number + 1, b"".join(pending)
