"""cAUC counts what its definition counts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from benchmarks.given_vectors.same_category import brand_categories, category_auc


def test_equals_the_triples_counted_one_by_one() -> None:
    rng = np.random.default_rng(0)
    scores = rng.integers(0, 5, size=(6, 12)).astype(np.float64)
    positive = rng.random((6, 12)) < 0.3
    categories = ["shoes", "drink", "shoes", "", "drink", "shoes"]
    halves = []
    for b, other in itertools.permutations(range(6), 2):
        if not categories[b] or categories[b] != categories[other]:
            continue
        for own, foreign in itertools.product(np.flatnonzero(positive[b]), np.flatnonzero(positive[other])):
            if not positive[b, foreign]:
                halves.append(np.sign(scores[b, own] - scores[b, foreign]) / 2 + 0.5)
    value, n = category_auc(scores, positive, categories)
    assert n == len(halves) > 50
    assert value == pytest.approx(float(np.mean(halves)))


def test_a_ranking_by_category_alone_is_chance() -> None:
    positive = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], dtype=bool)
    scores = np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]])
    assert category_auc(scores, positive, ["shoes", "shoes", "drink", "drink"]) == (0.5, 4)


def test_brands_alone_in_their_category_have_no_triple() -> None:
    value, n = category_auc(np.eye(2), np.eye(2, dtype=bool), ["shoes", "drink"])
    assert np.isnan(value)
    assert n == 0


def test_an_unknown_brand_has_no_category() -> None:
    assert brand_categories(["b:nobody has heard of"]) == [""]
