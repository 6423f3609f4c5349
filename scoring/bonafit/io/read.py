"""Creators from any file, streaming: every row is read or rejected in the open, and what was made of the file is
told."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.arrow_rows import creators_from_batch, general_row
from bonafit.io.first_rows import FirstRows
from bonafit.io.formats import FORMATS, Source_, format_of, suffix_of
from bonafit.io.plain_rows import Plain, decoded
from bonafit.io.report import OnReject, ReadReport, Reject, reject_from
from bonafit.io.rows.check import check_creator, latest_instant
from bonafit.io.rows.context import NO_OPTIONS, ReadOptions
from bonafit.io.rows.programs import creator_from_dict, validate_creator
from bonafit.io.rows.reader import RowReader
from bonafit.io.rows.traces import collected, without_long_texts
from bonafit.io.seen_ids import SeenCreators, SeenIds
from bonafit.io.streams import named
from bonafit.records import MAX_TEXT, Creator, Post

if TYPE_CHECKING:
    from bonafit.io.posts_file import PostShelf

__all__ = [
    "FORMATS",
    "OnReject",
    "ReadOptions",
    "ReadReport",
    "Reject",
    "check_creator",
    "creator_from_dict",
    "creators_from_batch",
    "first_look",
    "format_of",
    "latest_instant",
    "read_creators",
    "reject_from",
    "validate_creator",
]

Row = tuple[int, Creator | RecordError]

_CREATOR = msgspec.json.Decoder(Creator)
_KEY = (1 << 64) - 1


def read_creators(
    path: Source_,
    *,
    on_reject: OnReject,
    format: str | None = None,
    posts: Source_ | None = None,
    report: ReadReport | None = None,
    now: datetime | None = None,
    options: ReadOptions = NO_OPTIONS,
    careful: bool = False,
) -> Iterator[tuple[int, Creator]]:
    """Line (or row) number and creator, one at a time, in the input's order and in bounded memory.

    path      : a file, plain or compressed; `-` is standard input. Format, encoding and shape show in its first rows.
    A file
                of posts gives the creators who made them, in the order of their first posts.
    on_reject : called for every row that cannot be scored; rows in = creators yielded + rejects.
    format    : one of FORMATS, where neither name nor first bytes say so.
    posts     : a file of one post a row with its creator's id or handle, in any format and order, read first.
    report    : filled while reading: what the first look found, counts, values lost, names accepted.
    now       : what "in the future" is measured against; the clock where None.
    options   : what the user says of names and spellings.
    careful   : raise InputError where a column that looks like evidence is not read, where nothing is, or where no post
                of a posts file is attached.
    Raises InputError where the whole input cannot be read. A stream cut short in the middle yields the rows before the
    cut and then raises, so a caller that stops at the error knows that it has not seen everything.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"format {format!r}: expected one of {', '.join(FORMATS)}")
    if posts is not None and os.fspath(path) == os.fspath(posts) == "-":
        raise InputError("creators and posts cannot both come from standard input; name a file for one of them")
    run = _Reading(on_reject, ReadReport() if report is None else report, now, options, careful)
    return run.creators(path, format, posts)


def first_look(
    path: Source_,
    *,
    format: str | None = None,
    posts: Source_ | None = None,
    options: ReadOptions = NO_OPTIONS,
    now: datetime | None = None,
    careful: bool = False,
) -> ReadReport:
    """What the first rows of a file, and of its posts file, are taken for, without reading the rest.

    careful : as in read_creators. Raises InputError as it does.
    """
    report = ReadReport()
    run = _Reading(lambda reject: None, report, now, options, careful)
    sheet = None
    if posts is None and options.sheet is None and (sheet := _posts_sheet(path, format)) is not None:
        posts = path
    if posts is not None:
        with run.first_rows.looked_at(posts, None, "posts.", Post, sheet=sheet):
            pass
    with run.first_rows.looked_at(path, format, "", None, has_posts=posts is not None):
        pass
    return report


class _Reading:
    """One run over an input and its posts file."""

    def __init__(
        self, on_reject: OnReject, report: ReadReport, now: datetime | None, options: ReadOptions, careful: bool
    ) -> None:
        self.report = report
        self._on_reject = on_reject
        self._now = now
        self._options = options
        self._careful = careful
        self._latest = latest_instant(now)
        self.first_rows = FirstRows(report, now, options, careful)

    def creators(self, path: Source_, format: str | None, posts: Source_ | None) -> Iterator[tuple[int, Creator]]:
        sheet = None
        if posts is None and self._options.sheet is None and (sheet := _posts_sheet(path, format)) is not None:
            posts = path
        if posts is None:
            with self.first_rows.looked_at(path, format, "", None) as (rows, reader):
                yield from self._of_rows(rows, reader)
            self._stop_without_any(path)
            return
        # sqlite3 is loaded where a posts file is given
        from bonafit.io.posts_file import reject_orphans, shelved

        with self.first_rows.looked_at(posts, None, "posts.", Post, sheet=sheet) as (post_rows, post_reader):
            objects = ((number, decoded(row, number)) for number, row in post_rows)
            with shelved(objects, post_reader, report=self.report, on_reject=self._on_reject) as shelf:
                looked = self.first_rows.looked_at(path, format, "", None, has_posts=True)
                with looked as (rows, reader):
                    yield from self._accounted(self._joined(line, row, shelf) for line, row in self._read(rows, reader))
                reject_orphans(shelf, report=self.report, on_reject=self._on_reject)
        self._stop_without_any(path)
        report = self.report
        if self._careful and report.post_rows and not report.post_rows_attached and report.accepted:
            raise InputError(
                f"{named(posts)}: none of {report.post_rows:,} posts belongs to a creator of {named(path)}; "
                "give both files the same ids or handles"
            )

    def _stop_without_any(self, path: Source_) -> None:
        """Careful reading of a file in which every row was rejected ends with the commonest cause."""
        report = self.report
        if not self._careful or report.accepted:
            return
        if not report.rows + report.post_rows:
            raise InputError(f"{named(path)}: holds no row, expected creators or posts; check the export")
        raise InputError(f"{named(path)}: no creator could be read; {'; '.join(report.commonest_causes())[:600]}")

    def _of_rows(self, rows: Iterator[Plain], reader: RowReader) -> Iterator[tuple[int, Creator]]:
        if reader.kind is Creator:
            yield from self._accounted(self._read(rows, reader))
            return
        from bonafit.io.posts_file import shelved

        objects = ((number, decoded(row, number)) for number, row in rows)
        with shelved(objects, reader, report=self.report, on_reject=self._on_reject) as shelf:
            yield from self._accounted(shelf.creators(reader.note))

    def _joined(self, line: int, row: Creator | RecordError, shelf: PostShelf) -> Row:
        if isinstance(row, RecordError):
            return line, row
        if row.posts:
            reason = "found posts in the row and a posts file beside it, expected one of them; drop the column"
            return line, RecordError(reason, line=line, creator_id=row.creator_id, field="posts")
        return line, shelf.with_posts(row, self.report.treat)

    def _accounted(self, rows: Iterator[Row]) -> Iterator[tuple[int, Creator]]:
        """The creators among the rows; everything else, and everybody who was seen before, is rejected."""
        creators, accounts = SeenCreators(), SeenIds()
        report = self.report
        for line, row in rows:
            report.rows += 1
            if isinstance(row, Creator):
                if (first := creators.add(row.creator_id, row.platform, line)) is None:
                    report.accepted += 1
                    # only told, so that Python's own hash will do
                    if row.handle and not accounts.add_key(hash((row.handle.lower(), row.platform)) & _KEY):
                        report.treat("handle: that of an earlier row under another id, read as another creator")
                    limit = self._options.max_text
                    yield line, row if limit >= MAX_TEXT else without_long_texts(row, limit, report.treat)
                    continue
                error = RecordError(
                    f"the id of line {first:,} once more, expected one row a creator; drop one of the rows",
                    line=line,
                    creator_id=row.creator_id,
                    field="creator_id",
                    found=row.creator_id,
                )
            else:
                error = row
            report.rejected += 1
            reject = reject_from(error)
            report.reject(reject)
            self._on_reject(reject)

    def _read(self, rows: Iterator[Plain], reader: RowReader) -> Iterator[Row]:
        """Every row as a creator or an error. Rows that are spelt as records are take the short way."""
        latest, note = self._latest, reader.note
        # with a mapping the user's names come first; a vendor's rows fill in what the vendor says of all
        short = not self._options.names and reader.platform is None
        for number, row in rows:
            if isinstance(row, RecordError):
                yield number, row
                continue
            if short:
                try:
                    yield number, collected(check_creator(_short(reader, row), latest=latest), note)
                    continue
                # off the straight path, clean or not: other names, unknown columns, other spellings, mistakes
                except (msgspec.DecodeError, RecordError, UnicodeDecodeError, RecursionError):
                    pass
            yield number, _creator(reader, row, number)


def creators_of_lines(
    numbered: Iterable[tuple[int, bytes]], *, report: ReadReport, now: datetime | None
) -> Iterator[Row]:
    """Numbered lines of JSON, wherever they come from, as creators or errors; a line stands alone, as a row of Arrow
    does."""
    latest = latest_instant(now)
    reader = RowReader(report=report, now=now)
    for number, line in numbered:
        try:
            yield number, collected(check_creator(_CREATOR.decode(line), latest=latest), reader.note)
        except (msgspec.DecodeError, RecordError, UnicodeDecodeError, RecursionError):
            if not line.strip():
                report.blank_lines += 1
            else:
                yield number, _creator(reader, line, number)


def _posts_sheet(path: Source_, format: str | None) -> str | None:
    """The sheet of posts beside the creators of a workbook, None without one."""
    if format not in (None, "workbook") or suffix_of(path) not in FORMATS["workbook"].suffixes:
        return None
    try:
        sheet: str | None = FORMATS["workbook"].module.posts_sheet(path)
    except InputError:
        # said where the creators are read
        return None
    return sheet


def _short(reader: RowReader, row: bytes | Mapping[str, Any]) -> Creator:
    """A row that is spelt as records are. Raises msgspec.DecodeError and its like where it is not."""
    if isinstance(row, bytes):
        return _CREATOR.decode(row)
    flat = reader.flat(row)
    creator = msgspec.convert(row if flat is None else flat, Creator)
    try:
        msgspec.json.encode(creator)
    except UnicodeEncodeError as error:
        # Python's reader of JSON, which is asked where the other gives up, lets lone surrogates pass
        raise msgspec.ValidationError("a lone surrogate") from error
    return creator


def _creator(reader: RowReader, row: bytes | Mapping[str, Any], number: int) -> Creator | RecordError:
    """One row on the way that reads every spelling; whatever it holds, it is a creator or an error."""
    plain = decoded(row, number)
    if isinstance(plain, RecordError):
        return plain
    return general_row(reader, plain, number)
