"""A CSV that people open in a spreadsheet: ranked, three decimals, in words, nothing a spreadsheet would execute."""

from __future__ import annotations

import csv
import io
import os

from bonafit.io.write import defused, opened
from bonafit.outputs.ranked import Ranked
from bonafit.outputs.rows import Cell, Column, columns, row

# Spreadsheets read a CSV without it in the machine's old encoding.
BYTE_ORDER_MARK = "\ufeff"


def write_csv(path: str | os.PathLike[str], results: Ranked) -> int:
    """Write ranked results; returns how many. The file appears whole, compressed as its name says."""
    shown = columns()
    with opened(path) as sink:
        sink.write((BYTE_ORDER_MARK + _line([column.title for column in shown])).encode())
        for rank, result in results:
            cells = zip(row(rank, result), shown, strict=True)
            sink.write(_line([_text(cell, column) for cell, column in cells]).encode())
    return len(results)


def _text(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defused(cell)
    return f"{cell:.3f}" if column.kind == "value" else f"{cell:.12g}"


def _line(cells: list[str]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
