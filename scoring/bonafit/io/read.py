"""Creators from JSON Lines, CSV and Parquet, streaming; every row is read or rejected in the open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.arrow_rows import creators_from_batch, plain_rows, rows_of
from bonafit.io.formats.csv import check_columns, rows_of_csv
from bonafit.io.formats.jsonl import Plain, Row, creators_from_jsonl, objects_from_jsonl
from bonafit.io.formats.parquet import batches, opened_parquet
from bonafit.io.report import OnReject, ReadReport, Reject, reject_from
from bonafit.io.rows.check import check_creator, latest_instant, validate_creator
from bonafit.io.rows.convert import creator_from_dict
from bonafit.io.rows.flat import creator_from_flat
from bonafit.io.seen_ids import SeenIds
from bonafit.io.streams import FORMATS, Peekable, decompressed, format_of, length_of, named, opened, sniffed
from bonafit.records import Creator, Post

if TYPE_CHECKING:
    from bonafit.io.posts_file import PostShelf

__all__ = [
    "FORMATS",
    "OnReject",
    "ReadReport",
    "Reject",
    "check_creator",
    "creator_from_dict",
    "creators_from_batch",
    "format_of",
    "latest_instant",
    "read_creators",
    "reject_from",
    "validate_creator",
]


Source = str | os.PathLike[str]


def read_creators(
    path: Source,
    *,
    on_reject: OnReject,
    format: str | None = None,
    posts: Source | None = None,
    report: ReadReport | None = None,
    now: datetime | None = None,
) -> Iterator[tuple[int, Creator]]:
    """Line (or row) number and creator, one at a time, in the input's order and in bounded memory.

    path      : a file, plain, .gz or .zst; `-` is standard input, whose format is sniffed.
    on_reject : called for every row that cannot be scored; rows in = creators yielded + rejects.
    format    : `jsonl`, `csv` or `parquet`, where the name does not say so.
    posts     : a file of one post a row with creator_id, in any of the formats and any order, read first.
    report    : filled while reading: counts, unknown columns, other names accepted.
    now       : what "in the future" is measured against; the clock where None.
    Raises InputError where the whole input cannot be read. A stream cut short in the middle yields the rows before
    the cut and then raises, so a caller that stops at the error knows that it has not seen everything.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"format {format!r}: expected one of {', '.join(FORMATS)}")
    if posts is not None and os.fspath(path) == os.fspath(posts) == "-":
        raise InputError("creators and posts cannot both come from standard input; name a file for one of them")
    chosen = format or format_of(path)
    report = ReadReport() if report is None else report
    if posts is None:
        return _accounted(_creators(path, chosen, report, now), on_reject, report)
    return _with_posts(path, chosen, posts, format_of(posts), on_reject, report, now)


def _accounted(rows: Iterator[Row], on_reject: OnReject, report: ReadReport) -> Iterator[tuple[int, Creator]]:
    """The creators among the rows; everything else, and every id that was seen before, is rejected."""
    seen = SeenIds()
    for line, row in rows:
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


def _with_posts(
    path: Source,
    format: str | None,
    posts: Source,
    posts_format: str | None,
    on_reject: OnReject,
    report: ReadReport,
    now: datetime | None,
) -> Iterator[tuple[int, Creator]]:
    # sqlite3 is loaded where a posts file is given
    from bonafit.io.posts_file import reject_orphans, shelved

    rows = _plain(posts, posts_format, Post, report)
    with shelved(rows, report=report, on_reject=on_reject, now=now) as shelf:
        creators = (_joined(line, row, shelf) for line, row in _creators(path, format, report, now))
        yield from _accounted(creators, on_reject, report)
        reject_orphans(shelf, report=report, on_reject=on_reject)


def _joined(line: int, row: Creator | RecordError, shelf: PostShelf) -> Row:
    if isinstance(row, RecordError):
        return line, row
    if row.posts:
        reason = "found posts in the row and a posts file beside it, expected one of them; drop the column"
        return line, RecordError(reason, line=line, creator_id=row.creator_id, field="posts")
    return line, msgspec.structs.replace(row, posts=shelf.posts_of(row.creator_id))


def _creators(path: Source, format: str | None, report: ReadReport, now: datetime | None) -> Iterator[Row]:
    """Every row of the input as a creator or an error."""
    name = named(path)
    with opened(path) as raw:
        stream = decompressed(raw, name)
        chosen = format or sniffed(stream.peek(4096))
        if chosen != "parquet":
            size = length_of(raw)
            for row in _lines(stream, name, chosen, report, now):
                report.share = raw.tell() / size if size else None
                yield row
            return
        with opened_parquet(path, stream) as file:
            check_columns(file.schema_arrow.names, name, Creator)
            first = 1
            for batch in batches(file, name):
                report.share = (first - 1 + batch.num_rows) / file.metadata.num_rows
                yield from rows_of(batch, first_row=first, report=report, now=now)
                first += batch.num_rows


def _lines(stream: Peekable, name: str, format: str, report: ReadReport, now: datetime | None) -> Iterator[Row]:
    if format == "jsonl":
        yield from creators_from_jsonl(stream, name, report=report, now=now)
        return
    for line, plain in rows_of_csv(stream, name, Creator, report=report):
        yield line, creator_from_flat(plain, line, report=report, now=now)


def _plain(path: Source, format: str | None, kind: type, report: ReadReport) -> Iterator[Plain]:
    """Every row of the input as a plain object or an error."""
    name = named(path)
    with opened(path) as raw:
        stream = decompressed(raw, name)
        chosen = format or sniffed(stream.peek(4096))
        if chosen == "jsonl":
            yield from objects_from_jsonl(stream, name, report=report)
        elif chosen == "csv":
            yield from rows_of_csv(stream, name, kind, report=report)
        else:
            with opened_parquet(path, stream) as file:
                check_columns(file.schema_arrow.names, name, kind)
                number = 0
                for batch in batches(file, name):
                    for plain in plain_rows(batch):
                        number += 1
                        yield number, plain
