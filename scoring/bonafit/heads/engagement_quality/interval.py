"""90 % intervals by conformalised quantile regression.

Two linear quantile regressions give the shape of the error (wider with few posts, restless creators and long horizons);
a conformal margin per cell makes them hold.
Sources: Koenker & Bassett 1978; Romano, Patterson & Candès, NeurIPS 2019; cells as in Vovk's Mondrian predictors.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bonafit.heads.engagement_quality.columns import INDEX
from bonafit.tables.arrays import FloatArray

# From this many known posts on, a creator's history counts as long.
MANY_POSTS = 10
# Posts at first whose error says where the curve lies, not how far a creator's posts scatter; newest errors read.
FIRST, NEWEST = 5, 32
# Own errors count n / (n + 2) against the band where they reach further. Chosen on tiktok_2020 read by Instagram's
# model and instagram_2017 by TikTok's; narrowing a band by small own errors lost coverage on youtube_charts_2026.
PRIOR_ERRORS = 2
LEVEL = 0.9
SHAPE_COLUMNS = (
    "one", "level_spread", "few", "spread", "no_spread", "spread8", "size", "steps", "days", "age", "age_far", "no_age",
)  # fmt: skip
# Log age at which counts are read where nobody says: settled ones.
USUAL_AGE = math.log(30.0)
# Log days to the next posts where several posts are known and nothing says when they were: a season. Nothing in
# training is undated, so that the width at a gap of 0, the least, would be taken, and hiding dates would narrow it.
UNDATED_GAP = math.log1p(90.0)


def shape_values(row: FloatArray) -> FloatArray:
    """What an interval's width may depend on, (len(SHAPE_COLUMNS),), from one row of features.engagement.COLUMNS."""
    spread, spread8 = row[INDEX["spread"]], row[INDEX["spread8"]]
    size, gap = row[INDEX["size"]], row[INDEX["days_ahead"]]
    known = not np.isnan(spread)
    if np.isnan(gap):
        gap = UNDATED_GAP if row[INDEX["n_known"]] > np.log(2.5) else 0.0
    age = row[INDEX["age"]] if not np.isnan(row[INDEX["age"]]) else USUAL_AGE
    return np.array(
        [
            1.0,
            row[INDEX["level_spread"]],
            1 / np.expm1(row[INDEX["n_known"]] + np.log(2)),
            np.log(spread + 0.1) if known else 0.0,
            float(not known),
            np.log(spread8 + 0.1) if known else 0.0,
            size if not np.isnan(size) else 12.0,
            np.log1p(row[INDEX["steps_ahead"]]),
            gap,
            # counts read within hours, and those of videos that chart after weeks, are both harder to foresee
            age,
            abs(age),
            float(np.isnan(row[INDEX["age"]])),
        ]
    )


def adapted(bounds: tuple[float, float], lift: FloatArray, means: FloatArray) -> tuple[float, float]:
    """Bounds of an error, widened to the creator's own past errors: a band fitted on others may be too narrow for one.

    bounds : below and above zero. lift : (n,) log lift of the known posts, oldest first. means : (n,) own level before
    each. The own reach is the conformal 90 % quantile of the newest absolute one-step errors, shrunk to the band's.
    """
    errors = np.sort(np.abs(lift - means)[FIRST:][-NEWEST:])
    n = len(errors)
    if n == 0:
        return bounds
    reach = float(errors[min(math.ceil((n + 1) * LEVEL), n) - 1])
    share = n / (n + PRIOR_ERRORS)
    low, high = (max(side, (1 - share) * side + share * reach) for side in (-bounds[0], bounds[1]))
    return -low, high


def cell_of(size: float, n_known: int) -> str:
    """Name of the cell a case is calibrated in: decade of size x few or many known posts."""
    decade = "unknown" if np.isnan(size) else str(int(np.clip(np.floor(size / np.log(10)), 2, 8)))
    return f"{decade}:{'many' if n_known >= MANY_POSTS else 'few'}"


class QuantileBand:
    """Lower and upper bound of an error.

    low, high : (k,) coefficients of the 5 % and 95 % quantile on the first k of SHAPE_COLUMNS: new ones are added at
    the end, and bundles written before go on without.
    margins : added to both sides, per cell; the cell `all` stands for cells too small to have one.
    """

    def __init__(self, low: FloatArray, high: FloatArray, margins: Mapping[str, float]) -> None:
        self.low, self.high = low, high
        self.margins = dict(margins)

    def raw(self, shape: FloatArray) -> tuple[float, float]:
        """Quantiles before the conformal margin, the lower one first."""
        shape = shape[: len(self.low)]
        low, high = float(np.sum(self.low * shape)), float(np.sum(self.high * shape))
        return min(low, high), max(low, high)

    def __call__(self, shape: FloatArray, cell: str) -> tuple[float, float]:
        """Bounds of the error, low <= 0 <= high not guaranteed: the error may be skewed."""
        low, high = self.raw(shape)
        margin = self.margins.get(cell, self.margins["all"])
        middle = (low + high) / 2
        return min(low - margin, middle), max(high + margin, middle)

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        return {f"{prefix}.coefficients": np.stack([self.low, self.high])}

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str, margins: Mapping[str, float]
    ) -> QuantileBand:
        low, high = tables[f"{prefix}.coefficients"].astype(np.float64)
        return cls(low, high, margins)
