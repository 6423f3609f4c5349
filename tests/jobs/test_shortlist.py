"""A shortlist of a long file: everyone is looked at, some are scored, nobody is lost, and a cut run ends the same."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from bonafit.cli import main
from bonafit.errors import InputError
from bonafit.heads.head import Head
from bonafit.io.read import OnReject, ReadReport, read_creators
from bonafit.jobs.first_look import preselect
from bonafit.jobs.job import job_of
from bonafit.jobs.ranking import Best
from bonafit.jobs.shortlist import NOT_JUDGED, ShortlistedRun
from bonafit.records import Creator
from tests.jobs.test_resumable import ROOT, source
from tests.tiny import BRIEF, HashEncoder, creators
from tests.tiny_scorer import tiny_scorer

KEEP = 13


def run(
    path: Path,
    out: Path,
    *,
    resume: bool = False,
    keep: int = KEEP,
    stop: int | None = None,
    pause: float = 0.0,
    head: Head | None = None,
) -> int:
    """stop : rows of both passes after which the run is broken off. head : what the first look ranks by."""
    scorer, report = tiny_scorer(), ReadReport()
    left = stop

    def read(on_reject: OnReject, report: ReadReport) -> Iterable[tuple[int, Creator]]:
        return read_creators(path, on_reject=on_reject, report=report)

    def step(count: int) -> None:
        nonlocal left
        time.sleep(pause)
        if left is not None:
            left -= count
            if left <= 0:
                raise KeyboardInterrupt

    job = job_of(scorer, BRIEF, str(path), None, shard_rows=10, shortlist=keep)
    with ShortlistedRun(out, job, resume=resume) as shortlisted:
        shortlisted.look(BRIEF, (HashEncoder(), head), read, ReadReport(), step)
        shortlisted.score(scorer, BRIEF, read, report, step)
        scored = shortlisted.finish(Best(0))
    assert report.rows == scored + shortlisted.n_passed_over + report.rejected
    return scored


def files(out: Path) -> list[bytes]:
    return [Path(f"{out}{end}").read_bytes() for end in ("", ".rejects.jsonl", ".passed_over.jsonl")]


def ids(path: Path) -> list[str]:
    return [json.loads(line)["creator_id"] for line in path.read_text().splitlines()]


def test_the_likeliest_are_scored_and_everyone_else_is_listed(tmp_path: Path) -> None:
    path, out = source(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    assert run(path, out) == KEEP
    people = creators(60)
    likeliest = {c.creator_id for c in preselect(people, BRIEF, fast=HashEncoder(), keep=KEEP)}
    # Results stand in input order and are those of scoring the same creators alone.
    assert ids(out) == [c.creator_id for c in people if c.creator_id in likeliest]
    assert ids(Path(f"{out}.passed_over.jsonl")) == [c.creator_id for c in people if c.creator_id not in likeliest]
    told = json.loads(Path(f"{out}.passed_over.jsonl").read_text().splitlines()[0])
    assert told["reason"] == "not among the 13 likeliest by the fast encoder"
    assert -1.0 <= told["fit"] <= 1.0
    assert len(Path(f"{out}.rejects.jsonl").read_text().splitlines()) == 9
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "in.jsonl", "out.jsonl", "out.jsonl.passed_over.jsonl", "out.jsonl.rejects.jsonl",
    ]  # fmt: skip


def test_with_a_head_the_list_is_the_one_its_own_scores_give(tmp_path: Path) -> None:
    path, out = source(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    scorer, people = tiny_scorer(), creators(60)
    run(path, out, head=scorer.heads["niche_fit"])
    values = {one.creator_id: one.niche_fit.value for one in scorer.score(people, BRIEF)}
    first = sorted(people, key=lambda c: -1.0 if (value := values[c.creator_id]) is None else value, reverse=True)
    assert set(ids(out)) == {c.creator_id for c in first[:KEEP]}
    left = [json.loads(line) for line in Path(f"{out}.passed_over.jsonl").read_text().splitlines()]
    assert {one["creator_id"]: one["fit"] for one in left} == {c.creator_id: values[c.creator_id] for c in first[KEEP:]}
    assert all((one["fit"] is None) == (one["reason"] == NOT_JUDGED) for one in left)
    cosines = tmp_path / "cosines.jsonl"
    run(path, cosines)
    assert ids(out) != ids(cosines)


def test_a_list_longer_than_the_file_scores_all(tmp_path: Path) -> None:
    assert run(source(tmp_path / "in.jsonl"), tmp_path / "out.jsonl", keep=500) == 60
    assert (tmp_path / "out.jsonl.passed_over.jsonl").read_bytes() == b""


@pytest.mark.parametrize("stop", [1, 25, 59, 61, 70])
def test_a_run_cut_off_in_either_pass_ends_with_equal_bytes(tmp_path: Path, stop: int) -> None:
    path = source(tmp_path / "in.jsonl")
    run(path, tmp_path / "whole.jsonl")
    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "cut.jsonl", stop=stop)
    assert run(path, tmp_path / "cut.jsonl", resume=True) == KEEP
    assert files(tmp_path / "cut.jsonl") == files(tmp_path / "whole.jsonl")


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    path, out = source(tmp_path / "in.jsonl"), tmp_path / "cut.jsonl"
    run(path, tmp_path / "whole.jsonl")
    code = f"""
from pathlib import Path
from tests.jobs.test_shortlist import run
run(Path({str(path)!r}), Path({str(out)!r}), resume=True, pause=0.02)
"""
    moments = random.Random(5)
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        deadline = time.monotonic() + 60
        while not Path(f"{out}.parts").exists() and not out.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
    if not out.exists():
        run(path, out, resume=True)
    assert files(out) == files(tmp_path / "whole.jsonl")


def test_another_length_of_list_is_another_job(tmp_path: Path) -> None:
    path, out = source(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(path, out, stop=30)
    with pytest.raises(InputError, match="differs in shortlist"):
        run(path, out, resume=True, keep=KEEP + 1)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (["--shortlist", "0", "--out", "o.jsonl"], "expected a count of at least 1"),
        (["--shortlist", "5"], "expected files, not -"),
        (["--shortlist", "5", "--out", "o", "--engine", "spark"], "expected the local engine"),
    ],
)
def test_what_a_shortlist_cannot_be_asked_for(
    more: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "in.jsonl", "--brief", "b.toml", "--bundle", "models", *more]) == 1
    assert expected in capsys.readouterr().err
