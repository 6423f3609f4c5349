"""Creators from any file, streaming: every row is read or rejected in the open, and what was made of the file is
told."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.arrow_rows import creators_from_batch, general_row
from bonafit.io.formats import FORMATS, Source, Source_, format_of
from bonafit.io.look import ROWS, kind_of, told
from bonafit.io.plain_rows import Plain, decoded, plain_rows, readable_rows, share_read
from bonafit.io.report import OnReject, ReadReport, Reject, reject_from
from bonafit.io.rows.check import check_creator, latest_instant
from bonafit.io.rows.context import NO_OPTIONS, ReadOptions
from bonafit.io.rows.layout import Layout, layout_of
from bonafit.io.rows.reader import RowReader, creator_from_dict, validate_creator
from bonafit.io.rows.traces import collected
from bonafit.io.seen_ids import SeenCreators, SeenIds
from bonafit.io.streams import length_of, named, opened
from bonafit.records import Creator, Post

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
# Bytes of rows that the first look holds at most.
_LOOK_BYTES = 8 << 20
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
    if posts is not None:
        with run.looked_at(posts, None, "posts.", Post):
            pass
    with run.looked_at(path, format, "", None):
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

    def creators(self, path: Source_, format: str | None, posts: Source_ | None) -> Iterator[tuple[int, Creator]]:
        if posts is None:
            with self.looked_at(path, format, "", None) as (rows, reader):
                yield from self._of_rows(rows, reader)
            self._stop_without_any(path)
            return
        # sqlite3 is loaded where a posts file is given
        from bonafit.io.posts_file import reject_orphans, shelved

        with self.looked_at(posts, None, "posts.", Post) as (post_rows, post_reader):
            objects = ((number, decoded(row, number)) for number, row in post_rows)
            with shelved(objects, post_reader, report=self.report, on_reject=self._on_reject) as shelf:
                with self.looked_at(path, format, "", None) as (rows, reader):
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
        if self._careful and report.rows + report.post_rows and not report.accepted:
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
        seen, accounts = SeenCreators(), SeenIds()
        report = self.report
        for line, row in rows:
            report.rows += 1
            if isinstance(row, Creator):
                if seen.add(row.creator_id, row.platform):
                    report.accepted += 1
                    # only told, so that Python's own hash will do
                    if row.handle and not accounts.add_key(hash((row.handle.lower(), row.platform)) & _KEY):
                        report.treat("handle: that of an earlier row under another id, read as another creator")
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

    @contextmanager
    def looked_at(
        self, path: Source_, format: str | None, prefix: str, kind: type[Creator] | type[Post] | None
    ) -> Iterator[tuple[Iterator[Plain], RowReader]]:
        """Rows of an input, none lost, and the reader that its first rows ask for.

        kind : what rows are known to be; None where they are looked at for that too.
        Raises InputError where careful reading finds that evidence is not read.
        """
        source = Source(name=named(path), path=path, kind=kind, sheet=self._options.sheet)
        with opened(path) as raw:
            rows = plain_rows(raw, source, format)
            size_of_input = length_of(raw)
            head: list[Plain] = []
            shares: deque[float | None] = deque()
            size = 0
            for row in islice(rows, ROWS):
                head.append(row)
                shares.append(share_read(source, row[0], raw, size_of_input))
                size += len(row[1]) if isinstance(row[1], bytes) else 0
                if size > _LOOK_BYTES:
                    break
            readable = readable_rows(head)
            layout = layout_of(readable, self._options) if kind is not Post else None
            if layout is not None:
                readable = [part for row in readable for part in layout.rows(row)]
                source.facts.update(layout.facts())
            reader = self._reader(readable, kind, layout)
            told(reader, readable, self.report, prefix=prefix)
            self._tell(source, reader, prefix)
            self._stop_early(source, head, readable)
            # rows of the look go as they are read, so that they are held once
            taken = deque(head)
            head.clear()
            held = (taken.popleft() for _ in range(len(taken)))
            later = ((row, share_read(source, row[0], raw, size_of_input)) for row in rows)
            pairs = chain(((row, shares.popleft()) for row in held), later)
            counted = self._counted(pairs, source, is_main=not prefix)
            yield (counted if layout is None else self._laid_out(counted, layout)), reader

    def _laid_out(self, rows: Iterator[Plain], layout: Layout) -> Iterator[Plain]:
        """The rows that each row is; what cannot be read stays one."""
        for number, row in rows:
            plain = decoded(row, number)
            if isinstance(plain, RecordError):
                yield number, plain
            else:
                yield from ((number, part) for part in layout.rows(plain, self.report))

    def _reader(
        self, rows: list[Mapping[str, Any]], kind: type[Creator] | type[Post] | None, layout: Layout | None
    ) -> RowReader:
        def made(kind: type[Creator] | type[Post]) -> RowReader:
            reader = RowReader(kind, report=self.report, options=self._options, now=self._now)
            reader.set_aside = frozenset() if layout is None else layout.set_aside
            reader.look(rows)
            return reader

        if kind is not None:
            return made(kind)
        creators, posts = made(Creator), made(Post)
        return creators if kind_of(rows[:200], creators, posts) is Creator else posts

    def _tell(self, source: Source, reader: RowReader, prefix: str) -> None:
        facts = dict(source.facts)
        if reader.vendor is not None:
            facts["vendor"] = reader.vendor.name
        facts["rows"] = "creators" if reader.kind is Creator else "posts"
        self.report.source.update({prefix + name: value for name, value in facts.items() if value is not None})

    def _stop_early(self, source: Source, head: list[Plain], readable: list[Mapping[str, Any]]) -> None:
        if not self._careful:
            return
        if head and not readable:
            errors = (decoded(row, number) for number, row in head)
            first = next(error for error in errors if isinstance(error, RecordError))
            raise InputError(
                f"{source.name}: none of the first {len(head):,} rows can be read; the first: {first.reason}"
            )
        if self.report.problems:
            remedies = list(dict.fromkeys(self.report.remedies))
            advice = f"; try {' '.join(remedies[:3])}" if remedies else ""
            raise InputError(
                f"{source.name}: {'; '.join(dict.fromkeys(self.report.problems))[:600]}{advice}, "
                "or look with bonafit inspect"
            )

    def _counted(self, rows: Iterator[tuple[Plain, float | None]], source: Source, *, is_main: bool) -> Iterator[Plain]:
        """The rows; the report learns how much of the input is read, and of its blank lines."""
        for row, share in rows:
            if is_main:
                self.report.share = share
            yield row
        self.report.blank_lines += source.blank_lines


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


def _short(reader: RowReader, row: bytes | Mapping[str, Any]) -> Creator:
    """A row that is spelt as records are. Raises msgspec.DecodeError and its like where it is not."""
    if isinstance(row, bytes):
        return _CREATOR.decode(row)
    flat = reader.flat(row)
    return msgspec.convert(row if flat is None else flat, Creator)


def _creator(reader: RowReader, row: bytes | Mapping[str, Any], number: int) -> Creator | RecordError:
    """One row on the way that reads every spelling; whatever it holds, it is a creator or an error."""
    plain = decoded(row, number)
    if isinstance(plain, RecordError):
        return plain
    return general_row(reader, plain, number)
