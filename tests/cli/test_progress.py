"""Progress is told to a terminal, with the time left where the input's length is known."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import msgspec
import pytest

from bonafit.cli import progress as module
from bonafit.cli.progress import Progress
from bonafit.io.read import ReadReport, read_creators
from bonafit.io.write import write_creators
from tests.tiny import creators


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def told(monkeypatch: pytest.MonkeyPatch, shares: list[float | None], terminal: io.StringIO) -> str:
    """What is shown when rows pass a second apart while these shares are read."""
    report = ReadReport()
    monkeypatch.setattr(sys, "stderr", terminal)
    clock = iter(range(1000))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    progress = Progress("creators", report)
    for share in shares:
        report.share = share
        progress.step()
    return terminal.getvalue()


def test_the_time_left_follows_from_the_share_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = told(monkeypatch, [0.1, 0.2, 0.3, 1.0], Terminal()).split("\r")[1:]
    assert "left" not in lines[0]
    assert "2 creators, 1.0 a second, 0:00:08 left" in lines[1]
    assert "3 creators, 1.0 a second, 0:00:07 left" in lines[2]
    assert "0:00:00 left" in lines[3]


def test_without_a_length_there_is_no_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "left" not in told(monkeypatch, [None, None, None], Terminal())


def test_nothing_is_told_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [0.1, 0.2], io.StringIO()) == ""


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.csv", "in.parquet"])
def test_the_share_read_rises_to_one(tmp_path: Path, name: str) -> None:
    # each row longer than a reader's buffer, so that a file is not read at one go
    people = [msgspec.structs.replace(one, bio="a walk " * 7_000) for one in creators(80)]
    write_creators(tmp_path / name, people)
    report = ReadReport()
    shares = []
    for _ in read_creators(tmp_path / name, on_reject=print, report=report):
        assert report.share is not None
        shares.append(report.share)
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] == 1.0
    if name in ("in.jsonl", "in.csv"):
        assert shares[0] < 0.6
