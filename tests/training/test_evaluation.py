"""Labelled cases: read, measured, compared; figures against slow, obvious references."""

from __future__ import annotations

import csv
import itertools
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.bundle.manifest import DatasetReference
from bonafit.errors import InputError, ShapeError
from bonafit.io.write import write_creators
from bonafit.records import Brief, Creator
from bonafit_training.evaluation import Answers, Cases, answers_of, compare, evaluate, read_cases
from bonafit_training.evaluation.cases import check_unseen
from bonafit_training.evaluation.compare import Comparison, comparison_table
from bonafit_training.evaluation.figures import auc, average_ranks, brand_auc, brier_skill, figures, spearman
from bonafit_training.evaluation.predictions import above_peers
from bonafit_training.sample.creators import iter_creators
from tests.tiny import BRIEF
from tests.tiny_scorer import tiny_scorer

pytestmark = pytest.mark.slow

GROUPS = np.zeros(6, dtype=np.int64)


def write_cases(folder: Path, creators: list[Creator], *, positives: int = 3) -> Path:
    """A cases file over creators: every third is not genuine; each of four brands suits some."""
    folder.mkdir(parents=True, exist_ok=True)
    write_creators(folder / "creators.jsonl", creators)
    (folder / "briefs").mkdir(exist_ok=True)
    brands = [
        Brief(brand=f"brand {i}", description=text) for i, text in enumerate(("skincare", "bread", "games", "bikes"))
    ]
    for i, brief in enumerate(brands):
        (folder / "briefs" / f"{i}.json").write_bytes(msgspec.json.encode(brief))
    with (folder / "pairs.csv").open("w", newline="") as stream:
        rows = [(b.brand, c.creator_id) for i, b in enumerate(brands) for c in creators[i::7][:positives]]
        csv.writer(stream).writerows([("brand", "creator_id"), *rows])
    with (folder / "labels.csv").open("w", newline="") as stream:
        rows = [(c.creator_id, str(int(i % 3 > 0))) for i, c in enumerate(creators)]
        csv.writer(stream).writerows([("creator_id", "genuine"), *rows])
    file = folder / "cases.toml"
    file.write_text('creators = "creators.jsonl"\nbriefs = "briefs"\npairs = "pairs.csv"\nlabels = "labels.csv"\n')
    return file


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    return read_cases(write_cases(tmp_path_factory.mktemp("cases"), list(iter_creators(120, 7)), positives=8))


@pytest.fixture(scope="module")
def answers(cases: Cases) -> list[Answers]:
    return answers_of(tiny_scorer(), cases)


def test_figures_against_slow_references() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        n = int(rng.integers(4, 30))
        y = rng.integers(0, 2, n).astype(float)
        y[:2] = 0, 1
        p = rng.integers(0, 6, n) / 5
        wins = [(a > b) + 0.5 * (a == b) for a, b in itertools.product(p[y > 0], p[y == 0])]
        assert auc(y, p, GROUPS) == pytest.approx(float(np.mean(wins)))
        ranks = [np.mean([k + 1 for k, v in enumerate(sorted(p)) if v == x]) for x in p]
        assert average_ranks(p) == pytest.approx(ranks)
        q = rng.normal(size=n)
        if np.ptp(p) > 0:
            assert spearman(q, p, GROUPS) == pytest.approx(float(np.corrcoef(average_ranks(q), average_ranks(p))[0, 1]))
    assert brier_skill(np.array([1.0, 0.0]), np.array([1.0, 0.0]), GROUPS) == 1
    assert brier_skill(np.array([1.0, 0.0]), np.array([0.5, 0.5]), GROUPS) == 0


def test_brands_count_equally() -> None:
    y = np.array([1.0, 0, 1, 0, 0, 0])
    value = np.array([0.9, 0.1, 0.1, 0.9, 0.9, 0.9])
    assert brand_auc(y, value, np.array([0, 0, 1, 1, 1, 1])) == pytest.approx(0.5)
    assert np.isnan(auc(np.zeros(3), value[:3], GROUPS))


def test_peers_are_taken_away() -> None:
    assert above_peers([1.0, 3.0, 5.0, 9.0], ["a", "a", "a", "b"]) == pytest.approx([-2, 0, 2, 0])


def test_every_head_is_measured_beside_baselines(cases: Cases, answers: list[Answers]) -> None:
    rows = figures(answers, dataset="cases")
    assert {row.split for row in rows} == {"authenticity", "niche_fit", "engagement_quality"}
    assert all(np.isfinite(row.value) and row.n > 0 for row in rows)
    for split in ("authenticity", "niche_fit", "engagement_quality"):
        of_all = [row for row in rows if row.split == split and row.slice == "all"]
        assert {row.baseline for row in of_all} == {True, False}
    assert {row.slice.partition("=")[0] for row in rows} >= {"all", "platform", "size"}
    assert rows == evaluate(tiny_scorer(), cases, dataset="cases")


def worse(answers: Answers, part: str, *, by: float) -> Answers:
    """The same answers, turned the wrong way round in one slice."""
    mask = np.array([part in names for names in answers.slices])
    flipped = np.where(answers.truth > 0, answers.value - by, answers.value + by)
    return replace(answers, value=np.where(mask, flipped, answers.value))


def test_equal_bundles_are_nowhere_worse(answers: list[Answers]) -> None:
    comparison = compare(answers, answers, repeats=200)
    assert comparison.differences
    assert not comparison.worse
    assert all(d.low == d.high == 0 for d in comparison.differences)


def test_harm_to_one_slice_is_seen_there(answers: list[Answers]) -> None:
    part = max((n for names in answers[0].slices for n in names if n != "all"), key=str)
    rng = np.random.default_rng(1)
    good = replace(answers[0], value=np.clip(answers[0].truth * 0.3 + rng.uniform(0, 0.6, len(answers[0].truth)), 0, 1))
    comparison = compare([good], [worse(good, part, by=0.5)], repeats=400)
    assert part in {d.slice for d in comparison.worse}
    assert {d.slice for d in comparison.worse} <= {
        "all",
        part,
        *(n for names in good.slices for n in names if part in names),
    }
    assert f"| {part} |" in comparison_table(comparison)
    assert "| worse |" in comparison_table(comparison)


def test_silence_is_not_a_way_to_win(answers: list[Answers]) -> None:
    rng = np.random.default_rng(2)
    truth = answers[0].truth
    good = replace(answers[0], value=np.clip(0.25 + truth * 0.5 + rng.normal(0, 0.05, len(truth)), 0, 1))
    silent = replace(good, value=np.full(len(truth), np.nan))
    assert compare([good], [silent], repeats=200).worse


def test_a_good_challenger_is_rarely_refused() -> None:
    """Two equally noisy bundles: at most the stated 5 % of comparisons may refuse, over all slices together."""
    refused = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        truth = rng.integers(0, 2, 150).astype(float)
        slices = tuple(("all", f"platform={'ab'[i % 2]}") for i in range(150))
        pair = [
            Answers("authenticity", truth, np.clip(0.5 + 0.2 * (truth - 0.5) + rng.normal(0, 0.2, 150), 0, 1),
                    np.arange(150), slices, {})
            for _ in range(2)
        ]  # fmt: skip
        refused += bool(compare(pair[:1], pair[1:], seed=seed, repeats=300).worse)
    # 25 draws at 5 %: more than 4 has a chance of 0.7 %
    assert refused <= 4


def test_answers_to_other_cases_are_not_compared(answers: list[Answers]) -> None:
    other = replace(answers[0], truth=1 - answers[0].truth)
    with pytest.raises(ShapeError, match="answers to different cases"):
        compare(answers[:1], [other])
    assert Comparison((), 0.05).worse == ()


def test_cases_that_trained_the_bundle_are_refused(cases: Cases) -> None:
    manifest = tiny_scorer().bundle.manifest
    own = DatasetReference(name="own", sha256=cases.digest, rows=1, licence="own")
    with pytest.raises(InputError, match="was trained on these cases"):
        check_unseen(cases, msgspec.structs.replace(manifest, datasets=(own,)))
    check_unseen(cases, manifest)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("creators = ", "expected a cases file"),
        ("creators = 'creators.jsonl'\nlabel = 'x'", "unknown field `label`"),
        ("creators = 'creators.jsonl'", "neither pairs nor labels"),
        ("creators = 'creators.jsonl'\nlabels = 'labels.csv'\nprotected = ['age']", "protected age; expected columns"),
    ],
)
def test_a_wrong_cases_file_is_named(tmp_path: Path, text: str, match: str) -> None:
    file = write_cases(tmp_path, list(iter_creators(10, 7)))
    file.write_text(text)
    with pytest.raises(InputError, match=match):
        read_cases(file)


def test_the_brief_of_the_sample_is_not_needed_for_labels_alone(tmp_path: Path) -> None:
    file = write_cases(tmp_path, list(iter_creators(40, 7)))
    file.write_text('creators = "creators.jsonl"\nlabels = "labels.csv"\nprotected = []\n')
    found = answers_of(tiny_scorer(), read_cases(file))
    assert [a.head for a in found] == ["authenticity"]
    assert BRIEF.brand not in str(found)
