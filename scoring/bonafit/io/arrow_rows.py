"""Arrow record batches to creators: what Parquet reading uses, and what a Spark `mapInArrow` adapter can use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.report import ReadReport, Reject, reject_from
from bonafit.io.rows.check import check_creator, latest_instant
from bonafit.io.rows.fields import NEVER_NONE
from bonafit.io.rows.reader import RowReader
from bonafit.io.rows.traces import collected
from bonafit.records import Creator

if TYPE_CHECKING:
    import pyarrow as pa

_NAT = -(2**63)

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
    """Row number and creator, or the error that makes the row a reject.

    A batch stands alone: what a first look at a file decides of a column is decided by nothing but the row here.
    """
    latest = latest_instant(now)
    reader = RowReader(report=report, now=now)
    for number, plain in enumerate(plain_rows(batch), start=first_row):
        try:
            creator = check_creator(msgspec.convert(plain, Creator), latest=latest)
            yield number, collected(creator, reader.note)
        # other names, unknown columns, other spellings, mistakes: the general way names what is wrong
        except (msgspec.ValidationError, RecordError, RecursionError):
            yield number, general_row(reader, plain, number)


def general_row(reader: RowReader, plain: Any, number: int) -> Creator | RecordError:
    """A plain row by the names and spellings of its file; whatever it holds, a creator or an error."""
    try:
        return reader.creator(plain, number)
    except RecordError as error:
        return error
    except (UnicodeError, RecursionError, OverflowError, ValueError) as error:
        return RecordError(f"found values that cannot be read ({error}); export the row again", line=number)


def plain_rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Rows as plain objects, instants as datetimes in UTC; a null is None, or left out where a field cannot be None.

    65 us for a row of ten posts where pyarrow's own to_pylist takes 180, most of it for timestamps with a zone.
    """
    return _dicts(batch.schema.names, batch.columns, batch.num_rows)


def _dicts(names: list[str], arrays: list[pa.Array], n: int) -> list[dict[str, Any]]:
    # a column without a value in this batch is left out, most optional ones are
    filled = [(name, array) for name, array in zip(names, arrays, strict=True) if array.null_count < n]
    present = [name for name, _ in filled]
    if not present:
        return [{} for _ in range(n)]
    rows = [dict(zip(present, row, strict=True)) for row in zip(*(_values(array) for _, array in filled), strict=True)]
    for name, array in filled:
        if array.null_count and name in NEVER_NONE:
            for row in rows:
                if row[name] is None:
                    del row[name]
    return rows


def _values(array: pa.Array) -> list[Any]:
    import pyarrow as pa

    kind = array.type
    if pa.types.is_struct(kind):
        fields = [array.field(i) for i in range(kind.num_fields)]
        return _with_nulls(_dicts([field.name for field in kind], fields, len(array)), array)
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
    if pa.types.is_dictionary(kind):
        values, last = _values(array.dictionary), len(array.dictionary) - 1
        return [values[i] if i is not None and 0 <= i <= last else None for i in array.indices.to_pylist()]
    if pa.types.is_decimal(kind):
        # as Spark and databases write whole numbers and prices
        return [None if value is None else int(value) if value == int(value) else float(value) for value in _any(array)]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [_text(value) for value in _any(array)]
    if pa.types.is_map(kind):
        return [_mapping(row) for row in _any(array)]
    return _any(array)


def _mapping(row: Any) -> Any:
    """The pairs of a map as an object; what Python has no object for, as it is."""
    try:
        return dict(row) if isinstance(row, list) else row
    except TypeError:
        return row


def _any(array: pa.Array) -> list[Any]:
    """Values of any other type; bytes in place of text that is not UTF-8, None for what Python has no value for."""
    try:
        return array.to_pylist()  # type: ignore[no-any-return]
    except Exception:
        # UnicodeDecodeError, unknown time zones, dates outside the calendar: value by value, so that one row is lost
        return [_one(array, i) for i in range(len(array))]


def _one(array: pa.Array, i: int) -> Any:
    try:
        return array[i].as_py()
    except UnicodeDecodeError:
        return b"\xff"
    except Exception:
        return None


def _with_nulls(rows: list[Any], array: pa.Array) -> list[Any]:
    if not array.null_count:
        return rows
    return [row if valid else None for row, valid in zip(rows, array.is_valid().to_pylist(), strict=True)]


def _instants(array: pa.Array) -> list[Any]:
    """Timestamps, with or without a zone, as datetimes in UTC: Arrow keeps those with a zone in UTC."""
    import numpy as np
    import pyarrow as pa

    micros = array.cast(pa.timestamp("us", tz=array.type.tz), safe=False).cast(pa.int64())
    if not len(micros):
        return []
    # by way of the buffer and numpy's own NaT: pyarrow's conversions of timestamps, its fill_null and its to_numpy of
    # booleans load pandas where it is installed, 0.25 s
    numbers = np.frombuffer(micros.buffers()[1], np.int64, count=len(micros), offset=8 * micros.offset)
    if micros.null_count:
        numbers = np.where(micros.is_valid().to_pylist(), numbers, _NAT)
    values = numbers.view("datetime64[us]").tolist()
    # numpy gives a number for an instant outside the years 1 to 9999, which the row's conversion names and rejects
    return [value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for value in values]


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
