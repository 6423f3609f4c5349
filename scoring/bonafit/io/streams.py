"""From a path or standard input to a stream of bytes, decompressed, in UTF-8, and to lines of bounded length."""

from __future__ import annotations

import bz2
import io
import lzma
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from bonafit.errors import InputError

# compression by the name of an output, and by the first bytes of an input
CODECS = {".gz": "gzip", ".zst": "zstd"}
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}
PACKED = (*CODECS, ".bz2", ".xz", ".zip")
ZIP = b"PK\x03\x04"
BOM = b"\xef\xbb\xbf"
CHUNK = 1 << 20
# One row of 10,000 posts with captions at Instagram's limit is 22 MB; a longer line is a file without line ends.
MAX_ROW = 64 << 20
# JSON of scrapers shrinks 5 to 20 times; beyond this ratio, and this many bytes, a file is made to fill memory and
# disk.
MAX_RATIO, RATIO_FROM = 1_000, 256 << 20


class Stream(Protocol):
    """What the readers need of a file."""

    def read(self, n: int, /) -> bytes: ...


def named(path: str | os.PathLike[str]) -> str:
    """How messages call an input."""
    return "standard input" if os.fspath(path) == "-" else os.fspath(path)


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


class LineFeeds:
    """A stream in which lines end as those of old Macs and some scripts do, in carriage returns alone: all or some."""

    def __init__(self, stream: Peekable) -> None:
        self._stream = stream
        self._held = b""

    def read(self, n: int, /) -> bytes:
        data = self._held + self._stream.read(n)
        # what stands behind a return at the end is not known yet
        self._held = b"\r" if data.endswith(b"\r") and data != b"\r" else b""
        data = data[: len(data) - len(self._held)]
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class _Decompressed:
    """A decompressor, with its errors as InputError and a bound on what it makes of little."""

    def __init__(self, stream: Stream, codec: str, name: str) -> None:
        import pyarrow as pa

        self._codec = codec
        self._name = name
        self._raw = _Raw(stream)
        self._out = 0
        if codec == "xz":
            self._stream: Any = lzma.LZMAFile(io.BufferedReader(self._raw))  # noqa: SIM115 - ends with the reader
        elif codec == "bz2":
            self._stream = bz2.BZ2File(io.BufferedReader(self._raw))
        else:
            self._stream = pa.CompressedInputStream(pa.PythonFile(self._raw, mode="r"), codec)

    def read(self, n: int, /) -> bytes:
        try:
            out: bytes = self._stream.read(n)
            self._out += len(out)
            if self._out > max(RATIO_FROM, MAX_RATIO * self._raw.n):
                raise InputError(
                    f"{self._name}: grew more than {MAX_RATIO:,} times when decompressed, expected rows; "
                    "decompress it yourself if that is meant"
                )
        except (OSError, EOFError, lzma.LZMAError) as error:
            raise InputError(
                f"{self._name}: {self._codec} stream is damaged or cut short ({error}); rows before the damage "
                "were delivered, rows after it are lost: copy or export the file again"
            ) from error
        return out


class _Raw(io.RawIOBase):
    """A Stream as the file object that pyarrow expects."""

    def __init__(self, stream: Stream) -> None:
        self._source = stream
        self.n = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        out = self._source.read(CHUNK if size < 0 else size)
        self.n += len(out)
        return out

    def readinto(self, buffer: Any, /) -> int:
        out = self.read(len(buffer))
        buffer[: len(out)] = out
        return len(out)


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
    except (OSError, AttributeError):
        return None
    return status.st_size or None if stat.S_ISREG(status.st_mode) else None


def decompressed(raw: Stream, name: str) -> Peekable:
    """The stream without its layer of compression, recognised by its first bytes and not by the name."""
    peekable = Peekable(raw)
    head = peekable.peek(6)
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
    pending_bytes = 0
    overlong = False
    if stream.peek(len(BOM)) == BOM:
        stream.read(len(BOM))
    while chunk := stream.read(CHUNK):
        parts = chunk.split(b"\n")
        for part in parts[:-1]:
            number += 1
            if overlong or pending_bytes + len(part) > limit:
                yield number, None
            elif pending:
                pending.append(part)
                yield number, b"".join(pending)
            else:
                yield number, part
            if pending_bytes or overlong:
                pending, pending_bytes, overlong = [], 0, False
        tail = parts[-1]
        if overlong or pending_bytes + len(tail) > limit:
            pending, pending_bytes, overlong = [], 0, True
        elif tail:
            pending.append(tail)
            pending_bytes += len(tail)
    if overlong:
        yield number + 1, None
    elif pending:
        yield number + 1, b"".join(pending)
