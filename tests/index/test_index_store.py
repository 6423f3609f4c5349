"""The stored side of the index against a dict, under crashes and with readers beside the writer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonafit.errors import (
    IndexCorruptError,
    IndexIncompatibleError,
    IndexLockedError,
    IndexMissingError,
    InputError,
    ShapeError,
)
from bonafit.index import store
from bonafit.index.filters import Filters, passing
from bonafit.index.layout import IndexManifest
from bonafit.index.segment import ZERO, IndexRow, quantised

VECTORS, WIDTH = 2, 8


def row(creator_id: str, seed: int = 0, **meta: object) -> IndexRow:
    rng = np.random.default_rng([seed, len(creator_id), *creator_id.encode()])
    vectors = rng.normal(size=(VECTORS, WIDTH)).astype(np.float32)
    return IndexRow(creator_id, vectors, rng.normal(size=1).astype(np.float32), **meta)  # type: ignore[arg-type]


def empty(path: Path, dtype: str = "float32") -> Path:
    manifest = IndexManifest(encoder="e", bundle="b", vectors=VECTORS, width=WIDTH, inputs=("posts",), dtype=dtype)
    store.create(path, manifest)
    return path


def contents(path: Path) -> dict[str, bytes]:
    return {r.creator_id: r.vectors.tobytes() for r in store.open_view(path).rows()}


ids = st.sampled_from([f"c{i}" for i in range(8)])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("upsert"), st.lists(ids, max_size=6)),
        st.tuples(st.just("delete"), st.lists(ids, max_size=4)),
        st.tuples(st.just("compact"), st.just([])),
    ),
    max_size=10,
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_behaves_as_a_dict(tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[str, list[str]]]) -> None:
    path = empty(tmp_path_factory.mktemp("index") / "i")
    model: dict[str, bytes] = {}
    for seed, (step, names) in enumerate(plan):
        if step == "compact":
            assert store.compact(path) == len(model)
        else:
            with store.Writer(path) as writer:
                if step == "upsert":
                    rows = [row(name, seed * 100 + i) for i, name in enumerate(names)]
                    assert writer.upsert(rows) == len(names)
                    model.update({r.creator_id: r.vectors.tobytes() for r in rows})
                else:
                    assert writer.delete(names) == len(set(names) & set(model))
                    model = {k: v for k, v in model.items() if k not in names}
        view = store.open_view(path)
        assert contents(path) == model
        assert view.live == len(model)
        for name in ("c0", "c5"):
            found = view.find(name)
            assert (found is None) == (name not in model)


def test_a_failed_change_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    path = empty(tmp_path / "i")
    with store.Writer(path) as writer:
        writer.upsert([row("a"), row("b")])
    before = contents(path)
    with pytest.raises(RuntimeError, match="halfway"), store.Writer(path) as writer:
        writer.upsert([row("c")])
        writer.delete(["a"])
        raise RuntimeError("halfway")
    assert contents(path) == before
    with store.Writer(path) as writer:
        writer.delete([])
    assert len(list((path / "segments").iterdir())) == 1, "what the failed change wrote is removed by the next writer"


@pytest.mark.slow
def test_a_killed_writer_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    path = empty(tmp_path / "i")
    with store.Writer(path) as writer:
        writer.upsert([row("a")])
    before = contents(path)
    code = f"""
import os, signal, sys
from pathlib import Path
from bonafit.index import store
from tests.index.test_index_store import row
with store.Writer(Path({str(path)!r})) as writer:
    writer.upsert([row(f"x{{i}}") for i in range(5000)])
    writer.delete(["a"])
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -signal.SIGKILL
    assert contents(path) == before
    with store.Writer(path) as writer:
        writer.upsert([row("b")])
    assert set(contents(path)) == {"a", "b"}


def test_a_reader_keeps_its_view_through_compaction(tmp_path: Path) -> None:
    path = empty(tmp_path / "i")
    for name in ("a", "b", "c"):
        with store.Writer(path) as writer:
            writer.upsert([row(name)])
    view = store.open_view(path)
    with store.Writer(path) as writer:
        writer.delete(["b"])
    store.compact(path)
    assert [r.creator_id for r in view.rows()] == ["a", "b", "c"]
    assert [r.creator_id for r in store.open_view(path, view).rows()] == ["a", "c"]
    assert len(list((path / "segments").iterdir())) == 1


def test_only_one_writer(tmp_path: Path) -> None:
    path = empty(tmp_path / "i")
    with store.Writer(path), pytest.raises(IndexLockedError, match="one writer at a time"), store.Writer(path):
        pass
    with store.Writer(path) as writer:
        writer.upsert([row("a")])


@pytest.mark.parametrize(("dtype", "loss"), [("float32", 0.0), ("float16", 2e-3), ("int8", 3e-2)])
def test_loss_of_each_storage(tmp_path: Path, dtype: str, loss: float) -> None:
    path = empty(tmp_path / "i", dtype)
    given_rows = [row(f"c{i}", i) for i in range(50)]
    with store.Writer(path) as writer:
        writer.upsert(given_rows)
    for kept, sent in zip(store.open_view(path).rows(), given_rows, strict=True):
        assert np.abs(kept.vectors - sent.vectors).max() <= loss
    before = contents(path)
    with store.Writer(path) as writer:
        writer.delete(["c0"])
    store.compact(path)
    assert contents(path) == {k: v for k, v in before.items() if k != "c0"}, "compacting loses nothing more"


def test_a_zero_vector_stays_zero_in_int8() -> None:
    values, scales = quantised(np.zeros((1, 2, 4), dtype=np.float32))
    assert np.all(values == ZERO)
    assert not scales.any()


def test_filters_leave_out_what_is_not_known(tmp_path: Path) -> None:
    path = empty(tmp_path / "i")
    with store.Writer(path) as writer:
        writer.upsert(
            [
                row("a", platform="TikTok", language="en", country="DE", followers=500, authenticity=0.9),
                row("b", platform="instagram", language="fr", country="FR", followers=5_000, authenticity=0.2),
                row("c", authenticity=0.4),
                row("d"),
            ]
        )
    segment = store.open_view(path).segments[0]

    def kept(**filters: object) -> list[int]:
        mask = passing(segment, Filters(**filters))  # type: ignore[arg-type]
        return list(range(4)) if mask is None else np.flatnonzero(mask).tolist()

    assert kept() == [0, 1, 2]
    assert kept(platforms=("tiktok", "youtube")) == [0]
    assert kept(languages=("FR",), countries=("fr",)) == [1]
    assert kept(platforms=("nowhere",)) == []
    assert kept(min_followers=501) == [1]
    assert kept(max_followers=500) == [0]
    assert kept(min_followers=0) == [0, 1]
    assert kept(min_authenticity=0.5) == [0]


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match=r"no index\.json; expected an index"):
        store.open_view(tmp_path / "nowhere")
    path = empty(tmp_path / "i")
    with pytest.raises(InputError, match="an index exists there"):
        empty(path)
    with pytest.raises(InputError, match="expected one of float32"):
        empty(tmp_path / "j", "float64")
    with pytest.raises(ShapeError, match=r"vectors \(1, 8\)"), store.Writer(path) as writer:
        writer.upsert([IndexRow("a", np.zeros((1, 8), np.float32), np.zeros(1, np.float32))])
    with store.Writer(path) as writer:
        writer.upsert([row("a")])
    file = next((path / "segments").glob("*/vectors.bin"))
    os.truncate(file, 8)
    with pytest.raises(IndexCorruptError, match=r"vectors\.bin: 8 bytes, expected 64"):
        store.open_view(path)
    (path / "index.json").write_text((path / "index.json").read_text().replace('"schema":2', '"schema":7'))
    with pytest.raises(IndexIncompatibleError, match="schema 7"):
        store.open_view(path)
    (path / "index.json").write_text("{")
    with pytest.raises(IndexCorruptError, match="build the index again"):
        store.open_view(path)
