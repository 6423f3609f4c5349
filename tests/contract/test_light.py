"""The light package stays light: checked in clean interpreters and in an empty environment."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from bonafit.bundle.resolve import newest_bundle

HEAVY = ("torch", "sklearn", "pandas", "mlflow", "scipy", "joblib", "pickle5", "pyspark", "bonafit_training")


def loaded(code: str) -> set[str]:
    """Top-level modules loaded after running the code in a clean interpreter."""
    script = f"{code}\nimport sys\nprint(' '.join(sorted({{m.split('.')[0] for m in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    modules = loaded("import bonafit")
    assert modules.isdisjoint(HEAVY)
    assert modules.isdisjoint(("onnxruntime", "tokenizers", "pyarrow"))


def test_scoring_loads_nothing_heavy(repository: Path) -> None:
    bundle = newest_bundle(repository / "models")
    code = f"""
from bonafit import Brief, Creator, Scorer
scorer = Scorer.load({str(bundle)!r}, threads=1)
scorer.score([Creator(creator_id="a", bio="skincare and sunscreen every day", followers=900)],
             Brief(brand="b", description="Gentle skincare."))
"""
    assert loaded(code).isdisjoint(HEAVY)


def test_help_of_no_verb_loads_what_scores_draws_or_trains() -> None:
    script = f"""
import contextlib, io, sys
from bonafit.cli import VERBS, added_commands, main
for verb in ["", *VERBS, "bundle show", *(command.name for command in added_commands())]:
    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.suppress(SystemExit):
        main([*verb.split(), "--help"])
    assert told.getvalue().startswith("usage: bonafit " + verb), verb
    heavy = {{*{HEAVY[:-1]!r}, "onnxruntime", "bonafit.scorer.scorer", "bonafit.report.shortlist"}}
    assert not heavy & set(sys.modules), (verb, heavy & set(sys.modules))
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.slow
def test_the_built_wheel_scores_in_an_empty_environment(repository: Path, tmp_path: Path) -> None:
    """No extras, outside the repository: what a service's image would hold."""
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(repository)],
        check=True,
    )
    wheel = next(tmp_path.glob("bonafit-*.whl"))
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    listed = subprocess.run([python, "-m", "pip", "list"], capture_output=True, text=True, check=True).stdout
    assert "torch" not in listed
    assert "scikit-learn" not in listed
    out = tmp_path / "scores.jsonl"
    bundle = newest_bundle(repository / "models")
    done = subprocess.run(
        [
            home / "bin" / "bonafit",
            "score",
            repository / "examples" / "creators.jsonl",
            *("--brief", repository / "examples" / "brief.toml", "--bundle", bundle, "--out", out, "--no-cache"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert len(out.read_text().splitlines()) == 200
    assert "200 rows in = 200 scored + 0 rejected" in done.stderr
