"""JSON Lines: one creator an object, one object a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.report import ReadReport, shown
from bonafit.io.rows.check import check_creator, latest_instant
from bonafit.io.rows.convert import creator_from_dict, field_of
from bonafit.io.streams import BOM, CHUNK, MAX_ROW, UTF16, Peekable, lines
from bonafit.records import Creator

# A line that does not parse may still show whose it is.
_ID = re.compile(rb'"(?:creator_id|id)"\s*:\s*"([^"\\]{1,300})"')

_CREATOR = msgspec.json.Decoder(Creator)
_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, Any])

Row = tuple[int, Creator | RecordError]
Plain = tuple[int, dict[str, Any] | RecordError]


def creators_from_jsonl(stream: Peekable, name: str, *, report: ReadReport, now: datetime | None) -> Iterator[Row]:
    """Line number and creator, or the error that makes the line a reject.

    Raises InputError where the whole input is no JSON Lines in UTF-8.
    """
    _check_head(stream, name)
    yield from creators_of_lines(lines(stream), report=report, now=now)


def creators_of_lines(
    numbered: Iterable[tuple[int, bytes | None]], *, report: ReadReport, now: datetime | None
) -> Iterator[Row]:
    """Numbered lines, wherever they come from, as creators or errors; None is a line that was too long to hold."""
    latest = latest_instant(now)
    decode = _CREATOR.decode
    for number, line in numbered:
        if line is None:
            yield number, _overlong(number)
            continue
        try:
            row: Creator | RecordError = check_creator(decode(line), latest=latest)
        # off the straight path, clean or not: other names, unknown columns, other spellings of times, mistakes
        except (msgspec.DecodeError, RecordError, UnicodeDecodeError, RecursionError):
            if not line.strip():
                report.blank_lines += 1
                continue
            row = _renamed(line, latest, report) or _general(line, number, report, now)
        yield number, row


def _renamed(line: bytes, latest: datetime, report: ReadReport) -> Creator | None:
    """A row that only has other names or unknown columns at its top level, seven times faster than the general way.

    None where there is more to it than that.
    """
    try:
        raw = {key: value for key, value in _RAW.decode(line).items() if bytes(value) != b"null"}
        known: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        aliases: list[str] = []
        for key, value in raw.items():
            name = field_of(key, Creator, raw)
            if name is None or name in known:
                unknown[key] = msgspec.json.decode(value)
                continue
            known[name] = value
            if name != key:
                aliases.append(f"{key} -> {name}")
        if unknown:
            given = known.get("extra")
            known["extra"] = (_OBJECT.decode(given) if given is not None else {}) | unknown
        creator = check_creator(_CREATOR.decode(msgspec.json.encode(known)), latest=latest)
    except (msgspec.DecodeError, RecordError, UnicodeDecodeError, RecursionError):
        return None
    report.unknown.update(list(unknown))
    report.aliases.update(aliases)
    return creator


def _general(line: bytes, number: int, report: ReadReport, now: datetime | None) -> Creator | RecordError:
    """The way that reads every spelling and names every mistake."""
    try:
        return creator_from_dict(object_of(line, number), line=number, report=report, now=now)
    except RecordError as error:
        return error


def objects_from_jsonl(stream: Peekable, name: str, *, report: ReadReport) -> Iterator[Plain]:
    """Line number and plain object, or the error that makes the line a reject. Raises InputError as above."""
    _check_head(stream, name)
    for number, line in lines(stream):
        if line is None:
            yield number, _overlong(number)
        elif not line.strip():
            report.blank_lines += 1
        else:
            try:
                obj = object_of(line, number)
                if not isinstance(obj, dict):
                    reason = f"found {shown(obj)}, expected an object; write one object a line"
                    raise RecordError(reason, line=number, found=shown(obj))
                yield number, obj
            except RecordError as error:
                yield number, error


def object_of(line: bytes, number: int) -> Any:
    """The JSON of one line. Raises RecordError with what is wrong with it, and the id if it can be made out."""
    try:
        return msgspec.json.decode(line)
    except UnicodeDecodeError as error:
        reason = f"found bytes that are not UTF-8 ({error.reason}); save the file as UTF-8"
        raise _unreadable(reason, line, number) from error
    except msgspec.DecodeError as error:
        reason = f"found text that is not JSON ({error}), expected one object on this line; export the row again"
        raise _unreadable(reason, line, number) from error
    except RecursionError as error:
        raise _unreadable("found lists nested too deep, expected one creator", line, number) from error


def _unreadable(reason: str, line: bytes, number: int) -> RecordError:
    match = _ID.search(line[:CHUNK])
    who = match[1].decode(errors="replace") if match else None
    return RecordError(reason, line=number, creator_id=who, found=shown(line))


def _overlong(number: int) -> RecordError:
    reason = f"found a line longer than {MAX_ROW:,} bytes, expected one object a line; split the row"
    return RecordError(reason, line=number)


def _check_head(stream: Peekable, name: str) -> None:
    head = stream.peek(16)
    if head[:2] in UTF16:
        raise InputError(f"{name}: starts with a UTF-16 byte order mark, expected UTF-8; save it as UTF-8")
    if head.removeprefix(BOM).lstrip()[:1] == b"[":
        raise InputError(
            f"{name}: starts with a JSON array, expected JSON Lines, one object a line; convert it with `jq -c '.[]'`"
        )
