"""What the library's edges cost beside the work behind them: records that check themselves, tables in and out."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa
from benchmarks.speed.paired import in_turns, ratio, row
from benchmarks.speed.population import briefs, invented

from bonafit import Creator, Post, Scorer
from bonafit.io.arrow_schema import batch_of
from bonafit.scorer.border import checked
from bonafit.scorer.flat import flat_row
from bonafit_training.contracts import Context, Row

CREATORS, CAPTIONS = 60, 12
ROUNDS = 5
# The fewer texts a creator has, the more the table counts beside them.
TABLE_CAPTIONS, TABLE_ROUNDS = 3, 3


def records(context: Context) -> Iterator[Row]:
    """Microseconds a creator of 12 posts: built by a program, decoded from JSON, looked over before it is scored."""
    people = list(invented(CREATORS, captions=CAPTIONS))
    fields = [_fields(creator) for creator in people]
    lines = [msgspec.json.encode(creator) for creator in people]
    decode = msgspec.json.Decoder(Creator).decode
    brief = briefs(1)[0]
    with Scorer.load(remember=0, threads=1) as scorer:
        scorer.warm()
        prepared, asked = scorer.prepare(people), scorer.prepare_brief(brief)
        times = in_turns(
            {
                "built": lambda: [_built(*one) for one in fields],
                "decoded": lambda: [decode(line) for line in lines],
                "looked_over": lambda: list(checked(people)),
                "heads": lambda: scorer.score_prepared(prepared, asked),
            },
            rounds=ROUNDS,
        )
    for name, seconds in times.items():
        baseline = name in ("decoded", "heads")
        value = statistics.median(seconds) / CREATORS * 1e6
        yield row("invented", "library", "us_a_creator", value, CREATORS, slice=name, method=name, baseline=baseline)
    share = ratio(times["looked_over"], times["heads"])
    yield row("invented", "library", "looked_over_share_of_heads", share, ROUNDS)


def tables(context: Context) -> Iterator[Row]:
    """`score_table` over `score` of the same creators as records, in turns, and whether their values are equal.

    SPEED_TABLE rows (default 1,000), each with texts of its own; nothing is remembered between rounds.
    """
    rows = int(os.environ.get("SPEED_TABLE", "1000"))
    people = list(invented(rows, captions=TABLE_CAPTIONS))
    table = pa.Table.from_batches([batch_of(people, Creator)])
    brief = briefs(1)[0]
    with Scorer.load(remember=0, threads=1) as scorer:
        scorer.warm()
        flat = scorer.score_table(table, brief)
        scored = scorer.score(people, brief)
        columns = [name for name in flat.schema.names if name != "rejected"]
        equal = sum(
            {name: row[name] for name in columns} == flat_row(result)
            for row, result in zip(flat.to_pylist(), scored, strict=True)
        )
        times = in_turns(
            {"records": lambda: scorer.score(people, brief), "table": lambda: scorer.score_table(table, brief)},
            rounds=TABLE_ROUNDS,
        )
    yield row("invented", "library", "rows_equal_share", equal / rows, rows, slice="table")
    yield row("invented", "library", "table_over_records", ratio(times["table"], times["records"]), TABLE_ROUNDS)


def _fields(creator: Creator) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a program would give the constructors: the creator's fields, and those of each post."""
    return {**msgspec.structs.asdict(creator), "posts": ()}, [msgspec.structs.asdict(post) for post in creator.posts]


def _built(fields: dict[str, Any], posts: list[dict[str, Any]]) -> Creator:
    return Creator(**{**fields, "posts": tuple(Post(**post) for post in posts)})


SUITES = {"speed/library/records": records, "speed/library/tables": tables}
