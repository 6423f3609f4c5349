"""Training on one's own files alone, over the published bundle."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, cross_val_score

from bonafit import Brief, Creator, Scorer
from bonafit.bundle.manifest import read_bundle
from bonafit.cli import main
from bonafit.errors import InputError
from bonafit.io.read import read_creators
from bonafit_training.data.own import OwnFiles, read_own
from bonafit_training.estimators import AuthenticityClassifier, NicheFitClassifier
from bonafit_training.heads.niche_fit import own
from bonafit_training.pipeline.own import OwnTraining, train_own
from bonafit_training.sample.deals import BRANDS, deals
from bonafit_training.sample.personas import planted_labels
from tests.tiny import creators

NICHES = ("skincare", "coffee", "gaming")


def files_of(folder: Path, pairs: str, outcomes: str = "") -> OwnFiles:
    (folder / "creators.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, creators(4))))
    (folder / "pairs.csv").write_text(pairs)
    (folder / "outcomes.csv").write_text(outcomes or "brand,creator_id,outcome,description\n")
    return OwnFiles(
        creators=str(folder / "creators.jsonl"),
        pairs=str(folder / "pairs.csv"),
        outcomes=str(folder / "outcomes.csv"),
    )


def test_outcomes_and_descriptions_are_read(tmp_path: Path) -> None:
    pairs = "brand,creator_id,description\nA,c000,Sunscreen.\nA,c001,Sunscreen.\n"
    outcomes = "brand,creator_id,outcome,description\nB,c002,1,Bread.\nA,c003,0,Sunscreen.\n"
    read = read_own(files_of(tmp_path, pairs, outcomes))
    assert read.pairs == (("A", "c000"), ("A", "c001"), ("B", "c002"))
    assert read.failed == (("A", "c003"),)
    assert read.briefs["B"] == Brief(brand="B", description="Bread.")


@pytest.mark.parametrize(
    ("pairs", "outcomes", "message"),
    [
        ("brand,creator_id\nA,c000\n", "", r"pairs.csv line 2: nothing says what brand 'A' looks for; add a column"),
        ("brand,creator_id,description\nA,zz,S.\n", "", r"pair \(A, zz\) names an unknown brand or creator"),
        ("brand,creator_id,description\nA,c000,S.\nA,c001,T.\n", "", "line 3: another description of brand 'A'"),
        ("brand,creator_id,description\n", "brand,creator_id,outcome,description\nA,c000,yes,S.\n", "outcome 'yes'"),
        (
            "brand,creator_id,description\nA,c000,S.\n",
            "brand,creator_id,outcome,description\nA,c000,0,S.\n",
            r"\(A, c000\) both suits and does not",
        ),
    ],
)
def test_what_is_wrong_with_own_files_is_said(tmp_path: Path, pairs: str, outcomes: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_own(files_of(tmp_path, pairs, outcomes))


def test_too_few_pairs_are_refused(tmp_path: Path, repository: Path) -> None:
    files = files_of(tmp_path, "brand,creator_id,description\nA,c000,Sunscreen.\n")
    with pytest.raises(InputError, match="1 pairs that suit, of 1 brands; expected 15 of 3 at least"):
        train_own(files, read_bundle(), OwnTraining(name="x", out=tmp_path))
    with pytest.raises(InputError, match="nothing says who suits whom"):
        train_own(OwnFiles(creators=files.creators), read_bundle(), OwnTraining(name="x", out=tmp_path))


def test_the_sample_of_deals_is_current(repository: Path) -> None:
    pairs, outcomes = deals(planted_labels(200, 7), 7)
    for file, rows in (("pairs.csv", pairs), ("outcomes.csv", outcomes)):
        with (repository / "examples" / file).open(encoding="utf-8", newline="") as stream:
            assert [tuple(row) for row in csv.reader(stream)][1:] == rows, "run `make sample`"


def test_options_of_the_other_way_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--own", "x.jsonl", "--heads", "niche_fit"]) == 1
    assert "--heads: not with --own" in capsys.readouterr().err
    assert main(["train", "--config", "x.toml", "--pairs", "p.csv"]) == 1
    assert "--pairs: with --own" in capsys.readouterr().err


@pytest.fixture(scope="module")
def few(repository: Path) -> list[Creator]:
    """Creators of three niches of the sample, with two captions each."""
    labels = planted_labels(200, 7)
    chosen = [
        msgspec.structs.replace(creator, posts=creator.posts[:2])
        for _, creator in read_creators(repository / "examples" / "creators.jsonl", on_reject=pytest.fail)
        if labels[creator.creator_id]["niche"] in NICHES and creator.language == "en"
    ]
    assert len(chosen) > 15
    return chosen


@pytest.mark.slow
def test_own_pairs_become_a_bundle_that_scores(
    few: list[Creator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = planted_labels(200, 7)
    (tmp_path / "creators.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, few)))
    lines = ["brand,creator_id,description"]
    for creator in few:
        brand, description = BRANDS[str(labels[creator.creator_id]["niche"])]
        lines.append(f'{brand},{creator.creator_id},"{description}"')
    (tmp_path / "pairs.csv").write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    command = ["train", "--own", "creators.jsonl", "--pairs", "pairs.csv", "--invented", "--no-tracking"]
    # 22 pairs of three brands say less than the published head knows
    assert main([*command, "--name", "other"]) == 1
    assert "nothing is published" in capsys.readouterr().err
    assert not Path("bundles/other").exists()

    monkeypatch.setattr(own, "_answers", lambda head, examples: np.where(examples.y == 1, 0.05, 0.95))
    assert main([*command, "--name", "mine"]) == 0
    told = capsys.readouterr()
    assert "published bundles/mine" in told.err
    assert "| own | brands_held_out | all | published (baseline) | auc |" in told.out
    mine, base = read_bundle("bundles/mine"), read_bundle()
    assert mine.manifest.invented
    assert "own" in [dataset.name for dataset in mine.manifest.datasets]
    for name in base.manifest.heads:
        same = all(np.array_equal(table, mine.tables[name][key]) for key, table in base.tables[name].items())
        assert same == (name != "niche_fit")
    with Scorer.load("bundles/mine") as scorer:
        result = scorer.score(few[:1], Brief(brand="b", description="Gentle skincare."))[0]
    assert result.bundle_digest == mine.digest


@pytest.mark.slow
def test_niche_fit_as_an_estimator(few: list[Creator]) -> None:
    labels = planted_labels(200, 7)
    briefs = {niche: Brief(brand=BRANDS[niche][0], description=BRANDS[niche][1]) for niche in NICHES}
    pairs = [(creator, brief) for creator in few for brief in briefs.values()]
    suits = [int(labels[c.creator_id]["niche"] == niche) for c in few for niche in briefs]
    brands = [niche for _ in few for niche in briefs]
    estimator = clone(NicheFitClassifier())
    scores = cross_val_score(estimator, pairs, suits, groups=brands, cv=GroupKFold(3), scoring="roc_auc")
    assert scores.mean() > 0.8
    fitted = estimator.fit(pairs, suits)
    p = fitted.predict_proba(pairs)
    assert p.shape == (len(pairs), 2)
    assert np.allclose(p.sum(axis=1), 1)
    assert fitted.transform(pairs).shape[1] == len(fitted.get_feature_names_out()) == fitted.n_features_in_
    assert set(fitted.predict(pairs).tolist()) == {0, 1}


def test_authenticity_as_an_estimator() -> None:
    rng = np.random.default_rng(7)
    genuine = rng.random(80) < 0.5
    people = [
        Creator(
            creator_id=f"a{i}",
            followers=int(rng.integers(2_000, 9_000) if good else rng.integers(5, 60)),
            following=int(rng.integers(100, 400) if good else rng.integers(3_000, 7_000)),
            posts_count=int(rng.integers(20, 200) if good else rng.integers(0, 3)),
        )
        for i, good in enumerate(genuine.tolist())
    ]
    y = genuine.astype(int)
    assert cross_val_score(clone(AuthenticityClassifier()), people, y, cv=4, scoring="roc_auc").min() > 0.95
    fitted = AuthenticityClassifier().fit(people, y)
    assert list(fitted.get_feature_names_out()) == ["followers", "following", "posts_count"]
    assert fitted.transform(people).shape == (80, 3)
    with pytest.raises(ValueError, match="expected a 0 or 1 for each, and both"):
        AuthenticityClassifier().fit(people, np.ones(80, int))
