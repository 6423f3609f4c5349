"""Words planted in creators are in no byte of what training leaves: bundle, runs in MLflow, what is told."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit import Creator
from bonafit.cli import main
from bonafit_training.heads.niche_fit import own
from bonafit_training.sample.deals import BRANDS
from bonafit_training.sample.personas import planted_labels
from tests.training.test_own_alone import few

__all__ = ["few"]

CANARY = "zqxcanary"


def planted(creator: Creator) -> Creator:
    posts = tuple(msgspec.structs.replace(post, caption=f"{post.caption} {CANARY}caption") for post in creator.posts)
    return msgspec.structs.replace(
        creator, handle=f"{CANARY}handle{creator.creator_id}", display_name=f"{CANARY} name", posts=posts,
        bio=f"{creator.bio} {CANARY}bio",
    )  # fmt: skip


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, archives of arrays unpacked."""
    found = {}
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        found[str(file)] = file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                found |= {f"{file}/{name}": archive.read(name) for name in archive.namelist()}
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_what_training_leaves_holds_no_word_of_anybody(
    few: list[Creator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    labels = planted_labels(200, 7)
    people = [planted(creator) for creator in few]
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "creators.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, people)))
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(["brand", "creator_id", "description"])
    for creator in people:
        brand, description = BRANDS[str(labels[creator.creator_id]["niche"])]
        writer.writerow([brand, creator.creator_id, description])
    (inputs / "pairs.csv").write_text(table.getvalue())
    left = tmp_path / "left"
    left.mkdir()
    monkeypatch.chdir(left)
    monkeypatch.setenv("XDG_CACHE_HOME", str(left / "cache"))
    monkeypatch.setenv("BONAFIT_TRACKING", str(left / "tracking"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    # whatever the figures: what is kept is asked
    monkeypatch.setattr(own, "_answers", lambda head, examples: np.where(examples.y == 1, 0.05, 0.95))
    command = ["train", "--own", str(inputs / "creators.jsonl"), "--pairs", str(inputs / "pairs.csv"), "--invented"]
    assert main([*command, "--name", "mine"]) == 0
    told = capfd.readouterr()
    kept = bytes_of(left) | {"told": (told.out + told.err).encode()}
    assert any("mlflow.db" in name for name in kept)
    assert any("bundles/mine/manifest.json" in name for name in kept)
    ids = [creator.creator_id.encode() for creator in people]
    assert not [name for name, raw in kept.items() if CANARY.encode() in raw]
    assert not [name for name, raw in kept.items() if any(name_of in raw for name_of in ids)]
