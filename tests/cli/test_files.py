"""`inspect`, `convert` and `score` on files as people have them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bonafit.cli import main
from bonafit.cli.inspect import to_fix
from bonafit.io.read import ReadReport, read_creators

LIST = "Name,Platform,Follower Count,Bio\nmara.rot,Instagram,8.4K,Rye bread and butter\nole_oats,TikTok,12K,Oats\n"


@pytest.fixture
def brief(repository: Path) -> str:
    return str(repository / "examples" / "brief.toml")


@pytest.fixture
def bundle(repository: Path) -> str:
    return str(max((repository / "models").glob("20*")))


def score(path: Path, out: Path, brief: str, bundle: str, *more: str) -> int:
    return main(["score", str(path), "--brief", brief, "--bundle", bundle, "--no-cache", "--out", str(out), *more])


@pytest.mark.slow
def test_handle_name_platform_and_followers_travel(tmp_path: Path, brief: str, bundle: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "id,handle,display_name,platform,bio,followers,price,currency\n61,=mara,Mara Rot,tiktok,Rye,8400,90,EUR\n"
    )
    assert score(path, tmp_path / "people.csv", brief, bundle) == 0
    [told] = csv.DictReader((tmp_path / "people.csv").read_text("utf-8-sig").splitlines())
    assert (told["handle"], told["name"], told["price"]) == ("'=mara", "Mara Rot", "90")
    assert score(path, tmp_path / "scores.csv", brief, bundle, "--full") == 0
    [row] = csv.DictReader((tmp_path / "scores.csv").read_text().splitlines())
    assert (row["creator_id"], row["handle"], row["display_name"]) == ("61", "'=mara", "Mara Rot")
    assert (row["platform"], row["followers"], row["price"], row["currency"]) == ("tiktok", "8400", "90.0", "EUR")
    assert score(path, tmp_path / "scores.jsonl", brief, bundle) == 0
    result = json.loads((tmp_path / "scores.jsonl").read_text())
    assert result["profile"]["handle"] == "=mara"


@pytest.mark.parametrize("asked", ["mara.rot", "@mara.rot", "MARA.ROT", "https://www.instagram.com/mara.rot/"])
def test_explain_finds_who_people_mean(
    tmp_path: Path, brief: str, bundle: str, capsys: pytest.CaptureFixture[str], asked: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,handle,platform,bio,followers\n61,mara.rot,instagram,Rye bread,8400\n62,ole,tiktok,Oats,5\n")
    assert main(["explain", asked, str(path), "--brief", brief, "--bundle", bundle, "--no-cache"]) == 0
    assert "mara.rot (instagram, 8,400 followers, id 61)" in capsys.readouterr().out


def test_a_refused_run_leaves_nothing_and_the_next_one_runs(
    tmp_path: Path, brief: str, bundle: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "scores.jsonl"
    path.write_text("handle,Shoe size\nmara,39\n")
    assert score(path, out, brief, bundle) == 1
    assert "no column holds anything that a score is made of" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]
    path.write_text(LIST)
    assert score(path, out, brief, bundle) == 0
    assert len(out.read_text().splitlines()) == 2
    assert not list(tmp_path.glob("*.parts"))
    told = capsys.readouterr().err
    assert "Follower Count as followers (100%)" in told
    assert "rounded where they were written" in told


def test_outputs_are_checked_before_any_work(
    tmp_path: Path, brief: str, bundle: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    for out, reason in (
        (path, "is read by this run"),
        (tmp_path, "is a folder"),
        (tmp_path / "scores.docx", "name the output after a format"),
        (tmp_path / "none" / "scores.csv", "no such folder"),
        (tmp_path / f"{'x' * 250}.csv", "too long|cannot be written"),
    ):
        code = score(path, out, brief, bundle)
        told = capsys.readouterr().err
        assert code == 1, out
        assert any(part in told for part in reason.split("|")), told
    assert path.read_text() == LIST


def test_inspect_tells_what_to_fix_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text("handle,Follower base,Subscribed people,Bio,Pet\nmara,5,6,Rye,dog\n")
    names = tmp_path / "names.txt"
    assert main(["inspect", str(path), "--write-map", str(names)]) == 1
    told = capsys.readouterr().out
    assert 'fix first: --map "Follower base=followers"' in told
    assert "column Pet: not known" in told
    assert names.read_text().splitlines()[1:] == [
        "Follower base=followers", "Subscribed people=followers", "# Pet="
    ]  # fmt: skip
    names.write_text("# only one of them\nSubscribed people=followers\nFollower base=\n")
    assert main(["inspect", str(path), "--map", str(names), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["accepted"] == 1
    assert {"column": "Subscribed people", "field": "followers", "share": 1.0} in document["columns"]
    assert document["problems"] == []


def test_convert_writes_what_was_understood_and_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other, out = tmp_path / "one.csv", tmp_path / "other.json", tmp_path / "creators.jsonl"
    one.write_text(LIST)
    other.write_text(
        json.dumps([{"username": "mara.rot", "platform": "instagram", "followersCount": 9000, "biography": "Rye"}])
    )
    assert main(["convert", str(one), "-o", str(out), "--compare", str(other)]) == 0
    told = capsys.readouterr().err
    assert "mara.rot: followers 8400 here, 9000 there" in told
    assert "1 creators in both files, 2 disagreements" in told
    report = ReadReport()
    back = [creator for _, creator in read_creators(out, on_reject=pytest.fail, report=report)]
    assert [(c.display_name, c.followers, c.platform) for c in back] == [
        ("mara.rot", 8_400, "instagram"),
        ("ole_oats", 12_000, "tiktok"),
    ]
    assert to_fix(report) == []


@pytest.mark.parametrize("given", ["Follower Count", "Follower Count=fans", "=followers"])
def test_mappings_that_say_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    assert main(["inspect", str(path), "--map", given]) == 1
    assert "--map" in capsys.readouterr().err


def test_compare_knows_people_whose_platform_one_file_leaves_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, other = tmp_path / "mine.csv", tmp_path / "other.csv"
    here.write_text("handle,platform,followers\nmara,instagram,8400\nole,tiktok,5\nida,tiktok,7\n")
    other.write_text("handle,platform,followers\nmara,,9100\nole,instagram,6\nida,tiktok,7\n")
    assert main(["convert", str(here), "-o", str(tmp_path / "out.jsonl"), "--compare", str(other)]) == 0
    printed = capsys.readouterr().err
    assert "mara: followers 8400 here, 9100 there" in printed
    assert "2 creators in both files, 1 disagreements" in printed
