"""Scoring and ranking on a Spark cluster of two workers on this machine, and the refusals that need none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow.parquet as pq
import pytest

from bonafit.bundle.portable import copy_portable, portable_files
from bonafit.cli import main
from bonafit.io.arrow_schema import batch_of
from bonafit.io.write import write_creators
from bonafit.jobs.arrow import scores_of
from bonafit.jobs.ranking import rank
from bonafit.records import Brief, Creator
from bonafit.results import CreatorScore
from bonafit.scorer.scorer import Scorer
from bonafit_training.sample.creators import iter_creators
from tests.rehearsal import published
from tests.tiny import BRIEF

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytest.importorskip("pyspark", reason="PySpark is not installed; pip install 'bonafit[spark]'")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark needs Java 17, which is not on this machine", allow_module_level=True)
# Spark leaves sockets to its garbage collection
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

OTHER = Brief(brand="Invented Bakery", description="Sourdough bread and slow baking.")
N = 40


@pytest.fixture(scope="module")
def creators() -> list[Creator]:
    return list(iter_creators(N, 7))


@pytest.fixture(scope="module")
def local(creators: list[Creator]) -> list[CreatorScore]:
    with Scorer.load(published(), threads=1) as scorer:
        return scorer.score(creators, BRIEF)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Two executors in processes of their own, as on a cluster; everything they write lies in a temporary folder."""
    from pyspark.sql import SparkSession

    work = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_WORKER_DIR", str(work / "workers"))
        patch.setenv("SPARK_LOCAL_DIRS", str(work / "local"))
        session = (
            SparkSession.builder.master("local-cluster[2,1,1024]")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.files.maxPartitionBytes", "20000")
            .config("spark.sql.warehouse.dir", str(work / "warehouse"))
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


@pytest.fixture(scope="module")
def table(session: SparkSession, creators: list[Creator], tmp_path_factory: pytest.TempPathFactory) -> DataFrame:
    """Creators with nested captions, then a bad row and an id that is there already; in more than one partition."""
    path = tmp_path_factory.mktemp("table") / "creators.parquet"
    bad = msgspec.structs.replace(creators[0], creator_id="bad" * 200)
    with pq.ParquetWriter(path, batch_of(creators[:1], Creator).schema) as writer:
        rows = [*creators, bad, creators[0]]
        for i in range(0, len(rows), 10):
            writer.write_batch(batch_of(rows[i : i + 10], Creator))
    df = session.read.parquet(str(path))
    assert df.rdd.getNumPartitions() > 1
    return df


def collected(df: DataFrame) -> dict[str, bytes]:
    """Results of a data frame as the JSON that the local engine writes, by creator."""
    results = [result for batch in df.toArrow().to_batches() for result in scores_of(batch)]
    return {result.creator_id: msgspec.json.encode(result) for result in results}


def test_a_cluster_gives_the_bytes_of_the_local_engine(table: DataFrame, local: list[CreatorScore]) -> None:
    from bonafit.jobs import spark

    scored = spark.score(table, BRIEF, published())
    assert collected(scored.scores) == {result.creator_id: msgspec.json.encode(result) for result in local}
    rejects = [row.asDict() for row in scored.rejects.collect()]
    assert [(r["line"], r["field"]) for r in rejects] == [(N + 1, "creator_id"), (N + 2, "creator_id")]
    assert rejects[1]["creator_id"] == local[0].creator_id
    assert "an earlier row has" in rejects[1]["reason"]
    best = [row["creator_id"] for row in spark.top(scored.scores, 7).collect()]
    assert best == [result.creator_id for result in rank(local)[:7]]
    # in an executor's memory 7,000 results are too many
    level = scored.outcome.storageLevel
    assert (level.useDisk, level.useMemory) == (True, False)
    scored.outcome.unpersist()


def test_the_best_for_two_briefs(table: DataFrame, creators: list[Creator]) -> None:
    from bonafit.jobs import spark

    ranked = spark.rank(table.where(f"creator_id != '{creators[0].creator_id}'"), [BRIEF, OTHER], published(), k=5)
    rows = ranked.top.collect()
    assert [(row["brand"], row["rank"]) for row in rows] == [(b.brand, r) for b in (BRIEF, OTHER) for r in range(1, 6)]
    with Scorer.load(published(), threads=1) as scorer:
        for i, brief in enumerate((BRIEF, OTHER)):
            expected = rank(scorer.score(creators[1:], brief))[:5]
            assert [row["creator_id"] for row in rows if row["brief"] == i] == [r.creator_id for r in expected]
            assert [row["score"] for row in rows if row["brief"] == i] == [r.score for r in expected]
    assert ranked.rejects.count() == 1
    ranked.outcome.unpersist()


def test_an_mlflow_model_is_a_spark_function_too(
    session: SparkSession, table: DataFrame, local: list[CreatorScore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = pytest.importorskip("mlflow", reason="MLflow is not installed; pip install 'bonafit[track]'")
    from bonafit_training.tracking import Tracking, open_tracker
    from bonafit_training.tracking.store import current

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    tracking = Tracking(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    tracker: Any = open_tracker(tracking)
    with tracker.run("spark"):
        tracker.bundle(published())
    params = {"brief": msgspec.json.encode(BRIEF).decode(), "rejects": "return"}
    with current(tracker.place):
        score = mlflow.pyfunc.spark_udf(
            session,
            "models:/bonafit@challenger",
            result_type="creator_id string, score double, result string, reject string",
            env_manager="local",
            params=params,
        )
        rows = table.select(score(*table.columns).alias("answer")).select("answer.*").collect()
    lines = {row["creator_id"]: row["result"].encode() for row in rows if row["result"]}
    assert lines == {result.creator_id: msgspec.json.encode(result) for result in local}
    assert [json.loads(row["reject"])["field"] for row in rows if row["reject"]] == ["creator_id"]


def test_a_portable_bundle_loads_from_anywhere(tmp_path: Path, creators: list[Creator]) -> None:
    with Scorer.load(published(), threads=1) as scorer:
        folder = copy_portable(scorer.bundle, tmp_path)
        names = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
        assert names == sorted(portable_files(scorer.bundle))
        expected = scorer.score(creators[:3], BRIEF)
    with Scorer.load(folder, threads=1) as moved:
        assert moved.score(creators[:3], BRIEF) == expected


def test_the_command_scores_on_spark(
    creators: list[Creator], local: list[CreatorScore], repository: Path, tmp_path: Path
) -> None:
    source, brief, out = tmp_path / "in.jsonl", tmp_path / "brief.json", tmp_path / "out.jsonl"
    write_creators(source, creators[:10])
    with source.open("a") as stream:
        stream.write("{not json}\n")
    brief.write_bytes(msgspec.json.encode(BRIEF))
    command = ["score", source, "--brief", brief, "--bundle", published(), "--out", out, "--top", 3]
    done = subprocess.run(
        [sys.executable, "-m", "bonafit", *map(str, command), "--engine", "spark", "--master", "local[1]"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 3, done.stderr
    lines = [line for part in sorted(out.glob("part-*")) for line in part.read_bytes().splitlines()]
    assert lines == [msgspec.json.encode(result) for result in local[:10]]
    rejects = [json.loads(x) for p in Path(f"{out}.rejects.jsonl").glob("part-*") for x in p.read_text().splitlines()]
    assert [(r["line"], "not json" in r["found"]) for r in rejects] == [(11, True)]
    assert "11 rows in = 10 scored + 1 rejected" in done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines() if line[:4].strip().isdigit()] == ["1", "2", "3"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "brief.json",
        "in.jsonl",
        "out.jsonl",
        "out.jsonl.rejects.jsonl",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"--posts": "posts.csv"}, "--posts: not with --engine spark"),
        ({"--out": "-"}, "name INPUT and --out"),
        ({"--out": "out.csv"}, "--out: csv with --engine spark; expected jsonl or parquet"),
    ],
)
def test_what_only_the_local_engine_does_is_refused(
    change: dict[str, str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"--brief": "b.json", "--bundle": str(published()), "--out": str(tmp_path / "o.parquet"), **change}
    arguments = ["score", "in.jsonl", "--engine", "spark", *(part for item in options.items() for part in item)]
    assert main(arguments) == 1
    assert message in capsys.readouterr().err
