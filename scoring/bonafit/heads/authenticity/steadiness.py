"""Counts that no measured creator shows: likes that hardly differ from post to post, or far beyond the followers.

Whoever sells likes delivers a round number to every post; people like one post more than another. And likes come from
followers and from the few posts that travel; a middle post far above the followers is no creator's. Both count against
from where no creator of a public set stands, in a straight line, and never in favour: hiding them earns nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from bonafit.heads.authenticity.account_columns import latest_posts
from bonafit.heads.authenticity.plausibility import POSTS
from bonafit.records import Post

# Fewer posts, or fewer likes on average, are chance: as for the norms of likes for each comment.
LEAST_POSTS, LEAST_LIKES = 8, 50
# A middle post with fewer likes says nothing of few followers: friends need not follow.
LEAST_MIDDLE = 20
# Chance that two posts have the same likes: at most .075 of a creator of instafake_2019, instagram_2017, tiktok_2020
# and youtube_charts_2026 (3,907 creators); a round number on every post gives 1.
ALIKE = (0.1, 0.4)
# Standard deviation of the logarithm of likes between a creator's posts: at least .047 in those sets.
EVEN = (0.045, 0.02)
# Logarithm of the middle post's likes for each follower: 99.5 % of the 5,000 creators of tides_2024 stay under 8.5 on
# average over their videos, all under 58; those of the other sets under .9 on the middle post.
ABOVE_FOLLOWERS = (math.log(8.5), math.log(58))
# Most that each says against, in log-odds: rules, as the slopes are (decision 009).
EVEN_BOUND, ABOVE_BOUND = -2.5, -2.5
# Effect from which the counts are a signal of their own.
SIGNAL = -0.2


class Steadiness(msgspec.Struct, frozen=True):
    """What was seen and its log-odds of genuine, at most 0. None where too few posts show likes.

    alike : chance in [0, 1] that two posts have the same likes. spread : standard deviation of log likes.
    likes_per_follower : of the middle post.
    """

    alike: float | None
    spread: float | None
    likes_per_follower: float | None
    even: float
    above: float


def steadiness(posts: Sequence[Post], followers: int | None) -> Steadiness:
    """Both figures over the newest posts that show likes."""
    likes = np.array([p.likes for p in latest_posts(posts, POSTS) if p.likes is not None], dtype=np.float64)
    alike, spread, rate, even, above = None, None, None, 0.0, 0.0
    if len(likes) >= LEAST_POSTS and likes.mean() >= LEAST_LIKES:
        same = Counter(likes.tolist()).values()
        alike = sum(k * (k - 1) for k in same) / (len(likes) * (len(likes) - 1))
        spread = float(np.log1p(likes).std())
        even = EVEN_BOUND * max(_ramp(alike, *ALIKE), _ramp(spread, *EVEN))
    if len(likes) and followers is not None and float(np.median(likes)) >= LEAST_MIDDLE:
        rate = float(np.median(likes)) / max(followers, 1)
        above = ABOVE_BOUND * _ramp(math.log(rate), *ABOVE_FOLLOWERS) if rate > 0 else 0.0
    return Steadiness(alike, spread, rate, even, above)


def _ramp(value: float, start: float, end: float) -> float:
    return min(max((value - start) / (end - start), 0.0), 1.0)
