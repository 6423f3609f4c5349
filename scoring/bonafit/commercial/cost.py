"""What ads cost a creator in engagement, against their own organic posts of the same time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from bonafit.records import Post
from bonafit.results import AdCost

# Posts on each side below which nothing is said.
LEAST_ADS, LEAST_ORGANIC = 3, 5
# Organic posts nearest in time that say what was usual then.
NEIGHBOURS = 8
# 95 % quantile of the standard normal: both ends of a 90 % interval.
Z = 1.6449
_UNDATED = datetime.min.replace(tzinfo=UTC)


def ad_cost(posts: Sequence[Post], ads: Sequence[bool]) -> AdCost | None:
    """Engagement of ads as a multiple of the organic posts around them; None where either side has too few.

    posts, ads : of equal length; posts without counts are left out. Every post is set against the median of its nearest
    organic neighbours in time, itself not counted, so that growth of the account is no effect of ads. The multiple is
    the Hodges-Lehmann shift of the two groups' logs, its interval that of the Mann-Whitney test in its normal
    approximation (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 2014, 4.2-4.3).
    """
    rows = sorted(
        (post.posted_at or _UNDATED, math.log1p((post.likes or 0) + (post.comments or 0)), bool(ad))
        for post, ad in zip(posts, ads, strict=True)
        if post.likes is not None
    )
    is_ad = np.array([ad for _, _, ad in rows], dtype=bool)
    n_ads, n_organic = int(is_ad.sum()), int((~is_ad).sum())
    if n_ads < LEAST_ADS or n_organic < LEAST_ORGANIC:
        return None
    level = np.array([value for _, value, _ in rows])
    organic = np.flatnonzero(~is_ad)
    lift = level - _usual(level, organic)
    shifts = np.sort((lift[is_ad][:, None] - lift[~is_ad][None, :]).ravel())
    spread = Z * math.sqrt(n_ads * n_organic * (n_ads + n_organic + 1) / 12)
    k = max(0, math.floor(len(shifts) / 2 - spread))
    low, middle, high = shifts[k], np.median(shifts), shifts[len(shifts) - 1 - k]
    return AdCost(
        times_organic=float(np.exp(middle)),
        interval=(float(np.exp(low)), float(np.exp(high))),
        n_ads=n_ads,
        n_organic=n_organic,
    )


def _usual(level: npt.NDArray[np.float64], organic: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """For every post, the median level of its nearest organic neighbours in the order of time, (n,)."""
    usual = np.empty(len(level))
    for i in range(len(level)):
        peers = organic[organic != i]
        near = peers[np.argsort(np.abs(peers - i), kind="stable")[:NEIGHBOURS]]
        usual[i] = np.median(level[near])
    return usual
