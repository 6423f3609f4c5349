"""The benchmark runner: every suite imports, keys choose suites, rows of a run that was cut short stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bonafit_training.contracts import Row


def listed(repository: Path, only: str = "") -> list[str]:
    command = [sys.executable, str(repository / "benchmarks" / "run.py"), "--list", "--only", only]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=repository)
    return done.stdout.split("\n")[:-1]


@pytest.mark.slow
def test_every_suite_imports_and_can_be_chosen(repository: Path) -> None:
    keys = listed(repository)
    for head in ("authenticity", "niche_fit", "engagement", "encoder", "main_job", "platforms", "speed"):
        assert any(key.startswith(head + "/") for key in keys)
    assert listed(repository, "tiktok_2020/last_20pct") == ["engagement/tiktok_2020/last_20pct"]
    row = "engagement/tiktok_2020/last_20pct/1k-100k/bonafit/r2"
    assert listed(repository, row) == ["engagement/tiktok_2020/last_20pct"]


def test_fresh_rows_replace_those_of_the_same_key(repository: Path, tmp_path: Path) -> None:
    sys.path.insert(0, str(repository))
    try:
        from benchmarks.run import merge
    finally:
        sys.path.remove(str(repository))

    def row(metric: str, value: float) -> Row:
        return Row(suite="s", dataset="d", split="x", slice="all", method="bonafit", metric=metric, value=value, n=1)

    path = tmp_path / "benchmark.json"
    path.write_bytes(msgspec.json.encode([row("auc", 0.1), row("f1", 0.2)]))
    assert [(r.metric, r.value) for r in merge(path, [row("auc", 0.9)])] == [("auc", 0.9), ("f1", 0.2)]
    assert merge(tmp_path / "none.json", []) == []
