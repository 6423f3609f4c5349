"""Corrected audience shares: against closed forms, a slow reference, and simulated audiences with a known share."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bonafit.errors import ShapeError
from bonafit.heads.authenticity.audience import GRID, interval_of, rogan_gladen, share_posterior
from bonafit_training.heads.authenticity.card import card
from bonafit_training.heads.authenticity.card_checks import Transfer, pooled_rows, pooled_shares
from bonafit_training.heads.authenticity.mixture import best_bin_share


def test_rogan_gladen_inverts_the_expected_count() -> None:
    for true in (0.0, 0.1, 0.37, 1.0):
        counted = true * 0.8 + (1 - true) * 0.1
        assert rogan_gladen(counted * 500, 500, sensitivity=0.8, specificity=0.9) == pytest.approx(true)


def test_rogan_gladen_refuses_a_classifier_of_chance() -> None:
    with pytest.raises(ShapeError, match="Youden"):
        rogan_gladen(5, 10, sensitivity=0.4, specificity=0.6)


def test_posterior_with_known_histograms_is_the_binomial_mixture() -> None:
    fake, genuine = np.array([1e9, 4e9]), np.array([9e9, 1e9])
    observed = np.array([70, 30])
    slow = np.array([(s * 0.2 + (1 - s) * 0.9) ** 70 * (s * 0.8 + (1 - s) * 0.1) ** 30 for s in GRID])
    assert share_posterior(observed, fake, genuine) == pytest.approx(slow / slow.sum(), abs=1e-4)


def test_few_labelled_accounts_widen_the_interval() -> None:
    observed = np.array([70, 30])
    wide = interval_of(share_posterior(observed, np.array([4.0, 16.0]), np.array([18.0, 2.0])))
    narrow = interval_of(share_posterior(observed, np.array([4e4, 16e4]), np.array([18e4, 2e4])))
    assert wide[1] - wide[0] > 1.1 * (narrow[1] - narrow[0])


def test_interval_covers_nine_in_ten_simulated_audiences() -> None:
    rng = np.random.default_rng(3)
    f, g = np.array([0.05, 0.15, 0.3, 0.5]), np.array([0.6, 0.25, 0.1, 0.05])
    fake, genuine = rng.multinomial(2000, f).astype(float), rng.multinomial(2000, g).astype(float)
    inside = 0
    for i in range(200):
        true = 0.6 * (i + rng.random()) / 200
        observed = rng.multinomial(150, true * f + (1 - true) * g)
        low, high = interval_of(share_posterior(observed, fake, genuine))
        inside += low <= true <= high
    # binomial(200, .9) lies within 168..191 with probability .99
    assert 168 <= inside <= 191


def test_interval_is_the_shortest_that_holds_the_mass() -> None:
    posterior = np.exp(-0.5 * ((GRID - 0.4) / 0.05) ** 2)
    low, high = interval_of(posterior / posterior.sum())
    assert low == pytest.approx(0.4 - 1.645 * 0.05, abs=0.005)
    assert high == pytest.approx(0.4 + 1.645 * 0.05, abs=0.005)
    assert math.isclose(interval_of(np.full(len(GRID), 1 / len(GRID)))[1] - 0, 0.9, abs_tol=0.01)


def test_best_bin_needs_no_likeness_of_genuine_accounts() -> None:
    rng = np.random.default_rng(4)
    fake = rng.normal(3, 1, 2_000)
    target = np.concatenate([rng.normal(3, 1, 300), rng.normal(0.8, 0.7, 2_700)])
    assert best_bin_share(fake, target) == pytest.approx(0.1, abs=0.02)
    # genuine accounts of the source sit at -1: their error rates charge the target's genuine ones to the fakes
    counted = float(np.sum(target > 1))
    error_rates = {
        "sensitivity": float(np.mean(fake > 1)),
        "specificity": float(np.mean(rng.normal(-1, 1, 2_000) <= 1)),
    }
    assert rogan_gladen(counted, len(target), **error_rates) > 0.3
    assert best_bin_share(fake, rng.normal(3, 1, 2_000)) > 0.9


def moved(source: str, target: str, best: float) -> Transfer:
    return Transfer(source, target, 90, 0.9, 0.6, 0.1, 0.2, 0.4, 0.3, 0.35, best)


def test_share_from_all_other_sets_is_the_smallest_best_bin_and_the_card_shows_it() -> None:
    found = [moved("a", "a", 0.01), moved("b", "a", 0.25), moved("c", "a", 0.22), moved("a", "b", 0.5)]
    pooled = pooled_shares(found)
    assert [(p.target, p.share) for p in pooled] == [("a", 0.22), ("b", 0.5)]
    assert pooled[0].counted == pytest.approx(0.4)
    rows = {(r.dataset, r.method, r.metric): r for r in pooled_rows(pooled)}
    assert rows["a", "bonafit", "share_error"].value == pytest.approx(0.02)
    assert rows["a", "counted", "share"].baseline
    text = card(found, [("adds a link", 0.1, 0.2, 0.3)], [("en", 60, 0.01, -0.01, 0.03)])
    assert "| b | a | 90 | 0.900 | 0.600 | 0.100 | 20.0 % | 40.0 % | 30.0 % | 35.0 % | 25.0 % |" in text
    assert "| a | 90 | 20.0 % | 22.0 % |" in text
    assert "| adds a link | +0.100 | +0.200 | +0.300 |" in text
    assert "fraud" not in text.lower()
