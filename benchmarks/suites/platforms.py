"""One core on three platforms: equal bytes locally, on Spark and through MLflow; rows per core-second; bytes to keep.

The creators are generated, because speed and equality depend on how much there is to read and not on who wrote it:
ten texts each. For rates no text comes twice; where answers are compared, the texts of the first creators come again
with the others' numbers, so that 20,000 creators are a matter of heads and not of an hour's encoding. Rates are of
processor time of one core and not of the clock, so that what else the machine does disturbs them little.
"""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from bonafit.bundle.resolve import newest_bundle
from bonafit.encoders import StaticEncoder
from bonafit.index import CreatorIndex
from bonafit.io.arrow_schema import batch_of
from bonafit.io.brief import read_brief
from bonafit.io.write import write_creators, write_results
from bonafit.jobs.arrow import scores_of
from bonafit.records import Brief, Creator
from bonafit.scorer.panel import CREATORS
from bonafit.scorer.scorer import Scorer
from bonafit.text.units import creator_units
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.sample.creators import iter_creators

ROOT = Path(__file__).resolve().parent.parent.parent
# Creators whose answers are compared; and those that rates and sizes are measured on.
N = 20_000
N_RATES = 400
# Creators whose texts all the compared ones share.
WRITERS = 300


def _row(part: str, method: str, metric: str, value: float, n: int) -> Row:
    return Cases("platforms", "generated", part, "all").row(metric, value, n, method, baseline=False)


def _bundle() -> Path:
    return newest_bundle(ROOT / "models")


def _brief() -> Brief:
    return read_brief(ROOT / "examples" / "brief.toml")


def equal_bytes(context: Context) -> Iterator[Row]:
    """Share of creators whose whole answer has the bytes of the local engine's, on Spark and through MLflow."""
    n = int(context.config.get("n", N))
    brief, bundle = _brief(), _bundle()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        with pq.ParquetWriter(work / "creators.parquet", batch_of([next(iter_creators(1, 7))], Creator).schema) as out:
            for some in _parts(n, context.seed, 2_000):
                out.write_batch(batch_of(some, Creator))
        with Scorer.load(bundle) as scorer:
            local = {
                r.creator_id: _digest(msgspec.json.encode(r)) for r in scorer.stream(_compared(n, context.seed), brief)
            }
        for method, answers in (("Spark", _on_spark), ("MLflow", _through_mlflow)):
            equal = total = 0
            for creator_id, digest in answers(work, brief, bundle, n, context.seed):
                total += 1
                equal += local.get(creator_id) == digest
            yield _row("equal_bytes", method, "equal_share", equal / n, n)
            yield _row("equal_bytes", method, "rows", float(total), n)


def _compared(n: int, seed: int) -> Iterator[Creator]:
    """n creators with bios and captions of the first WRITERS: numbers, times and the rest are their own."""
    writers = list(iter_creators(min(n, WRITERS), seed))
    bios = [writer.bio for writer in writers]
    captions = [post.caption for writer in writers for post in writer.posts]
    drawn = 0
    for i, creator in enumerate(iter_creators(n, seed)):
        posts = []
        for post in creator.posts:
            posts.append(msgspec.structs.replace(post, caption=captions[drawn % len(captions)]))
            drawn += 1
        yield msgspec.structs.replace(creator, bio=bios[i % len(bios)], posts=tuple(posts))


def _parts(n: int, seed: int, size: int) -> Iterator[list[Creator]]:
    creators = _compared(n, seed)
    while some := list(islice(creators, size)):
        yield some


def _digest(line: bytes) -> bytes:
    """What is kept of an answer: 20,000 whole ones are 200 MB."""
    return hashlib.blake2b(line, digest_size=16).digest()


def _on_spark(work: Path, brief: Brief, bundle: Path, n: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Two executors, each a process with one core, on this machine."""
    from bonafit.cli.distributed import spark_session
    from bonafit.jobs import spark

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_WORKER_DIR", str(work / "workers"))
    session = spark_session("local-cluster[2,1,2048]")
    try:
        scored = spark.score(session.read.parquet(str(work / "creators.parquet")), brief, bundle)
        scored.scores.write.parquet(str(work / "spark"))
    finally:
        session.stop()
    for part in sorted((work / "spark").glob("part-*")):
        for batch in pq.ParquetFile(part).iter_batches(2_000):
            for result in scores_of(batch):
                yield result.creator_id, _digest(msgspec.json.encode(result))


def _through_mlflow(work: Path, brief: Brief, bundle: Path, n: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The registered model, in this process, from the records' JSON as a client would send it."""
    import mlflow
    import pandas as pd

    from bonafit_training.tracking import Tracking, open_tracker
    from bonafit_training.tracking.store import current

    tracker: Any = open_tracker(Tracking(uri=f"sqlite:///{work / 'mlflow.db'}"))
    with tracker.run("platforms"):
        tracker.bundle(bundle)
    params = {"brief": msgspec.json.encode(brief).decode()}
    with current(tracker.place):
        model = mlflow.pyfunc.load_model("models:/bonafit@challenger")
    for some in _parts(n, seed, 1_000):
        rows = msgspec.json.decode(msgspec.json.encode(some))
        for line in model.predict(pd.DataFrame(rows), params=params)["result"]:
            yield msgspec.json.decode(line)["creator_id"], _digest(line.encode())


def rates(context: Context) -> Iterator[Row]:
    """Creators a core-second: everything, a further brief, vectors or results on disk, the fast encoder alone."""
    creators = list(iter_creators(N_RATES, context.seed))
    first, *further = (_brief(), *_further_briefs())
    texts = sum(len(creator_units(creator)) for creator in creators)
    yield _row("rates", OURS, "texts_per_creator", texts / N_RATES, N_RATES)
    with tempfile.TemporaryDirectory() as name:
        # The first run fills the cache that the others read. A scorer that remembers nothing finds vectors alone there.
        runs = ((OURS, CREATORS), (f"{OURS} vectors on disk", 0), (f"{OURS} results on disk", CREATORS))
        for method, remember in runs:
            with Scorer.load(_bundle(), threads=1, cache=name, remember=remember) as scorer:
                scorer.warm()
                yield _rate(method, _core_seconds(lambda scorer=scorer: scorer.score(creators, first)))
                if method == OURS:
                    seconds = [_core_seconds(lambda b=b, s=scorer: s.score(creators, b)) for b in further]
                    yield _rate(f"{OURS} further brief", statistics.median(seconds))
    fast = StaticEncoder.load(next((ROOT / "models" / "encoders").glob("static-MiniLM-*")))
    read = [unit.text for creator in creators for unit in creator_units(creator)]
    fast.encode(read[:10])
    yield _rate(f"{OURS} fast encoder alone", _core_seconds(lambda: fast.encode(read)))


def _further_briefs() -> list[Brief]:
    return [read_brief(ROOT / "examples" / name) for name in ("brief_coffee.toml", "brief_trains.json")]


def _rate(method: str, seconds: float) -> Row:
    return _row("rates", method, "rows_per_core_second", N_RATES / seconds, N_RATES)


def _core_seconds(work: Callable[[], object]) -> float:
    """Processor seconds that this process takes for the work."""
    began = _used()
    work()
    return _used() - began


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def storage(context: Context) -> Iterator[Row]:
    """Bytes a creator: records, results, what the cache keeps, the index; seconds in which a worker starts."""
    creators = list(iter_creators(N_RATES, context.seed))
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        began = time.perf_counter()
        with Scorer.load(_bundle(), cache=work / "vectors") as scorer:
            scorer.warm()
            yield _row("storage", "worker start", "seconds", time.perf_counter() - began, 1)
            results = scorer.score(creators, _brief())
            with CreatorIndex.build(work / "index", scorer, creators):
                pass
        for kind in ("jsonl", "parquet"):
            write_creators(work / f"creators.{kind}", creators)
            write_results(work / f"results.{kind}", results)
        named: Sequence[tuple[str, str]] = (
            ("records, JSON Lines", "creators.jsonl"),
            ("records, Parquet", "creators.parquet"),
            ("results, JSON Lines", "results.jsonl"),
            ("results, Parquet", "results.parquet"),
            ("vectors on disk", "vectors/vectors-1"),
            ("results on disk", "vectors/results-1"),
            ("index", "index"),
        )
        for method, file in named:
            yield _row("storage", method, "bytes_per_creator", _size(work / file) / N_RATES, N_RATES)


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


SUITES = {
    "platforms/generated/equal_bytes": equal_bytes,
    "platforms/generated/rates": rates,
    "platforms/generated/storage": storage,
}
