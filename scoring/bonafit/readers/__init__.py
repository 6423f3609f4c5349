"""Creators from JSON Lines, CSV and Parquet, streaming; every row is read or rejected in the open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime

from bonafit.errors import InputError, RecordError
from bonafit.readers.convert import creator_from_dict
from bonafit.readers.jsonl import Row, creators_from_jsonl
from bonafit.readers.report import OnReject, ReadReport, Reject, reject_from
from bonafit.readers.seen import SeenIds
from bonafit.readers.source import FORMATS, decompressed, format_of, named, opened, sniffed
from bonafit.readers.validate import check_creator, latest_instant, validate_creator
from bonafit.records import Creator

__all__ = [
    "FORMATS",
    "OnReject",
    "ReadReport",
    "Reject",
    "check_creator",
    "creator_from_dict",
    "format_of",
    "latest_instant",
    "read_creators",
    "reject_from",
    "validate_creator",
]


def read_creators(
    path: str | os.PathLike[str],
    *,
    on_reject: OnReject,
    format: str | None = None,
    report: ReadReport | None = None,
    now: datetime | None = None,
) -> Iterator[tuple[int, Creator]]:
    """Line (or row) number and creator, one at a time, in the input's order and in bounded memory.

    path      : a file, plain, .gz or .zst; `-` is standard input, whose format is sniffed.
    on_reject : called for every row that cannot be scored; rows in = creators yielded + rejects.
    format    : `jsonl`, `csv` or `parquet`, where the name does not say so.
    report    : filled while reading: counts, unknown columns, other names accepted.
    now       : what "in the future" is measured against; the clock where None.
    Raises InputError where the whole input cannot be read. A stream cut short in the middle yields the rows before
    the cut and then raises, so a caller that stops at the error knows that it has not seen everything.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"format {format!r}: expected one of {', '.join(FORMATS)}")
    return _accounted(path, format or format_of(path), on_reject, report or ReadReport(), now)


def _accounted(
    path: str | os.PathLike[str], format: str | None, on_reject: OnReject, report: ReadReport, now: datetime | None
) -> Iterator[tuple[int, Creator]]:
    seen = SeenIds()
    with opened(path) as raw:
        stream = decompressed(raw, named(path))
        kind = format or sniffed(stream.peek(4096))
        for line, row in _READERS[kind](stream, named(path), report=report, now=now):
            report.rows += 1
            if isinstance(row, Creator):
                if seen.add(row.creator_id):
                    report.accepted += 1
                    yield line, row
                    continue
                error = RecordError(
                    "found an id that an earlier row has, expected one row a creator; merge the rows",
                    line=line,
                    creator_id=row.creator_id,
                    field="creator_id",
                    found=row.creator_id,
                )
            else:
                error = row
            report.rejected += 1
            on_reject(reject_from(error))


_READERS: dict[str, Callable[..., Iterator[Row]]] = {"jsonl": creators_from_jsonl}
