"""Refined tables: lines in place of steps, still monotone, still near the machine's own values."""

from __future__ import annotations

import numpy as np

from bonafit.tables.additive import AdditiveModel, Term
from bonafit_training.heads.refine import refined

CUTS = np.array([-1.0, 0.0, 1.0])


def steps() -> AdditiveModel:
    main = Term((0,), (CUTS,), np.array([9.0, -2.0, -0.5, 0.5, 2.0]), np.full(5, 0.1))
    pair = Term((0, 1), (CUTS[:1], CUTS[:1]), np.arange(9.0).reshape(3, 3), np.zeros((3, 3)))
    return AdditiveModel(0.25, [main, pair], n_columns=2)


def test_a_line_between_the_means_of_bins() -> None:
    X = np.column_stack([np.linspace(-2, 2, 4_001), np.full(4_001, -5.0)])
    fine = refined(steps(), X)
    at = np.array([[-0.5, -5.0], [0.0, -5.0], [0.5, -5.0], [np.nan, -5.0]])
    effects, spreads = fine.effects(at)
    assert np.allclose(effects[:, 0], [-0.5, 0.0, 0.5, 9.0], atol=0.01)
    assert np.allclose(spreads[:, 0], 0.1)
    assert np.array_equal(effects[:, 1], steps().effects(at)[0][:, 1]), "pairs stay as they are"


def test_monotone_and_without_ties() -> None:
    X = np.column_stack([np.random.default_rng(0).normal(size=3_000), np.zeros(3_000)])
    grid = np.column_stack([np.linspace(X[:, 0].min(), X[:, 0].max(), 500), np.zeros(500)])
    effects = refined(steps(), X).effects(grid)[0][:, 0]
    assert np.all(np.diff(effects) >= 0)
    assert len(np.unique(effects)) > 490
    assert len(np.unique(steps().effects(grid)[0][:, 0])) == 4


def test_beyond_the_training_rows_the_value_stays() -> None:
    X = np.column_stack([np.linspace(-2, 2, 400), np.zeros(400)])
    fine = refined(steps(), X)
    far = fine.effects(np.array([[2.0, 0.0], [1e9, 0.0], [-2.0, 0.0], [-1e9, 0.0]]))[0][:, 0]
    assert np.isclose(far[0], far[1], atol=0.02)
    assert np.isclose(far[2], far[3], atol=0.02)


def test_a_term_seen_in_one_bin_only_stays() -> None:
    model = steps()
    assert refined(model, np.full((5, 2), 0.5)).terms[0] is model.terms[0]
