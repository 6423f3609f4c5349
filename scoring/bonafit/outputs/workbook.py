"""A workbook for people: the ranking, every reason, who was not judged and why, how to read it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from bonafit.errors import InputError
from bonafit.explanations.explain import explain
from bonafit.explanations.sentences import SENTENCES, say
from bonafit.io.write import opened
from bonafit.outputs.ranked import Ranked
from bonafit.outputs.rows import Cell, Column, columns, not_looked_at, row
from bonafit.results import CreatorScore

SUFFIX = ".xlsx"
# What a sheet holds at most, rows of reasons in the ranking among them; links that a sheet may have; a cell's length.
MOST_ROWS, MOST_LINKS, MOST_TEXT = 1_048_575, 65_000, 32_000
FORMATS = {"value": {"num_format": "0%"}, "count": {"num_format": "#,##0"}, "money": {"num_format": "#,##0.##"}}
TOP, WRAP = {"valign": "top"}, {"text_wrap": True}
REASONS = (
    Column("rank", "count", 6), Column("handle", "text", 26), Column("question", "text", 14),
    Column("signal", "text", 28), Column("what was seen", "text", 90), Column("moves the score by", "points", 12),
    Column("moves the answer by", "points", 12),
)  # fmt: skip
APART = (
    Column("handle", "text", 26), Column("name", "text", 20), Column("link", "link", 34),
    Column("platform", "text", 11), Column("followers", "count", 11), Column("verdict", "text", 14),
    Column("what is missing", "text", 90), Column("not looked at", "text", 70), Column("id", "text", 18),
)  # fmt: skip


def check_workbook(path: str | os.PathLike[str]) -> None:
    """Raise InputError where no workbook can be written here: before the work that it is for."""
    if find_spec("xlsxwriter") is None:
        raise InputError(
            f"{os.fspath(path)}: a workbook needs XlsxWriter; pip install 'bonafit[report]', or name a .csv"
        )


def write_workbook(path: str | os.PathLike[str], results: Ranked) -> int:
    """Write ranked results; returns how many. Texts are cells of text, so that none is a formula.

    Raises InputError without XlsxWriter, and for more results than a sheet holds.
    """
    check_workbook(path)
    import xlsxwriter

    if len(results) > MOST_ROWS:
        raise InputError(f"{os.fspath(path)}: {len(results):,} results, a sheet holds {MOST_ROWS:,}; name a .csv")
    buffer = io.BytesIO()
    # one row after the other, sheet after sheet, so that memory stays small; strings are never read as anything else
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties({"title": "bonafit", "comments": "Signals for review, never an accusation."})
        _sheet(
            workbook,
            "Ranking",
            columns(),
            (row(rank, result) for rank, result in results if rank is not None),
            frozen=2,
        )
        listed: list[int] = []
        _sheet(workbook, "Reasons", REASONS, _reasons(results, listed), frozen=2)
        _sheet(workbook, "Not judged", APART, (_apart(result) for rank, result in results if rank is None), frozen=1)
        _sheet(workbook, "How to read", (Column("how to read", "text", 110),), _notes(listed), frozen=0)
    with opened(path) as sink:
        sink.write(buffer.getvalue())
    return len(results)


def _sheet(workbook: Any, title: str, shown: Sequence[Column], rows: Iterator[Sequence[Cell]], *, frozen: int) -> None:
    """One sheet: a bold header that stays in sight, as do `frozen` columns at the left; a filter; set widths."""
    sheet = workbook.add_worksheet(title)
    plain = {**TOP, **WRAP}
    formats = {
        "text": workbook.add_format(plain),
        "link": workbook.add_format({**TOP, "font_color": "blue", "underline": 1}),
        "points": workbook.add_format({**TOP, "num_format": "+0.000;-0.000;0.000"}),
        **{kind: workbook.add_format({**TOP, **form}) for kind, form in FORMATS.items()},
    }
    for j, column in enumerate(shown):
        sheet.set_column(j, j, column.width)
    sheet.freeze_panes(1, frozen)
    header = workbook.add_format({"bold": True, "bottom": 1, **plain})
    for j, column in enumerate(shown):
        sheet.write_string(0, j, column.title, header)
    last = 0
    for i, cells in enumerate(rows, start=1):
        last = i
        for j, (cell, column) in enumerate(zip(cells, shown, strict=True)):
            _cell(sheet, i, j, cell, column.kind, formats)
    sheet.autofilter(0, 0, last, len(shown) - 1)


def _cell(sheet: Any, i: int, j: int, cell: Cell, kind: str, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if not isinstance(cell, str):
        sheet.write_number(i, j, cell, formats[kind])
    elif kind == "link" and i <= MOST_LINKS:
        sheet.write_url(i, j, cell, formats["link"], string=cell)
    else:
        text = cell if len(cell) <= MOST_TEXT else cell[: MOST_TEXT - 1] + "…"
        sheet.write_string(i, j, text, formats["text"])


def _reasons(results: Ranked, listed: list[int]) -> Iterator[tuple[Cell, ...]]:
    """Every signal of everybody ranked, with starting points and what is not shown, so that sums are whole.

    listed : takes the rank of the last who is told, where the sheet has no room for the next.
    """
    n = 0
    for rank, result in results:
        if rank is None:
            return
        rows = [
            (rank, result.label, head.label, signal.title, signal.sentence, signal.share_of_score, signal.points)
            for head in explain(result).heads
            for signal in head.signals
        ]
        n += len(rows)
        if n > MOST_ROWS:
            listed.append(rank - 1)
            return
        yield from rows


def _apart(result: CreatorScore) -> tuple[Cell, ...]:
    profile = result.profile
    return (
        profile.handle, profile.display_name, profile.link, profile.platform, profile.followers,
        result.verdict.replace("_", " "), " ".join(result.verdict_reasons), not_looked_at(explain(result)),
        result.creator_id,
    )  # fmt: skip


def _notes(listed: list[int]) -> Iterator[tuple[str]]:
    """How to read the sheets. listed : as of `_reasons`."""
    for n in listed:
        yield (say("any", "reasons_cut", n=f"{n:,}"),)
    for sentence in SENTENCES["how_to_read"].values():
        yield (sentence,)
