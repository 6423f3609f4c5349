"""Workbooks of spreadsheets (XLSX, XLS, XLSB, ODS), read by python-calamine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from bonafit.errors import InputError
from bonafit.io.formats import Source, Source_
from bonafit.io.formats.grid import Cells, Plain, rows_of_cells
from bonafit.io.formats.headers import HEADER_WITHIN, header_of, header_place, worth_of
from bonafit.io.rows.codes import KNOWN_PLATFORMS, platform_code
from bonafit.io.rows.names import field_of
from bonafit.io.streams import CHUNK, Peekable, named, opened
from bonafit.records import Creator, Post

# A sheet has at most 1,048,576 rows and is read whole.
MAX_BYTES = 256 << 20


def rows(stream: Peekable, source: Source) -> Iterator[Plain]:
    """Row number and cells of the sheet asked for, or of the one whose header names the most fields; of several sheets
    of one layout all, one after another. Hidden sheets are read where they are asked for.

    Raises InputError where the file is no workbook, or is too large to be held.
    """
    sheets, names = _sheets(stream, source)
    if source.sheet is not None and source.sheet not in sheets:
        raise InputError(
            f"{source.name}: has the sheets {', '.join(names)}, not {source.sheet!r}; name one with --sheet"
        )
    if not sheets:
        raise InputError(f"{source.name}: has no sheet, expected a table")
    kinds = {name: _kind(cells) for name, cells in sheets.items()}
    # with posts in a sheet of their own, the creators are meant
    candidates = [name for name in sheets if kinds[name] is Creator] if Creator in kinds.values() else list(sheets)
    order = list(sheets)
    best = max(candidates, key=lambda name: (_worth(sheets[name]), len(sheets[name]), -order.index(name)))
    alike = [name for name in candidates if _names(sheets[name]) == _names(sheets[best])] if kinds[best] else [best]
    source.facts["sheet"] = " and ".join(alike) if len(names) == 1 else f"{' and '.join(alike)} of {', '.join(names)}"
    same_kind = [name for name in order if name not in alike and kinds[name] is kinds[best] is not None]
    if same_kind:
        source.facts["sheets not read"] = f"{', '.join(same_kind)} (--sheet names one)"
    source.rows_known = sum(len(sheets[name]) for name in alike)
    if len(alike) == 1:
        return rows_of_cells(iter(sheets[best]), source)
    return _one_after_another({name: sheets[name] for name in alike}, source)


def posts_sheet(path: Source_) -> str | None:
    """The sheet of posts in a workbook that has creators in another; None where it has not just one of both kinds."""
    with opened(path) as raw:
        sheets, _ = _sheets(Peekable(raw), Source(name=named(path), path=path))
    kinds = [(_kind(cells), name) for name, cells in sheets.items()]
    posts = [name for kind, name in kinds if kind is Post]
    return posts[0] if len(posts) == 1 and any(kind is Creator for kind, _ in kinds) else None


def _sheets(stream: Peekable, source: Source) -> tuple[dict[str, list[Cells]], list[str]]:
    """The cells of the sheet asked for, or of all that are not hidden, and the names of all sheets."""
    try:
        import python_calamine
    except ImportError:
        raise InputError(
            f"{source.name}: is a workbook, which needs python-calamine; pip install 'bonafit[excel]', "
            "or save the sheet as CSV UTF-8"
        ) from None
    with tempfile.TemporaryFile() as spool:
        while chunk := stream.read(CHUNK):
            spool.write(chunk)
            if spool.tell() > MAX_BYTES:
                raise InputError(f"{source.name}: a workbook above {MAX_BYTES >> 20} MB; save the sheet as CSV UTF-8")
        spool.seek(0)
        try:
            workbook = python_calamine.CalamineWorkbook.from_filelike(spool)
            names = list(workbook.sheet_names)
            visible = python_calamine.SheetVisibleEnum.Visible
            shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == visible] or names
            sheets = [name for name in names if name == source.sheet] if source.sheet else shown
            return {name: _cells(workbook, name) for name in sheets}, names
        except Exception as error:
            # calamine raises its own kinds, and panics of Rust as BaseException's children; all say the same
            raise InputError(
                f"{source.name}: cannot be read as a workbook ({str(error)[:200]}); "
                "open it and save it again, or as CSV UTF-8"
            ) from error


def _cells(workbook: Any, name: str) -> list[Cells]:
    sheet = workbook.get_sheet_by_name(name)
    top, left = sheet.start or (0, 0)
    table = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    place = header_place(table[:HEADER_WITHIN])
    if place is not None:
        under = place + header_of(table[:HEADER_WITHIN], place)[1]
        for (first, column), (last, _) in sheet.merged_cell_ranges or ():
            # below the header, a cell merged downwards is each row's
            if first - top >= under:
                for row in table[first - top + 1 : last - top + 1]:
                    row[column - left] = table[first - top][column - left]
    return [(top + i, row) for i, row in enumerate(table, start=1)]


def _head(cells: list[Cells]) -> list[list[Any]]:
    return [row for _, row in cells[:HEADER_WITHIN] if isinstance(row, list)]


def _worth(cells: list[Cells]) -> int:
    return worth_of(_head(cells))


def _names(cells: list[Cells]) -> tuple[str, ...]:
    head = _head(cells)
    place = header_place(head)
    return () if place is None else tuple(header_of(head, place)[0])


_OF_CREATORS = frozenset(("followers", "bio", "following"))
_OF_POSTS = frozenset(("caption", "title", "likes", "views", "posted_at"))


def _kind(cells: list[Cells]) -> type[Creator] | type[Post] | None:
    """Whether a sheet holds creators or posts, by the names of its columns; None for neither."""
    names = [name for name in _names(cells) if name]
    creators = {field[0] for name in names if (field := field_of(Creator, name))}
    posts = {field[0] for name in names if (field := field_of(Post, name))}
    if creators & _OF_CREATORS and len(creators) >= 2:
        return Creator
    return Post if len(posts & _OF_POSTS) >= 2 else None


def _one_after_another(sheets: dict[str, list[Cells]], source: Source) -> Iterator[Plain]:
    """The rows of sheets of one layout, numbered through; a sheet called after a platform says it of its rows."""
    before = 0
    for name, cells in sheets.items():
        platform = platform_code(name)
        for number, row in rows_of_cells(iter(cells), source):
            if isinstance(row, dict) and platform in KNOWN_PLATFORMS and not any(map(_says_platform, row)):
                row["platform"] = platform
            yield before + number, row
        before += len(cells)


def _says_platform(column: str) -> bool:
    field = field_of(Creator, column)
    return field is not None and field[0] in ("platform", "profile_url")


def _plain(cell: Any) -> Any:
    """A cell as records know it: whole floats are numbers, durations seconds, times of day text."""
    if isinstance(cell, bool | str | datetime | date):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return cell.isoformat() if isinstance(cell, time) else cell
