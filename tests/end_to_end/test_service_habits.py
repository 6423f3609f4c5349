"""What a service relies on: threads, forks and spawned processes give one answer, and no memory changes it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.bundle.resolve import newest_bundle
from bonafit.encoders import CachedEncoder
from bonafit.encoders.memo import Memo
from bonafit.index import CreatorIndex
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Creator
from bonafit.results import Component
from bonafit.scorer.load import FastPath
from bonafit.scorer.panel import BRIEF_FREE, VECTOR_FREE, Panel
from bonafit.scorer.scorer import Scorer
from bonafit_training.sample.creators import generate
from tests.index.test_index import tiny_head
from tests.scorer.test_time_limit import SlowEncoder
from tests.tiny import BRIEF, HashEncoder, creators
from tests.tiny_scorer import StandIn, tiny_scorer

ROOT = Path(__file__).resolve().parents[2]


def indexed_scorer() -> Scorer:
    plain = tiny_scorer()
    section, tables = tiny_head().to_bundle()
    manifest = msgspec.structs.replace(
        plain.bundle.manifest, heads={**plain.bundle.manifest.heads, "index_fit": section}
    )
    bundle = msgspec.structs.replace(plain.bundle, manifest=manifest, tables={"index_fit": tables})
    return Scorer(Panel(bundle, plain.heads, CachedEncoder(HashEncoder(), None, memory=50), brief_free=()))


def answer(scorer: Scorer, index: CreatorIndex, people: list[Creator]) -> bytes:
    return msgspec.json.encode([scorer.score(people, BRIEF), index.rank(BRIEF, 10)])


def test_eight_threads_give_the_bytes_of_one(tmp_path: Path) -> None:
    scorer, people = indexed_scorer(), creators(60)
    with CreatorIndex.build(tmp_path / "i", scorer, people, threads=2) as index:
        alone = answer(indexed_scorer(), index, people)
        with ThreadPoolExecutor(8) as pool:
            # Each thread its own order and batches: the cache is hit, missed and evicted at the same time.
            found = list(pool.map(lambda _: answer(scorer, index, people), range(24)))
            one = {
                c.creator_id: msgspec.json.encode(s) for c, s in zip(people, scorer.score(people, BRIEF), strict=True)
            }
            single = list(pool.map(lambda c: msgspec.json.encode(scorer.score([c], BRIEF)[0]), people[::-1]))
    assert set(found) == {alone}
    assert single == [one[c.creator_id] for c in people[::-1]]


@pytest.mark.slow
def test_readers_among_changes_see_whole_generations(tmp_path: Path) -> None:
    scorer, people = indexed_scorer(), creators(40)
    with CreatorIndex.build(tmp_path / "i", scorer, people, threads=2) as index:
        stop = time.monotonic() + 0.8

        def ask(_: int) -> set[int]:
            seen = set()
            while time.monotonic() < stop:
                seen.add(index.rank(BRIEF, 5).considered)
            return seen

        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(ask, i) for i in range(3)]
            while time.monotonic() < stop:
                index.delete([c.creator_id for c in people[:20]])
                index.upsert(people[:20])
                index.compact()
        assert set().union(*(one.result() for one in asked)) <= {20, 40}


@pytest.mark.slow
@pytest.mark.parametrize("server", ["fork", "spawn"])
def test_a_loaded_scorer_works_in_other_processes(tmp_path: Path, server: str) -> None:
    """fork: loaded and used before, as a server that preloads does. spawn: each process opens the same index."""
    code = f"""
import multiprocessing, sys, warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from bonafit.index import CreatorIndex
from tests.end_to_end.test_service_habits import answer, indexed_scorer
from tests.tiny import creators

path, people = Path({str(tmp_path / "i")!r}), creators(40)
state = {{}}

def load(build=False):
    scorer = indexed_scorer()
    state["scorer"] = scorer
    if build:
        CreatorIndex.build(path, scorer, people, threads=1)
    state["index"] = CreatorIndex(path, scorer, threads=2)

def work(_):
    if not state:
        load()
    return answer(state["scorer"], state["index"], people)

if __name__ == "__main__":
    # Python 3.12 warns of a fork where other threads live; here they are idle and the child starts its own.
    warnings.simplefilter("ignore", DeprecationWarning)
    load(build=True)
    here = work(0)
    context = multiprocessing.get_context({server!r})
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        there = list(pool.map(work, range(6), timeout=60))
    assert there == [here] * 6, "another process gave other bytes"
    print("same")
"""
    script = tmp_path / "preload.py"
    script.write_text(code)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert done.stdout == "same\n", done.stderr


def test_an_index_used_before_a_fork_ranks_after_it(tmp_path: Path) -> None:
    scorer, people = indexed_scorer(), creators(30)
    with CreatorIndex.build(tmp_path / "i", scorer, people, threads=2) as index:
        before = index.rank(BRIEF, 5)
        pid_of_pool = index._pid
        index._pid = -1  # what a child sees: the pid differs from the one that started the threads
        assert index.rank(BRIEF, 5) == before
        assert index._pid == pid_of_pool


def test_warm_pays_for_every_head_and_both_encoders(tmp_path: Path) -> None:
    plain, full, fast = tiny_scorer(), SlowEncoder(0), SlowEncoder(0)
    panel = Panel(plain.bundle, plain.heads, full, brief_free=())
    Scorer(panel, fast=FastPath(fast, StandIn("niche_fit")), budget_ms=1_000).warm()
    assert full.read
    assert fast.read
    scorer = indexed_scorer()
    with CreatorIndex.build(tmp_path / "i", scorer, creators(5)) as index:
        index.warm()


def test_nothing_starts_at_import() -> None:
    code = "import threading, bonafit, bonafit.index; print(threading.active_count())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
    assert multiprocessing.active_children() == []


def test_a_second_brief_asks_the_brief_free_heads_nothing_and_changes_no_byte() -> None:
    plain = tiny_scorer()
    asked: list[int] = []
    heads = dict(plain.heads)

    class Constant:
        name = "authenticity"

        def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
            asked.append(len(creators))
            value = [0.25 + 0.5 / len(one.creator.creator_id) for one in creators]
            return [
                Component(name=self.name, status="ok", value=v, interval=(0.0, 1.0), sufficiency=1.0) for v in value
            ]

    heads["authenticity"] = Constant()  # type: ignore[assignment]
    other = msgspec.structs.replace(BRIEF, description="Mountain bikes.")
    people = creators(30)
    forgetful = Scorer(Panel(plain.bundle, heads, HashEncoder(), brief_free=()))
    expected = [msgspec.json.encode(forgetful.score(people, brief)) for brief in (BRIEF, other)]
    asked.clear()
    scorer = Scorer(Panel(plain.bundle, heads, HashEncoder(), brief_free=("authenticity",)))
    assert [msgspec.json.encode(scorer.score(people, brief)) for brief in (BRIEF, other)] == expected
    assert asked == [30]
    changed = msgspec.structs.replace(people[3], followers=7)
    scorer.score([people[0], changed, people[1], changed], other)
    assert asked == [30, 1]


def test_a_memo_forgets_the_least_recently_used() -> None:
    memo: Memo[bytes, int] = Memo(2)
    made: list[int] = []

    def make(places: list[int]) -> list[int]:
        made.extend(places)
        return [10 * place for place in places]

    assert memo.get([b"a", b"b", b"a"], make) == [0, 10, 0]
    assert memo.get([b"a", b"c"], make) == [0, 10]
    assert memo.get([b"a", b"c"], make) == [0, 10]
    assert made == [0, 1, 1]
    memo.get([b"b"], make)
    assert made == [0, 1, 1, 0]


@pytest.mark.slow
def test_the_published_heads_named_so_are_free_of_the_brief(repository: Path) -> None:
    people = generate(20, 3)
    with Scorer.load(newest_bundle(repository / "models")) as scorer:
        prepared = scorer.prepare(people)
        briefs = [scorer.prepare_brief(b) for b in (BRIEF, msgspec.structs.replace(BRIEF, description="Trains."))]
        for name in BRIEF_FREE:
            first, second = (msgspec.json.encode(scorer.heads[name].score(prepared, brief)) for brief in briefs)
            assert first == second
        blind = [msgspec.structs.replace(one, vectors=np.empty((0, 0), dtype=np.float32)) for one in prepared]
        for name in VECTOR_FREE:
            head = scorer.heads[name]
            assert msgspec.json.encode(head.score(blind, briefs[0])) == msgspec.json.encode(
                head.score(prepared, briefs[0])
            )
