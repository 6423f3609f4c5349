"""Runs, index writers, cache writers and publishers that are killed at their file operations."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from benchmarks.faults.count import Count, in_child
from benchmarks.faults.readers import seeds

from bonafit.bundle.manifest import EncoderReference, read_bundle
from bonafit.encoders.byte_store import ByteStore
from bonafit.errors import BonafitError, BundleError, CreatorIndexError
from bonafit.index import store
from bonafit.index.layout import IndexManifest
from bonafit.index.segment import IndexRow
from bonafit.io.read import ReadReport, read_creators
from bonafit.io.write import write_creators
from bonafit.jobs.job import Job
from bonafit.jobs.ranking import Best
from bonafit.jobs.resumable import ShardedRun
from bonafit.results.lines import Fit, Place

KILLED = -9


def _results(creators: Any) -> Iterator[bytes]:
    for creator in creators:
        yield msgspec.json.encode(Place(creator.creator_id, None, "never", Fit(None)))


def _run(source: Path, out: Path, *, resume: bool) -> None:
    job = Job(str(source), "d", None, None, "b", "v", shard_rows=8)
    with ShardedRun(out, job, resume=resume) as run:
        run.run(_results, lambda on_reject, report: read_creators(source, on_reject=on_reject, report=report),
                ReadReport(), lambda n: None)  # fmt: skip
        run.finish(Best(0))


def kills_of_runs(folder: Path, *, limit: int) -> Count:
    """A run killed at each of its file operations, then resumed, killed again and resumed: the bytes of a whole one."""
    count = Count("kills of scoring, resume and clean-up")
    source, rng = folder / "in.jsonl", random.Random(1)
    write_creators(source, seeds())
    source.write_bytes(source.read_bytes() + b"{broken\n")
    _run(source, folder / "whole.jsonl", resume=False)
    whole = [(folder / f"whole.jsonl{end}").read_bytes() for end in ("", ".rejects.jsonl")]
    at, out = 0, folder / "out.jsonl"
    while count.tried < limit:
        at += 1
        killed = in_child(lambda: _run(source, out, resume=False), kill_at=at) == KILLED
        if not killed:
            at = 0
        else:
            count.add(None)
            if (folder / "out.jsonl.parts").exists():
                again = in_child(lambda: _run(source, out, resume=True), kill_at=rng.randrange(1, 60))
                count.tried += again == KILLED
        if (folder / "out.jsonl.parts").exists() or not out.exists():
            try:
                _run(source, out, resume=True)
            except BonafitError as error:
                count.losses.append(f"at {at}: {error}")
                count.lost += 1
        outputs = [(folder / f"out.jsonl{end}").read_bytes() for end in ("", ".rejects.jsonl")]
        if outputs != whole:
            count.losses.append(f"killed at operation {at}: other bytes")
            count.lost += 1
        for path in folder.glob("out.jsonl*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in folder.glob(".out.jsonl*"):
            path.unlink()
    return count


def _row(name: str, seed: int) -> IndexRow:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(2, 8)).astype(np.float32)
    return IndexRow(name, vectors, rng.normal(size=1).astype(np.float32), platform="tiktok")


def index_at(path: Path) -> Path:
    """A new index of two segments with a deleted row, a copy of the first that was made in this folder."""
    shutil.rmtree(path, ignore_errors=True)
    first = path.with_name("first")
    if first.is_dir():
        return Path(shutil.copytree(first, path))
    store.create(path, IndexManifest(encoder="e", bundle="b", vectors=2, width=8, inputs=("posts",), dtype="int8"))
    change_index(path, "c", range(12))
    change_index(path, "d", range(6), deleted=["c3"])
    shutil.copytree(path, first)
    return path


def change_index(path: Path, letter: str, numbers: range, deleted: list[str] | None = None) -> None:
    with store.Writer(path) as writer:
        writer.upsert(_row(f"{letter}{i}", i) for i in numbers)
        writer.delete(deleted or [])


def contents(path: Path) -> dict[str, bytes] | str:
    """What an index holds; where it is refused the words."""
    try:
        return {row.creator_id: row.vectors.tobytes() for row in store.open_view(path).rows()}
    except CreatorIndexError as error:
        return str(error)


def kills_of_indexes(folder: Path, *, limit: int) -> Count:
    """A writer killed at any of its file operations: the index is as before or as after, and takes a next writer."""
    count, path, rng = Count("kills of index writers"), folder / "i", random.Random(2)
    works: tuple[Callable[[], object], ...] = (
        lambda: change_index(path, "e", range(5), deleted=["d1"]),
        lambda: store.compact(path),
        lambda: store.forget(path, "c1"),
    )
    outcomes: list[tuple[dict[str, bytes] | str, ...]] = []
    for work in works:
        before = contents(index_at(path))
        work()
        outcomes.append((before, contents(path)))
    # forgetting deletes, which is a generation of its own, and then merges
    assert isinstance(outcomes[2][0], dict)
    outcomes[2] = (*outcomes[2], {name: row for name, row in outcomes[2][0].items() if name != "c1"})
    while count.tried < limit:
        which, at = rng.randrange(3), rng.randrange(1, 40)
        index_at(path)
        if in_child(works[which], kill_at=at) != KILLED:
            continue
        stored = contents(path)
        loss = None if stored in outcomes[which] else f"work {which} killed at {at}: {str(stored)[:80]}"
        change_index(path, "z", range(1))
        if "z0" not in contents(path):
            loss = f"work {which} killed at {at}: no next writer"
        count.add(loss)
    return count


def kills_of_caches(folder: Path, *, limit: int) -> Count:
    """A cache's writer killed at any time: every value that is found is right."""
    count, rng = Count("kills of cache writers"), random.Random(3)
    values = {bytes([i]) * 20: bytes([i]) * 1_500 for i in range(60)}

    def work() -> None:
        cache = ByteStore(folder / "cache")
        for start in range(0, 60, 5):
            cache.put(list(values.items())[start : start + 5])
        cache.close()

    while count.tried < limit:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        if in_child(work, kill_at=rng.randrange(1, 8)) != KILLED:
            continue
        cache = ByteStore(folder / "cache")
        wrong = [key for key, value in cache.get(list(values)).items() if values[key] != value]
        cache.put(values.items())
        whole = cache.get(list(values)) == values
        cache.close()
        count.add("a wrong value" if wrong else None if whole else "takes nothing any more")
    return count


def kills_of_publishing(folder: Path, *, limit: int) -> Count:
    """A publisher killed at each of its file operations: no bundle under the name, or a whole one."""
    from bonafit_training.publishing.publish import Contents, Origin, publish

    count, at = Count("kills of publishing"), 0
    encoder = EncoderReference(folder="e", digest="0" * 64, precision="none", width=8)

    def work() -> None:
        publish(folder / "models", "x", Contents(encoder, (), ()), Origin(seed=1, commit="c"))

    while count.tried < limit:
        at += 1
        shutil.rmtree(folder / "models", ignore_errors=True)
        if in_child(work, kill_at=at) != KILLED:
            if at == 1:
                count.add("publishing failed without a kill")
                return count
            at = 0
            continue
        loss = None
        if (folder / "models" / "x").exists():
            try:
                read_bundle(folder / "models" / "x")
            except BundleError as error:
                loss = f"killed at {at}: {error}"
        count.add(loss)
    return count
