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
from bonafit.io.formats.grid import Cells, Plain, rows_of_cells
from bonafit.io.formats.headers import known_names
from bonafit.io.streams import BOM, CHUNK, MAX_ROW, LineFeeds, Peekable, lines
from bonafit.records.messages import shown

MARKS = (",", ";", "\t", "|")
# Cells of a line that are looked at to find the separator.
_NAMES = 1_000
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def rows(stream: Peekable, source: Source) -> Iterator[Plain]:
    """First line of a row and its cells as a plain object of texts, or the error that makes it a reject.

    Raises InputError where the input has no header.
    """
    stream, encoding = in_utf8(stream)
    source.facts["encoding"] = "utf-8" if encoding == "ascii" else encoding
    head = stream.peek(CHUNK)
    if b"\r" in head and b"\n" not in head:
        stream = Peekable(LineFeeds(stream))
    return rows_of_cells(_cells(stream, source, encoding), source)


def _cells(stream: Peekable, source: Source, encoding: str) -> Iterator[Cells]:
    # the default of 128 KiB a field is less than a JSON column of posts; a process-wide setting, only ever raised
    csv.field_size_limit(max(MAX_ROW, csv.field_size_limit()))
    feed = _Feed(stream, fallback="cp1252" if encoding == "ascii" else None)
    head = stream.peek(1 << 16).removeprefix(BOM).decode("utf-8", "replace")
    match = _SEP.fullmatch(head.split("\n", 1)[0])
    if match:
        next(feed)
    mark = match[1] if match else _delimiter(head)
    source.facts["separator"] = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(mark, mark)
    # `handle, followers, bio`: the spaces are nobody's
    padded = _is_padded(head, mark)
    reader = csv.reader(feed, delimiter=mark, strict=True, skipinitialspace=padded)
    before = 1 if match else 0
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
            yield (
                first,
                RecordError(f"found a line longer than {MAX_ROW:,} bytes, expected one row; split it", line=first),
            )
            continue
        yield first, _checked([cell.strip() for cell in cells] if padded else cells, first)


class _Feed:
    """Decoded lines for csv.reader; bytes that are not UTF-8 become lone surrogates, which no valid text has.

    fallback : encoding of the first such line and all after it, where all before were ASCII.
    """

    def __init__(self, stream: Peekable, fallback: str | None) -> None:
        self._lines = lines(stream)
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
            return line.decode(self._fallback, "replace") + "\n"
        return line.decode("utf-8", "surrogateescape") + "\n"


def _delimiter(head: str) -> str:
    """The separator under which some line of the head names the most fields; of equal ones the one that cuts it
    most."""
    text = head[: head.rfind("\n") + 1] or head
    sample = text.splitlines()[:40]

    def worth(mark: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(sample, delimiter=mark))
        except csv.Error:
            return 0, 0
        return max(((known_names(row[:_NAMES]), len(row)) for row in rows), default=(0, 0))

    return max(MARKS, key=worth)


def _is_padded(head: str, mark: str) -> bool:
    """Whether the line with the most names has a space beside every separator."""
    line = max(head.splitlines()[:40], key=lambda line: known_names(line.split(mark)), default="")
    cells = line.strip().strip(mark).split(mark)
    return len(cells) > 1 and mark != "\t" and (all(cell[:1] == " " for cell in cells[1:]))


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
        found = shown(cell.encode("utf-8", "surrogateescape"))
        reason = "found bytes that are not UTF-8; save the file as UTF-8"
        who = cells[0] if cells[0] != cell else None
        return RecordError(reason, line=line, creator_id=who, found=found)
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
