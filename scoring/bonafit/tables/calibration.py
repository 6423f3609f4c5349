"""Monotone calibration maps and exact attribution through them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bonafit.errors import ShapeError
from bonafit.tables.arrays import FloatArray

# Below this distance of two linear predictors the slope of the map is taken at the midpoint instead of as a quotient.
CLOSE = 1e-9


class CalibrationMap:
    """A non-decreasing, piecewise linear map from a linear predictor to a value in [0, 1].

    x : (k,) float64, increasing knots in linear-predictor units, k >= 2.
    y : (k,) float64, non-decreasing values in [0, 1]. Constant beyond the outer knots.
    Isotonic and sigmoid calibration (Zadrozny & Elkan 2002; Platt 1999) are both stored this way.
    """

    def __init__(self, x: FloatArray, y: FloatArray) -> None:
        if x.shape != y.shape or x.ndim != 1 or len(x) < 2:
            raise ShapeError(
                f"calibration knots of shapes {x.shape} and {y.shape}; expected two equal vectors of 2 or more"
            )
        if np.any(np.diff(x) <= 0) or np.any(np.diff(y) < 0) or y[0] < 0 or y[-1] > 1:
            raise ShapeError(
                "calibration knots must increase, their values must not fall and lie in [0, 1]; refit the head"
            )
        self.x = x.astype(np.float64)
        self.y = y.astype(np.float64)

    def __call__(self, eta: FloatArray) -> FloatArray:
        """Value of each linear predictor, same shape, in [0, 1]."""
        return np.interp(eta, self.x, self.y)

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        return {f"{prefix}.x": self.x, f"{prefix}.y": self.y}

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str) -> CalibrationMap:
        return cls(tables[f"{prefix}.x"].astype(np.float64), tables[f"{prefix}.y"].astype(np.float64))


def attribute(effects: FloatArray, intercept: float, calibrate: CalibrationMap) -> tuple[float, FloatArray]:
    """Share a value out over additive effects, exactly.

    effects : (n_terms,) float64, one row's effects in linear-predictor units.
    Returns the baseline points, calibrate(intercept), and (n_terms,) points; all together they sum to
    calibrate(intercept + sum(effects)) within rounding.
    Source: integrated gradients (Sundararajan et al., ICML 2017) along the straight line from the intercept; for an
    additive model through a monotone map every effect is scaled by the mean slope of the map on that line.
    """
    start = float(calibrate(np.array([intercept]))[0])
    move = 0.0
    for effect in effects:
        move += float(effect)
    if abs(move) < CLOSE:
        return start, np.zeros_like(effects)
    end = float(calibrate(np.array([intercept + move]))[0])
    return start, effects * ((end - start) / move)
