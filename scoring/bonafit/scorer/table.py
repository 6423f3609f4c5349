"""Tables in, tables out: whatever speaks Arrow, scored into one flat table, a row for every row of the input.

Input is anything with `__arrow_c_stream__` (a data frame of polars or pandas, a relation of duckdb, a table or reader
of pyarrow) or a mapping of column names to values. Columns are named as the fields of Creator or as any of their other
names, posts and other lists nested (docs/formats.md). docs/table.md, written by `make docs`, lists the columns that
come out; every value is the one that `Scorer.score` gives.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from bonafit.errors import InputError, LostValuesWarning
from bonafit.io.arrow_rows import rows_of
from bonafit.io.report import ReadReport, Reject, reject_from
from bonafit.io.rows.nesting import MAX_DEPTH, is_deep
from bonafit.records import Brief, Creator
from bonafit.results import CreatorScore
from bonafit.scorer.flat import flat_row, table_schema

if TYPE_CHECKING:
    import pyarrow as pa

Stream = Callable[[Iterable[Creator], Brief], Iterator[CreatorScore]]
# Rows that are read at a time, and results of one batch that comes out: a table may come as one batch of millions.
BATCH = 256
# What pandas names the columns of an index without a name; it says nothing about a creator.
_INDEX = "__index_level_"


class _Choice(NamedTuple):
    """What a caller wants in a row."""

    compact: bool
    features: bool


def score_reader(
    stream: Stream,
    table: Any,
    brief: Brief,
    *,
    compact: bool = False,
    features: bool = False,
    report: ReadReport | None = None,
) -> pa.RecordBatchReader:
    """Scores of a table's rows, in order, batch by batch as they are read; `Scorer.score_table` says what comes out.

    stream : scores creators one by one in their order, as `Scorer.stream` does.
    """
    import pyarrow as pa

    source = arrow_reader(table)
    schema = table_schema(compact=compact, features=features)
    results = _results(stream, source, brief, ReadReport() if report is None else report, warned=report is None)
    batches = (_batch(rows, schema, _Choice(compact, features)) for rows in _by(results, BATCH))
    return pa.RecordBatchReader.from_batches(schema, batches)


def arrow_reader(table: Any) -> pa.RecordBatchReader:
    """Any table as a stream of record batches. Raises InputError for what is none."""
    import pyarrow as pa

    try:
        if isinstance(table, Mapping):
            # pyarrow follows lists that hold themselves until its stack is at an end
            if deep := [str(name)[:40] for name, column in table.items() if is_deep(column)]:
                raise InputError(f"table: column {deep[0]!r} is nested more than {MAX_DEPTH} deep, expected records")
            table = pa.table(dict(table))
        elif hasattr(table, "__arrow_c_array__"):
            table = pa.Table.from_batches([pa.record_batch(table)])
        if hasattr(table, "__arrow_c_stream__"):
            return _named_once(pa.RecordBatchReader.from_stream(table))
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"table: {error}; expected columns of one length and one kind of value each") from error
    raise InputError(
        f"found {type(table).__name__}, expected a table (polars, pandas, duckdb, pyarrow: anything with "
        "__arrow_c_stream__) or a mapping of columns; Scorer.score takes lists of Creator"
    )


def _named_once(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    names = reader.schema.names
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"table: found more than one column {', '.join(twice)}, expected each name once")
    return reader


def _results(
    stream: Stream, source: pa.RecordBatchReader, brief: Brief, report: ReadReport, *, warned: bool
) -> Iterator[CreatorScore | Reject]:
    # what comes out, in order: a reject, or None for the next result
    order: deque[Reject | None] = deque()

    def creators() -> Iterator[Creator]:
        for batch in chain.from_iterable(map(_slices, source)):
            for _, row in rows_of(batch, first_row=report.rows + 1, report=report, now=None):
                report.rows += 1
                if isinstance(row, Creator):
                    report.accepted += 1
                    order.append(None)
                    yield row
                else:
                    report.rejected += 1
                    reject = reject_from(row)
                    report.reject(reject)
                    order.append(reject)

    def rejects() -> Iterator[Reject]:
        while order and (reject := order[0]) is not None:
            order.popleft()
            yield reject

    for result in stream(creators(), brief):
        yield from rejects()
        order.popleft()
        yield result
    yield from rejects()
    lost = report.lines()[1:]
    if warned and (report.lost or report.unknown) and lost:
        warnings.warn("; ".join(lost), LostValuesWarning, stacklevel=2)


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """A batch, without what is no column of a creator, in pieces of BATCH rows."""
    named = batch.select([name for name in batch.schema.names if not name.startswith(_INDEX)])
    return (named.slice(start, BATCH) for start in range(0, named.num_rows, BATCH))


def _by(results: Iterator[CreatorScore | Reject], size: int) -> Iterator[list[CreatorScore | Reject]]:
    rows: list[CreatorScore | Reject] = []
    for result in results:
        rows.append(result)
        if len(rows) == size:
            yield rows
            rows = []
    if rows:
        yield rows


def _batch(rows: Sequence[CreatorScore | Reject], schema: pa.Schema, choice: _Choice) -> pa.RecordBatch:
    import pyarrow as pa

    flat = partial(flat_row, compact=choice.compact, features=choice.features)
    cells = [_rejected(row) if isinstance(row, Reject) else flat(row) for row in rows]
    columns = []
    for field in schema:
        values = [row.get(field.name) for row in cells]
        if field.name == "features":
            columns.append(pa.array([None if v is None else list(v.items()) for v in values], field.type))
        else:
            columns.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _rejected(reject: Reject) -> dict[str, Any]:
    detail = {"field": reject.field, "reason": reject.reason, "found": reject.found}
    return {"creator_id": reject.creator_id, "rejected": detail}
