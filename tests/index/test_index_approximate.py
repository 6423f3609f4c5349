"""Candidates by an inverted file: the same head orders them, changes are seen, filters hold."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from bonafit.cli import main
from bonafit.errors import CreatorIndexError
from bonafit.index import CreatorIndex, Filters, approximate
from bonafit.index.approximate import FILE, build_approximate
from bonafit.scorer.scorer import Scorer
from tests.index.test_index import scorer  # noqa: F401
from tests.tiny import BRIEF, creators

pytest.importorskip("faiss", reason="approximate ranking needs faiss-cpu, in the test extra")


@pytest.fixture
def path(scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """An index of 300 creators, prepared though it is small."""
    monkeypatch.setattr(approximate, "LEAST_ROWS", 100)
    monkeypatch.setattr(approximate, "LEAST", 60)
    monkeypatch.setattr(approximate, "PER_LIST", 90)
    place = tmp_path / "i"
    CreatorIndex.build(place, scorer, creators(300), dtype="int8").close()
    assert build_approximate(place) == 300
    return place


def test_candidates_are_ordered_by_the_same_head(scorer: Scorer, path: Path) -> None:  # noqa: F811
    with CreatorIndex(path, scorer) as index:
        exact, quick = index.rank(BRIEF, 10), index.rank(BRIEF, 10, approximate=True)
    assert exact.considered == 300
    assert quick.considered < 300
    values = {one.creator_id: (one.value, one.reasons) for one in exact.best}
    shared = [one for one in quick.best if one.creator_id in values]
    assert len(shared) >= 9
    assert all((one.value, one.reasons) == values[one.creator_id] for one in shared)
    assert [one.log_odds for one in quick.best] == sorted((one.log_odds for one in quick.best), reverse=True)


def test_changes_are_seen_at_once(scorer: Scorer, path: Path) -> None:  # noqa: F811
    with CreatorIndex(path, scorer) as index:
        gone = index.rank(BRIEF, 5, approximate=True).best[0].creator_id
        index.delete([gone])
        assert gone not in {one.creator_id for one in index.rank(BRIEF, 50, approximate=True).best}
        index.upsert([one for one in creators(300) if one.creator_id == gone])
        assert gone in {one.creator_id for one in index.rank(BRIEF, 5, approximate=True).best}
        # The replaced creator stands in a segment of its own, too small to prepare; a compaction makes one again.
        assert len(list(path.glob(f"segments/*/{FILE}"))) == 1
        index.compact()
        assert index.rank(BRIEF, 5, approximate=True) == index.rank(BRIEF, 5)
    assert build_approximate(path) == 300
    assert len(list(path.glob(f"segments/*/{FILE}"))) == 1


def test_filters_that_few_pass_are_answered_exactly(scorer: Scorer, path: Path) -> None:  # noqa: F811
    with CreatorIndex(path, scorer) as index:
        few, many = Filters(max_followers=20_000), Filters(max_followers=200_000)
        assert index.rank(BRIEF, 9, filters=few, approximate=True) == index.rank(BRIEF, 9, filters=few)
        some = index.rank(BRIEF, 9, filters=many, approximate=True)
    assert all(one.followers is not None and one.followers <= 200_000 for one in some.best)


def test_without_the_package_it_says_what_to_install(
    scorer: Scorer,  # noqa: F811
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    with CreatorIndex(path, scorer) as index, pytest.raises(CreatorIndexError, match=r"bonafit\[approximate\]"):
        index.rank(BRIEF, 5, approximate=True)


def test_the_command(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "approximate", str(path)]) == 0
    assert capsys.readouterr().out.startswith("300 prepared")
    assert np.all([file.stat().st_size > 0 for file in path.glob(f"segments/*/{FILE}")])
