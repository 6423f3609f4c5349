"""The combined score: a weighted sum of the heads' values, every part stated."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bonafit.errors import BriefError
from bonafit.records import Brief, Creator, Weights
from bonafit.results import HEADS, Component, Contribution

# A head that abstains counts as neither for nor against: the middle of its scale, with the whole scale as its interval.
# Both probabilities are stated at an even prior and quality is a percentile, so the middle means "nothing known".
NEUTRAL = 0.5
NEUTRAL_INTERVAL = (0.0, 1.0)


def normalised_weights(weights: Weights) -> dict[str, float]:
    """Weights by head, summing to 1. Raises BriefError where all are zero."""
    raw = {name: float(getattr(weights, name)) for name in HEADS}
    total = math.fsum(raw.values())
    if total <= 0 or not math.isfinite(total):
        raise BriefError("weights: all zero; expected at least one positive weight among " + ", ".join(HEADS))
    return {name: value / total for name, value in raw.items()}


def combine(
    components: Mapping[str, Component], weights: Mapping[str, float]
) -> tuple[float, tuple[float, float], float, tuple[Contribution, ...]]:
    """Combined score in [0, 1], its 90 % interval, sufficiency in [0, 1] and the contributions.

    The score is the sum of weight x value, added in the order of `HEADS`. The interval adds the heads' deviations in
    quadrature, which takes their errors as independent. Sufficiency is the weighted mean of the heads'.
    """
    contributions = []
    score = below = above = sufficiency = 0.0
    for name in HEADS:
        part, weight = components[name], weights[name]
        neutral = part.value is None
        value = NEUTRAL if part.value is None else part.value
        low, high = part.interval or NEUTRAL_INTERVAL
        points = weight * value
        score += points
        below += (weight * (value - low)) ** 2
        above += (weight * (high - value)) ** 2
        sufficiency += weight * part.sufficiency
        contributions.append(Contribution(component=name, weight=weight, value=value, points=points, neutral=neutral))
    interval = (max(0.0, score - math.sqrt(below)), min(1.0, score + math.sqrt(above)))
    return score, interval, min(1.0, sufficiency), tuple(contributions)


def brief_flags(creator: Creator, brief: Brief) -> list[str]:
    """Where the creator lies outside what the brief names, as flags; never evidence about authenticity."""
    flags = []
    for name, wanted in (("platform", brief.platforms), ("language", brief.languages), ("country", brief.markets)):
        found = getattr(creator, name)
        if wanted and found is None:
            flags.append(f"{name}_unknown")
        elif wanted and str(found).casefold() not in {w.casefold() for w in wanted}:
            flags.append(f"{name}_outside_brief")
    if brief.min_followers is not None or brief.max_followers is not None:
        if creator.followers is None:
            flags.append("followers_unknown")
        elif creator.followers < (brief.min_followers or 0):
            flags.append("followers_below_brief")
        elif brief.max_followers is not None and creator.followers > brief.max_followers:
            flags.append("followers_above_brief")
    return flags
