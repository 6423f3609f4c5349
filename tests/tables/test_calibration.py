"""Calibration maps and the attribution of a value to effects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.errors import ShapeError
from bonafit.tables.calibration import CalibrationMap, attribute

MAP = CalibrationMap(np.array([-2.0, 0.0, 0.5, 3.0]), np.array([0.0, 0.2, 0.2, 1.0]))
effects = st.lists(st.floats(-5, 5), min_size=1, max_size=12).map(np.array)


@given(effects, st.floats(-3, 3))
def test_points_sum_to_the_value(parts: np.ndarray, intercept: float) -> None:
    baseline, points = attribute(parts, intercept, MAP)
    value = MAP(np.array([intercept + parts.sum()]))[0]
    assert baseline + points.sum() == pytest.approx(value, abs=1e-9)


@given(effects, st.floats(-3, 3))
def test_points_have_the_sign_of_their_effects(parts: np.ndarray, intercept: float) -> None:
    _, points = attribute(parts, intercept, MAP)
    assert np.all(points * parts >= 0)


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=30))
def test_the_map_is_monotone_and_in_range(etas: list[float]) -> None:
    out = MAP(np.sort(np.array(etas)))
    assert np.all(np.diff(out) >= 0)
    assert np.all((out >= 0) & (out <= 1))


def test_tables_come_back_as_written() -> None:
    again = CalibrationMap.from_tables(MAP.to_tables("c"), "c")
    assert again.x.tolist() == MAP.x.tolist()
    assert again.y.tolist() == MAP.y.tolist()


def test_tables_of_any_numbers_are_read_as_float64() -> None:
    read = CalibrationMap.from_tables({"c.x": np.array([0, 2]), "c.y": np.array([0, 1], np.float32)}, "c")
    assert (read.x.dtype, read.y.dtype) == (np.float64, np.float64)
    assert CalibrationMap(np.array([0, 2]), np.array([0, 1])).x.dtype == np.float64
    assert read(np.array([-5.0, 0.5, 9.0])).tolist() == [0.0, 0.25, 1.0]


def test_effects_that_cancel_out_earn_no_points() -> None:
    baseline, points = attribute(np.array([0.7, -0.7, 0.0]), 0.25, MAP)
    assert baseline == pytest.approx(0.2)
    assert points.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("x", "y", "match"),
    [
        ([0.0], [0.5], "2 or more"),
        ([0.0, 0.0], [0.1, 0.2], "must increase"),
        ([0.0, 1.0], [0.5, 0.4], "must not fall"),
        ([0.0, 1.0], [0.5, 1.5], r"lie in \[0, 1\]"),
        ([0.0, 1.0], [-0.1, 0.5], r"lie in \[0, 1\]"),
        ([0.0, 1.0, 2.0], [0.1, 0.5, 1.5], r"lie in \[0, 1\]"),
        ([0.0, 1.0, 2.0], [0.1, 0.5], r"shapes \(3,\) and \(2,\)"),
        ([[0.0, 1.0], [2.0, 3.0]], [[0.0, 0.1], [0.2, 0.3]], "two equal vectors of 2 or more"),
        ([0.0, 1.0], [1.0, 0.9], "^calibration knots must increase"),
    ],
)
def test_bad_knots_are_refused(x: list[Any], y: list[Any], match: str) -> None:
    with pytest.raises(ShapeError, match=match):
        CalibrationMap(np.array(x), np.array(y))
