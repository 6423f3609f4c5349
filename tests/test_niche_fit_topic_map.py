"""Guessing posts' topics from bios: the map finds a linear relation, and unseen directions guess the average."""

from __future__ import annotations

import numpy as np

from bonafit_training.niche_fit.topic_map import predict, ridge_map


def test_a_linear_relation_is_found_on_rows_not_fitted() -> None:
    rng = np.random.default_rng(0)
    X, true = rng.normal(size=(800, 10)), rng.normal(size=(10, 4))
    Y = X @ true + 0.1 * rng.normal(size=(800, 4)) + 5.0
    guess = predict(ridge_map(X[:600], Y[:600]), X[600:])
    exact = (X[600:] - X[:600].mean(axis=0)) @ true
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    assert (guess * exact).sum(axis=1).min() > 0.98


def test_an_average_account_is_no_guess() -> None:
    X = np.array([[1.0, 0.0], [-1.0, 0.0]])
    fitted = ridge_map(X, np.array([[1.0], [0.0]]))
    assert predict(fitted, np.array([[0.0, 3.0]])).tolist() == [[0.0]]
