"""Jumps of a follower count that neither its own pace nor a post explains, and whether the gain melts away.

A step is a jump where followers rise by 40 % or more and by four times what the history's median daily growth gives for
its length; neighbouring steps that rise out of the same pace are one jump. A post explains as many new followers as
3 % of its views beyond the creator's usual ones, if it was published in the two weeks before the count: the rates of
the judgement contract (benchmarks/judge/rules.py, rule 6). What bought followers do afterwards is leave, so a gain that
melts weighs more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import numpy as np

from bonafit.records import FollowerPoint, Post

# By rule, as is all here: no public set has labelled histories. How often the rule speaks up is measured on simulated
# ones (`make benchmark ONLY=authenticity/follower_histories`). Points from which a history is read; the share of
# followers that a jump brings at the least, and by how many times the median pace it grows.
LEAST_POINTS = 6
LEAST_JUMP = 0.4
PACE = 4.0
# A part of a jump that is spread over several counts.
LEAST_PART = 0.15
# A longer step holds a season, not a moment.
LONGEST_STEP = timedelta(days=45)
# Followers for each view beyond the usual that a post may have brought, and for how long (rule, decision 009).
FOLLOW_RATE = 0.03
POST_REACH = timedelta(days=14)
# Share of a gain that is lost again: ordinary churn up to the first, melted from the second on.
MELTING = (0.03, 0.12)
# How long after a jump its loss is looked for.
DECAY_TIME = timedelta(days=120)


class Jump(msgspec.Struct, frozen=True):
    """A jump: when, by what share of the followers, how many, what share posts explain, what share was lost again."""

    at: str
    growth: float
    gained: float
    explained: float
    lost_share: float

    @property
    def unexplained(self) -> float:
        """Growth that no post explains, as a share of the followers before."""
        return self.growth * (1 - self.explained)


def follower_jumps(history: Sequence[FollowerPoint], posts: Sequence[Post]) -> list[Jump] | None:
    """Jumps in time order; None for fewer than 6 points."""
    points = sorted(history, key=lambda p: (p.at, p.followers))
    if len(points) < LEAST_POINTS:
        return None
    days = np.array([p.at.timestamp() / 86400 for p in points])
    followers = np.array([float(p.followers) for p in points])
    rises = np.diff(np.log(followers + 1))
    span = np.maximum(np.diff(days), 1 / 24)
    pace = PACE * max(float(np.median(rises / span)), 0.0) * span
    jumps, i = [], 0
    while i < len(rises):
        last = i
        while last < len(rises) and rises[last] > max(pace[last], math.log1p(LEAST_PART)) and _short(points, last):
            last += 1
        if last == i:
            i += 1
            continue
        before, after = followers[i], followers[last]
        growth = (after - before) / max(before, 1.0)
        if growth >= LEAST_JUMP:
            gained = float(after - before)
            end = points[last].at
            later = [p.followers for p in points[last + 1 :] if p.at <= end + DECAY_TIME]
            lost = max(0.0, after - min(later, default=after)) / gained
            explained = min(1.0, FOLLOW_RATE * extra_views(posts, points[i].at - POST_REACH, end) / gained)
            jumps.append(Jump(end.date().isoformat(), float(growth), gained, explained, float(lost)))
        i = last
    return jumps


def _short(points: Sequence[FollowerPoint], step: int) -> bool:
    return points[step + 1].at - points[step].at <= LONGEST_STEP


def extra_views(posts: Sequence[Post], start: datetime, end: datetime) -> float:
    """Views beyond the median of the creator's other posts, summed over posts published after start and up to end."""
    known = [(p.posted_at, float(p.views)) for p in posts if p.views is not None and p.posted_at is not None]
    inside = [views for at, views in known if start < at <= end]
    usual_views = [views for at, views in known if not start < at <= end]
    usual = float(np.median(usual_views)) if usual_views else 0.0
    return math.fsum(max(0.0, views - usual) for views in inside)


def jump_effect(jump: Jump) -> float:
    """Log-odds of genuine, at most 0: from +40 % on, -1.4 at +100 %, twice that where the gain melted."""
    size = math.log1p(max(jump.unexplained, 0.0))
    start = math.log1p(LEAST_JUMP)
    weight = min(max((size - start) / (math.log(2) * 0.97 - start), 0.0), 1.3)
    melted = min(max((jump.lost_share - MELTING[0]) / (MELTING[1] - MELTING[0]), 0.0), 1.0)
    return -1.4 * weight * (1 + melted)
