"""Invented counts and times: sizes by a power law, engagement by a log-linear model with noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from bonafit.records import FollowerPoint

# The sample ends here, whatever the clock says: the same seed gives the same bytes in every year.
END = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)
SMALLEST, LARGEST = 1_000, 500_000
# Density of followers falls with the power 1.35 of their number: half of the sample has under 5,300.
EXPONENT = 0.35

PLATFORMS = ("instagram", "tiktok", "youtube")
PLATFORM_SHARES = (0.5, 0.3, 0.2)
KINDS = {"instagram": ("image", "carousel", "reel"), "tiktok": ("video",), "youtube": ("video", "short")}


@dataclass(frozen=True)
class Curve:
    """log(reached) = intercept + slope * log(followers); likes are a share of what was reached, comments of likes."""

    intercept: float
    slope: float
    like_share: float
    comment_share: float


# Chosen so that 10,000 followers see about 340 likes on Instagram, 480 on TikTok and 120 on YouTube: the order of
# magnitude of published benchmarks, and no more than that.
CURVES = {
    "instagram": Curve(0.45, 0.86, 0.08, 0.035),
    "tiktok": Curve(2.25, 0.70, 0.08, 0.02),
    "youtube": Curve(1.10, 0.75, 0.04, 0.09),
}


@dataclass(frozen=True)
class Counts:
    """What one post shows."""

    likes: int
    comments: int
    views: int
    shares: int
    saves: int


def followers_of(rng: Random) -> int:
    """Followers between SMALLEST and LARGEST by a truncated power law."""
    low, high = SMALLEST**-EXPONENT, LARGEST**-EXPONENT
    size: float = (low - rng.random() * (low - high)) ** (-1 / EXPONENT)
    return round(size)


def counts_of(rng: Random, *, platform: str, followers: int, level: float, spread: float = 0.45) -> Counts:
    """Counts of one post of a creator whose engagement lies `level` (log) above the curve."""
    curve = CURVES[platform]
    gauss = rng.gauss
    log_reached = curve.intercept + curve.slope * math.log(followers) + level + gauss(0.0, spread)
    # one post in forty travels far beyond the usual audience
    if rng.random() < 0.025:
        log_reached += rng.expovariate(0.8)
    reached = math.exp(log_reached)
    likes = reached * curve.like_share * math.exp(gauss(0.0, 0.2))
    comments = likes * curve.comment_share * math.exp(gauss(0.0, 0.5))
    return Counts(int(likes), int(comments), int(reached), int(likes * 0.04), int(likes * 0.07))


def times_of(rng: Random, *, n: int, gap_hours: float, hour: float, zone: int) -> list[datetime]:
    """n posting times, oldest first: gaps of a person, at the hours of a person."""
    day = 0.0
    out = []
    for _ in range(n):
        day += gap_hours / 24 * math.exp(rng.gauss(0.0, 0.6))
        minutes = (rng.gauss(hour, 2.3) - zone) * 60
        out.append(END - timedelta(days=round(day), minutes=round(minutes) % 1440, seconds=rng.randrange(60)))
    out.sort()
    return out


def machine_times(rng: Random, *, n: int) -> list[datetime]:
    """n posting times, oldest first: every few hours to the minute, day and night."""
    step = timedelta(hours=rng.choice((4, 6, 8)))
    first = END - timedelta(minutes=rng.randrange(600)) - n * step
    return [first + i * step for i in range(n)]


def history_of(rng: Random, *, followers: int, jump: bool) -> tuple[FollowerPoint, ...]:
    """Followers at the end of each of 26 weeks, oldest first; with `jump`, two thirds arrive in one of them."""
    growth = rng.uniform(0.0, 0.012)
    bought_in = rng.randrange(6, 20) if jump else -1
    points = []
    count = float(followers)
    for week in range(26):
        points.append(FollowerPoint(at=END - timedelta(weeks=week), followers=int(count)))
        count /= 1 + growth + rng.gauss(0.0, 0.002)
        if week == bought_in:
            count /= 3
    points.reverse()
    return tuple(points)
