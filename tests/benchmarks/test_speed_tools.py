"""What the speed suites rest on: turns, ratios, quantiles, exponents, populations, and that every suite is listed."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from bonafit.index import CreatorIndex
from bonafit.io.read import creator_from_dict
from tests.end_to_end.test_service_habits import indexed_scorer


@pytest.fixture(autouse=True)
def _benchmarks_on_the_path(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(repository))


def test_things_take_turns_and_ratios_are_of_pairs() -> None:
    from benchmarks.speed.paired import exponent, in_turns, quantile, ratio

    order: list[str] = []
    times = in_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3)
    assert order == ["a", "b"] * 3
    assert [len(times[name]) for name in "ab"] == [3, 3]
    assert ratio([10.0, 20.0, 90.0], [1.0, 10.0, 10.0]) == 9.0
    assert quantile([float(i) for i in range(200)], 0.99) == 198.0
    assert exponent([10, 100, 1_000], [2.0, 20.0, 200.0]) == pytest.approx(1.0)


def test_briefs_differ_and_have_their_facets() -> None:
    from benchmarks.speed.population import briefs

    from bonafit.text.units import brief_facets

    many = briefs(200)
    assert len({msgspec.json.encode(one) for one in many}) == 200
    assert {len(brief_facets(one)) for one in many} == {5}
    assert len(brief_facets(briefs(1, facets=16)[0])) == 16


def test_random_indexes_are_equal_but_for_their_storage(tmp_path: Path) -> None:
    from benchmarks.speed.population import briefs, random_index

    scorer = indexed_scorer()
    answers = []
    for dtype in ("float32", "int8"):
        random_index(tmp_path / dtype, scorer, 300, dtype=dtype)
        with CreatorIndex(tmp_path / dtype, scorer, threads=1) as index:
            assert len(index) == 300
            answers.append({one.creator_id for one in index.rank(briefs(1)[0], 30).best})
    assert len(answers[0] & answers[1]) >= 27


def test_invented_creators_are_valid_and_their_texts_their_own() -> None:
    from benchmarks.speed.population import invented

    people = list(islice(invented(40, captions=6), 40))
    captions = [post.caption for one in people for post in one.posts]
    assert len(set(captions)) == len(captions)
    assert {len(one.posts) for one in people} <= {0, 6}
    for one in people:
        creator_from_dict(msgspec.to_builtins(one))


def test_every_speed_suite_is_found(repository: Path) -> None:
    from benchmarks import run

    keys = list(run.chosen(run.all_suites(), "speed/"))
    assert len(keys) >= 10
    assert all(key.startswith("speed/") for key in keys)


@pytest.mark.slow
def test_the_plot_is_drawn_from_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="the plot needs matplotlib, in the report extra")
    from benchmarks.speed import plot
    from benchmarks.speed.paired import row

    rows: list[Any] = [row("random", "rank_by_creators", "seconds", n / 1e6, 1, slice=str(n)) for n in (1_000, 10_000)]
    rows.append(row("random", "rank_by_creators", "exponent", 1.0, 2))
    (tmp_path / "rows.json").write_bytes(msgspec.json.encode(rows))
    out = tmp_path / "speed.svg"
    monkeypatch.setattr(sys, "argv", ["plot.py", "--rows", str(tmp_path / "rows.json"), "--out", str(out)])
    assert plot.main() == 0
    assert "exponent 1.00" in out.read_text() or "<path" in out.read_text()
    assert plot.curve(rows, "rank_by_creators") == [(1_000, 0.001), (10_000, 0.01)]
    assert np.isfinite(rows[-1].value)
