"""`bonafit bundle`: what is shown of a bundle, and that another encoder than its own is noticed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from bonafit.bundle.manifest import DatasetReference, EncoderReference
from bonafit.bundle.resolve import newest_bundle
from bonafit.cli import bundle as verb
from bonafit.cli import main
from bonafit.errors import BundleMissingError
from tests.tiny_scorer import tiny_scorer


def test_show_prints_data_licences_columns_and_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = tiny_scorer().bundle.manifest
    column = {"name": "followers", "unit": "people", "direction": 1, "description": "how many follow"}
    figure = {
        "dataset": "d", "split": "cv5", "slice": "all", "method": "cosine", "baseline": True, "metric": "auc",
        "value": 0.5, "n": 1_000,
    }  # fmt: skip
    whole = msgspec.structs.replace(
        plain,
        datasets=tuple(
            DatasetReference(name=name, sha256="f" * 64, rows=1_234, licence=licence)
            for name, licence in (("first", "CC BY 4.0"), ("second", "Unstated by the source"))
        ),
        door=EncoderReference(folder="door", digest="0" * 64, precision="int8", width=32),
        heads={"niche_fit": {"columns": [column]}},
        metrics=(figure, {**figure, "method": "bonafit", "baseline": False}),
        libraries={"numpy": "2"},
    )
    monkeypatch.setattr(verb, "read_manifest", lambda path: whole)
    assert main(["bundle", "show"]) == 0
    shown = capsys.readouterr().out
    for line in (
        "trained on invented data: its numbers say nothing about real creators",
        "other languages through door",
        "  first: 1,234 rows, licence CC BY 4.0, sha256 ffffffffffff",
        "licence unstated by the source: second (docs/dependencies.md)",
        "  followers (people, rises): how many follow",
        "  d cv5 all: cosine (baseline) auc 0.5000, n 1,000",
        "  d cv5 all: bonafit auc 0.5000, n 1,000",
        "libraries: numpy 2",
    ):
        assert line in shown.splitlines(), line
    monkeypatch.setattr(verb, "read_manifest", lambda path: msgspec.structs.replace(plain, invented=False))
    assert main(["bundle", "show"]) == 0
    shown = capsys.readouterr().out
    assert not any(words in shown for words in ("invented", "other languages", "licence unstated", "(baseline)"))


@pytest.mark.slow
def test_verify_notices_an_encoder_that_is_not_the_bundles(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(newest_bundle(repository / "models"))
    assert main(["bundle", "verify", "--bundle", path]) == 0
    assert "signature not asked for" in capsys.readouterr().out
    monkeypatch.setattr("bonafit.encoders.load_encoder", lambda *_, **__: SimpleNamespace(digest="1" * 64))
    assert main(["bundle", "verify", "--bundle", path]) == 1
    assert "fetch the encoder that belongs to this bundle" in capsys.readouterr().err


def test_list_marks_the_default_and_says_where_there_is_none(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = newest_bundle(repository / "models")
    monkeypatch.setenv(verb.VARIABLE, str(path))
    assert main(["bundle", "list"]) == 0
    assert any(line.startswith("* ") and str(path) in line for line in capsys.readouterr().out.splitlines())

    def none() -> Path:
        raise BundleMissingError("none is installed")

    monkeypatch.setattr(verb, "default_bundle", none)
    assert main(["bundle", "list"]) == 0
    assert "no default: none is installed" in capsys.readouterr().err
