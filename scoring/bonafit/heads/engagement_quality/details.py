"""What is published beside quality: counts of the next post, channels, consistency, sponsored posts, freshness."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from bonafit.heads.engagement_quality.channels import ChannelExcess
from bonafit.heads.engagement_quality.conversation import conversation
from bonafit.heads.engagement_quality.history import median
from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.series import SETTLED_DAYS, as_of
from bonafit.records import Creator
from bonafit.tables.arrays import FloatArray

# Posts on each side below which sponsored and organic posts are not compared.
LEAST_COMPARED = 3
# Newest posts whose counts say what is usual; a normal's standard deviation in median absolute deviations, and its 95 %
# quantile.
RECENT_COUNTS, NORMAL_MAD, TAIL = 20, 1.4826, 1.645
LAST = 8


def next_post(known: Known, post: tuple[float, float], middle: float) -> dict[str, Any]:
    """Likes, comments and views of the next post, each with its 90 % interval, as far as the record lets them be said.

    middle, post : log rate predicted for one post, and its bounds. Counts that are part of the rate come from it by the
    creator's own usual share; others by the usual ratio, their bounds wider by how much that ratio varies. `own_last_8`
    is the plain median of the newest eight posts that show the count: what a simple rule would say. Where the creator's
    counts were read while they grew, the next ones are foreseen at that age, from the own level alone.
    """
    series = known.series
    if not len(series):
        return {}
    size = series.size_now if series.basis.denominator == "followers" else _usual_log(series.views)
    if size is None or np.isnan(size):
        return {}
    age = series.age[-RECENT_COUNTS:]
    if not np.all(np.isnan(age)) and float(np.nanmedian(age)) < SETTLED_DAYS:
        # the middle is of settled counts; these would be read as young as the creator's own, whose size is taken here
        shift = known.levels[-1].mean + median(known.expected[-RECENT_COUNTS:]) - middle
        middle, post = middle + shift, (post[0] + shift, post[1] + shift)
    rate = np.exp(np.array([middle, *post]) + size)
    engaged = np.expm1(series.y + series.size)
    estimates: dict[str, Any] = {}
    for name in ("likes", "comments", "views"):
        counts = getattr(series, name)[-RECENT_COUNTS:]
        ok = ~np.isnan(counts)
        if int(np.sum(ok)) < LEAST_COMPARED:
            continue
        ratio = np.log((counts[ok] + 1) / (engaged[-RECENT_COUNTS:][ok] + 1))
        spread = median(np.abs(ratio - median(ratio))) * NORMAL_MAD
        slack = np.exp(np.array([0.0, -TAIL * spread, TAIL * spread]))
        value, low, high = (rate * np.exp(median(ratio)) * slack).tolist()
        shown = getattr(series, name)
        last = median(shown[~np.isnan(shown)][-LAST:])
        estimates[name] = {"value": value, "interval": [low, high], "own_last_8": last}
    return estimates


def _usual_log(counts: FloatArray) -> float | None:
    counts = counts[-RECENT_COUNTS:]
    counts = counts[~np.isnan(counts) & (counts > 0)]
    return float(np.median(np.log(counts))) if len(counts) else None


def parts(creator: Creator, known: Known, excesses: Sequence[ChannelExcess]) -> dict[str, Any]:
    """Published figures of every part that the record supports, by name."""
    series = known.series
    details: dict[str, Any] = {}
    for channel in excesses:
        if channel.n:
            details[f"{channel.channel}_against_likes"] = {"times_usual": float(np.exp(channel.excess)), "n": channel.n}
    talk = conversation(creator)
    if talk is not None:
        details["conversation"] = msgspec.to_builtins(talk)
    if len(series) > 2:
        middle = median(known.lift)
        mad = median(np.abs(known.lift - middle))
        details["consistency"] = {"typical_factor": float(np.exp(mad)), "n": len(series)}
    sponsored = _sponsored(creator, known)
    if sponsored is not None:
        details["sponsored_against_organic"] = sponsored
    fresh = _freshness(creator, series.day)
    if fresh is not None:
        details["freshness"] = fresh
    return details


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
