"""A fourth head is a folder and four edits, as bonafit.heads says: carried out here on a copy of the sources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bonafit.heads import HEADS, WEIGHTED
from bonafit.records import Weights
from bonafit.results import COMPONENTS
from bonafit_training.heads import TRAININGS

HEAD = '''
from bonafit.results import Component


class PunctualityHead:
    """Says of everybody the value of its section."""

    name = "punctuality"

    def __init__(self, value):
        self.value = value

    @classmethod
    def from_bundle(cls, section, tables):
        return cls(section["value"])

    def score(self, creators, brief):
        answer = Component(
            name=self.name, status="ok", value=self.value, interval=(0.0, 1.0), sufficiency=1.0, flags=("late",)
        )
        return [answer] * len(creators)
'''
TRAINING = """
from bonafit_training.contracts import HeadArtifact


def fit(context):
    return HeadArtifact("punctuality", {"value": 0.5}, {}, [], "Punctual.", ())
"""
# file, text in it, what is put before that text
EDITS = (
    (
        "bonafit/heads/__init__.py",
        '        HeadEntry(\n            name="niche_fit",',
        '        HeadEntry("punctuality", "punctual", "Punctual?", False, False, True,'
        ' "bonafit.heads.punctuality.head:PunctualityHead"),\n',
    ),
    ("bonafit/results/score.py", "    niche_fit: Component\n", "    punctuality: Component\n"),
    (
        "bonafit/records/brief.py",
        "    niche_fit: Annotated[float",
        "    punctuality: Annotated[float, msgspec.Meta(ge=0)] = 0.1\n",
    ),
    (
        "bonafit_training/heads/__init__.py",
        '        HeadTraining("niche_fit"',
        '        HeadTraining("punctuality", "punctuality", "bonafit_training.heads.punctuality.fit:fit"),\n',
    ),
)
# Without the head in the bundle, with it, and its training; results leave as JSON and come back from Parquet.
SCRIPT = """
import json, sys
import msgspec
import pyarrow.parquet as pq
from bonafit.cli.explained import in_full
from bonafit.cli.render import score_table
from bonafit.io.write import write_results
from bonafit.jobs.arrow import score_from_row
from bonafit.scorer.load import load_heads
from bonafit.scorer.panel import Panel
from bonafit.scorer.scorer import Scorer
from bonafit_training.heads import TRAININGS
from tests.tiny import BRIEF, HashEncoder, creators
from tests.tiny_scorer import tiny_scorer

plain = tiny_scorer()
sections = {n: s for n, s in plain.bundle.manifest.heads.items() if n != "punctuality"}
out = {"trained": TRAININGS["punctuality"].fit(None).name}
for case, more in (("absent", {}), ("there", {"punctuality": {"value": 0.25}})):
    manifest = msgspec.structs.replace(plain.bundle.manifest, heads=more)
    bundle = msgspec.structs.replace(plain.bundle, manifest=manifest, tables={"punctuality": {}})
    heads = {**plain.heads, "punctuality": load_heads(bundle)["punctuality"]}
    results = Scorer(Panel(bundle, heads, HashEncoder(), brief_free=())).score(creators(2), BRIEF)
    write_results(sys.argv[1] + case + ".parquet", results)
    write_results(sys.argv[1] + case + ".csv", results)
    rows = pq.read_table(sys.argv[1] + case + ".parquet").to_pylist()
    assert [score_from_row(row) for row in rows] == results
    out[case] = json.loads(msgspec.json.encode(results[0]))
    out[case + " shown"] = score_table(results) + in_full(results[0])
print(json.dumps(out))
"""


def test_every_head_has_its_field_and_every_weight_its_head() -> None:
    assert tuple(HEADS) == COMPONENTS
    assert set(WEIGHTED) == set(Weights.__struct_fields__)
    assert set(HEADS) <= set(TRAININGS)
    for name, entry in HEADS.items():
        assert entry.head_class().name == name
        # a gate has none
        assert entry.default_weight == msgspec.structs.asdict(Weights()).get(name)


@pytest.mark.slow
def test_a_new_head_is_two_folders_and_four_edits(repository: Path, tmp_path: Path) -> None:
    for package in (repository / "scoring" / "bonafit", repository / "training" / "bonafit_training"):
        shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    for file, text in (
        ("bonafit/heads/punctuality/head.py", HEAD),
        ("bonafit_training/heads/punctuality/fit.py", TRAINING),
    ):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).with_name("__init__.py").touch()
        (tmp_path / file).write_text(text)
    for file, before, added in EDITS:
        source = (tmp_path / file).read_text()
        assert source.count(before) == 1
        (tmp_path / file).write_text(source.replace(before, added + before))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(repository)))}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "results-")],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["trained"] == "punctuality"
    absent, there = said["absent"], said["there"]
    assert absent["punctuality"]["flags"] == ["not_in_bundle"]
    assert absent["punctuality"]["value"] is None
    assert "punctuality:not_in_bundle" in absent["flags"]
    assert (absent["score"], absent["verdict"]) == (None, "not_judgeable")
    held = "Punctual cannot be judged. The bundle holds nothing that could judge punctual."
    assert held in absent["verdict_reasons"]
    assert there["punctuality"]["value"] == 0.25
    # of all weights, 0.1 + 0.5 + 0.25 + 0.25
    assert there["contributions"][0]["component"] == "punctuality"
    assert there["contributions"][0]["weight"] == pytest.approx(0.1 / 1.1)
    assert sum(part["points"] for part in there["contributions"]) == pytest.approx(there["score"])
    assert "punctuality:late" in there["flags"]
    assert "punctual" in said["there shown"]
    assert "punctuality,punctuality_low" in (tmp_path / "results-there.csv").read_text().splitlines()[0]
