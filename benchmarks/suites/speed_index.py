"""Speed of a creator index: ranking a million creators, against reading their vectors once; exact and approximate.

SPEED_INDEX (default 1,000,000) sets the creators, SPEED_BRIEFS (default 200) the briefs asked of each storage.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from benchmarks.speed.machine import read_bytes
from benchmarks.speed.paired import exponent, in_turns, quantile, ratio, row, seconds
from benchmarks.speed.population import SCRATCH, briefs, is_built, lifelike_index, newest_bundle, random_index

from bonafit import Scorer
from bonafit.index import CreatorIndex
from bonafit.index.answer import Ranking
from bonafit.index.approximate import FILE, build_approximate
from bonafit.index.store import size_on_disk
from bonafit.text.clean import clean
from bonafit_training.contracts import Context, Row

CREATORS = int(os.environ.get("SPEED_INDEX", "1000000"))
BRIEFS = int(os.environ.get("SPEED_BRIEFS", "200"))
TOP = 100
PAIRS = 7
# float16 is left out: it saves half the disk and ranks slower than float32, as every vector is widened first.
STORES = ("float32", "int8")
APPROXIMATE_BRIEFS = 40


def _flat(index: CreatorIndex) -> list[Any]:
    """The stored vectors as flat float32 arrays over the same bytes."""
    return [segment.vectors.reshape(-1).view(np.float32) for segment in index._view.segments]


def rank(context: Context) -> Iterator[Row]:
    """Milliseconds and ratios of `rank`, exact, with the learned head; overlap of the smaller storages."""
    name = f"random_{CREATORS}"
    with Scorer.load(newest_bundle(), cache=SCRATCH / "vectors") as scorer:
        prepared_briefs = [scorer.prepare_brief(brief) for brief in briefs(BRIEFS)]
        exact: list[set[str]] = []
        read_float32 = 0.0
        for dtype in STORES:
            path = SCRATCH / f"index-{dtype}"
            if not is_built(path, scorer, CREATORS, dtype=dtype):
                took = seconds(lambda p=path, d=dtype: random_index(p, scorer, CREATORS, dtype=d))
                yield row(name, "build", "seconds", took, CREATORS, slice=dtype)
            opened = statistics.median(seconds(lambda p=path: CreatorIndex(p, scorer).close()) for _ in range(5))
            yield row(name, "open", "seconds", opened, 5, slice=dtype)
            yield row(name, "size", "bytes_a_creator", size_on_disk(path) / CREATORS, CREATORS, slice=dtype)
            with CreatorIndex(path, scorer) as index:
                flat = _flat(index)
                read_bytes(flat)
                index.rank(prepared_briefs[0], TOP)
                turns = in_turns(
                    {"read": lambda f=flat: read_bytes(f), "rank": lambda i=index: i.rank(prepared_briefs[1], TOP)},
                    rounds=PAIRS,
                )
                if dtype == "float32":
                    read_float32 = statistics.median(turns["read"])
                yield row(
                    name,
                    "rank",
                    "seconds",
                    statistics.median(turns["read"]),
                    PAIRS,
                    slice=dtype,
                    method="reading the vectors once",
                    baseline=True,
                )
                yield row(name, "rank", "ratio_to_reading", ratio(turns["rank"], turns["read"]), PAIRS, slice=dtype)
                yield row(
                    name,
                    "rank",
                    "ratio_to_reading_float32",
                    statistics.median(turns["rank"]) / read_float32,
                    PAIRS,
                    slice=dtype,
                )
                times, overlaps = [], []
                for i, brief in enumerate(prepared_briefs):
                    answers = []
                    times.append(seconds(lambda i=index, b=brief, a=answers: a.append(i.rank(b, TOP))))
                    ids = {ranked.creator_id for ranked in answers[0].best}
                    if dtype == "float32":
                        exact.append(ids)
                    else:
                        overlaps.append(len(ids & exact[i]) / TOP)
                yield row(name, "rank", "p50_seconds", quantile(times, 0.5), len(times), slice=dtype)
                yield row(name, "rank", "p99_seconds", quantile(times, 0.99), len(times), slice=dtype)
                if overlaps:
                    yield row(name, "rank", f"overlap@{TOP}", statistics.mean(overlaps), len(overlaps), slice=dtype)


def scaling(context: Context) -> Iterator[Row]:
    """Seconds of `rank` over 10^3 to 10^6 creators, and over 1 to 20 facets, int8."""
    sizes = [n for n in (1_000, 10_000, 100_000, 1_000_000) if n <= CREATORS]
    with Scorer.load(newest_bundle(), cache=SCRATCH / "vectors") as scorer:
        medians = []
        brief = scorer.prepare_brief(briefs(1)[0])
        for n in sizes:
            path = SCRATCH / ("index-int8" if n == CREATORS else f"index-int8-{n}")
            if not is_built(path, scorer, n, dtype="int8"):
                random_index(path, scorer, n, dtype="int8")
            with CreatorIndex(path, scorer) as index:
                index.rank(brief, TOP)
                medians.append(statistics.median(seconds(lambda i=index: i.rank(brief, TOP)) for _ in range(PAIRS)))
            yield row("random", "rank_by_creators", "seconds", medians[-1], PAIRS, slice=str(n))
        yield row("random", "rank_by_creators", "exponent", exponent(sizes[1:], medians[1:]), len(sizes) - 1)
        with CreatorIndex(SCRATCH / f"index-int8-{sizes[-2]}", scorer) as index:
            for facets in (1, 5, 10, 16):
                prepared = scorer.prepare_brief(briefs(1, facets=facets)[0])
                index.rank(prepared, TOP)
                median = statistics.median(seconds(lambda i=index, p=prepared: i.rank(p, TOP)) for _ in range(PAIRS))
                yield row("random", "rank_by_facets", "seconds", median, PAIRS, slice=str(facets))


def approximate(context: Context) -> Iterator[Row]:
    """The approximate ranking beside the exact one over lifelike creators, by size: time, recall, building, bytes."""
    captions = _caption_vectors(context)
    sizes = [n for n in (100_000, 300_000, 1_000_000) if n <= CREATORS]
    with Scorer.load(newest_bundle(), cache=SCRATCH / "vectors") as scorer:
        prepared_briefs = [scorer.prepare_brief(brief) for brief in briefs(APPROXIMATE_BRIEFS)]
        for n in sizes:
            path = SCRATCH / f"lifelike-{n}"
            if not is_built(path, scorer, n, dtype="int8"):
                lifelike_index(path, scorer, n, dtype="int8", captions=captions)
            for file in path.glob(f"segments/*/{FILE}"):
                file.unlink()
            before = size_on_disk(path)
            build = seconds(lambda p=path: build_approximate(p))
            more = (size_on_disk(path) - before) / n
            times: dict[str, list[float]] = {"exact": [], "approximate": []}
            recall = []
            with CreatorIndex(path, scorer) as index:
                for quick in (False, True):
                    index.rank(prepared_briefs[0], TOP, approximate=quick)
                for brief in prepared_briefs:
                    answers: list[Ranking] = []
                    for name, quick in (("exact", False), ("approximate", True)):
                        times[name].append(
                            seconds(
                                lambda b=brief, q=quick, a=answers, i=index: a.append(i.rank(b, TOP, approximate=q))
                            )
                        )
                    best, approximate = ({ranked.creator_id for ranked in answer.best} for answer in answers)
                    recall.append(len(best & approximate) / TOP)
            count = len(prepared_briefs)
            for name, values in times.items():
                slice = f"{name} {n}"
                yield row("lifelike", "approximate", "p50_seconds", quantile(values, 0.5), count, slice=slice)
            took = ratio(times["exact"], times["approximate"])
            yield row("lifelike", "approximate", "ratio", took, count, slice=str(n))
            yield row("lifelike", "approximate", f"recall@{TOP}", statistics.mean(recall), count, slice=str(n))
            yield row("lifelike", "approximate", f"least_recall@{TOP}", min(recall), count, slice=str(n))
            yield row("lifelike", "approximate", "build_seconds", build, n, slice=str(n))
            yield row("lifelike", "approximate", "more_bytes_a_creator", more, n, slice=str(n))


def _caption_vectors(context: Context) -> list[np.ndarray]:
    """Vectors of each creator's captions of instagram_2017, creators with four or more."""
    table = pq.read_table(context.data / "fit/instagram_2017/posts.parquet", columns=["creator_id", "caption"])
    texts: dict[str, list[str]] = {}
    for post in table.to_pylist():
        if text := clean(post["caption"] or ""):
            texts.setdefault(post["creator_id"], []).append(text)
    return [context.encoder.encode(own) for own in texts.values() if len(own) >= 4]


SUITES = {"speed/index/rank": rank, "speed/index/scaling": scaling, "speed/lifelike/approximate": approximate}
