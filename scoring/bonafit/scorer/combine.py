"""The combined score: a weighted harmonic mean of the heads' values, every part stated.

score = 1 / sum(weight / value). It is never above value / weight of any head, so that near zero in one question drags
the whole down, whatever the others say (docs/decisions/008-combination-and-verdict.md has what was compared).

How the parts sum: effective weights k = weight * score / value sum to 1 and lean towards the lowest value, and the
score is the sum of k * value. A head's points are its weight less what its value falls short of 1, at its effective
weight: points = weight - k * (1 - value). Points of all heads sum to the score, as do, in every head, k times the
points of its reasons with weight - k as what stands before any.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from bonafit.errors import BriefError
from bonafit.heads import WEIGHTED, weights_of
from bonafit.records import Brief, Creator, Weights
from bonafit.results import Component, Contribution

# A value below this counts as 0; quotients of what lies above it are exact to rounding.
LEAST = 1e-12


def normalised_weights(weights: Weights) -> dict[str, float]:
    """Weights of the averaged heads, summing to 1. Raises BriefError where all are zero."""
    raw = weights_of(weights)
    total = math.fsum(raw.values())
    if total <= 0 or not math.isfinite(total):
        raise BriefError("weights: all zero; expected at least one positive weight among " + ", ".join(WEIGHTED))
    return {name: value / total for name, value in raw.items()}


def harmonic_mean(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Weighted harmonic mean of values in [0, 1]; 0 where a value that counts is 0.

    weights : sum to 1; values without weight do not count.
    """
    counted = {name: weight for name, weight in weights.items() if weight > 0}
    if any(values[name] < LEAST for name in counted):
        return 0.0
    return min(1.0, 1 / math.fsum(weight / values[name] for name, weight in counted.items()))


def combine(
    components: Mapping[str, Component], weights: Mapping[str, float]
) -> tuple[float, tuple[float, float], tuple[Contribution, ...]]:
    """Combined score in [0, 1], its 90 % interval, and the contributions, whose points sum to the score.

    components : by head; every head whose weight is above 0 has a value. weights : by head, summing to 1.
    The interval moves one head at a time to the ends of its own interval and adds the score's deviations in
    quadrature, which takes the heads' errors as independent.
    """
    values = {name: components[name].value or 0.0 for name in WEIGHTED}
    score = harmonic_mean(values, weights)
    effective = _effective_weights(values, weights, score)
    below = above = 0.0
    contributions = []
    for name in WEIGHTED:
        part, weight, k = components[name], weights[name], effective[name]
        contributions.append(
            Contribution(
                component=name, weight=weight, value=part.value, effective_weight=k,
                points=weight - k * (1 - values[name]),
            )
        )  # fmt: skip
        if weight > 0 and part.interval is not None:
            low, high = (harmonic_mean({**values, name: end}, weights) for end in part.interval)
            below += max(0.0, score - low) ** 2
            above += max(0.0, high - score) ** 2
    interval = (max(0.0, score - math.sqrt(below)), min(1.0, score + math.sqrt(above)))
    return score, interval, tuple(contributions)


def _effective_weights(values: Mapping[str, float], weights: Mapping[str, float], score: float) -> dict[str, float]:
    """weight * score / value by head, summing to 1; where the score is 0 its limit: all on the heads at 0."""
    if score > 0:
        return {name: weights[name] * score / values[name] if weights[name] > 0 else 0.0 for name in values}
    at_zero = {name: weights[name] if values[name] < LEAST else 0.0 for name in values}
    total = math.fsum(at_zero.values())
    return {name: weight / total for name, weight in at_zero.items()}


def sufficiency_of(components: Mapping[str, Component], weights: Mapping[str, float]) -> float:
    """Weighted mean of the heads' sufficiency, in [0, 1]."""
    return min(1.0, math.fsum(weights[name] * components[name].sufficiency for name in WEIGHTED))


def brief_flags(creator: Creator, brief: Brief) -> list[str]:
    """Where the creator lies outside what the brief names, as flags; never evidence about authenticity."""
    flags = []
    for name, values in (("platform", brief.platforms), ("language", brief.languages), ("country", brief.markets)):
        component = getattr(creator, name)
        if values and component is None:
            flags.append(f"{name}_unknown")
        elif values and str(component).casefold() not in {w.casefold() for w in values}:
            flags.append(f"{name}_outside_brief")
    if brief.min_followers is not None or brief.max_followers is not None:
        if creator.followers is None:
            flags.append("followers_unknown")
        elif creator.followers < (brief.min_followers or 0):
            flags.append("followers_below_brief")
        elif brief.max_followers is not None and creator.followers > brief.max_followers:
            flags.append("followers_above_brief")
    return flags
