"""Results, creators and rejects to files: JSON Lines, CSV, Parquet; whole or not at all.

A file is written beside its place under another name, synced and renamed, so that nobody ever reads half of one. The
same records give the same bytes.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec

from bonafit.errors import InputError
from bonafit.io.formats import FORMATS, WRITTEN, format_of
from bonafit.io.report import OnReject, Reject
from bonafit.io.streams import CODECS
from bonafit.records import Creator
from bonafit.results import COMPONENTS, Component, CreatorScore, Profile

# Spreadsheets execute cells that begin with one of these; a leading apostrophe makes them text again.
# Source: OWASP, "CSV Injection".
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TOP_REASONS = 3

Path_ = str | os.PathLike[str]
Write = Callable[[Any], object]


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


def write_results(path: Path_, results: Iterable[CreatorScore], *, format: str | None = None) -> int:
    """Write every result in order; returns how many. JSONL and Parquet are complete, CSV is flat with top reasons.

    path : `-` is standard output (JSONL or CSV). format : `jsonl`, `csv` or `parquet`, where the name does not say so.
    Raises InputError where the name says no format, OSError where the file cannot be written.
    """
    with results_file(path, format=format) as write:
        return _count(write, results)


def write_lines(path: Path_, lines: Iterable[bytes]) -> int:
    """Write results that are JSON already, as write_results writes JSONL; returns how many. `path` : as there."""
    with opened(path) as sink:
        return _count(lambda line: sink.write(line + b"\n"), lines)


def write_creators(path: Path_, creators: Iterable[Creator], *, format: str | None = None) -> int:
    """Write creators so that read_creators gives equal ones back; returns how many.

    Absent values take no room in JSONL. CSV holds posts and other lists as JSON columns, cannot tell an empty text
    from an absent one, and is for programs: cells are written as they are, not made safe for spreadsheets.
    """
    with _file(path, Creator, _creator_columns, format) as write:
        return _count(write, creators)


def write_records(
    path: Path_,
    records: Iterable[msgspec.Struct],
    *,
    kind: type[msgspec.Struct],
    columns: Callable[[Any], dict[str, Any]],
    format: str | None = None,
) -> int:
    """Write records of any kind as write_results writes results; returns how many.

    columns : of one record as flat cells, for CSV and Parquet; texts are made safe for spreadsheets by `defused`.
    """
    with _file(path, kind, columns, format) as write:
        return _count(write, records)


@contextmanager
def results_file(path: Path_, *, format: str | None = None) -> Iterator[Callable[[CreatorScore], object]]:
    """A function that writes one result; the file appears when the block ends without an error."""
    with _file(path, CreatorScore, _result_columns, format) as write:
        yield write


@contextmanager
def rejects_file(output: Path_) -> Iterator[OnReject]:
    """An `on_reject` that writes to `<output>.rejects.jsonl`; without rejects no file is left there, old ones neither.

    Beside standard output (`-`) rejects go to standard error.
    """
    if os.fspath(output) == "-":
        yield lambda reject: print(msgspec.json.encode(reject).decode(), file=sys.stderr)
        return
    path = Path(f"{os.fspath(output)}.rejects.jsonl")
    n = 0
    with beside(path) as (handle, keep):

        def on_reject(reject: Reject) -> None:
            nonlocal n
            n += 1
            handle.write(msgspec.json.encode(reject) + b"\n")

        yield on_reject
        keep(n > 0)
    if n == 0:
        path.unlink(missing_ok=True)


def defused(text: str) -> str:
    """A text cell that a spreadsheet will not execute."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _count(write: Write, records: Iterable[Any]) -> int:
    n = 0
    for record in records:
        write(record)
        n += 1
    return n


@contextmanager
def _file(
    path: Path_, kind: type[msgspec.Struct], columns: Callable[[Any], dict[str, Any]], format: str | None
) -> Iterator[Write]:
    """A function that writes one record of `kind` in the format asked for."""
    chosen = output_format(path, format)
    with opened(path) as sink, FORMATS[chosen].module.written(sink, kind, columns) as write:
        yield write


def output_format(path: Path_, format: str | None = None) -> str:
    """The format that an output will have. Raises InputError where it cannot be written, before any work is done."""
    if format is not None and format not in WRITTEN:
        raise InputError(f"format {format!r}: expected one of {', '.join(WRITTEN)}")
    chosen = format or format_of(path) or "jsonl"
    if not FORMATS[chosen].pipes:
        if os.fspath(path) == "-":
            raise InputError(f"standard output: {chosen} needs a file; name one, or choose jsonl or csv")
        if Path(path).suffix.lower() in CODECS:
            raise InputError(f"{os.fspath(path)}: Parquet compresses its own columns; leave {Path(path).suffix} out")
    return chosen


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
        for given in inputs:
            if (
                given is not None
                and os.fspath(given) != "-"
                and place.exists()
                and Path(given).exists()
                and place.samefile(given)
            ):
                raise InputError(f"{place}: is read by this run, expected another name for the output")
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
def opened(path: Path_) -> Iterator[_Sink]:
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
    kept = False

    def keep(wanted: bool) -> None:
        nonlocal kept
        kept = wanted

    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with temporary.open("wb") as handle:
            yield handle, keep
            handle.flush()
            os.fsync(handle.fileno())
        if kept:
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
def _compressed(handle: BinaryIO, codec: str | None) -> Iterator[_Sink]:
    if codec is None:
        yield handle
        return
    import pyarrow as pa

    with pa.CompressedOutputStream(pa.PythonFile(_LeftOpen(handle), mode="w"), codec) as stream:
        yield stream


def sparse(record: msgspec.Struct) -> dict[str, Any]:
    """A record as a plain object without the fields that hold their default."""
    out: dict[str, Any] = {}
    for name, default in _defaults(type(record)):
        value = getattr(record, name)
        if value == default:
            continue
        if isinstance(value, tuple):
            value = [sparse(item) if isinstance(item, msgspec.Struct) else item for item in value]
        out[name] = value
    return out


@cache
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """Field names with their defaults; NODEFAULT, equal to nothing, for required ones."""
    # structs.fields takes a millisecond a call
    return tuple(
        (field.name, field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory())
        for field in msgspec.structs.fields(kind)
    )


def _creator_columns(creator: Creator) -> dict[str, Any]:
    row = {}
    for name in creator.__struct_fields__:
        value = getattr(creator, name)
        if isinstance(value, tuple):
            value = msgspec.json.encode([sparse(item) for item in value]).decode() if value else None
        elif isinstance(value, dict):
            value = msgspec.json.encode(value).decode() if value else None
        elif isinstance(value, bool):
            value = "true" if value else "false"
        row[name] = value
    return row


def _result_columns(result: CreatorScore) -> dict[str, Any]:
    """One result as flat cells; text cells are made safe for spreadsheets."""
    row: dict[str, Any] = {
        "creator_id": defused(result.creator_id),
        **{name: _cell(getattr(result.profile, name)) for name in Profile.__struct_fields__},
        "score": result.score,
        "score_low": result.interval[0] if result.interval else None,
        "score_high": result.interval[1] if result.interval else None,
        "verdict": result.verdict,
        "verdict_reasons": defused(" | ".join(result.verdict_reasons)),
        "sufficiency": result.sufficiency,
        "flags": defused("|".join(result.flags)),
    }
    sold = result.commercial
    row |= {
        "ad_load": sold.ad_load if sold else None,
        "partners": defused(" | ".join(sold.partner_names)) if sold else None,
        "competitors": defused(" | ".join(sold.competitor_states)) if sold else None,
    }
    parts = {contribution.component: contribution for contribution in result.contributions}
    for name in COMPONENTS:
        component: Component = getattr(result, name)
        low, high = component.interval or (None, None)
        part = parts.get(name)
        row |= {
            name: component.value,
            f"{name}_low": low,
            f"{name}_high": high,
            f"{name}_status": component.status,
            f"{name}_sufficiency": component.sufficiency,
            f"{name}_weight": part.weight if part else None,
            f"{name}_points": part.points if part else None,
            f"{name}_flags": defused("|".join(component.flags)),
            f"{name}_reasons": defused(" | ".join(_top_reasons(component))),
        }
    return row | {"input_digest": result.input_digest, "bundle_digest": result.bundle_digest}


def _cell(value: Any) -> Any:
    return defused(value) if isinstance(value, str) else value


def _top_reasons(component: Component) -> list[str]:
    """The texts of the reasons that moved the value most, the baseline left out; ties keep their order."""
    moved = [reason for reason in component.reasons if reason.feature != "baseline"]
    return [reason.text for reason in sorted(moved, key=lambda reason: -abs(reason.points))[:TOP_REASONS]]
