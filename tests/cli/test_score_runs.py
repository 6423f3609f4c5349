"""Runs of `bonafit score` by a scorer of stand-ins: shortlists, runs cut off and gone on with, pages, streams."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import msgspec
import pytest

from bonafit.cli import main, scoring
from bonafit.io.write import write_creators
from bonafit.jobs import resumable
from bonafit.scorer.load import FastPath
from tests.tiny import BRIEF, HashEncoder, creators
from tests.tiny_scorer import tiny_scorer


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "load_scorer", lambda arguments, *, deferred: tiny_scorer())
    monkeypatch.setattr(scoring, "load_fast", lambda bundle, folder: FastPath(HashEncoder(), None))
    monkeypatch.setattr(scoring, "encoder_folder", lambda bundle: Path("nowhere"))


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Arguments: thirty creators, one of them without any text, and their brief."""
    silent = msgspec.structs.replace(creators(1)[0], creator_id="silent", bio=None, posts=())
    write_creators(tmp_path / "creators.jsonl", [*creators(29), silent])
    (tmp_path / "brief.json").write_bytes(msgspec.json.encode(BRIEF))
    return [str(tmp_path / "creators.jsonl"), "--brief", str(tmp_path / "brief.json")]


def test_a_shortlist_says_who_was_scored_and_passed_over(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "scores.jsonl"
    assert main(["score", *files, "--out", str(out), "--shortlist", "5"]) == 0
    told = capsys.readouterr().err
    assert "30 rows in = 5 scored + 25 passed over (1 of them for too little text or an unread language)" in told
    assert len(out.read_bytes().splitlines()) == 5
    assert len(Path(f"{out}.passed_over.jsonl").read_bytes().splitlines()) == 25
    assert main(["score", *files, "--out", str(tmp_path / "all.jsonl"), "--shortlist", "50"]) == 0
    assert "30 rows in = 30 scored + 0 passed over" in capsys.readouterr().err


def test_a_run_cut_off_is_gone_on_with_and_ends_with_the_same_bytes(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "scores.jsonl"
    assert main(["score", *files, "--out", str(whole)]) == 0
    of_ten = scoring.job_of
    monkeypatch.setattr(scoring, "job_of", lambda *some, **more: of_ten(*some, shard_rows=10, **more))
    put = resumable.os.replace

    def cut_off(source: str, target: Path) -> None:
        if Path(target).name == "00002.jsonl":
            raise KeyboardInterrupt
        put(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(resumable.os, "replace", cut_off)
        assert main(["score", *files, "--out", str(out)]) == 1
    assert "interrupted; go on with --resume" in capsys.readouterr().err
    assert not out.exists()
    assert main(["score", *files, "--out", str(out)]) == 1
    assert "an earlier run was cut off; go on with --resume" in capsys.readouterr().err
    assert main(["score", *files, "--out", str(out), "--resume"]) == 0
    assert "20 rows were done before, going on" in capsys.readouterr().err
    assert out.read_bytes() == whole.read_bytes()


def test_creators_from_a_pipe_are_scored_line_by_line(
    files: list[str], capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = Path(files[0]).read_bytes() + b"no JSON\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert main(["score", "-", "--format", "jsonl", *files[1:], "--out", "-"]) == 3
    shown = capsysbinary.readouterr()
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert [row["creator_id"] for row in rows] == [*(f"c{i:03d}" for i in range(29)), "silent"]
    assert b"31 rows in = 30 scored + 1 rejected" in shown.err
