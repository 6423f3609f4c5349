"""The core of every engine: Arrow record batches of creators in, Arrow record batches of results and rejects out.

Input: any batches whose columns are named as the fields of Creator (docs/formats.md), posts nested.
Output, one row for every input row, in order, with two columns of which exactly one is not null:

    result : struct of every field of CreatorScore; mappings (`detail`) are JSON text, tuples are lists
    reject : struct of every field of Reject

The result's values are the bytes that Scorer.stream gives: scores_of(batch) restores equal CreatorScore records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from bonafit.io.arrow_rows import creators_from_batch
from bonafit.io.arrow_schema import batch_of, schema_of
from bonafit.io.report import Reject
from bonafit.prepared import PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.results import COMPONENTS, CreatorScore
from bonafit.scorer.scorer import BATCH, Scorer

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def result_type() -> pa.DataType:
    """Struct of a CreatorScore. Lists have no fixed length: Spark and many readers of Arrow know no other."""
    return _struct(schema_of(CreatorScore))


@cache
def reject_type() -> pa.DataType:
    """Struct of a Reject."""
    return _struct(schema_of(Reject))


@cache
def output_schema() -> pa.Schema:
    """Schema of the batches that `score_batches` yields."""
    import pyarrow as pa

    return pa.schema([pa.field("result", result_type()), pa.field("reject", reject_type())])


def score_batches(scorer: Scorer, batches: Iterable[pa.RecordBatch], brief: Brief) -> Iterator[pa.RecordBatch]:
    """Score every row of the batches for one brief; holds at most BATCH creators with their vectors.

    Raises BriefError where the brief cannot be used; a row that cannot be scored becomes a reject.
    """
    prepared = scorer.prepare_brief(brief)
    for rows in creator_rows(batches):
        yield output_batch(score_rows(scorer, rows, prepared))


def creator_rows(batches: Iterable[pa.RecordBatch], *, size: int = BATCH) -> Iterator[list[Creator | Reject]]:
    """Rows as creators or rejects, at most `size` at a time; `line` of a reject is its 1-based row in the stream."""
    n_rows = 0
    for batch in batches:
        for start in range(0, batch.num_rows, size):
            rows = creators_from_batch(batch.slice(start, size), first_row=n_rows + 1)
            yield rows
            n_rows += len(rows)


def score_rows(scorer: Scorer, rows: Sequence[Creator | Reject], brief: PreparedBrief) -> list[CreatorScore | Reject]:
    """Rows with every creator scored, in order; rejects stay where they are."""
    scores = iter(scorer.score_prepared(scorer.prepare([r for r in rows if isinstance(r, Creator)]), brief))
    return [row if isinstance(row, Reject) else next(scores) for row in rows]


def output_batch(rows: Sequence[CreatorScore | Reject]) -> pa.RecordBatch:
    """Results and rejects as one batch of `output_schema()`."""
    import pyarrow as pa

    columns = [
        _scattered([row if isinstance(row, kind) else None for row in rows], kind, type_)
        for kind, type_ in ((CreatorScore, result_type()), (Reject, reject_type()))
    ]
    return pa.RecordBatch.from_arrays(columns, schema=output_schema())


def scores_of(batch: pa.RecordBatch) -> list[CreatorScore]:
    """The results of an output batch, or of a batch whose columns are those of `result`, as records again."""
    rows = batch.column("result").to_pylist() if "result" in batch.schema.names else batch.to_pylist()
    return [score_from_row(row) for row in rows if row is not None]


def score_from_row(row: dict[str, Any]) -> CreatorScore:
    """One result, as Arrow, Parquet or Spark gives its nested values, as the record it was."""
    whole = dict(row)
    for name in COMPONENTS:
        part = dict(whole[name])
        part["detail"] = msgspec.json.decode(part["detail"]) if part["detail"] else {}
        whole[name] = part
    return msgspec.convert(whole, CreatorScore)


def _scattered(rows: Sequence[msgspec.Struct | None], kind: type[msgspec.Struct], type_: pa.DataType) -> pa.Array:
    """Records and Nones as one struct array."""
    import pyarrow as pa

    filled = [row for row in rows if row is not None]
    batch = batch_of(filled, kind)
    table = pa.StructArray.from_arrays(
        [column.cast(type_.field(i).type) for i, column in enumerate(batch.columns)],
        fields=[type_.field(i) for i in range(type_.num_fields)],
    )
    if len(filled) == len(rows):
        return table
    positions = iter(range(len(filled)))
    return table.take(pa.array([None if row is None else next(positions) for row in rows], pa.int64()))


def _struct(schema: pa.Schema) -> pa.DataType:
    import pyarrow as pa

    return pa.struct([pa.field(f.name, _plain(f.type), nullable=True) for f in schema])


def _plain(type_: pa.DataType) -> pa.DataType:
    """The type with lists of any length and nullable fields throughout."""
    import pyarrow as pa

    if pa.types.is_struct(type_):
        return pa.struct([pa.field(f.name, _plain(f.type), nullable=True) for f in type_])
    if pa.types.is_list(type_) or pa.types.is_fixed_size_list(type_):
        return pa.list_(_plain(type_.value_type))
    return type_
