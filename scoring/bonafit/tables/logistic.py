"""The logistic function, between log-odds and probabilities."""

from __future__ import annotations

import numpy as np

from bonafit.tables.arrays import FloatArray

# exp of more than 709 is no double
_LARGEST = 700.0


def sigmoid(log_odds: FloatArray) -> FloatArray:
    """Probabilities, 1 / (1 + exp(-log_odds)), of the same shape; no value overflows."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -_LARGEST, _LARGEST))))


def logit(probability: FloatArray | np.float64) -> FloatArray:
    """Log-odds of probabilities in (0, 1), of the same shape."""
    return np.asarray(np.log(probability / (1 - probability)))
