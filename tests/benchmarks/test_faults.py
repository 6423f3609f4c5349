"""The short form of `make faults`: a few of every class, none lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.faults import damage, readers, stores
from benchmarks.faults.count import Count
from benchmarks.faults.run import added, table

CLASSES: tuple[Callable[..., Count], ...] = (
    stores.kills_of_runs,
    stores.kills_of_caches,
    damage.corrupted_indexes,
    damage.corrupted_caches,
)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("work", CLASSES, ids=lambda work: work.__name__)
def test_a_few_of_each_class_are_survived(work: Callable[..., Count], tmp_path: Path) -> None:
    count = work(tmp_path, limit=4)
    assert count.tried >= 4
    assert count.lost == 0, count.losses


@pytest.mark.filterwarnings("ignore")
def test_mutated_files_of_every_format_are_read_or_refused(tmp_path: Path) -> None:
    chosen = random.Random(11)
    for name, raw in readers.corpus(tmp_path).items():
        path = tmp_path / f"mutated.{name}"
        for _ in range(2):
            change = readers.mutated(raw, chosen, lines=name in ("jsonl", "csv"))
            path.write_bytes(change)
            loss, _, _ = readers.read(path)
            assert loss is None, (name, loss)


def test_losses_are_told() -> None:
    count = Count("x")
    count.add(None, refused=True)
    count.add("other bytes")
    assert table([count]).splitlines()[2:] == ["| x | 2 | 1 | 1 | 1 |", "", "- x: other bytes"]


def test_pieces_of_a_long_run_are_added_up(tmp_path: Path) -> None:
    file = tmp_path / "sum.json"
    for loss in (None, "other bytes"):
        count = Count(f"{readers.MUTATED}csv")
        count.add(loss)
        sums = added([count], file)
    assert [(row.tried, row.lost, row.losses) for row in sums] == [(2, 1, ["other bytes"])]
    assert "| all mutated files | 2 | 1 | 0 | 1 |" in table(sums)
