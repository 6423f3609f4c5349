"""Tables of HTML pages, as platforms' exports called .xls are, and XML spreadsheets of Excel 2003."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from bonafit.errors import InputError
from bonafit.io.encodings import in_utf8
from bonafit.io.formats import Source
from bonafit.io.formats.grid import Cells, Plain, rows_of_cells
from bonafit.io.formats.headers import worth_of
from bonafit.io.streams import BOM, CHUNK, Peekable

# A page is held whole.
MAX_BYTES = 256 << 20
# Cells that one cell may be merged over, at most.
_MAX_SPAN = 1_000


def rows(stream: Peekable, source: Source) -> Iterator[Plain]:
    """Row number and cells of the table whose header names the most fields. Raises InputError where there is none."""
    stream, encoding = in_utf8(stream)
    source.facts["encoding"] = "utf-8" if encoding == "ascii" else encoding
    parts: list[bytes] = []
    while chunk := stream.read(CHUNK):
        parts.append(chunk)
        if len(parts) * CHUNK > MAX_BYTES:
            raise InputError(f"{source.name}: a page above {MAX_BYTES >> 20} MB; save its table as CSV UTF-8")
    parser = _Tables()
    parser.feed(b"".join(parts).removeprefix(BOM).decode("utf-8", "replace"))
    parser.close()
    tables = [table for table in parser.tables if len(table) > 1]
    if not tables:
        raise InputError(
            f"{source.name}: is markup (HTML or XML) without a table; open it and save the table as CSV or XLSX"
        )
    best = max(range(len(tables)), key=lambda i: (worth_of(tables[i]), len(tables[i]), -i))
    if len(tables) > 1:
        source.facts["table"] = f"{best + 1} of {len(tables)}"
    numbered: Iterator[Cells] = iter(list(enumerate(tables[best], start=1)))
    return rows_of_cells(numbered, source)


class _Tables(HTMLParser):
    """The tables of a page as rows of cells; a cell merged over others stands in each of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[Any]]] = []
        self._open: list[list[list[Any]]] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        # column -> rows that a cell above still covers, and its text
        self._covered: list[dict[int, tuple[int, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text = dict(attrs)
        if tag == "table":
            self._open.append([])
            self._covered.append({})
        elif tag in ("tr", "row") and self._open:
            self._end_cell()
            self._fill()
            self._open[-1].append([])
        elif tag in ("td", "th", "cell") and self._open and self._open[-1]:
            self._end_cell()
            # Excel's XML leaves empty cells out and numbers the next
            place = _number(text.get("ss:index"))
            row = self._open[-1][-1]
            row.extend([""] * (place - 1 - len(row)))
            self._cover()
            merged = _number(text.get("ss:mergeacross"))
            self._span = (_number(text.get("colspan")) or merged + 1, _number(text.get("rowspan")) or 1)
            self._cell = []
        elif tag in ("br", "p", "div", "li") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell", "tr", "row"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._fill()
            self._covered.pop()
            self.tables.append(self._open.pop())

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or not self._open or not self._open[-1]:
            return
        text = "\n".join(line.strip() for line in "".join(self._cell).replace("\xa0", " ").split("\n")).strip()
        width, height = self._span
        row = self._open[-1][-1]
        for i in range(min(max(width, 1), _MAX_SPAN)):
            if height > 1:
                self._covered[-1][len(row)] = (min(height, _MAX_SPAN), text)
            row.append(text if i == 0 else "")
        self._cell = None

    def _cover(self) -> None:
        """Cells that a merged one above covers, up to the next free place."""
        row, covered = self._open[-1][-1], self._covered[-1]
        while (span := covered.get(len(row))) is not None and span[0] > 1:
            covered[len(row)] = (span[0] - 1, span[1])
            row.append(span[1])

    def _fill(self) -> None:
        """The end of a row: what is covered behind its last cell."""
        if self._open[-1]:
            self._cover()


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else 0
