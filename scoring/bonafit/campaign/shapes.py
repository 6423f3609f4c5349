"""How posts came out against what was foreseen of them, by platform and count: measured on older posts.

For posts whose creators' earlier posts alone were known, the log of what came over what was foreseen, divided by the
deviation that the 90 % interval stands for on that side, has the quantiles below: the interval's own errors and heavy
tails are in them. Of the variance of its normal scores `creator` is shared by the posts of one creator, and `month` by
the posts of one platform and month. All are printed by `make benchmark ONLY=campaign/shapes`, which never reads the
newest fifth of a creator's posts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
# Levels of the quantiles, and the normal scores at them.
LEVELS = (
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5,
    0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99, 0.995, 0.998,
)  # fmt: skip
SCORES = np.array([
    -2.8782, -2.5758, -2.3263, -1.96, -1.6449, -1.2816, -1.0364, -0.8416, -0.5244, -0.2533, 0.0,
    0.2533, 0.5244, 0.8416, 1.0364, 1.2816, 1.6449, 1.96, 2.3263, 2.5758, 2.8782,
])  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """One row of the table. quantiles : (len(LEVELS),) of the standardised log error, in deviations."""

    quantiles: tuple[float, ...]
    creator: float
    month: float

    def errors(self, scores: FloatArray) -> FloatArray:
        """Standardised log errors at normal scores, same shape; constant beyond the outermost levels."""
        return np.interp(scores, SCORES, self.quantiles)


# A normal error: what an interval that is right by itself would have. Creator and month as on the three platforms.
NORMAL = Shape(tuple(SCORES.tolist()), 0.25, 0.02)
SHAPES: dict[tuple[str, str], Shape] = {}


def shape_of(platform: str | None, count: str) -> Shape:
    """The row of a platform and count; NORMAL where no public set shows it."""
    return SHAPES.get(((platform or "").casefold(), count), NORMAL)


def shapes_digest() -> str:
    """Hex SHA-256 of the whole table: what a forecast was simulated from."""
    rows = [f"{key} {shape}" for key, shape in sorted(SHAPES.items())]
    return hashlib.sha256("\n".join([str(LEVELS), str(NORMAL), *rows]).encode()).hexdigest()
