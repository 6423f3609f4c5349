"""Arrow record batches to creators: what Parquet reading uses, and what a Spark `mapInArrow` adapter can use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from bonafit.errors import RecordError
from bonafit.readers.flat import creator_from_flat, parse_json_columns
from bonafit.readers.report import ReadReport, Reject, reject_from
from bonafit.readers.validate import check_creator, latest_instant
from bonafit.records import Creator

if TYPE_CHECKING:
    import pyarrow as pa

Row = tuple[int, Creator | RecordError]


def creators_from_batch(
    batch: pa.RecordBatch, *, first_row: int = 1, report: ReadReport | None = None, now: datetime | None = None
) -> list[Creator | Reject]:
    """One Creator or Reject a row of the batch, in order.

    Columns are named as the fields of Creator or as ALIASES; nested columns are lists of structs, or JSON text.
    first_row : number of the batch's first row, for rejects. Duplicate ids are left to the caller, who sees them all.
    """
    return [
        row if isinstance(row, Creator) else reject_from(row)
        for _, row in rows_of(batch, first_row=first_row, report=ReadReport() if report is None else report, now=now)
    ]


def rows_of(batch: pa.RecordBatch, *, first_row: int, report: ReadReport, now: datetime | None) -> Iterator[Row]:
    """Row number and creator, or the error that makes the row a reject."""
    latest = latest_instant(now)
    for number, plain in enumerate(plain_rows(batch), start=first_row):
        yield number, _row(plain, number, latest, report, now)


def _row(
    plain: dict[str, Any], number: int, latest: datetime, report: ReadReport, now: datetime | None
) -> Creator | RecordError:
    try:
        parse_json_columns(plain, Creator, number)
        creator: Creator = msgspec.convert(plain, Creator)
        return check_creator(creator, latest=latest)
    # other names, unknown columns, other spellings, mistakes: the general way names what is wrong
    except (msgspec.ValidationError, RecordError):
        return creator_from_flat(plain, number, report=report, now=now)


def plain_rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Rows as plain objects; instants as datetime in UTC, nulls left out of known columns that have another default.

    pyarrow's own to_pylist takes 3.4 us for a timestamp with a zone and most of the 180 us for a row of ten posts.
    """
    names = batch.schema.names
    columns = [_values(column) for column in batch.columns]
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*columns, strict=True)
    ]


def _values(array: pa.Array) -> list[Any]:
    import pyarrow as pa

    kind = array.type
    if pa.types.is_struct(kind):
        names = [field.name for field in kind]
        columns = [_values(array.field(i)) for i in range(kind.num_fields)]
        rows: list[Any] = [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in zip(*columns, strict=True)
        ]
        return _with_nulls(rows, array)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        if len(array) == 0:
            return []
        offsets = array.offsets.to_pylist()
        first = offsets[0]
        inner = _values(array.values[first : offsets[-1]])
        rows = [inner[a - first : b - first] for a, b in pairwise(offsets)]
        return _with_nulls(rows, array)
    if pa.types.is_timestamp(kind):
        return _instants(array)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(array)
    return array.to_pylist()  # type: ignore[no-any-return]


def _with_nulls(rows: list[Any], array: pa.Array) -> list[Any]:
    if not array.null_count:
        return rows
    return [row if valid else None for row, valid in zip(rows, array.is_valid().to_pylist(), strict=True)]


def _instants(array: pa.Array) -> list[Any]:
    """Timestamps, with or without a zone, as datetimes in UTC: Arrow keeps those with a zone in UTC."""
    import pyarrow as pa

    micros = array.cast(pa.timestamp("us", tz=array.type.tz), safe=False).cast(pa.int64()).to_pylist()
    out: list[Any] = []
    for value in micros:
        if value is None:
            out.append(None)
            continue
        try:
            out.append(datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000))
        except (ValueError, OverflowError, OSError):
            # outside the years 1 to 9999: as a number, which the row's conversion names and rejects
            out.append(value / 1e6)
    return out


def _texts(array: pa.Array) -> list[Any]:
    """Texts; bytes in place of one that is not UTF-8, which the row's conversion names and rejects."""
    import pyarrow as pa

    try:
        return array.to_pylist()  # type: ignore[no-any-return]
    except UnicodeDecodeError:
        large = pa.types.is_large_string(array.type)
        return [_text(value) for value in array.view(pa.large_binary() if large else pa.binary()).to_pylist()]


def _text(value: bytes | None) -> str | bytes | None:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value
