"""Followers in columns by month: `Followers Jan 2026`, `followers_2026_02`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bonafit.io.rows.calendar_words import MONTHS
from bonafit.io.rows.names import field_of, words_of
from bonafit.records import Creator, is_absent

LIST = "followerHistory"


def month_columns(keys: Iterable[str]) -> dict[str, str]:
    """Column -> month, as 2026-01; empty where fewer than two columns of followers name one."""
    columns: dict[str, str] = {}
    for key in keys:
        if field_of(Creator, key) is None and (month := _month(key)) is not None:
            columns[key] = month
    return columns if len(set(columns.values())) >= 2 else {}


def _month(key: str) -> str | None:
    words = words_of(key[:80])
    years = [word for word in words if len(word) == 4 and word.startswith("20") and word.isdecimal()]
    words_left = [word for word in words if word not in years]
    months = [
        word for word in words_left if word in MONTHS or (len(word) <= 2 and word.isdecimal() and 1 <= int(word) <= 12)
    ]
    if len(years) != 1 or len(months) != 1:
        return None
    field = field_of(Creator, " ".join(word for word in words_left if word != months[0]))
    number = MONTHS[months[0]] if months[0] in MONTHS else int(months[0])
    return f"{years[0]}-{number:02d}" if field is not None and field[0] == "followers" else None


def with_history(row: Mapping[str, Any], columns: Mapping[str, str], *, is_counted: bool) -> dict[str, Any]:
    """The row with its months as a history. is_counted : a column of its own says how many follow now; else the newest
    month does."""
    out = {key: value for key, value in row.items() if key not in columns}
    known = {
        month: row[key]
        for key, month in columns.items()
        if row.get(key) is not None and not (isinstance(row[key], str) and is_absent(row[key]))
    }
    if known:
        out[LIST] = [{"date": month, "followers": known[month]} for month in sorted(known)]
        if not is_counted:
            out["followers"] = known[max(known)]
    return out
