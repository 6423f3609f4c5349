"""CSV: a header and one row a creator or a post, cells parsed by the type of their field."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.formats.jsonl import Plain
from bonafit.io.report import ReadReport, shown
from bonafit.io.rows.aliases import ALIASES, SHAPES
from bonafit.io.rows.convert import id_of
from bonafit.io.streams import MAX_ROW, UTF16, Peekable, lines
from bonafit.records import Post

_INTEGER = re.compile(r"[+-]?[0-9]{1,30}(?:\.0*)?")
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE
)
_TRUE, _FALSE = ("true", "yes", "1", "1.0"), ("false", "no", "0", "0.0")


def rows_of_csv(stream: Peekable, name: str, kind: type, *, report: ReadReport) -> Iterator[Plain]:
    """First line of a row and its cells as a plain object, or the error that makes it a reject.

    kind : Creator or Post, whose fields say how a cell is parsed. An empty cell is absent.
    Raises InputError for the whole input: UTF-16, no header, a column twice.
    """
    head = stream.peek(4096)
    if head[:2] in UTF16:
        raise InputError(f"{name}: starts with a UTF-16 byte order mark, expected UTF-8; save it as UTF-8")
    # the default of 128 KiB a field is less than a JSON column of posts; a process-wide setting, only ever raised
    csv.field_size_limit(max(MAX_ROW, csv.field_size_limit()))
    feed = _Feed(stream)
    reader = csv.reader(feed, delimiter=_delimiter(head), strict=True)
    header: list[str] | None = None
    while True:
        first = reader.line_num + 1
        feed.overlong = False
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if header is None:
                raise InputError(f"{name}: the header is not CSV ({error}); expected names of columns") from error
            yield first, _torn(first, reader.line_num, error)
            continue
        if cells is None:
            break
        if header is None:
            header = _header(cells, name, kind)
        elif not cells:
            report.blank_lines += 1
        else:
            yield first, _plain(cells, header, kind, first, feed.overlong)
    if header is None and kind is Post:
        raise InputError(f"{name}: is empty, expected a header with creator_id; check the export")


class _Feed:
    """Decoded lines for csv.reader; bytes that are not UTF-8 become lone surrogates, which no valid text has."""

    def __init__(self, stream: Peekable) -> None:
        self._lines = lines(stream)
        self.overlong = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        _, line = next(self._lines)
        if line is None:
            self.overlong = True
            return "\n"
        return line.decode("utf-8", "surrogateescape") + "\n"


def _delimiter(head: bytes) -> str:
    """The separator that the header line has most of: comma, semicolon (spreadsheets in much of Europe) or tab."""
    first = head.split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda mark: first.count(mark.encode()))


def _header(cells: list[str], name: str, kind: type) -> list[str]:
    header = [cell.strip() for cell in cells]
    check_columns(header, name, kind)
    return header


def check_columns(header: list[str], name: str, kind: type) -> None:
    """Raises InputError where no column can be the creator's id, or one appears twice."""
    ids = {"creator_id", *(a for a, b in ALIASES[kind].items() if b == "creator_id")}
    if not ids & set(header):
        raise InputError(
            f"{name}: found the columns {', '.join(header)[:300] or '(none)'}, expected creator_id among them; "
            "rename the column that identifies a creator"
        )
    if len(set(header)) < len(header):
        twice = sorted({column for column in header if header.count(column) > 1})
        raise InputError(f"{name}: the columns {', '.join(twice)} appear more than once; rename or drop the copies")


def _torn(first: int, last: int, error: csv.Error) -> RecordError:
    span = f"lines {first} to {last}" if last > first else "the row"
    return RecordError(
        f"found text that is not CSV in {span} ({error}), expected quotes in pairs; "
        "whatever these lines held is not read: export the row again",
        line=first,
    )


def _plain(cells: list[str], header: list[str], kind: type, line: int, overlong: bool) -> dict[str, Any] | RecordError:
    if overlong:
        reason = f"found a line longer than {MAX_ROW:,} bytes, expected one creator a row; split the row"
        return RecordError(reason, line=line)
    row = {name: cell for name, cell in zip(header, cells, strict=False) if cell != ""}
    who = id_of(row)
    if len(cells) != len(header):
        reason = f"found {len(cells)} cells, expected {len(header)} as in the header; quote cells that hold separators"
        return RecordError(reason, line=line, creator_id=who)
    out: dict[str, Any] = {}
    for name, cell in row.items():
        try:
            cell.encode()
        except UnicodeEncodeError:
            reason = "found bytes that are not UTF-8; save the file as UTF-8"
            who = None if name in ("creator_id", "id") else who
            found = shown(cell.encode("utf-8", "surrogateescape"))
            return RecordError(reason, line=line, creator_id=who, field=name, found=found)
        out[name] = _cell(ALIASES[kind].get(name, name), cell, kind)
    return out


def _cell(name: str, cell: str, kind: type) -> Any:
    """A cell by its field's type; as text where it does not parse, which the conversion names and rejects."""
    text = cell.strip()
    shape = SHAPES[kind].get(name)
    if shape == "count":
        # 1200.0 is the count 1200: spreadsheets and data frames write whole numbers so where cells are empty
        return int(text.partition(".")[0]) if _INTEGER.fullmatch(text) else cell
    if shape == "flag":
        lowered = text.lower()
        return True if lowered in _TRUE else False if lowered in _FALSE else cell
    if shape == "number":
        return float(text) if _NUMBER.fullmatch(text) else cell
    # lists of records stay text: a JSON column, parsed where it can be named
    return _list(text) if shape == "names" else cell


def _list(text: str) -> Any:
    """A JSON array, or items between vertical bars."""
    if text.startswith("["):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    return [item.strip() for item in text.split("|") if item.strip()]
