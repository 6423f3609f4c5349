"""Rates of small counts, drawn towards what all creators of the campaign have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

# 95 % quantile of a normal: both ends of a 90 % interval.
TAIL = 1.645
# Weight of the common rate, in events, where creators do not differ by more than chance.
ALIKE = 1e6


class ShrunkRate(msgspec.Struct, frozen=True, kw_only=True):
    """Events for each unit of exposure. raw : as counted. value, low, high : drawn towards the rest, 90 % interval.

    own : weight in [0, 1] of the creator's own counts.
    """

    raw: float
    value: float
    low: float
    high: float
    own: float


def shrunk_rates(events: Sequence[float], exposure: Sequence[float]) -> list[ShrunkRate | None]:
    """Empirical Bayes rates: Poisson events, rates spread as a gamma between creators, fitted by moments.

    events, exposure : one a creator, at least 0; None where there was no exposure. One creator alone is drawn nowhere.
    Source: Robbins 1956; moments as in DerSimonian & Laird 1986; bounds by Wilson & Hilferty 1931.
    """
    y, e = np.asarray(events, float), np.asarray(exposure, float)
    there = e > 0
    if not np.any(there):
        return [None] * len(y)
    mean = float(np.sum(y[there]) / np.sum(e[there]))
    shape, rate = 0.5, 0.0
    if mean > 0 and np.sum(there) > 1:
        exposed, got = e[there], y[there]
        spread = float(np.sum(np.square(got - mean * exposed) / exposed)) - (len(got) - 1) * mean
        variance = spread / float(np.sum(exposed) - np.sum(np.square(exposed)) / np.sum(exposed))
        shape = min(mean**2 / variance, ALIKE) if variance > 0 else ALIKE
        rate = shape / mean
    out: list[ShrunkRate | None] = []
    for count, exposed in zip(y.tolist(), e.tolist(), strict=True):
        if exposed <= 0:
            out.append(None)
            continue
        after, over = shape + count, rate + exposed
        value = after / over if rate > 0 else count / exposed
        # alike creators have the common rate, which is known no better than all of their counts tell
        total = min(after, float(np.sum(y[there])) + 0.5) if shape == ALIKE else after
        low, high = (_gamma_quantile(total, sign) / total * (after / over) for sign in (-1.0, 1.0))
        out.append(
            ShrunkRate(raw=count / exposed, value=value, low=min(low, value), high=max(high, value), own=exposed / over)
        )
    return out


def _gamma_quantile(shape: float, sign: float) -> float:
    """5 % or 95 % quantile of a gamma of this shape and unit scale."""
    return float(shape * max(1 - 1 / (9 * shape) + sign * TAIL / (3 * math.sqrt(shape)), 0.0) ** 3)
