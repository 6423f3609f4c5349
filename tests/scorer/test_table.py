"""Tables in, tables out: every source gives the values that records give, and no row and no value goes unsaid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from bonafit import Creator, CreatorScore, Scorer
from bonafit.errors import InputError, LostValuesWarning
from bonafit.io.arrow_schema import batch_of
from bonafit.io.read import ReadReport
from bonafit.results import COMPONENTS
from bonafit.scorer.flat import described, flat_row, table_schema
from bonafit.scorer.table import BATCH
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer

PEOPLE = [*creators(5), Creator(creator_id="empty")]


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    with tiny_scorer() as scorer:
        yield scorer


@pytest.fixture(scope="module")
def results(scorer: Scorer) -> list[CreatorScore]:
    return scorer.score(PEOPLE, BRIEF)


def arrow() -> pa.Table:
    return pa.Table.from_batches([batch_of(PEOPLE, Creator)]).drop_columns(["extra"])


def indexed(table: pa.Table) -> pd.DataFrame:
    """As a data frame looks after rows were picked: an index that is no range."""
    return table.to_pandas(timestamp_as_object=False).iloc[[0, 1, 2, 3, 4, 5]].set_index(pd.Index([9, 8, 7, 5, 6, 1]))


SOURCES: dict[str, Callable[[pa.Table], Any]] = {
    "arrow": lambda table: table,
    "chunks": lambda table: pa.concat_tables([table.slice(0, 2), table.slice(2)]),
    "batch": lambda table: table.combine_chunks().to_batches()[0],
    "reader": lambda table: table.to_reader(),
    "polars": pl.DataFrame,
    "categories": lambda table: pl.DataFrame(table).with_columns(pl.col("platform").cast(pl.Categorical)),
    "pandas": indexed,
    "columns": lambda table: table.to_pydict(),
    "renamed": lambda table: table.rename_columns({"followers": "Follower Count", "creator_id": "id"}),
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_values_of_records(source: str, scorer: Scorer, results: list[CreatorScore]) -> None:
    scored = scorer.score_table(SOURCES[source](arrow()), BRIEF)
    assert scored.schema == table_schema()
    expected = [{**flat_row(result), "rejected": None} for result in results]
    assert scored.to_pylist() == expected


def test_the_columns_are_the_result(scorer: Scorer, results: list[CreatorScore]) -> None:
    rows = scorer.score_table(arrow(), BRIEF, features=True).to_pylist()
    for row, result in zip(rows, results, strict=True):
        assert (row["score_low"], row["score_high"]) == (result.interval or (None, None))
        assert row["as_of"] == result.profile.as_of
        assert row["followers"] == result.profile.followers
        for name in COMPONENTS:
            component = getattr(result, name)
            assert row[name] == component.value
            assert tuple(row[f"{name}_flags"]) == component.flags
            mine = [reason for reason in row["reasons"] if reason["head"] == name]
            assert [reason["points"] for reason in mine] == [reason.points for reason in component.reasons]
            seen = {r.feature: r.seen for r in component.reasons if r.seen is not None}
            assert {k.split(".", 1)[1]: v for k, v in row["features"] if k.startswith(f"{name}.")} == seen


def test_no_row_is_lost_and_no_value_goes_unsaid(scorer: Scorer) -> None:
    table = {
        "creator_id": [None, "a", "b", None],
        "bio": ["x", "sunscreen every day", "serum", "y"],
        "followers": ["1", "many", "2.5k", "3"],
        "mood": [None, "good", None, None],
    }
    with pytest.warns(
        LostValuesWarning, match=r"column followers: 1 value not read, first in line 2 \(a\): found 'many'"
    ):
        scored = scorer.score_table(table, BRIEF)
    rows = scored.to_pylist()
    assert [row["creator_id"] for row in rows] == [None, "a", "b", None]
    assert [row["rejected"] is not None for row in rows] == [True, False, False, True]
    assert rows[0]["rejected"]["field"] == "creator_id"
    assert rows[0]["reasons"] is None
    assert rows[0]["verdict"] is None
    assert [row["followers"] for row in rows] == [None, None, 2_500, None]
    report = ReadReport()
    scorer.score_table(table, BRIEF, report=report)
    assert (report.rows, report.accepted, report.rejected) == (4, 2, 2)
    assert dict(report.unknown) == {"mood": 1}
    assert [lost.n for lost in report.lost.values()] == [1]


def test_what_is_no_table_says_so(scorer: Scorer) -> None:
    with pytest.raises(InputError, match=r"found list, expected a table .* Scorer\.score takes lists of Creator"):
        scorer.score_table(PEOPLE, BRIEF)
    with pytest.raises(InputError, match="expected columns of one length"):
        scorer.score_table({"creator_id": ["a", "b"], "bio": ["x"]}, BRIEF)


def test_an_empty_table_has_the_columns(scorer: Scorer) -> None:
    scored = scorer.score_table(arrow().slice(0, 0), BRIEF, compact=True)
    assert scored.num_rows == 0
    assert scored.schema == table_schema(compact=True)


@pytest.mark.slow
def test_a_reader_scores_as_it_is_read(scorer: Scorer) -> None:
    taken = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal taken
        table = arrow()
        for _ in range(4_000):
            taken += 1
            yield from table.to_batches()

    reader = scorer.score_reader(pa.RecordBatchReader.from_batches(arrow().schema, batches()), BRIEF)
    assert taken == 0
    assert reader.read_next_batch().num_rows == BATCH
    assert 0 < taken < 1_000


@pytest.mark.slow
def test_compact_rows_of_the_published_bundle_are_small(repository: Path) -> None:
    lines = (repository / "examples" / "creators.jsonl").read_bytes().splitlines()[:40]
    table = pa.Table.from_pylist([msgspec.json.decode(line) for line in lines])
    with Scorer.load() as scorer:
        compact = scorer.score_table(table, BRIEF, compact=True)
        whole = scorer.score_table(table, BRIEF)
    assert compact.nbytes / compact.num_rows < 2_000
    for small, row in zip(compact.to_pylist(), whole.to_pylist(), strict=True):
        assert small["score"] == row["score"]
        assert small["verdict"] == row["verdict"]
        assert len(msgspec.json.encode({k: v for k, v in small.items() if v not in (None, [])})) < 2_048


def test_the_documented_columns_are_current(repository: Path) -> None:
    assert (repository / "docs" / "table.md").read_text() == described(), "run `make docs`"


def test_a_column_named_twice_is_refused(scorer: Scorer) -> None:
    with pytest.raises(InputError, match="more than one column creator_id"):
        scorer.score_table(pa.table([["a"], ["b"]], names=["creator_id", "creator_id"]), BRIEF)


def test_a_batch_of_nobody_is_refused(scorer: Scorer) -> None:
    with pytest.raises(InputError, match="batch is 0"):
        list(scorer.stream(PEOPLE, BRIEF, batch=0))
