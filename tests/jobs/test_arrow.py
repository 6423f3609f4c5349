"""The core of all engines: Arrow in, Arrow out, the same bytes as the scorer's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonafit.io.arrow_schema import batch_of
from bonafit.io.report import Reject
from bonafit.jobs.arrow import output_batch, output_schema, score_batches, scores_of
from bonafit.jobs.ranking import Best, rank
from bonafit.records import Creator, Post
from bonafit.results import CreatorScore
from bonafit.scorer.scorer import Scorer
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return tiny_scorer()


def encoded(results: list[CreatorScore]) -> list[bytes]:
    return [msgspec.json.encode(result) for result in results]


def bad_rows() -> pa.RecordBatch:
    """A good row between two bad ones, with columns in another order and one that nobody knows."""
    return pa.RecordBatch.from_pylist(
        [
            {"posts": [{"likes": 1, "caption": "a"}], "creator_id": "1.78E+16", "colour": "red"},
            {"posts": [{"likes": 3, "caption": "sunscreen"}], "creator_id": "y", "colour": "red"},
            {"posts": None, "creator_id": None, "colour": None},
        ]
    )


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 7, 300])
def test_values_are_the_bytes_of_the_stream(scorer: Scorer, rows: int) -> None:
    many = [
        msgspec.structs.replace(c, posts=(*c.posts, Post(posted_at=datetime(2026, 1, 2, 3, 4, 5, 6, UTC), tags=("a",))))
        for c in creators(600)
    ]
    batches = [batch_of(many[i : i + rows], Creator) for i in range(0, len(many), rows)]
    found = [result for batch in score_batches(scorer, batches, BRIEF) for result in scores_of(batch)]
    assert encoded(found) == encoded(list(scorer.stream(many, BRIEF)))


def test_every_row_is_a_result_or_a_reject(scorer: Scorer) -> None:
    batches = list(score_batches(scorer, [bad_rows(), bad_rows().slice(1)], BRIEF))
    assert all(batch.schema == output_schema() for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [row["result"]["creator_id"] if row["result"] else None for row in rows] == [None, "y", None, "y", None]
    rejects = [row["reject"] for row in rows if row["reject"]]
    assert [(r["line"], r["field"]) for r in rejects] == [(1, "creator_id"), (3, "creator_id"), (5, "creator_id")]


def test_nothing_in_nothing_out(scorer: Scorer) -> None:
    assert list(score_batches(scorer, [], BRIEF)) == []
    assert output_batch([]).schema == output_schema()
    reject = Reject(line=1, creator_id=None, field="", reason="r")
    assert output_batch([reject]).column("result").null_count == 1


def test_a_worker_holds_one_batch_at_a_time(scorer: Scorer) -> None:
    taken = 0

    def source() -> Iterator[pa.RecordBatch]:
        nonlocal taken
        for _ in range(10):
            taken += 1
            yield batch_of(creators(3), Creator)

    stream = score_batches(scorer, source(), BRIEF)
    next(stream)
    assert taken == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.text(max_size=3)), max_size=30), st.integers(0, 8))
def test_the_best_are_the_first_of_the_ranking(rows: list[tuple[float, str]], n: int) -> None:
    template = tiny_scorer().score(creators(1), BRIEF)[0]
    results = [msgspec.structs.replace(template, score=s, creator_id=i) for s, i in rows]
    best = Best(n)
    lines = [msgspec.json.encode(result) for result in results]
    assert list(best.watch_lines(lines)) == lines
    added = Best(n)
    for result in results:
        added.add(result)
    assert added.ranked() == best.ranked()
    assert [(r.score, r.creator_id) for r in best.ranked()] == [(r.score, r.creator_id) for r in rank(results)[:n]]
