"""Counts inside one cell of text: `12.5K followers · 340 posts`, `IG: 12,5K / TikTok: 3K`, as columns of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from bonafit.io.rows.names import field_of
from bonafit.io.rows.platform_columns import platform_of_word
from bonafit.io.rows.values import UnreadError, count_of
from bonafit.records import Creator, is_absent

_BETWEEN = re.compile(r"\s*(?:[·•|;/\n]|,(?!\d)|\s[-–—]\s)\s*")
_COUNT = r"[~≈]?\d[\d.,'’\u00a0\u202f ]*\s?[^\W\d_]{0,6}\.?\+?"
_COUNT_FIRST = re.compile(rf"(?P<count>{_COUNT}?)\s+(?P<name>[^\W\d_][^\d:]*)")
_NAME_FIRST = re.compile(rf"(?P<name>[^\W\d_][^\d:=]*?)\s*[:=\s]\s*(?P<count>{_COUNT})")
_RUN = re.compile(rf"{_COUNT}?\s+[^\W\d_]+")
_FIELDS = frozenset(("followers", "following", "posts_count"))
# Cells that must say so, of those that say anything.
_MOST = 0.8
_LONGEST = 200
# One count with its name; the patterns for it are cubic.
_LONGEST_PART = 60


def phrase_columns(rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The columns whose cells are nothing but counts with what they count."""
    cells: dict[str, list[str]] = {}
    for row in rows[:200]:
        for key, value in row.items():
            if isinstance(value, str) and not value.isdigit() and not is_absent(value):
                cells.setdefault(key, []).append(value)
    return frozenset(
        key
        for key, texts in cells.items()
        if isinstance(key, str) and sum(bool(counts_in(text)) for text in texts) >= _MOST * len(texts)
        if (field := field_of(Creator, key)) is None or (field[0] in ("followers", "bio") and _names_more(texts))
    )


def _names_more(texts: Sequence[str]) -> bool:
    return any(len(counts_in(text)) >= 2 for text in texts)


@lru_cache(maxsize=4096)
def counts_in(text: str) -> dict[str, str]:
    """Column -> count of a cell that holds nothing else: `followers`, or `Instagram followers` where a platform is
    named; empty for other texts."""
    if len(text) > _LONGEST or not any(map(str.isdecimal, text)):
        return {}
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if len(parts) == 1:
        # "340 posts 12.500 followers"
        runs = _RUN.findall(parts[0])
        parts = runs if len(runs) > 1 and " ".join(" ".join(runs).split()) == " ".join(parts[0].split()) else parts
    counts: dict[str, str] = {}
    for part in parts:
        if len(part) > _LONGEST_PART:
            return {}
        match = _NAME_FIRST.fullmatch(part) or _COUNT_FIRST.fullmatch(part)
        column = None if match is None else _column(match["name"])
        if match is None or column is None or column in counts or not _is_count(match["count"]):
            return {}
        counts[column] = match["count"].strip()
    return counts


def _column(name: str) -> str | None:
    """The column that a word beside a count means."""
    platform = platform_of_word(name)
    if platform is not None:
        return f"{platform} followers"
    field = field_of(Creator, name)
    return field[0] if field is not None and field[0] in _FIELDS else None


def _is_count(text: str) -> bool:
    try:
        count_of(text)
    except UnreadError as error:
        return "may group" in str(error)
    return True


def with_counts(row: Mapping[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    """The row with the counts of its phrases as columns beside its own; a cell that says more stays as it is."""
    out: dict[str, Any] = {}
    for key, value in row.items():
        counts = counts_in(value) if key in columns and isinstance(value, str) else {}
        if counts:
            for name, count in counts.items():
                out.setdefault(name, count)
        else:
            out[key] = value
    return out
