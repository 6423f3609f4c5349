"""What type checkers of a program that uses the library see: a sample client is whole, a mistake in it is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CLIENT = Path(__file__).with_name("sample_client.py")
MISTAKES = {
    "followers=8_200, following": "folowers=8_200, following",
    "min_followers=1_000": 'min_followers="many"',
    "error.field, error.reason": "error.feild, error.reason",
}


def broken(folder: Path) -> Path:
    """The client with every mistake in it."""
    text = CLIENT.read_text()
    for right, wrong in MISTAKES.items():
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    (folder / "broken_client.py").write_text(text)
    return folder / "broken_client.py"


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.slow
def test_mypy_finds_mistakes_and_nothing_else(repository: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is in the test extra")
    done = run("mypy", "--strict", str(CLIENT), cwd=repository)
    assert done.returncode == 0, done.stdout
    done = run("mypy", "--strict", str(broken(tmp_path)), cwd=repository)
    assert "Found 3 errors" in done.stdout, done.stdout
    for name in ("folowers", "min_followers", "feild"):
        assert f'"{name}"' in done.stdout


@pytest.mark.slow
def test_pyright_finds_mistakes_and_nothing_else(repository: Path, tmp_path: Path) -> None:
    pytest.importorskip("basedpyright", reason="basedpyright is in the test extra")
    for client, expected in ((CLIENT, 0), (broken(tmp_path), 3)):
        settings = {
            "include": [str(client)],
            "extraPaths": [str(repository / "scoring")],
            "venvPath": str(Path(sys.prefix).parent),
            "venv": Path(sys.prefix).name,
            "typeCheckingMode": "strict",
            # pyarrow brings no types: what a table is made of is unknown to a client
            "reportUnknownMemberType": False,
            "reportUnknownArgumentType": False,
        }
        (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
        done = run("basedpyright", "--outputjson", "-p", str(tmp_path / "pyrightconfig.json"), cwd=tmp_path)
        found = json.loads(done.stdout)
        assert found["summary"]["errorCount"] == expected, [d["message"] for d in found["generalDiagnostics"]]


@pytest.mark.slow
def test_the_sample_client_runs(repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(repository / "scoring"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(CLIENT)], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "c1" in done.stdout
