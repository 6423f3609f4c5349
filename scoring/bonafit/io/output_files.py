"""Files that results go to: their formats, their places checked before work, and whole or not at all.

A file is written beside its place under another name, synced and renamed, so that nobody ever reads half of one.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from bonafit.errors import InputError
from bonafit.io.formats import FORMATS, WRITTEN, format_of
from bonafit.io.streams import CODECS

Path_ = str | os.PathLike[str]


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> object: ...


def output_format(path: Path_, format: str | None = None) -> str:
    """The format that an output will have. Raises InputError where it cannot be written, before any work is done."""
    if format is not None and format not in WRITTEN:
        raise InputError(f"format {format!r}: expected one of {', '.join(WRITTEN)}")
    name = format or format_of(path) or "jsonl"
    if not FORMATS[name].pipes:
        if os.fspath(path) == "-":
            raise InputError(f"standard output: {name} needs a file; name one, or choose jsonl or csv")
        if Path(path).suffix.lower() in CODECS:
            raise InputError(f"{os.fspath(path)}: Parquet compresses its own columns; leave {Path(path).suffix} out")
    return name


def check_output(path: Path_, *inputs: Path_ | None, named: bool = True) -> None:
    """Raise InputError where an output cannot be put in place: before the work that it is for.

    inputs : files that are read; an output that is one of them would replace it. named : whether its name must say a
    format of this table; False for files that somebody else writes.
    """
    if os.fspath(path) == "-":
        return
    place = Path(path)
    try:
        if place.is_dir():
            raise InputError(f"{place}: is a folder, expected the name of a file")
        if named:
            output_format(path)
        if place.exists() and not place.is_file():
            raise InputError(f"{place}: is no plain file, expected the name of one; - writes to standard output")
        for other in inputs:
            if (
                other is not None
                and os.fspath(other) != "-"
                and place.exists()
                and Path(other).exists()
                and place.samefile(other)
            ):
                raise InputError(f"{place}: is read by this run, expected another name for the output")
            if other is not None and Path(other).is_dir() and place.resolve().is_relative_to(Path(other).resolve()):
                raise InputError(f"{place}: lies in the folder that this run reads, expected another place")
        parent = place.parent
        if not parent.is_dir():
            raise InputError(f"{parent}: no such folder; make it first or name another")
        if not os.access(parent, os.W_OK):
            raise InputError(f"{parent}: not allowed to write there; choose another folder")
        # the longest name that a run makes beside it
        place.with_name(f".{place.name}.rejects.jsonl.0000000.partial").exists()
    except OSError as error:
        raise InputError(
            f"{str(place)[:200]}: cannot be written ({error.strerror or error}); name another file"
        ) from error
    longest = max(len(os.fsencode(f".{place.name}.rejects.jsonl.0000000.partial")), 0)
    if longest > 255:
        raise InputError(f"{str(place)[:100]}...: the name is too long; choose a shorter one")


@contextmanager
def opened(path: Path_) -> Iterator[Sink]:
    """What bytes are written to; a file appears, compressed as its name says, when the block ends without an error."""
    if os.fspath(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with beside(Path(path)) as (handle, keep):
        with _compressed(handle, CODECS.get(Path(path).suffix.lower())) as sink:
            yield sink
        keep(True)


@contextmanager
def beside(path: Path) -> Iterator[tuple[BinaryIO, Callable[[bool], None]]]:
    """A temporary sibling that takes the place of `path` if it was to be kept and no error came."""
    former = False

    def keep(whole: bool) -> None:
        nonlocal former
        former = whole

    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with temporary.open("wb") as handle:
            yield handle, keep
            handle.flush()
            os.fsync(handle.fileno())
        if former:
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class _LeftOpen(io.RawIOBase):
    """The file under a compressor, which closes what it writes to; this one has yet to be synced."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return self._handle.write(data)


@contextmanager
def _compressed(handle: BinaryIO, codec: str | None) -> Iterator[Sink]:
    if codec is None:
        yield handle
        return
    import pyarrow as pa

    with pa.CompressedOutputStream(pa.PythonFile(_LeftOpen(handle), mode="w"), codec) as stream:
        yield stream
