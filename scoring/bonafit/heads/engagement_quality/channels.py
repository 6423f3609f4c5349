"""Likes credited as far as comments and views bear them out: what is for sale is likes without the others.

Quality is measured where buying likes does not move it. The predicted lift counts likes; each other channel of the
platform says how far it stands from what is usual for those likes. Adding that excess with a slope of one gives the
lift that the other channels support: likes times k alone leave it where it was, comments times k raise it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.engagement_quality.history import WINDOW, median
from bonafit.heads.engagement_quality.series import Series

FloatArray = npt.NDArray[np.float64]
# Channels in the order in which they are told.
CHANNELS = ("comments", "views")
# Added to counts, so that a post with a handful of likes is not extreme.
FEW_LIKES, FEW = 10.0, 1.0
# Posts with both counts below which a channel is not judged.
LEAST_POSTS = 3
# Likes beyond what the channels bear are taken away and a tenth more, since trees may follow bought likes further than
# the level does; beyond this factor more comments or views than usual are credited no further: they may be a contest.
DEBIT, MOST_CREDIT = 1.1, 1.5
# A channel that the platform shows and the record lacks is taken for its low end, the 5 % quantile of a normal: hiding
# must not pay (rule 5 of the judgement contract).
HIDDEN_DEVIATIONS = 1.645


class ChannelNorm(msgspec.Struct, frozen=True):
    """Usual count of a channel for each like: log((count + 1) / (likes + 10)) = intercept + slope x size + noise.

    Of the size and not of the likes: a norm that falls with likes would excuse those that were bought.
    size : log followers, `middle` where unknown. spread : of creators around it, standard deviation.
    assumed : plain count for each like, where a rate counts a hidden channel.
    """

    intercept: float
    slope: float
    middle: float
    spread: float
    assumed: float

    def usual(self, size: float) -> float:
        """Usual log share at this log size."""
        return self.intercept + self.slope * (self.middle if math.isnan(size) else size)


class ChannelExcess(msgspec.Struct, frozen=True):
    """One channel against what is usual for the likes, log ratio. n : posts it is over, 0 where it is assumed."""

    channel: str
    excess: float
    effect: float
    n: int


def channel_excesses(series: Series, norms: Mapping[str, ChannelNorm]) -> list[ChannelExcess]:
    """Every channel of the platform with its effect on the lift; empty where the platform has no norm or no post.

    Channels are weighted by precision (one over the squared spread); the effects sum to the weighted mean excess, cut
    at MOST_CREDIT above and multiplied by DEBIT below zero.
    """
    if not len(series) or not norms:
        return []
    likes = series.likes[-WINDOW:]
    seen: dict[str, tuple[float, int]] = {}
    for channel in CHANNELS:
        if channel in norms:
            counts = getattr(series, channel)[-WINDOW:]
            ok = ~np.isnan(counts) & ~np.isnan(likes)
            n = int(np.sum(ok))
            if n < LEAST_POSTS:
                seen[channel] = -HIDDEN_DEVIATIONS * norms[channel].spread, 0
            else:
                share = np.log((counts[ok] + FEW) / (likes[ok] + FEW_LIKES))
                seen[channel] = median(share) - norms[channel].usual(series.size_now), n
    weights = {channel: norms[channel].spread ** -2 for channel in seen}
    total = math.fsum(weights.values())
    mean = math.fsum(weights[channel] * excess for channel, (excess, _) in seen.items()) / total
    scale = DEBIT if mean < 0 else min(1.0, MOST_CREDIT / mean) if mean > 0 else 1.0
    return [
        ChannelExcess(channel, excess, scale * weights[channel] * excess / total, n)
        for channel, (excess, n) in seen.items()
    ]
