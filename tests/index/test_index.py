"""CreatorIndex: exact ranking against an obvious reference, in any storage, with changes and threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.bundle.manifest import Bundle
from bonafit.errors import IndexIncompatibleError
from bonafit.heads.niche_fit.reference import Moments, Reference
from bonafit.heads.niche_fit.summary import COLUMNS, MODES, SUMMARY, IndexHead, index_features, summarise
from bonafit.heads.niche_fit.view import BriefView
from bonafit.index import CreatorIndex, Filters, merged
from bonafit.index.products import Directions
from bonafit.index.segment import quantised
from bonafit.records import Creator
from bonafit.scorer.panel import Panel
from bonafit.scorer.scorer import Scorer
from bonafit.tables.additive import AdditiveModel, Term
from bonafit.tables.calibration import CalibrationMap
from bonafit.tables.even_bins import EvenPredictor
from tests.tiny import BRIEF, HashEncoder, creators
from tests.tiny_scorer import tiny_scorer

WIDTH = HashEncoder.width


def tiny_head() -> IndexHead:
    rng = np.random.default_rng(0)
    flat = Moments.fit(rng.normal(size=(400, WIDTH)) / np.sqrt(WIDTH), rank=4)
    cuts = np.linspace(-2, 4, 13)
    scores = np.concatenate([[0.0], np.sort(rng.normal(size=len(cuts) + 1))])
    terms = [Term((i,), (cuts,), scores * (1 + i / 7), np.zeros(len(cuts) + 2)) for i in range(len(COLUMNS))]
    return IndexHead(
        AdditiveModel(-1.0, terms, n_columns=len(COLUMNS)),
        CalibrationMap(np.linspace(-8, 8, 65), 1 / (1 + np.exp(-np.linspace(-8, 8, 65)))),
        Reference(flat, flat, flat),
    )


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    plain = tiny_scorer()
    section, tables = tiny_head().to_bundle()
    heads = {**plain.bundle.manifest.heads, "index_fit": section}
    bundle = Bundle(
        path="tiny",
        manifest=msgspec.structs.replace(plain.bundle.manifest, heads=heads),
        digest="2" * 64,
        tables={"index_fit": tables},
    )
    return Scorer(Panel(bundle, plain.heads, plain.encoder, brief_free=()))


def reference_ranking(scorer: Scorer, people: list[Creator]) -> list[tuple[float, str]]:
    """Every creator alone, one after the other, sorted."""
    head = tiny_head()
    view = BriefView(scorer.prepare_brief(BRIEF), head.reference)
    out = []
    for one in scorer.prepare(people):
        vectors, inputs = summarise(one)
        X = index_features((vectors @ view.targets)[None], inputs[None], view)
        out.append((float(head.model.predict(X)[0]), one.creator.creator_id))
    return sorted(out, key=lambda item: (-item[0], item[1]))


def test_who_cannot_be_judged_is_in_no_ranking(scorer: Scorer, tmp_path: Path) -> None:
    people = creators(20)
    empty = msgspec.structs.replace(people[0], creator_id="empty", posts=(), is_private=True)
    index = CreatorIndex.build(tmp_path / "i", scorer, [*people, empty])
    assert scorer.score([empty], BRIEF)[0].verdict == "not_judgeable"
    answer = index.rank(BRIEF, 100)
    assert (len(index), answer.considered, len(answer.best)) == (21, 20, 20)
    assert "empty" not in {ranked.creator_id for ranked in answer.best}


def test_ranks_exactly_as_one_by_one(scorer: Scorer, tmp_path: Path) -> None:
    people = creators(300)
    index = CreatorIndex.build(tmp_path / "i", scorer, people, threads=2)
    answer = index.rank(BRIEF, 40)
    assert answer.considered == len(index) == 300
    expected = reference_ranking(scorer, people)[:40]
    assert [r.creator_id for r in answer.best] == [name for _, name in expected]
    for ranked in answer.best:
        assert sum(reason.points for reason in ranked.reasons) == pytest.approx(ranked.value, abs=1e-9)
    values = [r.value for r in answer.best]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("dtype", ["float32", "float16", "int8"])
def test_shards_merge_to_the_ranking_of_one_index(scorer: Scorer, tmp_path: Path, dtype: str) -> None:
    people = creators(300)
    whole = CreatorIndex.build(tmp_path / "whole", scorer, people, dtype=dtype).rank(BRIEF, 60)
    # unequal shards, one of them with fewer rows than are asked for
    parts = [people[:31], people[31:120], people[120:]]
    shards = [CreatorIndex.build(tmp_path / str(i), scorer, some, dtype=dtype) for i, some in enumerate(parts)]
    assert merged([shard.rank(BRIEF, 60) for shard in shards], 60) == whole.best


@pytest.mark.parametrize("dtype", ["float16", "int8"])
def test_smaller_storage_ranks_nearly_the_same(scorer: Scorer, tmp_path: Path, dtype: str) -> None:
    people = creators(300)
    exact = {r.creator_id for r in CreatorIndex.build(tmp_path / "x", scorer, people).rank(BRIEF, 75).best}
    small = {r.creator_id for r in CreatorIndex.build(tmp_path / "i", scorer, people, dtype=dtype).rank(BRIEF, 75).best}
    assert len(exact & small) >= 70


def test_products_of_each_storage_are_near_the_exact_ones() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(50, 4, 64)).astype(np.float32)
    targets = rng.normal(size=(64, 5)).astype(np.float32)
    exact = vectors.astype(np.float64) @ targets
    directions = Directions(targets)
    assert directions.of(vectors, None) == pytest.approx(exact, abs=1e-4)
    assert np.abs(directions.of(vectors.astype(np.float16), None) - exact).max() < 0.05
    values, scales = quantised(vectors)
    stored = (values.astype(np.float64) - 128) * scales[..., None]
    assert directions.of(values, scales) == pytest.approx(stored @ targets, abs=1e-2), "only the stored vectors lose"


@pytest.mark.parametrize(("dtype", "most", "usual"), [("float16", 4e-4, 2e-5), ("int8", 3e-3, 4e-4)])
def test_the_loss_of_smaller_storage_is_the_stated_one(dtype: str, most: float, usual: float) -> None:
    """docs/index.md: how far a cosine may move."""
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(2_000, 1, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    targets = vectors[:200, 0].T
    exact = vectors.astype(np.float64) @ targets
    values, scales = quantised(vectors) if dtype == "int8" else (vectors.astype(dtype), None)
    error = Directions(targets).of(values, scales) - exact
    assert np.abs(error).max() < most
    assert error.std() < usual


def test_changes_are_seen_and_filters_apply(scorer: Scorer, tmp_path: Path) -> None:
    people = creators(40)
    index = CreatorIndex.build(tmp_path / "i", scorer, people)
    reader = CreatorIndex(tmp_path / "i", scorer, threads=1)
    best = index.rank(BRIEF, 1).best[0].creator_id
    assert best in index
    assert index.delete([best, "nobody"]) == 1
    assert best not in {r.creator_id for r in reader.rank(BRIEF, 40).best}
    assert index.upsert([c for c in people if c.creator_id == best]) == 1
    assert reader.rank(BRIEF, 1).best[0].creator_id == best
    assert index.compact() == 40
    assert reader.rank(BRIEF, 1).best[0].creator_id == best
    few = reader.rank(BRIEF, 40, filters=Filters(max_followers=3_000))
    assert few.considered == 3
    assert {r.followers for r in few.best} == {1_000, 2_000, 3_000}
    assert reader.rank(BRIEF, 5, filters=Filters(platforms=("tiktok",))).best == ()


def test_an_empty_index_answers_nothing(scorer: Scorer, tmp_path: Path) -> None:
    index = CreatorIndex.build(tmp_path / "i", scorer)
    answer = index.rank(BRIEF, 5)
    assert answer.best == ()
    assert answer.considered == 0


def test_threads_get_equal_answers(scorer: Scorer, tmp_path: Path) -> None:
    index = CreatorIndex.build(tmp_path / "i", scorer, creators(200), threads=2)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: msgspec.json.encode(index.rank(BRIEF, 20)), range(16)))
    assert len(set(answers)) == 1


def test_another_bundle_is_refused(scorer: Scorer, tmp_path: Path) -> None:
    CreatorIndex.build(tmp_path / "i", scorer, creators(2))
    other = Scorer(Panel(msgspec.structs.replace(scorer.bundle, digest="3" * 64), scorer.heads, scorer.encoder))
    with pytest.raises(IndexIncompatibleError, match="build the index again with this bundle"):
        CreatorIndex(tmp_path / "i", other)
    with pytest.raises(IndexIncompatibleError, match="no index_fit head"):
        CreatorIndex.build(tmp_path / "j", tiny_scorer())


def test_the_summary_finds_two_subjects(scorer: Scorer) -> None:
    from bonafit.records import Post

    bread = [Post(caption=f"sourdough bread crust {w}") for w in ("rye", "wheat", "oat", "seed")]
    bikes = [Post(caption=f"mountain bike trail {w}") for w in ("mud", "hill", "race", "wheel")]
    one = scorer.prepare([Creator(creator_id="a", posts=(*bread, *bikes))])[0]
    vectors, inputs = summarise(one)
    assert inputs.tolist() == [8.0, 0.0]
    assert not vectors[SUMMARY.index("bio")].any()
    modes = vectors[-MODES:]
    near = np.argmax(one.vectors @ modes.T, axis=1)
    subject = np.array(["bread" in unit.text for unit in one.units])
    assert len(set(near[subject])) == len(set(near[~subject])) == 1
    assert near[subject][0] != near[~subject][0]


def test_even_bins_are_the_searched_ones() -> None:
    rng = np.random.default_rng(5)
    cuts = (np.linspace(-2.53, 3.97, 1025), np.linspace(0, 1, 2), np.linspace(-4, 9, 33) + rng.uniform(-0.04, 0.04, 33))
    terms = [Term((i,), (c,), rng.normal(size=len(c) + 2), np.zeros(len(c) + 2)) for i, c in enumerate(cuts)]
    model = AdditiveModel(-0.7, terms, n_columns=3)
    X = rng.normal(scale=4, size=(4_000, 3))
    for i, c in enumerate(cuts):
        edges = np.concatenate([c, np.nextafter(c, -np.inf), np.nextafter(c, np.inf), [np.nan, np.inf, -np.inf, 1e300]])
        X[: len(edges), i] = edges
    even = EvenPredictor(model)
    assert even._lines is not None
    assert even(X).tobytes() == model.predict(X).tobytes()
    odd = Term((0,), (np.array([0.0, 0.1, 5.0]),), rng.normal(size=5), np.zeros(5))
    pair = Term((0, 1), (cuts[1], cuts[1]), rng.normal(size=(4, 4)), np.zeros((4, 4)))
    for term in (odd, pair):
        other = AdditiveModel(0.1, [terms[0], term], n_columns=3)
        assert EvenPredictor(other)(X).tobytes() == other.predict(X).tobytes()


def test_the_graphs_are_what_the_exporter_writes(repository: Path) -> None:
    from bonafit_training.encoders.products import graphs

    folder = repository / "scoring" / "bonafit" / "index" / "graphs"
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == graphs()
