"""How posts came out against what was foreseen of them, by platform and count: measured on older posts.

For posts whose creators' earlier posts alone were known, the log of what came over what was foreseen, divided by a
power of the deviation that the 90 % interval stands for on that side, has the quantiles below: the interval's own
errors and heavy tails are in them. Where much is foreseen less comes of it than where little is, and widths differ:
`tilt` and `spread` say by how much. Of the variance of its normal scores `creator` is shared by the posts of one
creator, and `month` by the posts of one platform and month. All are printed by `make benchmark ONLY=campaign/shapes`,
which never reads the newest fifth of a creator's posts.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from bonafit.tables.arrays import FloatArray

# Intervals say less of widths than they claim: the power of their deviation at which errors of wide and narrow ones are
# most alike, by pinball loss over creators left out (1 the interval as it is, 0 one width for all).
WIDTH_POWER = 0.75
# Log counts from a shape's size beyond which nothing more is added.
FARTHEST = 3.0
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

    quantiles : (len(LEVELS),) of the log error over the interval's deviation to the power `power`, at `size`.
    size      : log of what is foreseen, where nothing is added. tilt : added for each unit of log count beyond it, up
                to FARTHEST. spread : the log of what errors are multiplied by there.
    """

    quantiles: tuple[float, ...]
    creator: float
    month: float
    size: float = 0.0
    tilt: float = 0.0
    spread: float = 0.0
    power: float = WIDTH_POWER

    def at(self, foreseen: float) -> tuple[float, float]:
        """What errors of a post with this foreseen count are multiplied by, and what is added to them then."""
        far = min(max(math.log(foreseen + 1) - self.size, -FARTHEST), FARTHEST)
        return math.exp(self.spread * far), self.tilt * far

    def errors(self, scores: FloatArray, foreseen: float) -> FloatArray:
        """Standardised log errors at normal scores, same shape; constant beyond the outermost levels."""
        times, more = self.at(foreseen)
        return np.interp(scores, SCORES, self.quantiles) * times + more


# A normal error, as if the interval were right by itself. Creator and month as on the three platforms.
NORMAL = Shape(tuple(SCORES.tolist()), 0.25, 0.02, power=1.0)
SHAPES: dict[tuple[str, str], Shape] = {
    ("tiktok", "likes"): Shape((
        -2.71, -2.33, -2.15, -1.71, -1.4, -1.09, -0.91, -0.77, -0.53, -0.34, -0.14,
        0.05, 0.26, 0.54, 0.71, 0.94, 1.32, 1.75, 2.29, 2.68, 2.95,
    ), 0.2, 0.01, size=11.63, tilt=-0.005, spread=-0.022),
    ("tiktok", "comments"): Shape((
        -2.12, -1.8, -1.6, -1.3, -1.05, -0.81, -0.67, -0.56, -0.38, -0.22, -0.05,
        0.1, 0.27, 0.51, 0.68, 0.9, 1.27, 1.54, 2.04, 2.25, 2.76,
    ), 0.24, 0.01, size=6.67, tilt=0.005, spread=0.007),
    ("tiktok", "views"): Shape((
        -2.63, -2.06, -1.73, -1.42, -1.18, -0.93, -0.8, -0.68, -0.5, -0.34, -0.2,
        -0.03, 0.17, 0.43, 0.59, 0.83, 1.2, 1.58, 2.13, 2.42, 2.6,
    ), 0.25, 0.01, size=13.48, tilt=-0.011, spread=-0.005),
    ("instagram", "likes"): Shape((
        -3.48, -2.71, -2.23, -1.64, -1.29, -0.92, -0.75, -0.58, -0.35, -0.18, -0.04,
        0.14, 0.31, 0.51, 0.67, 0.88, 1.2, 1.46, 1.84, 2.13, 2.83,
    ), 0.18, 0.01, size=9.53, tilt=-0.022, spread=-0.074),
    ("youtube", "likes"): Shape((
        -3.81, -3.52, -3.05, -2.43, -2.02, -1.48, -1.13, -0.84, -0.54, -0.3, -0.13,
        0.05, 0.4, 0.92, 1.32, 1.78, 2.57, 3.08, 4.16, 4.92, 5.47,
    ), 0.46, 0.0127, size=9.01, tilt=-0.079, spread=-0.003),
    ("youtube", "comments"): Shape((
        -3.73, -3.21, -2.89, -2.31, -1.75, -1.31, -0.98, -0.76, -0.49, -0.27, -0.13,
        0.13, 0.38, 0.74, 0.99, 1.39, 1.99, 2.43, 3.19, 3.59, 4.24,
    ), 0.4, 0.01, size=6.29, tilt=-0.032, spread=-0.006),
    ("youtube", "views"): Shape((
        -3.37, -3.16, -2.42, -2.04, -1.67, -1.06, -0.85, -0.65, -0.42, -0.25, -0.07,
        0.12, 0.34, 0.72, 0.91, 1.16, 1.76, 2.17, 2.74, 3.49, 5.83,
    ), 0.45, 0.0116, size=12.28, tilt=-0.132, spread=0.025),
}  # fmt: skip


def shape_of(platform: str | None, count: str) -> Shape:
    """The row of a platform and count; NORMAL where no public set shows it."""
    return SHAPES.get(((platform or "").casefold(), count), NORMAL)


def shapes_digest() -> str:
    """Hex SHA-256 of the whole table: what a forecast was simulated from."""
    rows = [f"{key} {shape}" for key, shape in sorted(SHAPES.items())]
    return hashlib.sha256("\n".join([str(LEVELS), str(NORMAL), *rows]).encode()).hexdigest()
