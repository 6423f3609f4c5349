"""Flat rows, of CSV or of a table, whose lists are JSON text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.report import ReadReport, shown
from bonafit.io.rows.aliases import NESTED
from bonafit.io.rows.convert import creator_from_dict, id_of
from bonafit.records import Creator

JSON_COLUMNS: dict[type, tuple[str, ...]] = {kind: tuple(nested) for kind, nested in NESTED.items()}
JSON_COLUMNS[Creator] = (*JSON_COLUMNS[Creator], "extra")


def parse_json_columns(plain: dict[str, Any], kind: type, line: int) -> None:
    """Parse, in place, the columns of a flat row that hold lists as JSON text. Raises RecordError naming the column."""
    for name in JSON_COLUMNS[kind]:
        value = plain.get(name)
        if isinstance(value, str):
            try:
                plain[name] = msgspec.json.decode(value)
            except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
                raise RecordError(
                    f"found text that is not JSON ({error}), expected a JSON column; export the column again",
                    line=line,
                    creator_id=id_of(plain),
                    field=name,
                    found=shown(value),
                ) from error


def creator_from_flat(
    plain: dict[str, Any] | RecordError, line: int, *, report: ReadReport, now: datetime | None
) -> Creator | RecordError:
    """The creator of a flat row, or the error that makes it a reject."""
    if isinstance(plain, RecordError):
        return plain
    try:
        parse_json_columns(plain, Creator, line)
        return creator_from_dict(plain, line=line, report=report, now=now)
    except RecordError as error:
        return error
