"""Corrected audience shares: against closed forms, a slow reference, and simulated audiences with a known share."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.errors import ShapeError
from bonafit.heads.authenticity.audience import (
    GRID,
    AudienceModel,
    even,
    quantile_of,
    rogan_gladen,
    share_cells,
    share_posterior,
)
from bonafit_training.heads.authenticity.audience import resample


def posterior(observed: np.ndarray, fake: np.ndarray, genuine: np.ndarray, accounts: float) -> np.ndarray:
    return share_posterior(observed, share_cells(fake, genuine, accounts=accounts))


def test_rogan_gladen_inverts_the_expected_count() -> None:
    for true in (0.0, 0.1, 0.37, 1.0):
        counted = true * 0.8 + (1 - true) * 0.1
        assert rogan_gladen(counted * 500, 500, sensitivity=0.8, specificity=0.9) == pytest.approx(true)


def test_rogan_gladen_refuses_a_classifier_of_chance() -> None:
    with pytest.raises(ShapeError, match="Youden"):
        rogan_gladen(5, 10, sensitivity=0.4, specificity=0.6)


def test_posterior_with_one_collection_known_for_sure_is_the_binomial_mixture() -> None:
    fake, genuine = np.array([[0.2, 0.8]]), np.array([[0.9, 0.1]])
    slow = np.array([(s * 0.2 + (1 - s) * 0.9) ** 70 * (s * 0.8 + (1 - s) * 0.1) ** 30 for s in GRID])
    assert posterior(np.array([70, 30]), fake, genuine, 1e9) == pytest.approx(slow / slow.sum(), abs=1e-4)


def test_collections_that_disagree_widen_the_interval() -> None:
    observed, genuine = np.array([70, 30]), np.array([[0.9, 0.1], [0.9, 0.1]])
    ends = []
    for fake in (np.array([[0.2, 0.8], [0.2, 0.8]]), np.array([[0.1, 0.9], [0.7, 0.3]])):
        found = posterior(observed, fake, genuine, 1e6)
        ends.append(quantile_of(found, 0.95) - quantile_of(found, 0.05))
    assert ends[1] > 1.5 * ends[0]


def test_quantiles_and_counts_as_shares() -> None:
    bell = np.exp(-0.5 * ((GRID - 0.4) / 0.05) ** 2)
    assert quantile_of(bell / bell.sum(), 0.5) == pytest.approx(0.4, abs=0.006)
    assert quantile_of(bell / bell.sum(), 0.05) == pytest.approx(0.4 - 1.645 * 0.05, abs=0.006)
    assert even(np.array([[0.0, 3.0]])).tolist() == [[0.125, 0.875]]
    with pytest.raises(ShapeError, match="one bin more"):
        AudienceModel(np.array([0.0]), np.ones((1, 3)), np.ones((1, 3)))


def test_shares_of_drawn_audiences_rise_with_the_true_one() -> None:
    rng = np.random.default_rng(2)
    y = (np.arange(2_000) % 2).astype(np.int64)
    scores = rng.normal(np.where(y == 1, 1.5, -1.5), 1.0)
    edges = np.array([-1.0, 0.0, 1.0])
    bins = np.searchsorted(edges, scores, side="right")
    counts = [np.bincount(bins[y == label], minlength=4).astype(float)[None] for label in (1, 0)]
    model = AudienceModel(edges, *counts)
    means = [
        float(np.mean(resample(model, scores, y, share=s, audiences=10, n=200, seed=3)["share"]))
        for s in (0.05, 0.3, 0.5)
    ]
    assert means == sorted(means)
    assert means[1] == pytest.approx(0.3, abs=0.12)
