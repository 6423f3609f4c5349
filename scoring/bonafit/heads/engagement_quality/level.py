"""A creator's own level: what past posts say, each weighted by its age and by how much is known.

Model: the log rate of a post is the expected one, plus the creator's level, plus noise. The level starts from the
peers' spread around zero and drifts between posts. The Kalman filter of this local level model (Harvey 1989, chapter
4) is the empirical Bayes estimate: with no posts the level is zero (the peers), with fifty it is the creator's own.
Surprises are bounded at `bound` standard deviations (Huber), so one viral post cannot carry the level away.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from bonafit.tables.arrays import FloatArray

# Least drift a post, as a share of one post's variance, and least bound: with them the own level is at most .003 of R2
# behind the best of own median, mean and last 8 posts, and mostly ahead, on every set that trains, each left out
# (decision 012). Fitted on one set alone the drift may vanish (youtube_charts_2026: 2e-61), and more known posts then
# made predictions worse.
LEAST_DRIFT, LEAST_BOUND = 0.06, 2.0
# Posts at first whose surprise is not cut: a creator may lie anywhere against a curve fitted on others. Cut from the
# first post on, a level far from the curve is reached late.
UNCUT = 5
# Least spread of creators around a curve of other platforms, in posts' variances.
LEAST_BETWEEN = 10.0
# Days between posts beyond which the level drifts no further.
MAX_GAP = 90.0


class LevelParameters(msgspec.Struct, frozen=True):
    """Variances in squared log units.

    noise : of one post. between : of creators around the expected curve. drift_day, drift_post : added to the level's
    variance for each day and each post. bound : standard deviations at which a surprise is cut.
    """

    noise: float
    between: float
    drift_day: float
    drift_post: float
    bound: float


class Level(msgspec.Struct, frozen=True):
    """Level after some posts: mean and variance in log units; own : weight in [0, 1] of own posts against the peers."""

    mean: float
    variance: float
    own: float


def own_levels(lift: FloatArray, day: FloatArray, parameters: LevelParameters) -> list[Level]:
    """Level before any post and after each, n + 1 of them.

    lift : (n,) log rate minus the expected, oldest first. day : (n,) days, NaN where undated (no drift by days).
    """
    p = parameters
    mean, variance, peers = 0.0, p.between, 1.0
    levels = [Level(mean, variance, 0.0)]
    last = np.nan
    for value, at in zip(lift.tolist(), day.tolist(), strict=True):
        if len(levels) > 1:
            gap = at - last
            variance += p.drift_post + (p.drift_day * min(max(gap, 0.0), MAX_GAP) if not math.isnan(gap) else 0.0)
        last = at
        total = variance + p.noise
        limit = p.bound * total**0.5 if len(levels) > UNCUT else math.inf
        gain = variance / total
        mean += gain * max(-limit, min(limit, value - mean))
        peers *= 1 - gain
        variance *= 1 - gain
        levels.append(Level(mean, variance, 1 - peers))
    return levels
