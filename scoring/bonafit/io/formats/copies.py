"""Columns that stand twice in a table, as `8.4K` beside `8400`: whether they agree, and which of them is exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bonafit.io.formats.headers import text_of
from bonafit.io.rows.values import UnreadError, count_of

# How far a count written as 1.2M may lie from the exact one.
_ROUNDING = 0.06


def exact_copy(places: Sequence[int], rows: Sequence[Sequence[Any]]) -> int | None:
    """Which of the columns at `places` is read: the one with the fewest rounded counts, the first of equal ones; None
    where they differ, or where no row says."""
    rounded = dict.fromkeys(places, 0)
    n = 0
    for row in rows:
        cells = {i: row[i] for i in places if i < len(row) and text_of(row[i])}
        n += len(cells) == len(places)
        if len({text_of(cell) for cell in cells.values()}) < 2:
            continue
        try:
            counts = {i: count_of(cell) for i, cell in cells.items()}
        except UnreadError:
            return None
        numbers = [number for number, _ in counts.values()]
        if max(numbers) - min(numbers) > _ROUNDING * max(numbers):
            return None
        for i, (_, is_rounded) in counts.items():
            rounded[i] += is_rounded
    return min(places, key=lambda i: rounded[i]) if n else None
