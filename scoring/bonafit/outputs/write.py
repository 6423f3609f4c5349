"""Which file for people an output's name asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from bonafit.errors import InputError
from bonafit.io.formats import format_of, suffix_of
from bonafit.outputs.ranked import Ranked
from bonafit.outputs.readable_csv import write_csv
from bonafit.outputs.workbook import SUFFIX, check_workbook, write_workbook

# Writes results, given as lines of JSON, to a file; returns how many.
Write = Callable[[str | os.PathLike[str], Iterable[bytes]], int]


def is_workbook(path: str | os.PathLike[str]) -> bool:
    """Whether an output's name asks for a workbook. Raises InputError where it would be compressed once more."""
    if suffix_of(path) != SUFFIX:
        return False
    if not os.fspath(path).lower().endswith(SUFFIX):
        raise InputError(f"{os.fspath(path)}: a workbook is compressed already; name it {SUFFIX}")
    return True


def for_people(path: str | os.PathLike[str], *, full: bool) -> Write | None:
    """What writes the file for people that a name asks for; None where it is for programs.

    full : CSV with every column, in the order of the input, for programs.
    Raises InputError for a full workbook, since what is for programs is CSV, Parquet or JSON Lines, and without
    XlsxWriter.
    """
    if is_workbook(path):
        if full:
            raise InputError(f"{os.fspath(path)}: --full is for programs; name a .csv, .parquet or .jsonl")
        check_workbook(path)
        return _ranked(write_workbook)
    if format_of(path) == "csv" and not full:
        return _ranked(write_csv)
    return None


def _ranked(write: Callable[[str | os.PathLike[str], Ranked], int]) -> Write:
    def written(path: str | os.PathLike[str], lines: Iterable[bytes]) -> int:
        with Ranked(lines, folder=Path(path).parent) as results:
            return write(path, results)

    return written
