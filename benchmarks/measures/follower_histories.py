"""How often the rule for follower jumps is right, on simulated histories: no public set has real ones with labels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from bonafit.heads.authenticity.follower_jumps import follower_jumps, jump_effect
from bonafit.records import FollowerPoint
from bonafit.tables.arrays import FloatArray

START = datetime(2024, 1, 1, tzinfo=UTC)
# Simulated creators of each row: a rate of 1 % is then known to within .4 points.
HISTORIES = 2000
# A viral day every four months on average; its visitors leave again at most by a tenth.
VIRAL_PER_DAY = 1 / 120
# Followers bought, as a share of those before.
DOSES = (0.2, 0.5, 1.0, 2.0, 4.0)
# Share of bought followers that platforms purge, or that leave, within 60 days.
PURGED = (0.1, 0.6)


def organic(rng: np.random.Generator) -> FloatArray:
    """Daily follower counts of one creator, 60 to 365 days: lognormal growth, churn, viral days and their ebb."""
    days = int(rng.integers(60, 366))
    usual = 10 ** rng.normal(-3, 0.4)
    growth = usual * rng.lognormal(0, 0.6, days) + rng.normal(0, 0.3 * usual, days)
    for day in np.flatnonzero(rng.random(days) < VIRAL_PER_DAY):
        rise = rng.lognormal(np.log(0.05), 0.8)
        spread = rng.dirichlet(np.ones(int(rng.integers(1, 4))) / 0.5)
        upto = min(days, int(day) + len(spread))
        growth[day:upto] += rise * spread[: upto - day]
        ebb = slice(upto, min(days, upto + 60))
        growth[ebb] -= rise * rng.uniform(0, 0.1) / 60
    return np.asarray(np.round(10 ** rng.uniform(3, 5) * np.exp(np.cumsum(growth))))


def with_purchase(counts: FloatArray, dose: float, rng: np.random.Generator) -> FloatArray:
    """The same history with followers bought for `dose` times the count of one day, some of whom are lost again."""
    day = int(rng.integers(len(counts) // 4, 3 * len(counts) // 4))
    since = np.arange(len(counts) - day)
    lost = rng.uniform(*PURGED) * np.minimum(since / rng.uniform(10, 60), 1)
    out = counts.copy()
    out[day:] += np.round(dose * counts[day] * (1 - lost))
    return out


def raised(counts: FloatArray) -> bool:
    """Whether the rule finds an unexplained jump that counts."""
    points = [FollowerPoint(at=START + timedelta(days=i), followers=int(c)) for i, c in enumerate(counts)]
    return any(jump_effect(jump) < -0.5 for jump in follower_jumps(points, ()) or [])


def history_power(*, seed: int) -> Iterator[tuple[str, float, int]]:
    """What was simulated, the share of histories in which the rule raises its signal, and how many there were."""
    rng = np.random.default_rng(seed)
    clean = [organic(rng) for _ in range(HISTORIES)]
    yield "nothing bought", float(np.mean([raised(c) for c in clean])), HISTORIES
    for dose in DOSES:
        rate = float(np.mean([raised(with_purchase(c, dose, rng)) for c in clean]))
        yield f"followers bought, dose {dose:.0%}", rate, HISTORIES
