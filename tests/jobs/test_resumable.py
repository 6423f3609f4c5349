"""Runs in shards: cut off anywhere, they go on and end with the bytes of an undisturbed run."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from bonafit.errors import InputError
from bonafit.io.read import OnReject, ReadReport, read_creators
from bonafit.jobs.job import job_of
from bonafit.jobs.ranking import Best
from bonafit.jobs.resumable import ShardedRun
from bonafit.records import Creator
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer

ROOT = Path(__file__).resolve().parents[2]


def source(path: Path, n: int = 60) -> Path:
    lines = []
    for i, creator in enumerate(creators(n)):
        row = msgspec.to_builtins(creator)
        row.pop("extra")
        lines.append(json.dumps(row))
        if i % 7 == 3:
            lines.append("{broken")
    path.write_text("\n".join(lines) + "\n")
    return path


def run(path: Path, out: Path, *, resume: bool = False, stop_after: int | None = None, pause: float = 0.0) -> int:
    scorer, report = tiny_scorer(), ReadReport()
    job = job_of(scorer, BRIEF, str(path), None, shard_rows=10)
    seen = 0

    def read(on_reject: OnReject, report: ReadReport) -> Iterable[tuple[int, Creator]]:
        return read_creators(path, on_reject=on_reject, report=report)

    def step(count: int) -> None:
        nonlocal seen
        seen += count
        time.sleep(pause)
        if stop_after is not None and seen >= stop_after:
            raise KeyboardInterrupt

    with ShardedRun(out, job, resume=resume) as sharded:
        sharded.score(scorer, BRIEF, read, report, step)
        count = sharded.finish(Best(0))
    assert count == report.accepted
    return report.rejected


def outputs(out: Path) -> tuple[bytes, bytes]:
    return out.read_bytes(), Path(f"{out}.rejects.jsonl").read_bytes()


@pytest.mark.parametrize("stop_after", [1, 9, 25, 59])
def test_a_run_cut_off_ends_with_equal_bytes(tmp_path: Path, stop_after: int) -> None:
    path = source(tmp_path / "in.jsonl")
    assert run(path, tmp_path / "whole.jsonl") == 9
    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "cut.jsonl", stop_after=stop_after)
    assert not (tmp_path / "cut.jsonl").exists()
    run(path, tmp_path / "cut.jsonl", resume=True)
    assert outputs(tmp_path / "cut.jsonl") == outputs(tmp_path / "whole.jsonl")
    assert not (tmp_path / "cut.jsonl.parts").exists()


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    path = source(tmp_path / "in.jsonl")
    run(path, tmp_path / "whole.jsonl")
    code = f"""
from pathlib import Path
from tests.jobs.test_resumable import run
run(Path({str(path)!r}), Path({str(tmp_path / "cut.jsonl")!r}), resume=True, pause=0.02)
"""
    moments = random.Random(11)
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        deadline = time.monotonic() + 60
        while not (tmp_path / "cut.jsonl.parts").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 0.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (tmp_path / "cut.jsonl").exists():
            break
    run(path, tmp_path / "cut.jsonl", resume=True)
    assert outputs(tmp_path / "cut.jsonl") == outputs(tmp_path / "whole.jsonl")


def test_parts_of_another_job_are_refused(tmp_path: Path) -> None:
    path = source(tmp_path / "in.jsonl")
    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "out.jsonl", stop_after=15)
    with pytest.raises(InputError, match="go on with --resume, or remove"):
        run(path, tmp_path / "out.jsonl")
    path.write_text(path.read_text() + "\n")
    with pytest.raises(InputError, match="left by a run that differs in content of the input"):
        run(path, tmp_path / "out.jsonl", resume=True)


@pytest.mark.parametrize("n", [0, 10, 20])
def test_inputs_that_fill_shards_exactly_or_not_at_all(tmp_path: Path, n: int) -> None:
    path = tmp_path / "in.jsonl"
    rows = [msgspec.to_builtins(c) for c in creators(n)]
    path.write_text("".join(json.dumps({k: v for k, v in row.items() if k != "extra"}) + "\n" for row in rows))
    run(path, tmp_path / "out.jsonl")
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == n
    assert not (tmp_path / "out.jsonl.rejects.jsonl").exists()


def test_the_order_and_ids_are_the_inputs(tmp_path: Path) -> None:
    path = source(tmp_path / "in.jsonl")
    run(path, tmp_path / "out.jsonl")
    ids = [json.loads(line)["creator_id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert ids == [c.creator_id for c in creators(60)]


def test_a_second_run_to_one_output_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    path = source(tmp_path / "in.jsonl")
    job = job_of(tiny_scorer(), BRIEF, str(path), None, shard_rows=10)
    with ShardedRun(tmp_path / "out.jsonl", job, resume=False):
        for resume in (True, False):
            with pytest.raises(InputError, match="another run to this output is at work"):
                ShardedRun(tmp_path / "out.jsonl", job, resume=resume)
    run(path, tmp_path / "out.jsonl", resume=True)
    assert not (tmp_path / "out.jsonl.parts").exists()


def test_shards_of_nobody_are_not_taken(tmp_path: Path) -> None:
    path = source(tmp_path / "in.jsonl")
    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "out.jsonl", stop_after=25)
    (tmp_path / "out.jsonl.parts" / "job.json").unlink()
    with pytest.raises(InputError, match="of no known run; remove the folder"):
        run(path, tmp_path / "out.jsonl", resume=True)


def test_later_shards_without_the_earlier_ones_are_scored_again(tmp_path: Path) -> None:
    path = source(tmp_path / "in.jsonl")
    run(path, tmp_path / "whole.jsonl")
    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "cut.jsonl", stop_after=45)
    # as a removal that was cut off leaves them
    (tmp_path / "cut.jsonl.parts" / "00000.jsonl").unlink()
    run(path, tmp_path / "cut.jsonl", resume=True)
    assert outputs(tmp_path / "cut.jsonl") == outputs(tmp_path / "whole.jsonl")


def test_results_that_do_not_add_up_are_not_put_in_place(tmp_path: Path) -> None:
    path = source(tmp_path / "in.jsonl")
    (tmp_path / "out.jsonl").write_text("an earlier result\n")
    with pytest.raises(KeyboardInterrupt):
        run(path, tmp_path / "out.jsonl", stop_after=25)
    first = tmp_path / "out.jsonl.parts" / "00000.jsonl"
    first.write_bytes(b"".join(first.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match="59 results for 60 creators read; was it changed"):
        run(path, tmp_path / "out.jsonl", resume=True)
    assert (tmp_path / "out.jsonl").read_text() == "an earlier result\n"


def test_a_changed_posts_file_is_another_job(tmp_path: Path) -> None:
    scorer, path, posts = tiny_scorer(), source(tmp_path / "in.jsonl"), tmp_path / "posts.csv"
    posts.write_text("creator_id,caption\nc000,a\n")
    with ShardedRun(tmp_path / "o.jsonl", job_of(scorer, BRIEF, str(path), str(posts)), resume=False):
        pass
    posts.write_text("creator_id,caption\nc000,b\n")
    with pytest.raises(InputError, match="left by a run that differs in content of the posts file"):
        ShardedRun(tmp_path / "o.jsonl", job_of(scorer, BRIEF, str(path), str(posts)), resume=True)


def test_a_stream_is_not_resumed(tmp_path: Path) -> None:
    job = job_of(tiny_scorer(), BRIEF, "-", None)
    with pytest.raises(InputError, match="a stream cannot be read again"):
        ShardedRun(tmp_path / "out.jsonl", job, resume=True)
    assert list(tmp_path.iterdir()) == []


def test_an_input_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        run(tmp_path / "none.jsonl", tmp_path / "out.jsonl")
    assert list(tmp_path.iterdir()) == []
