"""The parts of quality beside the predicted lift: comments against likes, consistency, sponsored posts, freshness."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.engagement_quality.conversation import conversation
from bonafit.heads.engagement_quality.history import median
from bonafit.heads.engagement_quality.platform_model import CommentNorm, Known
from bonafit.heads.engagement_quality.series import as_of
from bonafit.records import Creator

FloatArray = npt.NDArray[np.float64]
# Posts with comments and likes known below which their ratio is not judged.
LEAST_COMMENTED = 3
# More comments than usual are credited by half and up to a factor of 1.6: they may be a contest. Fewer than usual take
# away what likes gave and a fifth more, since the trees may follow bought likes further than the level does: likes
# without comments are what is for sale.
CREDIT, MOST_CREDIT, DEBIT = 0.5, 0.5, 1.2
# Posts on each side below which sponsored and organic posts are not compared.
LEAST_COMPARED = 3


class CommentShare(msgspec.Struct, frozen=True):
    """Comments for each like against what is usual at these likes, log ratios.

    excess : own median minus usual. effect : what it moves the lift by. n : posts it is over.
    """

    excess: float
    effect: float
    n: int


def comment_share(known: Known, norm: CommentNorm | None) -> CommentShare | None:
    """Comments against likes, None where too few posts state both or the platform has no norm.

    The effect is at most what cancels a purchase: likes multiplied by k with comments as they were raise the lift by
    about log k and lower the excess by log k.
    """
    series = known.series
    ok = ~np.isnan(series.comments) & ~np.isnan(series.likes)
    n = int(np.sum(ok))
    if norm is None or n < LEAST_COMMENTED:
        return None
    share = np.log((series.comments[ok] + 1) / (series.likes[ok] + 10))
    excess = median(share) - norm.usual(series.size_now)
    effect = min(CREDIT * excess, MOST_CREDIT) if excess > 0 else DEBIT * excess
    return CommentShare(excess, effect, n)


def parts(creator: Creator, known: Known, comments: CommentShare | None) -> dict[str, Any]:
    """Published figures of every part that the record supports, by name."""
    series = known.series
    found: dict[str, Any] = {}
    if comments is not None:
        found["comments_against_likes"] = {"times_usual": float(np.exp(comments.excess)), "n": comments.n}
    talk = conversation(creator)
    if talk is not None:
        found["conversation"] = msgspec.to_builtins(talk)
    if len(series) > 2:
        middle = median(known.lift)
        mad = median(np.abs(known.lift - middle))
        found["consistency"] = {"typical_factor": float(np.exp(mad)), "n": len(series)}
    sponsored = _sponsored(creator, known)
    if sponsored is not None:
        found["sponsored_against_organic"] = sponsored
    fresh = _freshness(creator, series.day)
    if fresh is not None:
        found["freshness"] = fresh
    return found


def _sponsored(creator: Creator, known: Known) -> dict[str, Any] | None:
    """Median rate of flagged posts as a multiple of the others', where both sides have enough posts."""
    flags = [creator.posts[i].is_sponsored for i in known.series.post.tolist()]
    paid = known.lift[np.array([flag is True for flag in flags], dtype=bool)]
    free = known.lift[np.array([flag is False for flag in flags], dtype=bool)]
    if min(len(paid), len(free)) < LEAST_COMPARED:
        return None
    return {
        "times_organic": float(np.exp(median(paid) - median(free))),
        "n_sponsored": len(paid),
        "n_organic": len(free),
    }


def _freshness(creator: Creator, day: FloatArray) -> dict[str, Any] | None:
    end: datetime | None = as_of(creator)
    posted = [p.posted_at for p in creator.posts if p.posted_at is not None and (end is None or p.posted_at <= end)]
    if end is None or not posted:
        return None
    dated = day[~np.isnan(day)]
    gap = median(np.diff(dated)) if len(dated) > 1 else None
    return {"days_since_last_post": (end - max(posted)).total_seconds() / 86_400, "usual_days_between_posts": gap}
