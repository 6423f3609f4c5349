"""`bonafit score --engine spark`: the same answers, from a cluster, as folders of part files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from bonafit.cli.command import OK, REJECTS
from bonafit.cli.options import brief_as_asked
from bonafit.cli.render import score_table
from bonafit.errors import InputError
from bonafit.io.brief import read_brief
from bonafit.io.formats import SUFFIXES, format_of, suffix_of
from bonafit.io.read import Reject, creators_of_lines, reject_from
from bonafit.io.report import ReadReport
from bonafit.io.streams import BOM
from bonafit.jobs.arrow import creator_rows, scores_of
from bonafit.records import Creator
from bonafit.scorer.scorer import BATCH

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

FORMATS = ("jsonl", "parquet")
# Of input a task: some 1,600 creators of 12 captions, about a minute of one core.
PARTITION_BYTES = 8 << 20


def score_on_spark(arguments: argparse.Namespace) -> int:
    """Run the command on Spark. Writes OUT/part-*, and OUT.rejects.jsonl/part-* where there are rejects."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    reading, writing = _formats(arguments)
    brief = brief_as_asked(read_brief(arguments.brief), arguments)
    session = spark_session(arguments.master)
    try:
        from bonafit.jobs import spark

        if reading == "jsonl":
            df = session.read.text(arguments.input, lineSep="\n").selectExpr("cast(value as binary) as line")
        else:
            df = session.read.parquet(arguments.input)
        rows = rows_of_lines if reading == "jsonl" else creator_rows
        scored = spark.score(df, brief, arguments.bundle, public_key=arguments.require_signed, rows=rows)
        _write(scored.scores, arguments.out, writing)
        rejected = scored.rejects.count()
        if rejected:
            scored.rejects.write.json(f"{arguments.out}.rejects.jsonl")
        total = scored.scores.count()
        if arguments.top > 0:
            best = spark.top(scored.scores, arguments.top).toArrow()
            print(score_table([result for batch in best.to_batches() for result in scores_of(batch)]))
    except (PySparkException, Py4JJavaError) as error:
        raise InputError(f"Spark: {_first_line(error)}") from error
    finally:
        session.stop()
    where = f", see {arguments.out}.rejects.jsonl" if rejected else ""
    print(f"{total + rejected:,} rows in = {total:,} scored + {rejected:,} rejected{where}", file=sys.stderr)
    return REJECTS if rejected else OK


def _formats(arguments: argparse.Namespace) -> tuple[str, str]:
    """Formats of input and output. Raises InputError for what only the local engine does."""
    if arguments.posts is not None:
        raise InputError("--posts: not with --engine spark; join the posts to their creators into Parquet first")
    if "-" in (arguments.input, arguments.out):
        raise InputError("--engine spark reads and writes files that its workers see; name INPUT and --out")
    reading, writing = arguments.format or SUFFIXES.get(suffix_of(arguments.input)), format_of(arguments.out)
    for name, format_name in (("INPUT", reading), ("--out", writing)):
        if format_name not in FORMATS:
            raise InputError(f"{name}: {format_name} with --engine spark; expected {' or '.join(FORMATS)}")
    return str(reading), str(writing)


def spark_session(master: str | None) -> SparkSession:
    """A session of `master`, or of what spark-submit and SPARK_CONF_DIR say. Raises InputError without PySpark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError(f"--engine spark needs PySpark ({error}); pip install 'bonafit[spark]' and Java 17") from None
    builder = (
        SparkSession.builder.appName("bonafit")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
        .config("spark.sql.files.maxPartitionBytes", str(PARTITION_BYTES))
        .config("spark.executorEnv.OMP_NUM_THREADS", "1")
    )
    if master is not None:
        builder = builder.master(master)
    if master is None or master.startswith("local"):
        # all on this machine: the same Python, and nothing that listens beyond it
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        for key in ("spark.driver.bindAddress", "spark.driver.host"):
            builder = builder.config(key, "127.0.0.1")
    try:
        session: SparkSession = builder.getOrCreate()
    except Exception as error:
        # py4j raises a bare RuntimeError where Java is absent, a Py4JError where the master cannot be reached
        raise InputError(
            f"Spark does not start ({_first_line(error)}); it needs Java 17 and a reachable master"
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def rows_of_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[list[Creator | Reject]]:
    """Lines of JSON, as Spark's text source cuts them, read by the very reader of files."""
    # a byte order mark can only stand before the first line of a file, which may be any line here
    lines = (line.removeprefix(BOM) for batch in batches for line in batch.column("line").to_pylist())
    rows = (
        row if isinstance(row, Creator) else reject_from(row)
        for _, row in creators_of_lines(enumerate(lines, start=1), report=ReadReport(), now=None)
    )
    while some := list(islice(rows, BATCH)):
        yield some


def lines_of_results(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Results as the lines of JSON that the local engine writes, byte for byte."""
    import pyarrow as pa

    for batch in batches:
        lines = [msgspec.json.encode(result).decode() for result in scores_of(batch)]
        yield pa.RecordBatch.from_arrays([pa.array(lines, pa.string())], names=["value"])


def _write(scores: DataFrame, out: str, format: str) -> None:
    if format == "parquet":
        scores.write.parquet(out)
    else:
        scores.mapInArrow(lines_of_results, "value string").write.text(out, lineSep="\n")


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
