"""One value by the shape of its field, in its column's format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bonafit.io.rows import codes
from bonafit.io.rows.context import ReadOptions, RowContext
from bonafit.io.rows.flags import flag_of
from bonafit.io.rows.identity import handle_of, identifier, named_handle, of_link
from bonafit.io.rows.money import ON_REQUEST, price_of
from bonafit.io.rows.nesting import decoded
from bonafit.io.rows.times import day_first_of, instant_of, with_century, year_first_of
from bonafit.io.rows.values import (
    BOUNDS,
    PLAIN,
    NumberFormat,
    UnreadError,
    amount_of,
    count_of,
    number_format,
)
from bonafit.io.rows.wrappings import BOXES
from bonafit.records import ABSENT, EARLIEST, MAX_COUNT, is_absent
from bonafit.records.messages import shown

# Scrapers write -1 for a count that the platform hides (instaloader, Apify and others).
HIDDEN = -1
# What lists write for one, among them "liked by somebody and others" cut short.
HIDDEN_WORDS = frozenset((
    "hidden", "private", "others", "verborgen", "versteckt", "ausgeblendet", "privat", "masqué", "caché", "privé",
    "oculto", "ocultos", "nascosto", "nascosti", "privado", "disembunyikan",
))  # fmt: skip
_LIKED_BY = re.compile(
    r"\s*(?:liked by|gefällt|aimé par|les gusta|le gusta|curtido por|piace a|disukai oleh)\s+\D", re.IGNORECASE
)
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d+)?)")
# Spanish and Portuguese for a thousand, short for a million in English
_MIL = re.compile(r"\dmil\b|\bmil\b", re.IGNORECASE)
_HASHTAG = re.compile(r"#(\w+)")


@dataclass
class Column:
    """A field's shape, and what its column writes: number format, order of dates, unit or currency in the header.

    is_turkish : its name is, so that B counts a thousand. yen : the currency of ¥.
    """

    name: str
    shape: str
    scale: float = 1.0
    currency: str | None = None
    format: NumberFormat = PLAIN
    day_first: bool | None = None
    year_first: bool | None = False
    is_turkish: bool = False
    yen: str = "JPY"

    def decide(self, texts: Sequence[str], options: ReadOptions, latest: datetime) -> None:
        """Fix format and order by the column's texts and by what the user says. latest : no date lies behind it."""
        if self.shape in ("count", "number"):
            self.format = number_format(texts, self.name, whole=self.shape == "count", decimal=options.decimal)
            if self.is_turkish:
                self.format = replace(self.format, is_b_thousand=True)
        elif self.shape == "time":
            if options.day_first is not None:
                self.day_first = options.day_first
                return
            self.day_first = day_first_of(texts)
            self.year_first = year_first_of(texts, latest)


def parsed(value: Any, column: Column, reader: RowContext) -> Any:
    """The value as its field holds it; None where it says nothing. Raises UnreadError."""
    return _PARSERS[column.shape](value, column, reader)


def _text(value: Any, column: Column, reader: RowContext) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping | list | tuple):
        value = unboxed(value, ("text", "name", "url", "username", "value", "title", *BOXES))
        if value is None:
            return None
        if isinstance(value, str):
            return value
    if isinstance(value, bytes):
        raise UnreadError("found bytes that are not UTF-8, expected text; save the file as UTF-8")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadError(f"found {shown(value)}, expected text")
    if reader.strict:
        raise UnreadError(f"found {shown(value)}, expected text")
    return str(int(value)) if isinstance(value, int) or value.is_integer() else str(value)


def _handle(value: Any, column: Column, reader: RowContext) -> str | None:
    text = _text(value, column, reader)
    if text is None:
        return None
    if "/" in text and not reader.indices and (platform := of_link(text)[1]) is not None:
        reader.linked = platform
    both = named_handle(text)
    return handle_of(text if both is None else both[1])


def _identifier(value: Any, column: Column, reader: RowContext) -> str | None:
    if isinstance(value, Mapping):
        value = unboxed(value, ("id", *BOXES))
    return None if value is None else identifier(value)


def _count(value: Any, column: Column, reader: RowContext) -> int | None:
    if isinstance(value, Mapping):
        value = unboxed(value, ("count", "value", "total", *BOXES))
        if value is None or (isinstance(value, str) and is_absent(value)):
            return None
    if isinstance(value, str) and (value.strip().lower() in HIDDEN_WORDS or _LIKED_BY.match(value)):
        reader.note(f"{column.name}: hidden, as a word says, read as absent")
        return None
    if type(value) is not int or column.scale != 1:
        value = _scaled(value, column, reader)
    if value < 0:
        if value == HIDDEN:
            reader.note(f"{column.name}: -1 for a count that is hidden, read as absent")
            return None
        raise UnreadError(f"found {shown(value)}, expected a whole number >= 0")
    if value > MAX_COUNT:
        raise UnreadError(f"found {shown(value)}, expected a whole number <= {MAX_COUNT}")
    return value  # type: ignore[no-any-return]


def _scaled(value: Any, column: Column, reader: RowContext) -> int:
    if column.scale != 1 and isinstance(value, str | int | float) and not isinstance(value, bool):
        amount = amount_of(value, column.format, whole=False)[0] if isinstance(value, str) else value
        # a cell of a column in thousands may be written out in full
        number, rounded = round(amount * (column.scale if amount < column.scale else 1)), True
    else:
        number, rounded = count_of(value, column.format)
    if rounded:
        if number > BOUNDS.get(column.name, MAX_COUNT):
            raise UnreadError(f"found {shown(value)}, expected a count that somebody can have; write its figure out")
        reader.note(f"{column.name}: rounded where they were written, such as 8.4K")
        if isinstance(value, str) and _MIL.search(value):
            reader.note(f"{column.name}: mil counts a thousand")
    return number


def _number(value: Any, column: Column, reader: RowContext) -> float | None:
    if column.name == "price":
        return _price(value, column, reader)
    if isinstance(value, Mapping):
        value = unboxed(value)
        if value is None:
            return None
    if isinstance(value, str):
        if match := _CLOCK.fullmatch(value.strip()):
            return int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3])
        if (match := _ISO_DURATION.fullmatch(value.strip())) and any(match.groups()):
            days, hours, minutes = (int(group or 0) for group in match.groups()[:3])
            return days * 86400 + hours * 3600 + minutes * 60 + float(match[4] or 0)
        value = amount_of(value, column.format, whole=False)[0]
    return _finite(value)


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadError(f"found {shown(value)}, expected a number")
    if not 0 <= value < 1e300:
        raise UnreadError(f"found {shown(value)}, expected a finite number >= 0")
    return float(value)


def _price(value: Any, column: Column, reader: RowContext) -> float | None:
    if isinstance(value, str) and value.strip().lower() in ON_REQUEST:
        reader.note("price: on request, as words say, read as absent")
        return None
    price = price_of(value, column.format)
    if price.of_range:
        reader.note("price: a range, read as its upper end")
    currency = column.yen if price.currency == "JPY" and isinstance(value, str) and "¥" in value else price.currency
    reader.currency = currency or column.currency or reader.currency
    return _finite(price.amount)


def _flag(value: Any, column: Column, reader: RowContext) -> bool | None:
    return flag_of(value)


def _time(value: Any, column: Column, reader: RowContext) -> datetime | None:
    if isinstance(value, Mapping):
        value = unboxed(value)
        if value is None:
            return None
    if isinstance(value, str) and column.year_first is not False:
        value = with_century(value, column.year_first)
    at = instant_of(value, day_first=column.day_first, read_at=reader.read_at)
    if at < EARLIEST:
        expected = f"a time from {EARLIEST:%Y-%m-%d} on, when the first platform opened"
        raise UnreadError(f"found {shown(at.isoformat())}, expected {expected}")
    if at > reader.latest and column.name not in ("posted_at", "read_at"):
        raise UnreadError(f"found {shown(at.isoformat())}, expected a time at most 1 day ahead of now")
    return at


def _code(value: Any, column: Column, reader: RowContext) -> str | None:
    if isinstance(value, Mapping | list | tuple):
        value = unboxed(value, ("code", "country_code", "countryCode", "name", "country", *BOXES))
        if value is None:
            return None
    if isinstance(value, int) and not isinstance(value, bool) and column.name == "kind":
        value = str(value)
    if not isinstance(value, str):
        raise UnreadError(f"found {shown(value)}, expected text")
    if is_absent(value):
        return None
    if column.name == "platform":
        platform = codes.platform_code(value)
        if platform is None:
            raise UnreadError(f"found {shown(value)}, expected one platform; write a row for each")
        return platform
    if column.name == "kind":
        return codes.kind_code(value)
    code = (codes.country_code if column.name == "country" else codes.language_code)(value)
    if code is None:
        raise UnreadError(f"found {shown(value)}, expected a {column.name} by name or ISO code")
    return code


def _names(value: Any, column: Column, reader: RowContext) -> tuple[str, ...] | None:
    if isinstance(value, str):
        read = decoded(value)
        value = _split(value) if isinstance(read, str) else read
    if isinstance(value, Mapping):
        value = list(value.values()) if all(isinstance(item, Mapping) for item in value.values()) else [value]
    if not isinstance(value, list | tuple):
        raise UnreadError(f"found {shown(value)}, expected a list")
    items = (unboxed(item) if isinstance(item, Mapping | list | tuple) else item for item in value)
    texts = (str(item) if isinstance(item, int) and not isinstance(item, bool) else item for item in items)
    return tuple(text for text in texts if isinstance(text, str) and not is_absent(text)) or None


def _split(text: str) -> list[str]:
    """Names in one cell: between bars, as hashtags, or between commas."""
    if "|" in text:
        return [item.strip() for item in text.split("|")]
    if "#" in text:
        return _HASHTAG.findall(text)
    return [item.strip().removeprefix("@") for item in re.split(r"[,;]", text)]


def _object(value: Any, column: Column, reader: RowContext) -> Any:
    value = decoded(value)
    if not isinstance(value, Mapping):
        raise UnreadError(f"found {shown(value)}, expected an object")
    return dict(value) or None


def unboxed(value: Any, boxes: Sequence[str] = BOXES) -> Any:
    """The one value of an object or a list that stands for it; None where it holds none."""
    for _ in range(4):
        if isinstance(value, list | tuple):
            value = next((item for item in value if item is not None), None)
        elif isinstance(value, Mapping):
            nested = ("node", "edges", "user")
            value = next((value[box] for box in (*boxes, *nested) if value.get(box) not in (None, "", [])), None)
        else:
            break
    if isinstance(value, str) and value.strip().lower() in ABSENT:
        return None
    return value if not isinstance(value, Mapping | list | tuple) else None


_PARSERS: dict[str, Callable[[Any, Column, RowContext], Any]] = {
    "text": _text,
    "handle": _handle,
    "id": _identifier,
    "count": _count,
    "number": _number,
    "flag": _flag,
    "time": _time,
    "code": _code,
    "names": _names,
    "object": _object,
}
