"""Results of an earlier run, read back from a file that anybody may have edited in between.

A result's types are its Struct's; what else readers of results count on is in bonafit.io.stored_ranges.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from bonafit.errors import InputError
from bonafit.io.stored_ranges import Stored
from bonafit.io.streams import decompressed, lines, named, opened
from bonafit.records.messages import shown, taken_apart, value_at
from bonafit.results import CreatorScore

Path_ = str | os.PathLike[str]


_decode = msgspec.json.Decoder(CreatorScore).decode
_check = msgspec.json.Decoder(Stored).decode


def result_of(line: bytes) -> CreatorScore:
    """A line of JSON as a result. Raises ValueError naming the field at fault, msgspec.DecodeError for no JSON."""
    result: CreatorScore | None = None
    try:
        result = _decode(line)
        _check(line)
    except msgspec.ValidationError as error:
        field, expected = taken_apart(str(error))
        stored = f"found {shown(value_at(result, field))}, " if result is not None else ""
        reason = "is missing" if expected == "missing" else f"{stored}expected {expected}"
        raise ValueError(f"{field}: {reason}".removeprefix(": ")) from None
    _dates(result)
    if not result.creator_id:
        raise ValueError("creator_id: is empty")
    return result


def result_lines(path: Path_) -> Iterator[tuple[int, CreatorScore]]:
    """Line and result of a JSON Lines file that `bonafit score --out` wrote, plain or compressed, in its order.

    Raises InputError naming the line where one is no result: a table of creators, a CSV of results, half a file, a
    figure out of its range, a creator twice.
    """
    first: dict[str, int] = {}
    with opened(path) as raw:
        for number, line in lines(decompressed(raw, named(path))):
            if line is None:
                raise InputError(f"{named(path)}, line {number}: longer than a result can be; score again")
            if not line.strip():
                continue
            try:
                result = result_of(line)
            # a UnicodeDecodeError, a ValueError, for a text that is not UTF-8
            except (msgspec.DecodeError, ValueError, RecursionError) as error:
                raise InputError(
                    f"{named(path)}, line {number}: no result of `bonafit score` ({error}); expected JSON Lines as "
                    "--out scores.jsonl writes them"
                ) from error
            if result.creator_id in first:
                raise InputError(
                    f"{named(path)}, line {number}: creator {result.creator_id} was in line {first[result.creator_id]} "
                    "already; expected each creator once"
                )
            first[result.creator_id] = number
            yield number, result
    if not first:
        raise InputError(f"{named(path)}: holds no result; expected JSON Lines as `bonafit score --out` writes them")


def read_results(path: Path_) -> list[CreatorScore]:
    """Every result of a file; raises as `result_lines` does."""
    return [result for _, result in result_lines(path)]


def _dates(result: CreatorScore) -> None:
    """Days that the pattern lets through and no calendar has. Raises ValueError naming the field."""
    jumps: Any = result.authenticity.detail.get("follower_history", {}).get("jumps", ())
    days = [("profile.as_of", result.profile.as_of), *(("jumps[].at", jump["at"]) for jump in jumps)]
    days += [("evidence[].at", item.at) for part in result.components for item in part.evidence]
    for field, day in days:
        try:
            date.fromisoformat((day or "2000-01-01")[:10])
        except ValueError:
            raise ValueError(f"{field}: found {shown(day)}, expected a day such as 2026-03-31") from None
