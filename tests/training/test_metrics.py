"""Metrics against slow, obvious references."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit_training import metrics

cases = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@pytest.mark.slow
@given(cases)
def test_ranking_metrics_equal_their_definitions(rng: np.random.Generator) -> None:
    y = rng.integers(0, 2, size=60)
    y[:2] = 0, 1
    s = rng.normal(size=60)
    got = metrics.ranking_metrics([(y, s)])
    ranked = y[np.argsort(-s)]
    hits = np.flatnonzero(ranked) + 1
    wins = [a > b for a in s[y == 1] for b in s[y == 0]]
    assert got["auc"] == pytest.approx(np.mean(wins))
    assert got["map"] == pytest.approx(np.mean([(i + 1) / h for i, h in enumerate(hits)]))
    assert got["mrr"] == pytest.approx(1 / hits[0])
    assert got["medr"] == hits[0]
    assert got["recall@10"] == pytest.approx(np.sum(hits <= 10) / len(hits))
    assert got["recall@50"] == pytest.approx(np.sum(hits <= 50) / len(hits))


def test_a_tie_counts_against_us() -> None:
    got = metrics.ranking_metrics([(np.array([1, 0, 0]), np.zeros(3))])
    assert got["medr"] == 3
    assert got["auc"] == 0.5


def test_queries_without_both_classes_are_left_out() -> None:
    got = metrics.ranking_metrics([(np.array([1, 0]), np.array([1.0, 0.0])), (np.array([0, 0]), np.zeros(2))])
    assert got["n"] == 1


def test_calibration_error_of_known_cases() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(size=40_000)
    y = (rng.uniform(size=len(p)) < p).astype(int)
    assert metrics.expected_calibration_error(y, p) < 0.015
    assert metrics.expected_calibration_error(np.zeros(10, dtype=int), np.full(10, 0.3)) == pytest.approx(0.3)


def test_regression_metrics() -> None:
    y = np.array([1.0, 2.0, 4.0])
    assert metrics.r2(y, y) == 1
    assert metrics.r2(y, np.full(3, y.mean())) == pytest.approx(0)
    assert metrics.mae(y, y + 0.5) == pytest.approx(0.5)
    assert metrics.coverage(y, y - 1, np.array([1.0, 1.0, 9.0])) == pytest.approx(2 / 3)
