"""What the library's edges cost beside the work behind them: records that check themselves, tables in and out."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pyarrow as pa
from benchmarks.speed.paired import in_turns, ratio, row, seconds
from benchmarks.speed.population import briefs, invented

from bonafit import Creator, Post, Scorer
from bonafit.io.arrow_schema import batch_of
from bonafit.scorer.border import checked
from bonafit.scorer.flat import flat_row
from bonafit_training.contracts import Context, Row

CREATORS, CAPTIONS = 60, 12
ROUNDS = 5
# The fewer texts a creator has, the more the table counts beside them.
TABLE_CAPTIONS, TABLE_ROUNDS = 3, 5
# Different creators of the large table: their vectors are remembered, so that it takes minutes and not hours.
LARGE_TABLE_CREATORS = 2_000


def records(context: Context) -> Iterator[Row]:
    """Microseconds a creator of 12 posts: built by a program, decoded from JSON, looked over before it is scored."""
    people = list(invented(CREATORS, captions=CAPTIONS))
    fields = [_fields(creator) for creator in people]
    lines = [msgspec.json.encode(creator) for creator in people]
    decode = msgspec.json.Decoder(Creator).decode
    brief = briefs(1)[0]
    with Scorer.load(remember=0, threads=1) as scorer:
        scorer.warm()
        prepared, prepared_brief = scorer.prepare(people), scorer.prepare_brief(brief)
        times = in_turns(
            {
                "built": lambda: [_built(*arguments) for arguments in fields],
                "decoded": lambda: [decode(line) for line in lines],
                "looked_over": lambda: list(checked(people)),
                "heads": lambda: scorer.score_prepared(prepared, prepared_brief),
            },
            rounds=ROUNDS,
        )
    for name, timed in times.items():
        baseline = name in ("decoded", "heads")
        value = statistics.median(timed) / CREATORS * 1e6
        yield row("invented", "library", "us_a_creator", value, CREATORS, slice=name, method=name, baseline=baseline)
    share = ratio(times["looked_over"], times["heads"])
    yield row("invented", "library", "looked_over_share_of_heads", share, ROUNDS)


def tables(context: Context) -> Iterator[Row]:
    """`score_table` over `score` of creators as records, in turns, and whether values are equal.

    SPEED_TABLE rows (default 100). `fresh`: texts never read before, other ones for each of the two, as a file brings
    them; `known`: the same creators again, whose vectors are remembered but nothing else.
    """
    rows = int(os.environ.get("SPEED_TABLE", "100"))
    brief = briefs(1)[0]
    with Scorer.load(remember=0, threads=1) as scorer:
        scorer.warm()
        fresh: dict[str, list[float]] = {"table": [], "records": []}
        known: dict[str, list[float]] = {"table": [], "records": []}
        equal = 0
        for turn in range(TABLE_ROUNDS):
            for name, score in (("records", scorer.score), ("table", scorer.score_table)):
                people = _people(rows, seed=100 * turn + len(name))
                given = people if name == "records" else _table(people)
                fresh[name].append(seconds(partial(score, given, brief)))
            flat, scored = scorer.score_table(_table(people), brief), scorer.score(people, brief)
            expected = [{**flat_row(result), "rejected": None} for result in scored]
            equal += sum(row == want for row, want in zip(flat.to_pylist(), expected, strict=True))
            again = {"records": partial(scorer.score, people), "table": partial(scorer.score_table, _table(people))}
            for name, score_again in again.items():
                known[name].append(seconds(partial(score_again, brief)))
    yield row("invented", "library", "rows_equal_share", equal / (rows * TABLE_ROUNDS), rows, slice="table")
    for slice, times in (("fresh", fresh), ("known", known)):
        over = ratio(times["table"], times["records"])
        yield row("invented", "library", "table_over_records", over, TABLE_ROUNDS, slice=slice)


def large_table(context: Context) -> Iterator[Row]:
    """SPEED_LARGE_TABLE rows (default 100,000) as one table by one call, and as records, in processor seconds.

    Creators are few but for their ids, have a bio each and no post, and their vectors are remembered: nothing is left
    that would hide what the table costs.
    """
    rows = int(os.environ.get("SPEED_LARGE_TABLE", "100000"))
    brief = briefs(1)[0]
    bare = {"posts": (), "comments": (), "audience": (), "follower_history": ()}
    few = [msgspec.structs.replace(creator, **bare) for creator in _people(min(rows, LARGE_TABLE_CREATORS), seed=3)]
    people = [msgspec.structs.replace(few[i % len(few)], creator_id=f"invented-{i}") for i in range(rows)]
    table = _table(people)
    with TemporaryDirectory() as cache, Scorer.load(cache=cache, remember=0, threads=1) as scorer:
        scorer.score(few, brief)
        batches, marks, read = [], [time.process_time()], 0
        for batch in scorer.score_reader(table, brief):
            batches.append(batch)
            read += batch.num_rows
            if len(marks) == 1 and 2 * read >= rows:
                marks.append(time.process_time())
        marks.append(time.process_time())
        of_records, equal = 0.0, 0
        results = scorer.stream(people, brief)
        for batch in batches:
            start = time.process_time()
            scored = list(islice(results, batch.num_rows))
            of_records += time.process_time() - start
            expected = ({**flat_row(result), "rejected": None} for result in scored)
            equal += sum(row == want for row, want in zip(batch.to_pylist(), expected, strict=True))
    start, half, end = marks
    for metric, value in (
        ("rows_equal_share", equal / rows),
        ("table_over_records", (end - start) / of_records),
        ("second_half_over_first", (end - half) / (half - start)),
        ("us_a_row", (end - start) / rows * 1e6),
    ):
        yield row("invented", "library", metric, value, rows, slice="large_table")


def _people(n: int, *, seed: int) -> list[Creator]:
    """Creators without columns that bonafit does not know, which send a table the general way."""
    return [msgspec.structs.replace(creator, extra={}) for creator in invented(n, seed=seed, captions=TABLE_CAPTIONS)]


def _table(people: list[Creator]) -> pa.Table:
    return pa.Table.from_batches([batch_of(people, Creator)]).drop_columns(["extra"])


def _fields(creator: Creator) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a program would give the constructors: the creator's fields, and those of each post."""
    return {**msgspec.structs.asdict(creator), "posts": ()}, [msgspec.structs.asdict(post) for post in creator.posts]


def _built(fields: dict[str, Any], posts: list[dict[str, Any]]) -> Creator:
    return Creator(**{**fields, "posts": tuple(Post(**post) for post in posts)})


SUITES = {"speed/library/records": records, "speed/library/tables": tables, "speed/library/large_table": large_table}
