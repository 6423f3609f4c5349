"""A package that is not installed: which extra brings it, and no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bonafit.cli import main
from bonafit.cli.extras import missing_extra
from bonafit.io.write import write_results
from tests.tiny import BRIEF, creators
from tests.tiny_scorer import tiny_scorer


@pytest.mark.parametrize(
    ("absent", "command"),
    [
        ("python_calamine", ("score", "x.xlsx", "--brief", "brief.toml", "--no-cache", "--out", "out.jsonl")),
        ("faiss", ("index", "approximate", "creators.index")),
        ("cryptography.exceptions", ("bundle", "verify", "--require-signed", "key")),
        ("pyspark.sql", ("score", "c.jsonl", "--brief", "brief.toml", "--engine", "spark", "--out", "out.jsonl")),
        ("jinja2", ("report", "scores.jsonl", "-o", "report.html")),
        ("xlsxwriter", ("score", "c.jsonl", "--brief", "brief.toml", "--no-cache", "--out", "out.xlsx")),
    ],
)
def test_commands_say_which_extra_is_missing(
    absent: str,
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("brief.toml").write_text('brand = "B"\ndescription = "Gentle skincare."\n')
    Path("c.jsonl").write_text('{"creator_id": "a", "bio": "skincare and sunscreen"}\n')
    Path("x.xlsx").write_bytes((Path(__file__).parent.parent / "io" / "cases" / "workbook.xlsx").read_bytes())
    with tiny_scorer() as scorer:
        write_results("scores.jsonl", scorer.score(creators(1), BRIEF))
    monkeypatch.setitem(sys.modules, absent, None)
    assert main(command) == 1
    assert "pip install 'bonafit[" in capsys.readouterr().err


BLOCKED = """
import sys
for name in {absent!r}:
    sys.modules[name] = None
from bonafit.cli import main
sys.exit(main({command!r}))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("absent", "command", "said"),
    [
        (
            ["sklearn"],
            ["train", "--own", "c", "--pairs", "p", "--no-tracking"],
            "needs the package scikit-learn, which is not installed; pip install 'bonafit[",
        ),
        (["mlflow"], ["train", "--own", "c", "--pairs", "p"], "bonafit[track]"),
        (["onnx"], ["train", "--config", "training/published.toml", "--no-tracking"], "bonafit[train]"),
    ],
)
def test_training_says_which_extra_is_missing(
    absent: list[str], command: list[str], said: str, repository: Path
) -> None:
    code = BLOCKED.format(absent=absent, command=command)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=repository)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_no_extra_brings_stays_an_error() -> None:
    assert missing_extra(ModuleNotFoundError(name="bonafit.nothing")) is None
    assert missing_extra(ModuleNotFoundError(name="numpy")) is None
    assert missing_extra(ModuleNotFoundError(name="torch")) == (
        "this needs the package torch, which is not installed; pip install torch==2.13.0 first (docs/training.md), "
        "then pip install 'bonafit[train]'"
    )
