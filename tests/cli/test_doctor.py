"""`bonafit doctor` names what is missing, and what would help."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from bonafit.cli import doctor, main
from bonafit.errors import BundleMissingError


@pytest.fixture
def bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bundle whose files are as published, without a door."""
    manifest = SimpleNamespace(name="tiny")
    monkeypatch.setattr(doctor, "read_bundle", lambda path: SimpleNamespace(manifest=manifest))
    monkeypatch.setattr(doctor, "located", lambda path: tmp_path)
    monkeypatch.setattr(doctor, "encoder_folder", lambda bundle: tmp_path)
    monkeypatch.setattr(doctor, "door_folder", lambda bundle: None)
    monkeypatch.setattr(doctor, "load_encoder", lambda folder: SimpleNamespace(name="hash"))


def findings(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    return {finding["what"]: finding for finding in json.loads(capsys.readouterr().out)}


@pytest.mark.usefixtures("bundle")
def test_a_cache_that_is_there_or_not_or_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "file").write_bytes(bytes(3 * 2**20))
    monkeypatch.setattr(doctor, "default_cache_path", lambda: cache)
    assert main(["doctor", "--json"]) == 0
    looked_at = findings(capsys)
    assert looked_at["cache"]["found"] == f"{cache}, 3 MiB"
    assert looked_at["bundle"]["found"].startswith("tiny at ")
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    assert main(["doctor"]) == 1
    assert "cannot be written; set BONAFIT_CACHE, or score with --no-cache" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "default_cache_path", lambda: None)
    assert main(["doctor", "--json"]) == 0
    assert findings(capsys)["cache"]["state"] == "absent"


def test_without_a_bundle_scoring_cannot_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(path: str | None) -> None:
        raise BundleMissingError("no bundle is installed")

    monkeypatch.setattr(doctor, "read_bundle", none)
    assert main(["doctor", "--json"]) == 1
    looked_at = findings(capsys)["bundle"]
    assert (looked_at["state"], looked_at["found"]) == ("bad", "no bundle is installed")
    assert "pip install bonafit-bundle" in looked_at["do"]
