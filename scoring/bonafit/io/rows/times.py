"""Points in time as exports write them, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from bonafit.errors import RecordError
from bonafit.io.report import shown

_EPOCH = re.compile(r"-?[0-9]{9,11}(?:\.[0-9]+)?")
# Epoch seconds reach this in the year 5138; a larger number counts milliseconds.
_MILLISECONDS = 1e11


def instant(value: Any, where: str) -> datetime:
    """A point in time in UTC from ISO 8601 text, epoch seconds, a date or a datetime; without a zone it is UTC.

    where : path of the field, for the error. Raises RecordError.
    """
    try:
        if isinstance(value, str):
            text = value.strip()
            value = float(text) if _EPOCH.fullmatch(text) else datetime.fromisoformat(text)
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if value > _MILLISECONDS:
                raise _wrong(value, "epoch seconds; divide milliseconds by 1000", where)
            return datetime.fromtimestamp(value, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        expected = "a time as ISO 8601 (2026-05-01T09:30:00Z) or epoch seconds; correct it or leave the field out"
        raise _wrong(value, expected, where) from error
    raise _wrong(value, "a time as ISO 8601 or epoch seconds; correct it or leave the field out", where)


def _wrong(value: Any, expected: str, where: str) -> RecordError:
    return RecordError(f"found {shown(value)}, expected {expected}", field=where, found=shown(value))
