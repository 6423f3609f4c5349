"""`bonafit index` from an empty folder to a ranking: what it prints, what it refuses, what its exit codes say."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bonafit.cli import index as verb
from bonafit.cli import main
from bonafit.io.write import write_creators
from tests.end_to_end.test_service_habits import indexed_scorer
from tests.tiny import creators

BRIEF = 'brand = "Aubelle"\ndescription = "Gentle skincare and sunscreen."\n'


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple]:
    """Runs an action in the folder, with a scorer of hashed words: exit code, lines printed, lines of messages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verb, "load_scorer", lambda arguments: indexed_scorer())
    Path("brief.toml").write_text(BRIEF)
    write_creators(Path("c.jsonl"), creators(9))

    def action(*arguments: str) -> tuple[int, list[str], list[str]]:
        code = main(["index", *arguments])
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return action


def ids(lines: list[str]) -> list[str]:
    return [json.loads(line)["creator_id"] for line in lines]


def test_an_index_is_built_asked_and_changed(run: Callable[..., tuple], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("build", "i", "c.jsonl", "--store", "int8")[:2] == (0, ["9 in i"])
    code, out, _ = run("info", "i")
    assert code == 0
    assert out[0] == "9 creators in 1 segments, generation 1"
    assert " as int8; " in out[1]
    code, ranked, err = run("rank", "i", "--brief", "brief.toml", "--top", "4", "--json")
    assert code == 0
    assert [json.loads(line)["rank"] for line in ranked] == [1, 2, 3, 4]
    assert err[-1] == "9 of 9 creators passed the filters and were ranked"
    # one changed, one new, one that is no creator
    more = creators(10)
    write_creators(Path("more.jsonl"), [more[0], more[9]])
    with Path("more.jsonl").open("a") as file:
        file.write("{broken\n")
    code, out, err = run("add", "i", "more.jsonl")
    assert (code, out) == (3, ["1 new and 1 replaced, 10 in i"])
    assert any('"line":3' in line for line in err)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{more[9].creator_id}\n\nnobody\n"))
    assert run("remove", "i", "-")[:2] == (0, ["1 removed, 1 were not there"])
    assert run("compact", "i")[:2] == (0, ["9 kept in one segment"])
    assert ids(run("rank", "i", "--brief", "brief.toml", "--top", "4", "--json")[1]) == ids(ranked)


def test_a_table_shows_what_passes_the_filters(run: Callable[..., tuple]) -> None:
    run("build", "i", "c.jsonl")
    _, rows, _ = run("rank", "i", "--brief", "brief.toml", "--json")
    followers = sorted(json.loads(line)["followers"] for line in rows)
    code, out, err = run("rank", "i", "--brief", "brief.toml", "--min-followers", str(followers[5]))
    assert code == 0
    assert out[0].split() == ["#", "creator", "fit", "followers", "platform"]
    assert [line.split()[0] for line in out[1:]] == ["1", "2", "3", "4"]
    assert err[-1] == "4 of 9 creators passed the filters and were ranked"
    assert run("rank", "i", "--brief", "brief.toml", "--platform", "nowhere")[1] == out[:1]


def test_what_cannot_be_done_is_one_sentence(run: Callable[..., tuple]) -> None:
    run("build", "i", "c.jsonl")
    for arguments, said in (
        (("build", "i", "c.jsonl"), "an index exists there"),
        (("rank", "i", "--brief", "brief.toml", "--top", "0"), "--top 0: expected 1 or more"),
        (("rank", "none", "--brief", "brief.toml"), "none"),
        (("add", "i", "absent.jsonl"), "absent.jsonl"),
    ):
        code, out, err = run(*arguments)
        assert (code, out, len(err)) == (1, [], 1)
        assert said in err[0]
