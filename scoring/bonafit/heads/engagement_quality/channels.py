"""Likes credited as far as comments and views bear them out: what is for sale is likes without the others.

Quality is measured where buying likes does not move it. The predicted lift counts likes; each other channel of the
platform says how far it stands from what is usual for those likes. Adding the lowest of these excesses with a slope of
one gives the lift that every channel supports: likes times k alone leave it where it was, likes and views times k leave
it where comments hold it, and likes, views and comments times k raise it. A mean of the channels would credit likes and
views that were bought together. What is left: whoever has fewer views than comments bear out rises to what these bear.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from bonafit.heads.engagement_quality.history import WINDOW, median
from bonafit.heads.engagement_quality.series import Series

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
# Share of a lift above the usual that is taken away where comments are not shown: nothing says that anybody stood
# behind those likes. Without it likes x5 with comments hidden had the highest quality on Instagram. What is left keeps
# the order.
UNBORNE = 0.8


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


def channel_excesses(series: Series, norms: Mapping[str, ChannelNorm], lift: float) -> list[ChannelExcess]:
    """Every channel of the platform with its effect on the lift; empty where the platform has no norm or no post.

    The lowest excess carries the effect, the others have none. The lowest of several is usually below zero, so its mean
    is taken off: credit stays centred on what creators usually get. The effect is cut at MOST_CREDIT above zero and
    multiplied by DEBIT below. lift : predicted log rate over the expected one, before channels.
    """
    if not len(series) or not norms:
        return []
    likes = series.likes[-WINDOW:]
    excesses: dict[str, tuple[float, int]] = {}
    for channel in CHANNELS:
        if channel in norms:
            counts = getattr(series, channel)[-WINDOW:]
            ok = ~np.isnan(counts) & ~np.isnan(likes)
            n = int(np.sum(ok))
            if n < LEAST_POSTS:
                unborne = UNBORNE * max(lift, 0.0) if channel == "comments" else 0.0
                excesses[channel] = -HIDDEN_DEVIATIONS * norms[channel].spread - unborne, 0
            else:
                share = np.log((counts[ok] + FEW) / (likes[ok] + FEW_LIKES))
                excesses[channel] = median(share) - norms[channel].usual(series.size_now), n
    lowest = min(excesses, key=lambda channel: excesses[channel][0])
    credit = excesses[lowest][0] - usual_lowest([norms[channel].spread for channel in excesses])
    credit = min(credit, MOST_CREDIT) if credit > 0 else DEBIT * credit
    return [
        ChannelExcess(channel, excess, credit if channel == lowest else 0.0, n)
        for channel, (excess, n) in excesses.items()
    ]


def usual_lowest(spreads: Sequence[float]) -> float:
    """Mean of the lowest of one or two excesses with these standard deviations: independent normals around zero.

    Source: Clark, "The greatest of a finite set of random variables", Operations Research 9 (1961), equation 2.
    """
    if len(spreads) == 1:
        return 0.0
    return -math.sqrt(math.fsum(spread**2 for spread in spreads) / (2 * math.pi))
