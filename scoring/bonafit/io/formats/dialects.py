"""How the lines of a table of text are cut into cells: separator, quotes, columns of fixed width."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec

from bonafit.io.formats.headers import NAMES_WITHIN, known_names

MARKS = (",", ";", "\t", "|", "^")
# Lines that show the dialect.
_LINES = 40
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# A column of fixed width ends where this many lines have nothing but spaces, the header two of them at least.
_GAP = re.compile(r" {2,}")
_RULED = re.compile(r" *[-=]{2,}(?: +[-=]{2,})+ *")


class Dialect(msgspec.Struct, frozen=True):
    """One table's way of writing cells.

    separator      : between cells. has_sep_line : the first line names it (`sep=;`).
    quote          : around cells. padded : a space beside every separator is nobody's.
    is_wrapped     : every line is one quoted cell that holds the line, as a spreadsheet saves what it did not cut.
    has_backslashes: a quote within quotes is written with a backslash, and not doubled.
    spans          : of columns of fixed width where each begins; the last ends with the line.
    """

    separator: str = ","
    has_sep_line: bool = False
    quote: str = '"'
    padded: bool = False
    is_wrapped: bool = False
    has_backslashes: bool = False
    spans: tuple[int, ...] = ()

    def in_words(self) -> str:
        """The separator in words."""
        if self.spans:
            return "none, columns of fixed width"
        return {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(self.separator, self.separator)

    def line(self, line: str) -> str:
        """A line as csv.reader reads it."""
        return line.replace('\\"', '""') if self.has_backslashes else line

    def cells(self, cells: list[str]) -> list[str]:
        """What csv.reader made of a line, as cells."""
        if self.is_wrapped and len(cells) == 1:
            cells = next(csv.reader(cells, delimiter=self.separator), [])
        return [cell.strip() for cell in cells] if self.padded else cells

    def cut(self, line: str) -> list[str] | None:
        """A line of fixed width as cells; None where a word lies across the end of a column."""
        ends = (*self.spans[1:], max(len(line), self.spans[-1]))
        if any(0 < end < len(line) and line[end - 1] != " " for end in self.spans):
            return None
        return [line[start:end].strip() for start, end in zip(self.spans, ends, strict=True)]


def dialect_of(head: str) -> Dialect:
    """The dialect that a table's first lines show."""
    text = head[: head.rfind("\n") + 1] or head
    sample = text.splitlines()[:_LINES]
    match = _SEP.fullmatch(sample[0]) if sample else None
    if match:
        sample = sample[1:]
    separator, n = (match[1], 2) if match else _separator(sample, '"')
    if n < 2 and (spans := _spans(sample)):
        return Dialect(spans=spans)
    if n < 2 and (wrapped := _unwrapped(sample)):
        separator, n = _separator(wrapped, '"')
        return Dialect(separator=separator, is_wrapped=n >= 2)
    quote = "'" if _is_quoted_by(sample, separator, "'") else '"'
    return Dialect(
        separator=separator,
        has_sep_line=match is not None,
        quote=quote,
        padded=_is_padded(sample, separator),
        has_backslashes=_has_backslashes(sample, separator),
    )


def _separator(sample: Sequence[str], quote: str) -> tuple[str, int]:
    """The separator under which some line names the most fields, and how many; of equal ones the one that cuts it
    most."""

    def worth(mark: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(sample, delimiter=mark, quotechar=quote))
        except csv.Error:
            return 0, 0
        return max(
            ((known_names([c.strip("' ") for c in row[:NAMES_WITHIN]]), len(row)) for row in rows), default=(0, 0)
        )

    by_worth = {mark: worth(mark) for mark in MARKS}
    best = max(MARKS, key=lambda mark: by_worth[mark])
    return best, by_worth[best][0]


def _header(sample: Sequence[str], names: Callable[[str], Sequence[str]]) -> str:
    """The line with the most names."""
    return max(sample, key=lambda line: known_names(names(line)), default="")


def _is_padded(sample: Sequence[str], separator: str) -> bool:
    """Whether the line with the most names has a space beside every separator: `handle, followers, bio`."""

    def is_padded(line: str) -> bool:
        cells = line.strip().strip(separator).split(separator)
        return len(cells) > 1 and separator != "\t" and all(cell[:1] == " " for cell in cells[1:])

    # looking for names takes longest, and most files have no such line
    return any(map(is_padded, sample)) and is_padded(_header(sample, lambda line: line.split(separator)))


def _is_quoted_by(sample: Sequence[str], separator: str, quote: str) -> bool:
    """Whether all cells of the line with the most names stand between such quotes."""

    def is_quoted(line: str) -> bool:
        cells = [cell.strip() for cell in line.split(separator)]
        return len(cells) > 1 and all(len(cell) > 1 and cell[0] == cell[-1] == quote for cell in cells)

    return any(map(is_quoted, sample)) and is_quoted(
        _header(sample, lambda line: [cell.strip().strip(quote) for cell in line.split(separator)])
    )


def _has_backslashes(sample: Sequence[str], separator: str) -> bool:
    """Whether quotes within quotes are written with a backslash: so read the lines are CSV, and else they are not."""
    if not any('\\"' in line for line in sample):
        return False

    def widths(lines: Sequence[str]) -> set[int]:
        try:
            return {len(row) for row in csv.reader(lines, delimiter=separator, strict=True) if row}
        except csv.Error:
            return set()

    return len(widths([line.replace('\\"', '""') for line in sample])) == 1 and len(widths(sample)) != 1


def _unwrapped(sample: Sequence[str]) -> list[str]:
    """The lines within lines that are one quoted cell each; empty where they are not."""
    try:
        rows = [row for row in csv.reader(sample) if row]
    except csv.Error:
        return []
    filled = [line for line in sample if line.strip()]
    all_quoted = len(rows) == len(filled) and all(line.lstrip().startswith('"') for line in filled)
    return [row[0] for row in rows] if all_quoted and all(len(row) == 1 for row in rows) else []


def _spans(sample: Sequence[str]) -> tuple[int, ...]:
    """Where columns of fixed width begin; empty where lines have none, or name fewer than two fields."""
    lines = [line.rstrip() for line in sample if line.strip() and "\t" not in line]
    if len(lines) < 2:
        return ()
    header = max(lines, key=lambda line: known_names(_GAP.split(line.strip())))
    if known_names(_GAP.split(header.strip())) < 2:
        return ()
    body = lines[lines.index(header) :]
    ruled = next((line for line in body if _RULED.fullmatch(line)), None)
    if ruled is not None:
        starts = [match.start() for match in re.finditer(r"[-=]+", ruled)]
    else:
        width = max(map(len, body))
        blank = [all(line[i : i + 1] in ("", " ") for line in body) for i in range(width)]
        starts = [i for i in range(width) if not blank[i] and (i == 0 or blank[i - 1])]
        # one space lies within a name; numbers to the right may begin before theirs
        starts = [i for i in starts if i == 0 or header[:i].endswith("  ") or header[i : i + 1] == " "]
        # every column has a name: words of a wide column are none
        starts = [i for i, end in pairwise([*starts, width]) if header[i:end].strip()]
    return (0, *starts[1:]) if len(starts) >= 2 else ()
