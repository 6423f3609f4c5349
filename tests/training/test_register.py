"""A published bundle into an MLflow registry by one command, and where its training sets are named."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bonafit.bundle.manifest import read_manifest
from bonafit_training.cli.registry import REGISTER
from bonafit_training.data.catalogue import DATASETS
from bonafit_training.data.documented import page


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # MLflow and SQLAlchemy warn of each other's deprecations
def test_one_command_registers_the_default_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("mlflow", reason="MLflow is not installed; pip install 'bonafit[track]'")
    parser = argparse.ArgumentParser()
    REGISTER.arguments(parser)
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    name = read_manifest().name
    for version in (1, 2):
        assert REGISTER.run(parser.parse_args(["--tracking-uri", uri, "--alias", "champion"])) == 0
        assert capsys.readouterr().out.endswith(f"{name} is version {version} of bonafit, @champion\n")


def test_every_set_is_named_with_the_hash_that_the_bundle_has(repository: Path) -> None:
    text = (repository / "docs" / "data.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` | `{dataset.path}` |" in text for name, dataset in DATASETS.items())
    trained_on = [dataset for dataset in read_manifest().datasets if dataset.name in DATASETS]
    assert len(trained_on) > 5
    for dataset in trained_on:
        assert f"`{dataset.sha256}`" in text, dataset.name


@pytest.mark.shared_data
def test_the_page_is_current(repository: Path, data_root: Path) -> None:
    assert (repository / "docs" / "data.md").read_text(encoding="utf-8") == page(data_root), "run `make docs`"
