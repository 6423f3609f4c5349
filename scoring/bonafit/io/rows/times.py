"""Points in time as exports write them, in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bonafit.errors import RecordError
from bonafit.io.rows.calendar_words import AGO, AGO_UNITS, DAYS_NAMED, MONTHS, ZONES
from bonafit.io.rows.values import UnreadError, ascii_digits
from bonafit.records.messages import shown

_EPOCH = re.compile(r"-?[0-9]{9,19}(?:\.[0-9]+)?")
# Seconds since 1970 pass 1e11 in the year 5138; larger numbers count milli-, micro- or nanoseconds.
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
_COMPACT = re.compile(r"(20[0-9]{2})([01][0-9])([0-3][0-9])")
_MONTH = re.compile(r"(20[0-9]{2})-([01][0-9])")
# Spreadsheets count days since 1899-12-30; 2005 is day 38,353, and no epoch second falls here after 1970.
_SERIAL_ORIGIN = datetime(1899, 12, 30, tzinfo=UTC)
_SERIAL = (38_353, 80_000)
_ZONE = r"(?:\s*\(?(?P<zone>[+-][0-9]{2}:?[0-9]{2}|(?:UTC|GMT)(?:[+-][0-9]{1,2})?|[A-Z]{3,4}|Z)\)?)?"
_TIME = (
    r"(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?\s*(?P<half>[ap]\.?m\.?)?"
)
_CLOCK = rf"(?:(?:[,\s|·-]+(?:at |um |à |a las |às |alle |в )?|(?<=[0-9])T){_TIME}(?:\s*uhr)?)?"
_NUMERIC = re.compile(
    rf"(?P<a>[0-9]{{1,4}})(?P<mark>[./-]) ?(?P<b>[0-9]{{1,2}})(?P=mark) ?(?P<c>[0-9]{{2,4}})\.?(?:T(?=[0-9]))?{_CLOCK}{_ZONE}",
    re.I,
)
_TWO_DIGITS = re.compile(r"\s*([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{2})(?![0-9])")
_YEAR = r"(?:[0-9]{4}|'?[0-9]{2}(?![0-9:]))"
# Vowel signs are no letters; the endings of English ordinals are no months.
_WORD = r"(?!(?:st|nd|rd|th)\b)[^\W\d_][^\s\d.,:/()-]*"
_WORDS = re.compile(
    rf"(?:{_WORD}\.?,?\s+)?(?:(?P<d1>[0-9]{{1,2}})(?:\.|st|nd|rd|th|er|º|ª)?[\s-]*(?:de\s+)?(?P<m1>{_WORD})\.?"
    rf"(?:,?[\s-]+(?:de\s+|del\s+)?(?P<y1>{_YEAR})(?:\s?(?:г|год|года)\.?)?)?"
    rf"|(?P<m2>{_WORD})\.?[\s-]+(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?[\s-]+(?P<y2>{_YEAR}))?){_CLOCK}{_ZONE}",
    re.I,
)
# The clock first, as X shows it: "4:30 PM · May 1, 2026"
_CLOCK_FIRST = re.compile(rf"({_TIME})\s*[·,-]\s*(?P<rest>\D.+)", re.I)
_EAST_ASIAN = re.compile(
    rf"(?:(?P<year>[0-9]{{4}})\s?[年년]\s*)?(?P<month>[0-9]{{1,2}})\s?[月월]\s*(?P<day>[0-9]{{1,2}})\s?[日일号]\.?(?:\s*{_TIME})?"
)
_NO_YEAR = re.compile(rf"(?P<a>[0-9]{{1,2}})(?P<mark>[./-])(?P<b>[0-9]{{1,2}})(?P=mark)?{_CLOCK}")
# "Fri May 01 09:30:00 +0000 2026", as Twitter's and ctime's
_CTIME = re.compile(
    r"[A-Za-z]{3}\s+(?P<month>[A-Za-z]{3})\s+(?P<day>[0-9]{1,2})\s+(?P<clock>[0-9:]{8})\s+(?:(?P<zone>[+-][0-9]{4}|UTC|GMT)\s+)?(?P<year>[0-9]{4})"
)


def instant(value: Any, where: str) -> datetime:
    """As `instant_of`, for records of programs; where : path of the field, for the error. Raises RecordError."""
    try:
        return instant_of(value)
    except UnreadError as error:
        reason = f"{error}; correct it or leave the field out"
        raise RecordError(reason, field=where, found=shown(value)) from error


def instant_of(value: Any, *, day_first: bool | None = None, read_at: datetime | None = None) -> datetime:
    """A point in time in UTC; without a zone it is UTC.

    value     : datetime or date, epoch seconds (or milli-, micro-, nanoseconds), a spreadsheet's day number, or text: ISO
                8601, `11/05/2026 13:25`, `1.5.2026`, `May 1, 2026`, `20260501`, `Fri May 01 09:30:00 +0000 2026`,
                `2 days ago`.
    day_first : whether 05/11 is the fifth of November; None: a date that could be either is not read.
    read_at   : when the file was made, which `2 days ago` counts from; None: such are not read.
    Raises UnreadError.
    """
    try:
        if isinstance(value, str):
            return _of_text(value.strip(), day_first, read_at)
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _of_number(value)
    except (ValueError, OverflowError, OSError) as error:
        if isinstance(error, UnreadError):
            raise
        raise UnreadError(f"found {shown(value)}, expected a time as ISO 8601 or epoch seconds") from error
    raise UnreadError(f"found {shown(value)}, expected a time as ISO 8601 or epoch seconds")


def _of_number(value: float) -> datetime:
    if _SERIAL[0] <= value <= _SERIAL[1]:
        return _SERIAL_ORIGIN + timedelta(days=value)
    if isinstance(value, int) and 20050101 <= value <= 20991231 and (match := _COMPACT.fullmatch(str(value))):
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    for limit, unit in _UNITS:
        if abs(value) < limit:
            return datetime.fromtimestamp(value / unit, tz=UTC)
    raise UnreadError(f"found {shown(value)}, expected epoch seconds or milliseconds")


def _of_text(text: str, day_first: bool | None, read_at: datetime | None) -> datetime:
    if len(text) > 64:
        raise UnreadError(f"found {shown(text)}, expected a time")
    text = ascii_digits(text)
    if match := _COMPACT.fullmatch(text):
        return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    if _EPOCH.fullmatch(text) or re.fullmatch(r"[0-9]{5}(?:[.,][0-9]+)?", text):
        return _of_number(int(text) if text.isdecimal() else float(text.replace(",", ".")))
    if match := _MONTH.fullmatch(text):
        return datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC)
    iso = text.removesuffix(" UTC").removesuffix(" GMT")
    try:
        moment = datetime.fromisoformat(iso)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except ValueError:
        pass
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match, text, day_first)
    if match := _CTIME.fullmatch(text):
        hour, minute, second = map(int, match["clock"].split(":"))
        month = MONTHS.get(match["month"].lower(), 0)
        return _moment(int(match["year"]), month, int(match["day"]), (hour, minute, second), match["zone"])
    if match := _EAST_ASIAN.fullmatch(text):
        year = int(match["year"] or 0) or None
        return _dated((year, int(match["month"]), int(match["day"])), match, None, text, read_at)
    if (match := _WORDS.fullmatch(text)) and (month_name := (match["m1"] or match["m2"]).lower()) in MONTHS:
        written = match["y1"] or match["y2"]
        year = None if written is None else int(written.lstrip("'")) + (2000 if len(written) < 4 else 0)
        day = int(match["d1"] or match["d2"])
        return _dated((year, MONTHS[month_name], day), match, match["zone"], text, read_at)
    if (match := _CLOCK_FIRST.fullmatch(text)) and _WORDS.fullmatch(match["rest"]):
        hour, minute, second = _clock(match)
        return _of_text(match["rest"], day_first, read_at) + timedelta(hours=hour, minutes=minute, seconds=second)
    if match := _NO_YEAR.fullmatch(text):
        month, day = _month_and_day(int(match["a"]), int(match["b"]), match["mark"], text, day_first)
        return _dated((None, month, day), match, None, text, read_at)
    if text.lower() in DAYS_NAMED or (match := AGO.fullmatch(text)):
        return _ago(text, match if text[0].isdigit() or " " in text else None, read_at)
    raise UnreadError(f"found {shown(text)}, expected a time as ISO 8601 or epoch seconds")


def _dated(
    date: tuple[int | None, int, int], clock: re.Match[str], zone: str | None, text: str, read_at: datetime | None
) -> datetime:
    """A year, month and day in words; without a year the last such day before the file was made."""
    year, month, day = date
    if year is not None:
        return _moment(year, month, day, _clock(clock), zone)
    if read_at is None:
        raise UnreadError(f"found {shown(text)}, a day without a year; say when the file was made with --read-at")
    for back in range(5):
        try:
            at = _moment(read_at.year - back, month, day, _clock(clock), zone)
        except ValueError:
            # 29 February
            continue
        if at <= read_at + timedelta(days=1):
            return at
    raise UnreadError(f"found {shown(text)}, expected a day of the calendar")


def _clock(match: re.Match[str]) -> tuple[int, int, int]:
    if match["hour"] is None:
        return 0, 0, 0
    hour, half = int(match["hour"]), (match["half"] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, int(match["minute"]), int(match["second"] or 0)


def _moment(year: int, month: int, day: int, clock: tuple[int, int, int], zone: str | None) -> datetime:
    moment = datetime(year, month, day, *clock, tzinfo=UTC)
    name = "" if zone is None else zone.lower()
    if name in ZONES:
        return moment - timedelta(hours=ZONES[name])
    if name[:3] in ("utc", "gmt"):
        return moment - timedelta(hours=int(name[3:]))
    if name and name[0].isalpha():
        raise UnreadError(f"found the time zone {shown(zone)}, expected hours from UTC such as +02:00")
    if zone:
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        moment -= offset if zone[0] == "+" else -offset
    return moment


def _numeric(match: re.Match[str], text: str, day_first: bool | None) -> datetime:
    a, b, c = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) == 4:
        return _moment(a, b, c, _clock(match), match["zone"])
    year = c + 2000 if c < 100 else c
    month, day = _month_and_day(a, b, match["mark"], text, day_first)
    return _moment(year, month, day, _clock(match), match["zone"])


def _month_and_day(a: int, b: int, mark: str, text: str, day_first: bool | None) -> tuple[int, int]:
    """Which of two numbers is the month, by the numbers, by the mark, else as the column says."""
    if mark == "." or a > 12 or a == b:
        day_first = True
    elif b > 12:
        day_first = False
    if day_first is None:
        raise UnreadError(
            f"found {shown(text)}, which may be day/month or month/day; say which with --dates dmy or mdy"
        )
    return (b, a) if day_first else (a, b)


def _ago(text: str, match: re.Match[str] | None, read_at: datetime | None) -> datetime:
    named = DAYS_NAMED.get(text.lower())
    name = "" if match is None else match["unit"].lower()
    unit = AGO_UNITS.get(name) or AGO_UNITS.get(name.rstrip("s"))
    if named is None and unit is None:
        raise UnreadError(f"found {shown(text)}, expected a time as ISO 8601 or epoch seconds")
    if read_at is None:
        raise UnreadError(f"found {shown(text)}, but not when the file was made; say so with --read-at")
    if named is not None or match is None:
        return read_at - timedelta(days=named or 0)
    return read_at - timedelta(**{str(unit): int(match["n"]) if match["n"].isdigit() else 1})


def day_first_of(texts: Iterable[str]) -> bool | None:
    """Whether a column of dates puts the day first; None where no date says so, or two contradict each other."""
    says: set[bool] = set()
    for text in texts:
        plain = ascii_digits(text.strip()) if len(text) <= 64 else ""
        match = _NUMERIC.fullmatch(plain) or _NO_YEAR.fullmatch(plain)
        if match is None or len(match["a"]) == 4 or match["mark"] == ".":
            continue
        a, b = int(match["a"]), int(match["b"])
        if a > 12 >= b:
            says.add(True)
        elif b > 12 >= a:
            says.add(False)
    return says.pop() if len(says) == 1 else None


def year_first_of(texts: Iterable[str], latest: datetime) -> bool | None:
    """Whether a column of dates of two digits each (26-11-02) puts the year first; None where it may be either.

    latest : no date lies behind it, and none before 2005.
    """
    first, last = set(), set()
    years = range(5, latest.year % 100 + 1)
    may_be_first = may_be_last = True
    for text in texts:
        match = _TWO_DIGITS.match(text)
        if match is None:
            continue
        a, b, c = int(match[1]), int(match[2]), int(match[3])
        first.add(a)
        last.add(c)
        may_be_first &= a in years and 1 <= b <= 12 and 1 <= c <= 31
        may_be_last &= c in years and (1 <= a <= 12 or 1 <= b <= 12) and 1 <= a <= 31 and 1 <= b <= 31
    if not first or may_be_last > may_be_first:
        return False
    if may_be_first > may_be_last:
        return True
    # years are fewer than days
    return len(first) < len(last) if len(first) != len(last) and may_be_first else None


def with_century(text: str, year_first: bool | None) -> str:
    """A date of two digits each with four for its year where that comes first. Raises UnreadError where it may or may
    not."""
    if year_first is False or not _TWO_DIGITS.match(text):
        return text
    if year_first is None:
        reason = "in which the year may come first or last; write it in four digits"
        raise UnreadError(f"found {shown(text)}, {reason}, or say the order with --dates dmy or mdy")
    return f"20{text.strip()}"


def lacks_year(text: str) -> bool:
    """Whether a text is a date without a year."""
    plain = ascii_digits(text.strip())
    if len(plain) > 64:
        return False
    if match := _EAST_ASIAN.fullmatch(plain):
        return match["year"] is None
    if match := _WORDS.fullmatch(plain):
        return match["y1"] is None and match["y2"] is None and (match["m1"] or match["m2"]).lower() in MONTHS
    return _NO_YEAR.fullmatch(plain) is not None
