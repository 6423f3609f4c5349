"""CSV: a header and one row a creator or a post; a cell is text until its field is known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bonafit.errors import RecordError
from bonafit.io.encodings import in_utf8
from bonafit.io.formats import Source
from bonafit.io.formats.dialects import Dialect, dialect_of
from bonafit.io.formats.grid import Cells, Plain, rows_of_cells
from bonafit.io.streams import BOM, CHUNK, LineFeeds, Peekable, lines
from bonafit.records.messages import shown

# A carriage return that begins no end of a line as others write it; those in quotes are part of a cell.
_ALONE, _QUOTED = re.compile(rb"\r(?![\r\n])"), re.compile(rb'"[^"]*(?:"|$)')


def rows(stream: Peekable, source: Source) -> Iterator[Plain]:
    """First line of a row and its cells as a plain object of texts, or the error that makes it a reject.

    Raises InputError where the input has no header.
    """
    stream, encoding = in_utf8(stream)
    source.facts["encoding"] = "utf-8" if encoding == "ascii" else encoding
    head = stream.peek(CHUNK)
    if b"\r" in head and _ALONE.search(_QUOTED.sub(b"", head)):
        stream = Peekable(LineFeeds(stream))
    return rows_of_cells(_cells(stream, source, encoding), source)


def _cells(stream: Peekable, source: Source, encoding: str) -> Iterator[Cells]:
    # the default of 128 KiB a field is less than a JSON column of posts; a process-wide setting, only ever raised
    csv.field_size_limit(max(source.max_row, csv.field_size_limit()))
    dialect = dialect_of(stream.peek(1 << 16).removeprefix(BOM).decode("utf-8", "replace"))
    source.facts["separator"] = dialect.in_words()
    feed = _Feed(stream, dialect, fallback="cp1252" if encoding == "ascii" else None, limit=source.max_row)
    if dialect.spans:
        yield from _of_fixed_width(feed, dialect, source)
        return
    if dialect.has_sep_line:
        next(feed)
    reader = csv.reader(
        feed, delimiter=dialect.separator, quotechar=dialect.quote, strict=True, skipinitialspace=dialect.padded
    )
    before = 1 if dialect.has_sep_line else 0
    is_plain = not dialect.padded and not dialect.is_wrapped
    while True:
        first = reader.line_num + 1 + before
        feed.overlong = False
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield first, _torn(first, reader.line_num + before, error)
            continue
        if feed.recoded:
            source.facts["encoding"] = "cp1252"
        if cells is None:
            return
        if feed.overlong:
            yield first, _overlong(first, feed.limit)
            continue
        yield first, _checked(cells if is_plain else dialect.cells(cells), first)


def _of_fixed_width(feed: _Feed, dialect: Dialect, source: Source) -> Iterator[Cells]:
    for number, line in enumerate(feed, start=1):
        if feed.overlong:
            feed.overlong = False
            yield number, _overlong(number, feed.limit)
            continue
        if feed.recoded:
            source.facts["encoding"] = "cp1252"
        text = line.rstrip("\r\n")
        cells = dialect.cut(text)
        if cells is None:
            reason = "found text across the end of a column of fixed width, expected columns as in the first lines"
            yield number, RecordError(f"{reason}; save the table as CSV", line=number, found=shown(text))
        elif not set(text) <= set("-= "):
            yield number, _checked(cells, number)


def _overlong(number: int, limit: int) -> RecordError:
    return RecordError(f"found a line longer than {limit:,} bytes, expected one row; split it", line=number)


class _Feed:
    """Decoded lines for csv.reader; bytes that are not UTF-8 become lone surrogates, which no valid text has.

    fallback : encoding of the first such line and all after it, where all before were ASCII. limit : bytes of a line.
    """

    def __init__(self, stream: Peekable, dialect: Dialect, *, fallback: str | None, limit: int) -> None:
        self._lines = lines(stream, limit=limit)
        self.limit = limit
        self._dialect = dialect if dialect.has_backslashes else None
        self._fallback = fallback
        self.overlong = False
        self.recoded = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        _, line = next(self._lines)
        if line is None:
            self.overlong = True
            return "\n"
        if self._fallback is not None and not line.isascii():
            try:
                line.decode()
                self._fallback = None if not self.recoded else self._fallback
            except UnicodeDecodeError:
                self.recoded = True
        if self.recoded and self._fallback is not None:
            text = line.decode(self._fallback, "replace") + "\n"
        else:
            text = line.decode("utf-8", "surrogateescape") + "\n"
        return text if self._dialect is None else self._dialect.line(text)


def _torn(first: int, last: int, error: csv.Error) -> RecordError:
    span = f"lines {first} to {last}" if last > first else "the row"
    return RecordError(
        f"found text that is not CSV in {span} ({error}), expected quotes in pairs; "
        "whatever these lines held is not read: export the row again",
        line=first,
    )


def _checked(cells: list[str], line: int) -> list[str] | RecordError:
    if all(map(str.isascii, cells)):
        return cells
    try:
        for cell in cells:
            cell.encode()
    except UnicodeEncodeError:
        text = shown(cell.encode("utf-8", "surrogateescape"))
        reason = "found bytes that are not UTF-8; save the file as UTF-8"
        who = cells[0] if cells[0] != cell else None
        return RecordError(reason, line=line, creator_id=who, found=text)
    return cells


@contextmanager
def written(sink: Any, kind: type, columns: Callable[[Any], dict[str, Any]]) -> Iterator[Callable[[Any], object]]:
    """Writes a header before the first record; without records the file has none."""
    started = False

    def write(record: Any) -> None:
        nonlocal started
        row = columns(record)
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        if not started:
            writer.writerow(row)
            started = True
        writer.writerow("" if value is None else value for value in row.values())
        sink.write(buffer.getvalue().encode())

    yield write
