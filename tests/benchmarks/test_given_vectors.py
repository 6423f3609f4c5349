"""Fit from given vectors: finds planted pairs, is additive, and does not depend on who stands beside whom."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from benchmarks.given_vectors.fit import fit_vectors, head_scores
from benchmarks.given_vectors.head import VectorFitHead

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit_training.data.niche_fit import AccountVectors

pytestmark = pytest.mark.slow

N_BRANDS, N_CREATORS, TOPICS, WIDTH = 30, 150, 6, 8


@pytest.fixture(scope="module")
def data() -> AccountVectors:
    rng = np.random.default_rng(0)
    axes = rng.normal(size=(TOPICS, WIDTH))

    def side(n: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], dict[str, np.ndarray]]:
        topic = rng.integers(TOPICS, size=n)
        weights = rng.dirichlet(np.full(TOPICS, 0.3), size=n) + 2 * np.eye(TOPICS)[topic]
        return topic, {
            "topics": weights / weights.sum(axis=1, keepdims=True),
            "concept": axes[topic] + rng.normal(size=(n, WIDTH)),
        }

    brand_topic, brand = side(N_BRANDS)
    creator_topic, creator = side(N_CREATORS)
    same = brand_topic[:, None] == creator_topic[None]
    positive = same & (rng.random(same.shape) < 0.3)
    positive[np.arange(N_BRANDS), [int(np.flatnonzero(row)[0]) for row in same]] = True
    ids = [f"b{i}" for i in range(N_BRANDS)], [f"c{i}" for i in range(N_CREATORS)]
    return AccountVectors(*ids, brand, creator, positive)


@pytest.fixture(scope="module")
def head(data: AccountVectors) -> VectorFitHead:
    return fit_vectors(data, np.arange(N_BRANDS - 6), seed=0)


def one(blocks: dict[str, np.ndarray], i: int) -> dict[str, np.ndarray]:
    return {name: values[i] for name, values in blocks.items()}


def test_creators_of_new_brands_rank_above_others(head: VectorFitHead, data: AccountVectors) -> None:
    for b in range(N_BRANDS - 6, N_BRANDS):
        answer = head.rank(one(data.brand, b), data.creator)
        assert np.all((answer.value >= 0) & (answer.value <= 1))
        true = data.positive[b]
        assert answer.log_odds[true].mean() > answer.log_odds[~true].mean() + 0.5


def test_reasons_sum_to_the_value(head: VectorFitHead, data: AccountVectors) -> None:
    answer = head.rank(one(data.brand, 0), data.creator)
    for i in range(10):
        reasons = head.reasons(answer.features[i])
        assert sum(r.points for r in reasons) == pytest.approx(answer.value[i], abs=1e-9)
        assert sum(r.effect for r in reasons) == pytest.approx(answer.log_odds[i], abs=1e-9)


def test_a_creators_bytes_do_not_depend_on_the_others(head: VectorFitHead, data: AccountVectors) -> None:
    together = head.rank(one(data.brand, 1), data.creator)
    for i in (0, 7, N_CREATORS - 1):
        alone = head.rank(one(data.brand, 1), {name: values[i : i + 1] for name, values in data.creator.items()})
        assert alone.log_odds.tobytes() == together.log_odds[i : i + 1].tobytes()
    turned = head.rank(one(data.brand, 1), {name: values[::-1] for name, values in data.creator.items()})
    assert turned.value[::-1].tobytes() == together.value.tobytes()


def test_many_brands_at_once_equal_one(head: VectorFitHead, data: AccountVectors) -> None:
    brands, creators = np.arange(3), np.arange(N_CREATORS)
    scores = head_scores(head, data, brands, creators)
    assert scores[2].tobytes() == head.rank(one(data.brand, 2), data.creator).log_odds.tobytes()


def test_same_after_save_and_load(head: VectorFitHead, data: AccountVectors) -> None:
    section, tables = head.to_bundle()
    again = VectorFitHead.from_bundle(msgspec.json.decode(msgspec.json.encode(section)), tables)
    expected = head.rank(one(data.brand, 3), data.creator).value
    assert again.rank(one(data.brand, 3), data.creator).value.tobytes() == expected.tobytes()
    del tables["profiles.dual"]
    with pytest.raises(BundleCorruptError, match=r"profiles\.dual"):
        VectorFitHead.from_bundle(section, tables)


def test_never_falls_with_a_similarity(head: VectorFitHead) -> None:
    for j in range(len(head.columns)):
        rows = np.zeros((50, len(head.columns)))
        rows[:, j] = np.linspace(-1, 1, 50)
        assert np.all(np.diff(head.model.predict(rows)) >= -1e-12)


def test_unfit_vectors_are_named(head: VectorFitHead, data: AccountVectors) -> None:
    brand = one(data.brand, 0)
    with pytest.raises(ShapeError, match="expected also"):
        head.rank(brand, {"topics": data.creator["topics"]})
    with pytest.raises(ShapeError, match=rf"expected \(n, {WIDTH}\)"):
        head.rank(brand, {**data.creator, "concept": data.creator["concept"][:, 1:]})
    with pytest.raises(ShapeError, match="negative topic weight"):
        head.rank(brand, {**data.creator, "topics": -data.creator["topics"]})
    with pytest.raises(ShapeError, match="not finite"):
        head.rank(brand, {**data.creator, "concept": data.creator["concept"] * np.nan})
    with pytest.raises(ShapeError, match="as many in each"):
        head.rank(brand, {**data.creator, "concept": data.creator["concept"][1:]})
