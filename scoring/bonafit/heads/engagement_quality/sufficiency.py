"""Which share of the evidence that the head reads was there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bonafit.heads.engagement_quality.channels import ChannelExcess
from bonafit.heads.engagement_quality.series import Series
from bonafit.prepared import Prepared

# Own posts count most, since peers and texts say little of one creator.
OWN, TEXTS, SIZE, SIZE_HISTORY, PLATFORM, DATES, READINGS, CHANNELS = 0.6, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05


def sufficiency_of(
    prepared: Prepared, series: Series, own: float, excesses: Sequence[ChannelExcess], *, measured: bool
) -> float:
    """Sum in [0, 1] of what was there, each with its worth.

    own : weight of the own posts in the level, in [0, 1]. measured : whether a platform's own model read the posts.
    """
    n = max(len(series), 1)
    shown = [excess.n > 0 for excess in excesses]
    return (
        OWN * own
        + TEXTS * bool(prepared.units)
        + SIZE * (prepared.creator.followers is not None)
        + SIZE_HISTORY * series.normalised
        + PLATFORM * measured
        + DATES * float(np.sum(~np.isnan(series.day))) / n
        + READINGS * float(np.sum(~np.isnan(series.age))) / n
        + CHANNELS * (sum(shown) / len(shown) if shown else 0.0)
    )
