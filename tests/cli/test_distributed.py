"""What workers do with lines and batches, without a cluster; what only the local engine does is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from bonafit.cli import main
from bonafit.cli.distributed import lines_of_results, rows_of_lines, spark_session
from bonafit.errors import InputError
from bonafit.io.arrow_schema import batch_of
from bonafit.io.read import Reject
from bonafit.jobs.arrow import score_batches
from bonafit.records import Creator
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer


def batch(*lines: bytes) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"line": pa.array(lines, pa.binary())})


def test_lines_are_read_as_the_reader_of_files_reads_them() -> None:
    lines = [
        b'\xef\xbb\xbf{"creator_id": "a"}', b"", b'{"username": "b", "followers": "1.2K"}', b"no JSON",
        b'{"creator_id": "c", "followers": -5}', b"\xff", b'{"followers": 3}',
    ]  # fmt: skip
    [rows] = rows_of_lines([batch(*lines[:3]), batch(*lines[3:])])
    assert [row.creator_id for row in rows if isinstance(row, Creator)] == ["a", "b", "c"]
    assert [row.followers for row in rows if isinstance(row, Creator)] == [None, 1_200, None]
    # a blank line is no row
    assert [row.line for row in rows if isinstance(row, Reject)] == [4, 6, 7]
    assert list(rows_of_lines([])) == []


def test_results_are_written_as_the_local_engine_writes_them() -> None:
    people = creators(6)
    scorer = tiny_scorer()
    lines = [
        line
        for written in lines_of_results(score_batches(scorer, [batch_of(people, Creator)], BRIEF))
        for line in written.column("value").to_pylist()
    ]
    assert lines == [msgspec.json.encode(result).decode() for result in scorer.score(people, BRIEF)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.jsonl", "--out", "o.jsonl", "--posts", "p.csv"], "--posts: not with --engine spark"),
        (["-", "--out", "o.jsonl"], "reads and writes files that its workers see"),
        (["a.csv", "--out", "o.jsonl"], "INPUT: csv with --engine spark; expected"),
        (["a.jsonl", "--out", "o.csv"], "--out: csv with --engine spark; expected"),
    ],
)
def test_what_a_cluster_cannot_do_is_refused_before_it_starts(
    arguments: list[str], message: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brief = str(repository / "examples" / "brief.toml")
    assert main(["score", *arguments, "--brief", brief, "--engine", "spark"]) == 1
    assert message in capsys.readouterr().err


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(InputError, match=r"pip install 'bonafit\[spark\]' and Java 17"):
        spark_session("local[1]")
