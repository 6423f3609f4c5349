"""Scoring and ranking on Spark: the same core as everywhere, one bundle a worker, one native thread each.

    from bonafit.jobs import spark
    scored = spark.score(df, brief)
    scored.scores.write.parquet(...)
    scored.rejects.show()

Needs `pip install 'bonafit[spark]'` on the driver and bonafit itself on every worker; the bundle travels with the job.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.portable import zip_portable
from bonafit.errors import BriefError
from bonafit.io.brief import check_brief
from bonafit.io.report import Reject
from bonafit.jobs.arrow import creator_rows, output_batch, output_schema, score_rows
from bonafit.jobs.ranking import Best
from bonafit.records import Brief, Creator
from bonafit.scorer.scorer import Scorer

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    Rows = Callable[[Iterable[pa.RecordBatch]], Iterator[list[Creator | Reject]]]

PLACE = "place"
# Spark numbers the rows of a partition in the lower 33 bits of monotonically_increasing_id.
_ROW_BITS = 33
_scorers: dict[str, Scorer] = {}
_shipped: dict[tuple[str, str], Shipped] = {}


class Shipped(NamedTuple):
    """A bundle as workers find it. archive : name among Spark's files, or None where `folder` is on every machine."""

    digest: str
    archive: str | None
    folder: str


class Scored(NamedTuple):
    """What scoring gives. Every row of the input is in exactly one of `scores` and `rejects`.

    scores   : a row a creator, the columns of CreatorScore.
    rejects  : the columns of Reject; `line` is the 1-based row of the input in the order of its partitions.
    outcome  : both, persisted so that creators are scored once; `outcome.unpersist()` when done.
    """

    scores: DataFrame
    rejects: DataFrame
    outcome: DataFrame


class Ranked(NamedTuple):
    """top : columns `brief` (0-based), `brand`, `rank` (1-based), then CreatorScore's. rejects : as in Scored."""

    top: DataFrame
    rejects: DataFrame
    outcome: DataFrame


def score(
    df: DataFrame,
    brief: Brief,
    bundle: str | os.PathLike[str] | None = None,
    *,
    ship: bool = True,
    public_key: str | None = None,
    rows: Rows = creator_rows,
) -> Scored:
    """Score every row of `df` for a brief; the values are the bytes that Scorer.stream gives.

    df   : columns named as the fields of Creator, posts nested. bundle : as in read_bundle.
    ship : send the bundle to the workers; False where `bundle` is the same folder on all of them.
    public_key : base64 Ed25519 key; where given, the bundle must be signed with it.
    rows : how a worker reads Arrow batches as creators; another one for text or binary columns.
    Raises BundleError or BriefError before anything runs. The second row of an id is a reject, as in a file.
    """
    check_brief(brief)
    worker = partial(
        _score_partition, shipped=_ship(df.sparkSession, bundle, ship, public_key), brief=_packed(brief), rows=rows
    )
    outcome = df.mapInArrow(worker, _spark_schema(output_schema()))
    return Scored(*_split(outcome))


def rank(
    df: DataFrame,
    briefs: Sequence[Brief],
    bundle: str | os.PathLike[str] | None = None,
    *,
    k: int = 100,
    ship: bool = True,
    public_key: str | None = None,
) -> Ranked:
    """The best k creators of `df` for each brief, equal scores by creator id as in bonafit.rank.

    Texts are encoded once for all briefs; a worker keeps k results a brief, so k x partitions x briefs rows are
    shuffled however many creators there are. Rows of one id are ranked each: `score` rejects them.
    Raises BundleError or BriefError before anything runs.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    if not briefs or k < 1:
        raise BriefError(f"{len(briefs)} briefs, k {k}: expected at least one of each")
    for brief in briefs:
        check_brief(brief)
    shipped = _ship(df.sparkSession, bundle, ship, public_key)
    worker = partial(_rank_partition, shipped=shipped, briefs=[_packed(brief) for brief in briefs], k=k)
    outcome = _persisted(df.mapInArrow(worker, _spark_schema(_ranked_schema())))
    best = Window.partitionBy("brief").orderBy(f.desc("score"), "creator_id")
    brands = f.array(*[f.lit(brief.brand) for brief in briefs])
    flat = outcome.where("result is not null").select("brief", "result.*")
    top = (
        flat.withColumn("rank", f.row_number().over(best))
        .where(f.col("rank") <= k)
        .select("brief", f.get(brands, f.col("brief")).alias("brand"), "rank", *flat.columns[1:])
        .orderBy("brief", "rank")
    )
    return Ranked(top, outcome.where("reject is not null").select("reject.*"), outcome)


def top(scores: DataFrame, k: int) -> DataFrame:
    """The best k rows of `Scored.scores`, in the order of bonafit.rank; each partition sends at most k."""
    from pyspark.sql import functions as f

    return scores.orderBy(f.desc("score"), "creator_id").limit(k)


def _persisted(frame: DataFrame) -> DataFrame:
    """Kept on the executors' disks for several readers.

    Results are 50 kB each. With Spark's own choice, memory first, a partition of 7,000 of them took a 1 GB executor
    down while it was unrolled; reading them back from a disk is nothing beside scoring them again.
    """
    from pyspark import StorageLevel

    return frame.persist(StorageLevel.DISK_ONLY)


def _split(outcome: DataFrame) -> tuple[DataFrame, DataFrame, DataFrame]:
    """Scores, rejects and the persisted outcome; rows whose id came before become rejects, lines become global."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    outcome = _persisted(outcome.withColumn(PLACE, f.monotonically_increasing_id()))
    ids = outcome.where("result is not null").groupBy("result.creator_id")
    repeated = ids.agg(f.min(PLACE).alias("first"), f.count("*").alias("n")).where("n > 1").drop("n")
    joined = outcome.join(
        f.broadcast(repeated.withColumnRenamed("creator_id", "repeated_id")),
        f.col("result.creator_id") == f.col("repeated_id"),
        "left",
    )
    is_first = f.col("first").isNull() | (f.col(PLACE) == f.col("first"))
    scores = joined.where(f.col("result").isNotNull() & is_first).select("result.*")
    partition = f.shiftright(PLACE, _ROW_BITS)
    before = (
        outcome.groupBy(partition.alias("partition"))
        .count()
        .withColumn(
            "offset",
            f.coalesce(
                f.sum("count").over(Window.orderBy("partition").rowsBetween(Window.unboundedPreceding, -1)), f.lit(0)
            ),
        )
        .drop("count")
    )
    row = f.col(PLACE) - f.shiftleft(partition, _ROW_BITS) + 1
    bad = joined.where(f.col("result").isNull() | ~is_first).join(f.broadcast(before), partition == f.col("partition"))
    duplicate = f.struct(
        f.col("result.creator_id").alias("creator_id"),
        f.lit("creator_id").alias("field"),
        f.lit("found an id that an earlier row has, expected one row a creator; merge the rows").alias("reason"),
        f.col("result.creator_id").alias("found"),
        f.lit("creators").alias("source"),
    )
    read = f.struct(
        *[f.col(f"reject.{name}").alias(name) for name in ("creator_id", "field", "reason", "found", "source")]
    )
    why = f.when(f.col("reject").isNotNull(), read).otherwise(duplicate)
    rejects = (
        bad.select((f.col("offset") + row).alias("line"), why.alias("why")).select("line", "why.*").orderBy("line")
    )
    return scores, rejects, outcome


def _score_partition(
    batches: Iterator[pa.RecordBatch], *, shipped: Shipped, brief: bytes, rows: Rows
) -> Iterator[pa.RecordBatch]:
    """What a worker does with one partition for `score`."""
    scorer = _scorer(shipped)
    prepared = scorer.prepare_brief(msgspec.json.decode(brief, type=Brief))
    for some in rows(batches):
        yield output_batch(score_rows(scorer, some, prepared))


def _rank_partition(
    batches: Iterator[pa.RecordBatch], *, shipped: Shipped, briefs: Sequence[bytes], k: int
) -> Iterator[pa.RecordBatch]:
    """What a worker does with one partition for `rank`: rejects as they come, then the best k of each brief."""
    scorer = _scorer(shipped)
    prepared = [scorer.prepare_brief(msgspec.json.decode(brief, type=Brief)) for brief in briefs]
    best = [Best(k) for _ in briefs]
    for rows in creator_rows(batches):
        if rejects := [row for row in rows if isinstance(row, Reject)]:
            yield _with_brief(output_batch(rejects), None)
        creators = scorer.prepare([row for row in rows if isinstance(row, Creator)])
        for ranking, brief in zip(best, prepared, strict=True):
            for result in scorer.score_prepared(creators, brief):
                ranking.add(result)
    for i, ranking in enumerate(best):
        yield _with_brief(output_batch(ranking.ranked()), i)


def _ranked_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([pa.field("brief", pa.int32()), *output_schema()])


def _with_brief(batch: pa.RecordBatch, brief: int | None) -> pa.RecordBatch:
    import pyarrow as pa

    column = pa.array([brief] * batch.num_rows, pa.int32())
    return pa.RecordBatch.from_arrays([column, *batch.columns], schema=_ranked_schema())


def _scorer(shipped: Shipped) -> Scorer:
    """The scorer of this worker process, loaded at its first task and kept for the next ones."""
    if shipped.digest not in _scorers:
        folder = Path(shipped.folder)
        if shipped.archive is not None:
            from pyspark import SparkFiles

            folder = Path(SparkFiles.get(shipped.archive)) / shipped.folder
        _scorers[shipped.digest] = Scorer.load(folder, threads=1)
    return _scorers[shipped.digest]


def _ship(session: SparkSession, path: str | os.PathLike[str] | None, ship: bool, public_key: str | None) -> Shipped:
    """Verify the bundle here, then send it once an application; executors unpack it once each."""
    bundle = read_bundle(path, public_key=public_key)
    if not ship:
        return Shipped(bundle.digest, None, str(Path(bundle.path).absolute()))
    application = session.sparkContext.applicationId
    key = (application, bundle.digest)
    if key not in _shipped:
        folder = tempfile.mkdtemp(prefix="bonafit-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        name = f"bonafit-{bundle.digest[:16]}"
        archive = Path(folder) / f"{name}.zip"
        zip_portable(bundle, archive)
        session.addArtifacts(f"{archive}#{name}", archive=True)
        _shipped[key] = Shipped(bundle.digest, name, bundle.manifest.name)
    return _shipped[key]


def _packed(brief: Brief) -> bytes:
    return msgspec.json.encode(brief)


def _spark_schema(schema: pa.Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)
