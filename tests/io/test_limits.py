"""Limits that a command is told: a line beyond one is a reject, a text beyond one alone is not read, both told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bonafit.cli import main
from bonafit.io.read import ReadOptions, ReadReport, Reject, read_creators
from bonafit.io.rows.names import MOST_NAMES, _remembered_field

ROWS = [
    {"creator_id": "a", "bio": "short", "posts": [{"caption": "y" * 40, "title": "fine"}, {"caption": "also fine"}]},
    {"creator_id": "b", "bio": "x" * 400},
    {"creator_id": "c", "comments": [{"text": "z" * 60}, {"text": "nice"}]},
]


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_line_beyond_the_limit_is_a_reject_and_the_next_is_read(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"creators.{ending}"
    if ending == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    else:
        path.write_text("creator_id,bio\na,short\nb," + "x" * 400 + "\nc,last\n")
    rejects: list[Reject] = []
    options = ReadOptions(max_row=300)
    read = [single.creator_id for _, single in read_creators(path, on_reject=rejects.append, options=options)]
    assert read == ["a", "c"]
    assert [(reject.line, "longer than 300 bytes" in reject.reason) for reject in rejects] == [
        (2 if ending == "jsonl" else 3, True)
    ]


def test_a_text_beyond_the_limit_is_left_out_alone_and_told(tmp_path: Path) -> None:
    path = tmp_path / "creators.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    report = ReadReport()
    options = ReadOptions(max_text=30)
    creators = [single for _, single in read_creators(path, on_reject=print, report=report, options=options)]
    assert [(post.caption, post.title) for post in creators[0].posts] == [("", "fine"), ("also fine", "")]
    assert creators[0].bio == "short"
    assert creators[1].bio is None
    assert [comment.text for comment in creators[2].comments] == ["nice"]
    assert any("more than 30 characters" in line for line in report.lines())


@pytest.mark.parametrize("value", [["--max-row", "0"], ["--max-row", str(2**31)], ["--max-text", "50001"]])
def test_limits_that_are_none_are_refused(value: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "creators.jsonl"
    path.write_text('{"creator_id": "a"}\n')
    assert main(["inspect", str(path), *value]) == 1
    assert f"{value[0]} {value[1]}: expected" in capsys.readouterr().err


@pytest.mark.slow
def test_memory_is_bounded_by_the_limit_however_long_the_line(tmp_path: Path) -> None:
    path = tmp_path / "creators.jsonl"
    with path.open("wb") as handle:
        handle.write(b'{"creator_id": "a", "bio": "')
        for _ in range(300):
            handle.write(b"x" * (1 << 20))
        handle.write(b'"}\n{"creator_id": "b", "bio": "soap", "followers": 9000}\n')
    command = [sys.executable, "-m", "bonafit", "convert", str(path), "-o", str(tmp_path / "o.jsonl"), "--max-row"]

    def peak(limit: int) -> int:
        """Kilobytes at most of a run with this limit, which has to reject the one row and keep the other."""
        # VmHWM is of this program; ru_maxrss would hold what the process that started it had in memory
        code = f"import pathlib, runpy, sys; sys.argv = {['bonafit', *command[3:], str(limit)]!r}\n"
        code += "try:\n    runpy.run_module('bonafit', run_name='__main__')\nexcept SystemExit as left:\n"
        code += "    print(left.code, pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        status, size = done.stdout.split()[-2:]
        assert status == "3"
        return int(size)

    assert peak(1 << 20) < 200_000


@pytest.mark.parametrize("place", ["row", "object", "post"])
def test_however_many_names_a_row_has_few_are_looked_at(place: str, tmp_path: Path) -> None:
    names = {f"name_{place}_{i}": 1 for i in range(60_000)}
    row = {"creator_id": "a", "bio": "short"}
    row |= {"row": names, "object": {"of_days": names}, "post": {"posts": [names]}}[place]
    path = tmp_path / "creators.json"
    path.write_text(json.dumps(row) + "\n")
    rejects: list[Reject] = []
    before = looked_up()
    creators = [creator.creator_id for _, creator in read_creators(path, on_reject=rejects.append)]
    assert looked_up() - before < 8 * MOST_NAMES
    if place in ("row", "post"):
        assert creators == []
        assert "expected at most 20,000" in rejects[0].reason
    else:
        assert creators == ["a"]
        assert rejects == []


def looked_up() -> int:
    """Names that were looked up and not remembered from before."""
    return _remembered_field.cache_info().misses
