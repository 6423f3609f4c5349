"""Tables of cells, of CSV or of a sheet: which line is the header, which rows are none, which columns have no name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from bonafit.errors import InputError, RecordError
from bonafit.io.formats import Source
from bonafit.io.formats.cells import MARKED, is_rule, unmarked
from bonafit.io.formats.copies import exact_copy
from bonafit.io.formats.headers import HEADER_WITHIN, header_of, header_place, known_names, text_of
from bonafit.io.rows.codes import KNOWN_PLATFORMS, folded, platform_code
from bonafit.io.rows.flattened import nested_again, paths_of
from bonafit.io.rows.names import field_of, fields_by_name, owners, plain
from bonafit.io.rows.spellings import CREATOR_NAMES, POST_NAMES
from bonafit.records import Creator, Post

Cells = tuple[int, Sequence[Any] | RecordError]
Plain = tuple[int, dict[str, Any] | RecordError]

_TOTALS = frozenset(
    [
        "total",
        "totals",
        "totale",
        "totales",
        "sum",
        "summe",
        "gesamt",
        "insgesamt",
        "suma",
        "soma",
        "somme",
        "grandtotal",
        "average",
        "mean",
        "mittelwert",
        "durchschnitt",
        "media",
        "moyenne",
        "promedio",
    ]
)
_FIRST = itemgetter(0)
# Lines beyond those of a header that a table with a line a field may have.
_MOST_FIELDS = 1_000
# What the first cell of another table's header can be.
_SPELLINGS = (
    frozenset(fields_by_name(Creator))
    | frozenset(fields_by_name(Post))
    | frozenset(
        spelling
        for names in (*CREATOR_NAMES.values(), *POST_NAMES.values())
        for name in names.split(",")
        for spelling in (name.strip().lower(), name.strip().lower().replace("_", " "))
    )
)


def rows_of_cells(rows: Iterator[Cells], source: Source) -> Iterator[Plain]:
    """Line and plain object of every row under the header, or the error that makes it a reject.

    Lines above the header, rows without any cell and rules of Markdown are no rows; a row of totals, a heading between
    rows and the header once more are rejects.
    Raises InputError for the whole input: no header, a column that means a field twice.
    """
    head = list(islice(rows, HEADER_WITHIN))
    if len(head) == HEADER_WITHIN and _turned(head):
        head += islice(rows, _MOST_FIELDS)
    if len(head) < HEADER_WITHIN + _MOST_FIELDS and (turned := _turned(head)):
        source.facts["layout"] = "fields in the first column, a row a column"
        head = turned
    cells_of_head = [cells for _, cells in head]
    place = header_place(cells_of_head)
    if place is None:
        if head or source.kind is Post:
            raise InputError(f"{source.name}: has no row of names, expected a header; check the export")
        return
    for line, cells in head[:place]:
        if isinstance(cells, RecordError):
            yield line, cells
    above = sum(not isinstance(cells, RecordError) and any(map(text_of, cells)) for _, cells in head[:place])
    names, height = header_of(cells_of_head, place)
    source.facts["header"] = f"in line {head[place][0]}" if place else None
    if height > 1:
        source.facts["header"] = f"in lines {head[place][0]} and {head[place + 1][0]}"
    if above:
        source.facts["lines above the header"] = above
    header = _header(
        names, source, [cells for _, cells in head[place + height :] if not isinstance(cells, RecordError)]
    )
    written = [text_of(cell) for cell in head[place + height - 1][1]]  # type: ignore[union-attr]
    section = _section(head[place - 1][1], header) if place and height == 1 else None
    yield from _rows_under(header, written, chain(head[place + height :], rows), section, source)


def _rows_under(
    header: list[str], written: list[str], rows: Iterable[Cells], section: str | None, source: Source
) -> Iterator[Plain]:
    """The rows under a header. written : its last line as it stands. section : the platform named above it."""
    nested = paths_of(header)
    waiting_row: tuple[int, dict[str, Any]] | None = None
    for line, cells in rows:
        if isinstance(cells, RecordError):
            yield line, cells
            continue
        if cells and cells[0] == written[0] and [text_of(cell) for cell in cells] == written:
            if waiting_row is not None:
                yield waiting_row[0], _heading(waiting_row[0], next(iter(waiting_row[1].values())))
                waiting_row = None
            yield line, RecordError("the header once more; left out", line=line, found=written[0])
            continue
        row = _row(cells, header, line, source)
        if row is None:
            source.blank_lines += 1
            continue
        if waiting_row is not None:
            yield waiting_row
            waiting_row = None
        # a line that names a platform may lack the separators of a row
        is_alone = isinstance(row, RecordError) or len(row) == 1
        if is_alone and (named := _section(cells, header)) is not None:
            section = named
        elif isinstance(row, RecordError):
            yield line, row
        else:
            if section is not None:
                row = {"platform": section, **row}
            row = nested_again(row, nested) if nested else row
            if len(row) == 1:
                # a line alone before the header once more is a heading
                waiting_row = line, row
            else:
                yield line, row
    if waiting_row is not None:
        yield waiting_row
    if section is not None:
        source.facts["platform"] = "named by lines between the rows"


def _section(cells: Sequence[Any] | RecordError, header: Sequence[str]) -> str | None:
    """The platform that a line names alone, for the rows under it; None for others and where a column has platforms."""
    texts = [] if isinstance(cells, RecordError) else [text_of(cell) for cell in cells]
    filled = list(filter(None, texts))
    if len(filled) != 1 or not texts[0] or sum(map(bool, header)) < 3:
        return None
    fields = (field_of(Creator, name) for name in header)
    if any(field is not None and field[0] == "platform" for field in fields):
        return None
    return filled[0] if platform_code(filled[0]) in KNOWN_PLATFORMS else None


def _turned(head: Sequence[Cells]) -> list[Cells]:
    """A whole table whose first column names the fields, with a column a creator, as rows; empty for other tables."""
    rows = [list(cells) for _, cells in head if not isinstance(cells, RecordError) and any(map(text_of, cells))]
    first = [row[0] for row in rows]
    if known_names(first) < 2 or known_names(first) <= max(map(known_names, rows)):
        return []
    width = max(map(len, rows))
    if not known_names(first[:1]):
        # the corner names nothing, and whose the columns are stands beside it
        rows[0][0] = "account"
    if width < 2:
        return []
    columns = zip(*(row + [""] * (width - len(row)) for row in rows), strict=True)
    return [(number, list(column)) for number, column in enumerate(columns, start=1)]


def _header(header: list[str], source: Source, rows: Sequence[Sequence[Any]]) -> list[str]:
    """A name for each column. Of columns that mean one field under one name and agree, the exact one is read.

    rows : the first under the header. Raises InputError where such columns do not agree.
    """
    places: dict[str, list[int]] = {}
    for i, name in enumerate(header):
        if name:
            places.setdefault(name, []).append(i)
    doubled = {name: at for name, at in places.items() if len(at) > 1}
    refused = []
    for name, at in sorted(doubled.items()):
        exact: int | None = at[0]
        if field_of(Creator, name) or field_of(Post, name):
            exact = exact_copy(at, rows)
            if exact is None:
                refused.append(name)
                continue
            source.facts["columns twice"] = ", ".join(filter(None, [source.facts.get("columns twice"), name]))
        for number, i in enumerate((i for i in at if i != exact), start=2):
            header[i] = f"{name} ({number})"
    if refused:
        raise InputError(
            f"{source.name}: the columns {', '.join(refused)[:300]} appear more than once and differ; rename or drop "
            "the copies"
        )
    return header


def _row(cells: Sequence[Any], header: list[str], line: int, source: Source) -> dict[str, Any] | RecordError | None:
    extra = len(cells) - len(header)
    row = {name: cell for name, cell in zip(header, cells, strict=False) if cell not in (None, "")}
    if "" in row:
        row = {
            name or f"column {i}": cell
            for i, (name, cell) in enumerate(zip(header, cells, strict=False), start=1)
            if cell not in (None, "")
        }
    if extra > 0 and any(map(text_of, cells[len(header) :])):
        return _ragged(cells, header, line, row)
    if not row or not any(map(text_of, row.values())):
        return None
    if extra < 0:
        return _ragged(cells, header, line, row)
    if _has_marks(row):
        row = {name: unmarked(cell, name) if isinstance(cell, str) else cell for name, cell in row.items()}
    column, first = next(iter(row.items()))
    if len(row) == 1 and _is_heading(column, first, header):
        return _heading(line, first)
    if isinstance(first, str) and first[0] in ":-" and is_rule(cells):
        return None
    if isinstance(first, str) and first.lower() in _SPELLINGS and _is_another_header(row):
        raise InputError(
            f"{source.name}: line {line} names other columns ({', '.join(map(text_of, row.values()))[:200]}), "
            "so that the file holds two tables; give each a file of its own"
        )
    is_short = len(row) <= (len(header) + 1) // 2 + 1
    if is_short and isinstance(first, str) and folded(first) in _TOTALS and _has_sums(row, column):
        return RecordError("a row of totals, neither a creator nor a post; left out", line=line, found=first[:120])
    return row


def _has_marks(row: Mapping[str, Any]) -> bool:
    """Whether a cell may say something else than it shows."""
    try:
        return not MARKED.isdisjoint(map(_FIRST, row.values()))
    except TypeError:
        # sheets have numbers and dates
        return any(isinstance(cell, str) and cell[0] in MARKED for cell in row.values())


def _is_another_header(row: Mapping[str, Any]) -> bool:
    """Whether all cells of a row are names of fields: a second table has been put below the first."""
    cells = [plain(cell) for cell in row.values() if isinstance(cell, str) and len(cell) <= 40]
    if len(cells) < max(2, len(row)):
        return False
    creators, posts = fields_by_name(Creator), fields_by_name(Post)
    # words of two cells may be a short post's
    return all(cell in creators for cell in cells) or (
        len(cells) > 2 and all(cell in creators or cell in posts or cell in owners() for cell in cells)
    )


def _has_sums(row: Mapping[str, Any], column: str) -> bool:
    """Whether a row that begins with a word for totals has them: an id may be any word, and stands alone then."""
    other_cells = list(row.values())[1:]
    return column != "creator_id" or (
        bool(other_cells) and all(any(map(str.isdigit, text_of(cell))) for cell in other_cells)
    )


def _heading(line: int, cell: Any) -> RecordError:
    reason = "one cell alone that is nobody's name, taken for a heading; left out"
    return RecordError(reason, line=line, found=text_of(cell)[:120])


def _is_heading(column: str, cell: Any, header: Sequence[str]) -> bool:
    """Whether a row's only cell is a line between groups of rows: words in a column of handles or links."""
    field = field_of(Creator, column)
    return (
        isinstance(cell, str)
        and field is not None
        and field[0] in ("handle", "profile_url")
        and " " in cell.strip()
        and sum(map(bool, header)) >= 3
    )


def _ragged(cells: Sequence[Any], header: list[str], line: int, row: dict[str, Any]) -> RecordError:
    from bonafit.io.rows.reader import id_of

    reason = f"found {len(cells)} cells, expected {len(header)} as in the header; quote cells that hold separators"
    return RecordError(reason, line=line, creator_id=id_of(row))
