"""docs/tutorial.md: its commands run as printed, one after the other, and show what the page says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import openpyxl
import pytest

from bonafit.cli import main
from bonafit_training.sample.agency import main as write_agency

BLOCK = re.compile(r"```(sh|text)\n(.*?)```", re.DOTALL)


def blocks(repository: Path) -> list[tuple[str, list[str]]]:
    text = (repository / "docs" / "tutorial.md").read_text(encoding="utf-8")
    return [(kind, body.splitlines()) for kind, body in BLOCK.findall(text)]


def of_readme(repository: Path) -> tuple[str, list[str]]:
    """The first command of the README and what it is said to print."""
    (_, command), (_, shown) = BLOCK.findall((repository / "README.md").read_text(encoding="utf-8"))[:2]
    return command, shown.splitlines()


@pytest.mark.slow
def test_the_commands_of_the_tutorial_run_and_show_what_it_says(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(repository / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BONAFIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "110")
    told = ""
    ran = []
    for kind, lines in blocks(repository):
        if kind == "text":
            assert [line for line in lines if line not in told.splitlines()] == [], "change them in the tutorial"
            continue
        for line in lines:
            program, *arguments = shlex.split(line)
            assert program == "bonafit"
            assert main(arguments) == 0, line
            told = capsys.readouterr().out
            ran.append(arguments[0])
            if ran.count("score") == 1 and arguments[0] == "score":
                printed, shown = of_readme(repository)
                assert shlex.split(printed) == ["bonafit", *arguments]
                first = told.splitlines()[: len(shown)]
                assert shown == first, "put these first lines into the README:\n" + "\n".join(first)
    asked = ["doctor", "inspect", "inspect", "inspect", "brief", "score", "explain"]
    asked += ["score", "money", "portfolio", "report", "forecast", "forecast", "forecast", "measure"]
    assert ran == asked
    assert "hana_spf_0007" in told
    book = openpyxl.load_workbook("shortlist.xlsx")
    assert book["Ranking"].max_row + book["Not judged"].max_row == 42
    assert Path("shortlist.html").stat().st_size > 10_000
    assert not Path("shortlist.xlsx.rejects.jsonl").exists()


@pytest.mark.slow
def test_the_agency_s_files_are_made_of_the_sample(repository: Path, tmp_path: Path) -> None:
    folder = repository / "examples"
    assert write_agency(["--creators", str(folder / "creators.jsonl"), "--out", str(tmp_path)]) == 0
    for name in ("creators.xlsx", "posts.csv"):
        assert (tmp_path / name).read_bytes() == (folder / "agency" / name).read_bytes(), "run make sample"
