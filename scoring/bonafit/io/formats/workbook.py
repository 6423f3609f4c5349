"""Workbooks of spreadsheets (XLSX, XLS, XLSB, ODS), read by python-calamine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from bonafit.errors import InputError
from bonafit.io.formats import Source
from bonafit.io.formats.grid import HEADER_WITHIN, Cells, Plain, rows_of_cells
from bonafit.io.formats.headers import known_names
from bonafit.io.streams import CHUNK, Peekable

# A sheet has at most 1,048,576 rows and is read whole.
MAX_BYTES = 256 << 20


def rows(stream: Peekable, source: Source) -> Iterator[Plain]:
    """Row number and cells of the sheet asked for, or of the one whose header names the most fields.

    Raises InputError where the file is no workbook, or is too large to be held.
    """
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
            sheets = {
                name: _cells(workbook, name) for name in ([source.sheet] if source.sheet else names) if name in names
            }
        except Exception as error:
            # calamine raises its own kinds, and panics of Rust as BaseException's children; all say the same
            raise InputError(
                f"{source.name}: cannot be read as a workbook ({str(error)[:200]}); "
                "open it and save it again, or as CSV UTF-8"
            ) from error
    if source.sheet is not None and source.sheet not in sheets:
        raise InputError(
            f"{source.name}: has the sheets {', '.join(names)}, not {source.sheet!r}; name one with --sheet"
        )
    name = max(sheets, key=lambda sheet: (_worth(sheets[sheet]), len(sheets[sheet]), -names.index(sheet)), default=None)
    if name is None:
        raise InputError(f"{source.name}: has no sheet, expected a table")
    source.facts["sheet"] = name if len(names) == 1 else f"{name} of {', '.join(names)}"
    source.rows_known = len(sheets[name])
    return rows_of_cells(iter(sheets[name]), source)


def _cells(workbook: Any, name: str) -> list[Cells]:
    sheet = workbook.get_sheet_by_name(name)
    first = sheet.start[0] if sheet.start else 0
    table = sheet.to_python(skip_empty_area=True)
    return [(first + i, [_plain(cell) for cell in row]) for i, row in enumerate(table, start=1)]


def _worth(cells: list[Cells]) -> int:
    return max((known_names(row) for _, row in cells[:HEADER_WITHIN] if isinstance(row, list)), default=0)


def _plain(cell: Any) -> Any:
    """A cell as records know it: whole floats are numbers, durations seconds, times of day text."""
    if isinstance(cell, bool | str | datetime | date):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return cell.isoformat() if isinstance(cell, time) else cell
