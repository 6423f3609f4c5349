"""Results, creators and rejects to files: JSON Lines, CSV, Parquet. The same records give the same bytes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from bonafit.io.flat_rows import DANGEROUS, creator_columns, defused, result_columns, sparse
from bonafit.io.formats import FORMATS
from bonafit.io.output_files import Path_, beside, check_output, opened, output_format
from bonafit.io.report import OnReject, Reject
from bonafit.records import Creator
from bonafit.results import CreatorScore

__all__ = [
    "DANGEROUS",
    "beside",
    "check_output",
    "defused",
    "opened",
    "output_format",
    "rejects_file",
    "results_file",
    "sparse",
    "write_creators",
    "write_lines",
    "write_records",
    "write_results",
]

Write = Callable[[Any], object]


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
    with _file(path, Creator, creator_columns, format) as write:
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
    with _file(path, CreatorScore, result_columns, format) as write:
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
    format_name = output_format(path, format)
    with opened(path) as sink, FORMATS[format_name].module.written(sink, kind, columns) as write:
        yield write
