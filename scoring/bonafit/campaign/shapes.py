"""How posts came out against what was foreseen of them, by platform and count: measured on older posts.

For posts whose creators' earlier posts alone were known, the log of what came over what was foreseen, divided by a
power of the deviation that the 90 % interval stands for on that side, has the quantiles below: the interval's own
errors and heavy tails are in them. Of the variance of its normal scores `creator` is shared by the posts of one
creator, and `month` by the posts of one platform and month. All are printed by `make benchmark ONLY=campaign/shapes`,
which never reads the newest fifth of a creator's posts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from bonafit.tables.arrays import FloatArray

# Intervals say less of widths than they claim: the power of their deviation at which errors of wide and narrow ones are
# most alike, by pinball loss over creators left out (1 the interval as it is, 0 one width for all).
WIDTH_POWER = 0.75
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
    """One row of the table.

    quantiles : (len(LEVELS),) of the log error over the interval's deviation to the power `power`.
    """

    quantiles: tuple[float, ...]
    creator: float
    month: float

    power: float = WIDTH_POWER

    def errors(self, scores: FloatArray) -> FloatArray:
        """Standardised log errors at normal scores, same shape; constant beyond the outermost levels."""
        return np.interp(scores, SCORES, self.quantiles)


# A normal error, as if the interval were right by itself. Creator and month as on the three platforms.
NORMAL = Shape(tuple(SCORES.tolist()), 0.25, 0.02, power=1.0)
SHAPES: dict[tuple[str, str], Shape] = {
    ("tiktok", "likes"): Shape((
        -2.89, -2.67, -2.36, -1.92, -1.59, -1.29, -1.07, -0.9, -0.63, -0.4, -0.17,
        0.07, 0.3, 0.62, 0.81, 1.1, 1.61, 2.0, 2.72, 3.09, 3.63,
    ), 0.19, 0.01),
    ("tiktok", "comments"): Shape((
        -2.76, -1.98, -1.8, -1.51, -1.23, -0.93, -0.75, -0.64, -0.42, -0.24, -0.07,
        0.1, 0.28, 0.53, 0.71, 0.96, 1.32, 1.68, 2.11, 2.47, 3.04,
    ), 0.22, 0.01),
    ("tiktok", "views"): Shape((
        -2.57, -2.03, -1.78, -1.49, -1.26, -1.04, -0.9, -0.77, -0.56, -0.38, -0.21,
        -0.01, 0.2, 0.47, 0.68, 0.97, 1.4, 1.84, 2.43, 2.72, 3.15,
    ), 0.25, 0.01),
    ("instagram", "likes"): Shape((
        -3.34, -2.86, -2.22, -1.69, -1.3, -0.96, -0.76, -0.6, -0.36, -0.18, -0.03,
        0.17, 0.38, 0.63, 0.78, 0.99, 1.38, 1.7, 2.26, 2.5, 2.98,
    ), 0.17, 0.01),
    ("youtube", "likes"): Shape((
        -3.71, -3.22, -2.87, -2.3, -1.9, -1.24, -0.99, -0.73, -0.45, -0.27, -0.09,
        0.11, 0.47, 1.08, 1.44, 1.98, 2.81, 3.6, 4.38, 5.36, 5.74,
    ), 0.48, 0.01),
    ("youtube", "comments"): Shape((
        -3.7, -3.17, -2.76, -2.05, -1.72, -1.29, -0.96, -0.77, -0.49, -0.28, -0.11,
        0.12, 0.41, 0.77, 1.04, 1.43, 1.98, 2.69, 3.26, 3.65, 4.22,
    ), 0.41, 0.01),
    ("youtube", "views"): Shape((
        -3.57, -2.57, -2.52, -2.01, -1.47, -0.94, -0.75, -0.62, -0.38, -0.22, -0.04,
        0.17, 0.43, 0.81, 0.99, 1.27, 1.82, 2.25, 2.87, 3.51, 5.49,
    ), 0.47, 0.0131),
}  # fmt: skip


def shape_of(platform: str | None, count: str) -> Shape:
    """The row of a platform and count; NORMAL where no public set shows it."""
    return SHAPES.get(((platform or "").casefold(), count), NORMAL)


def shapes_digest() -> str:
    """Hex SHA-256 of the whole table: what a forecast was simulated from."""
    rows = [f"{key} {shape}" for key, shape in sorted(SHAPES.items())]
    return hashlib.sha256("\n".join([str(LEVELS), str(NORMAL), *rows]).encode()).hexdigest()
