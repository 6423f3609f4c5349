"""What a chosen list will get in a month: likes, comments and views with an interval, and the chance of a target.

Every post's log count is the middle that was foreseen plus an error; posts of one creator share a part of it, and posts
of one platform and month another (bonafit.campaign.shapes). Totals are simulated from a fixed seed, so the same list
gives the same bytes. Rivals are what the trade does: followers times rate, the own last eight, the analyst's guess.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from bonafit.campaign.candidates import COUNTS, Estimate, next_post
from bonafit.campaign.client import Client
from bonafit.campaign.shapes import shape_of
from bonafit.results import Component, CreatorScore
from bonafit.tables.arrays import FloatArray

DRAWS = 20_000
SEED = 20_260_401
# Levels at which a total's distribution is kept: enough for a CRPS to a few parts in a thousand.
KEPT = tuple(round(0.01 * k, 2) for k in range(1, 100))
INTERVAL = (0.05, 0.95)
TAIL = 1.645


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """One creator of the list. counts : foreseen of one post, by name.

    before : the same before a client's own campaigns corrected it; empty where none did.
    fit    : in [0, 1], as scored.
    vendor, own_last_8 : of one post, what followers times rate and the median of the last eight posts say.
    """

    creator_id: str
    label: str
    platform: str | None
    posts: int
    counts: dict[str, Estimate]
    vendor: dict[str, float] = {}
    own_last_8: dict[str, float] = {}
    before: dict[str, Estimate] = {}
    fit: float | None = None


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What the list gets of one count. value : the median. low, high : 90 % interval. quantiles : at KEPT.

    creators : whom the total is of; missing : labels of those of whom nothing is foreseen, who are not in it.
    rivals   : what simpler rules say of the same creators.
    """

    count: str
    value: float
    mean: float
    low: float
    high: float
    quantiles: tuple[float, ...]
    creators: int
    posts: int
    missing: tuple[str, ...]
    rivals: dict[str, float]


class Chance(msgspec.Struct, frozen=True, kw_only=True):
    """Probability in [0, 1] that a total reaches a target."""

    count: str
    target: float
    probability: float


def planned(result: CreatorScore, posts: int, client: Client | None = None) -> Planned:
    """One creator of a list, with so many posts. client : whose campaigns correct what is foreseen."""
    part = result.engagement_quality
    foreseen: Mapping[str, Any] = part.detail.get("next_post") or {}
    counts = dict(next_post(part))
    return Planned(
        creator_id=result.creator_id,
        label=result.label,
        platform=result.profile.platform,
        posts=posts,
        counts=counts if client is None else client.foreseen(result.creator_id, result.profile.platform, counts),
        before={} if client is None else counts,
        fit=result.niche_fit.value,
        vendor=_by_rate(part, result.profile.followers),
        own_last_8={name: float(foreseen[name]["own_last_8"]) for name in counts if "own_last_8" in foreseen[name]},
    )


def _by_rate(part: Component, followers: int | None) -> dict[str, float]:
    """Followers times the mean rate of the last twelve posts, as vendors do: likes, and comments as the rest."""
    rates = {
        rate["interactions"]: float(rate["value"])
        for rate in part.detail.get("ledger") or ()
        if (rate["denominator"], rate["statistic"], rate["window"]) == ("followers", "mean", "last_12")
    }
    out = {}
    if followers and "likes" in rates:
        out["likes"] = followers * rates["likes"]
        if "likes_comments" in rates:
            out["comments"] = followers * max(rates["likes_comments"] - rates["likes"], 0.0)
    return out


def totals_of(plan: Sequence[Planned], count: str, *, draws: int = DRAWS, seed: int = SEED) -> FloatArray:
    """Simulated totals of one count, (draws,): all of whom it is foreseen, each with all posts; empty for nobody."""
    there = [entry for entry in plan if count in entry.counts and entry.posts > 0]
    if not there:
        return np.zeros(0)
    rng = np.random.default_rng([seed, COUNTS.index(count)])
    platforms = sorted({(entry.platform or "").casefold() for entry in there})
    months = {name: rng.standard_normal(draws) for name in platforms}
    total = np.zeros(draws)
    for entry in there:
        shape = shape_of(entry.platform, count)
        shared = math.sqrt(shape.month) * months[(entry.platform or "").casefold()]
        shared = shared + math.sqrt(shape.creator) * rng.standard_normal(draws)
        rest = math.sqrt(max(1 - shape.month - shape.creator, 0.0))
        scores = shared + rest * rng.standard_normal((entry.posts, draws))
        total += np.sum(
            _counts(entry.counts[count], shape.errors(scores, entry.counts[count].value), shape.power), axis=0
        )
    return total


def deviations(foreseen: Estimate) -> tuple[float, float]:
    """Deviations of the log count that a 90 % interval stands for, below and above its middle."""
    below = math.log((foreseen.value + 1) / (foreseen.low + 1)) / TAIL
    return below, math.log((foreseen.high + 1) / (foreseen.value + 1)) / TAIL


def _counts(foreseen: Estimate, errors: FloatArray, power: float) -> FloatArray:
    """Counts at standardised log errors: the interval's lower half scales those below, its upper half those above."""
    below, above = (side**power for side in deviations(foreseen))
    out: FloatArray = (foreseen.value + 1) * np.exp(errors * np.where(errors < 0, below, above)) - 1
    return np.maximum(out, 0.0)


def total(plan: Sequence[Planned], count: str, *, draws: int = DRAWS, seed: int = SEED) -> Total | None:
    """The forecast of one count; None where it is foreseen of nobody."""
    drawn = totals_of(plan, count, draws=draws, seed=seed)
    if not len(drawn):
        return None
    there = [entry for entry in plan if count in entry.counts and entry.posts > 0]
    rivals = {}
    for name, of in (("followers_x_rate", "vendor"), ("own_last_8", "own_last_8")):
        if all(count in getattr(entry, of) for entry in there):
            rivals[name] = math.fsum(getattr(entry, of)[count] * entry.posts for entry in there)
    low, value, high = np.quantile(drawn, [INTERVAL[0], 0.5, INTERVAL[1]]).tolist()
    return Total(
        count=count,
        value=value,
        mean=float(np.mean(drawn)),
        low=low,
        high=high,
        quantiles=tuple(np.quantile(drawn, KEPT).tolist()),
        creators=len(there),
        posts=sum(entry.posts for entry in there),
        missing=tuple(entry.label for entry in plan if count not in entry.counts),
        rivals=rivals,
    )


def chance(plan: Sequence[Planned], count: str, target: float) -> Chance | None:
    """Probability that a total reaches a target; None where the count is foreseen of nobody."""
    drawn = totals_of(plan, count)
    if not len(drawn):
        return None
    return Chance(count=count, target=target, probability=float(np.mean(drawn >= target)))


def crps(quantiles: Sequence[float], outcome: float) -> float:
    """Continuous ranked probability score of a distribution given by its quantiles at KEPT, in units of the count.

    Twice the mean pinball loss over the levels (Gneiting & Raftery 2007); of a single point it is the absolute error.
    """
    values, levels = np.asarray(quantiles), np.asarray(KEPT)
    loss = np.where(outcome >= values, levels * (outcome - values), (1 - levels) * (values - outcome))
    return float(2 * np.mean(loss))
