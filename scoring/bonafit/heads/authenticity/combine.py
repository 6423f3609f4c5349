"""One log-odds of "genuine" from several kinds of evidence, and its reasons.

The rule: start from the reference prior; every part that has evidence adds its log-odds, term by term; a part without
evidence adds nothing and widens the interval by what it could have said. Parts are counted as independent, which
overstates certainty where they overlap; so each is bounded (docs/decisions/009-authenticity-from-several-sets.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from bonafit.results import Evidence, Reason
from bonafit.tables.calibration import CalibrationMap, attribute
from bonafit.tables.logistic import sigmoid

# One label in a hundred is taken as wrong, so no account's evidence exceeds log-odds of 99 to 1.
LABEL_NOISE = 0.01
# Half-width of a 90 % normal interval in standard deviations.
NORMAL_90 = 1.6448536269514722

_GRID = np.linspace(-16.0, 16.0, 3201)
VALUE_MAP = CalibrationMap(_GRID, sigmoid(_GRID))


class Signal(msgspec.Struct, frozen=True):
    """One additive term: added to the log-odds of genuine, with what was seen and the words for it."""

    feature: str
    seen: float | None
    effect: float
    text: str
    usual: float | None = None


class Part(msgspec.Struct, frozen=True):
    """One kind of evidence about a creator.

    signals  : its terms; empty where it has no evidence. variance : of their sum.
    coverage : share in [0, 1] of the evidence this part can use that was there.
    detail   : its published figures.
    """

    name: str
    signals: tuple[Signal, ...]
    variance: float
    coverage: float
    detail: dict[str, object]
    flags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def log_odds(p: float) -> float:
    """Log-odds of a probability strictly between 0 and 1."""
    return math.log(p / (1 - p))


def credible(evidence: float) -> float:
    """Log-odds after allowing for labels that are wrong; within log-odds of 1 - LABEL_NOISE, increasing."""
    genuine = LABEL_NOISE + (1 - 2 * LABEL_NOISE) / (1 + math.exp(-max(min(evidence, 700.0), -700.0)))
    return log_odds(genuine)


def combine_parts(
    parts: Sequence[Part], prior: float, *, unknown: float = 0.0
) -> tuple[float, tuple[float, float], tuple[Reason, ...]]:
    """Value in (0, 1), its 90 % interval and the reasons, whose points sum to the value.

    unknown : variance of the log-odds that parts without evidence leave open.
    """
    signals = sorted((s for part in parts for s in part.signals), key=lambda s: (-abs(s.effect), s.feature))
    effects = np.array([s.effect for s in signals])
    base = log_odds(prior)
    start, points = attribute(effects, base, VALUE_MAP)
    baseline = Reason(
        feature="baseline", seen=None, effect=base, points=start,
        text=f"before any evidence, {prior:.0%} of accounts are taken as genuine",
    )  # fmt: skip
    reasons = [baseline]
    for signal, point in zip(signals, points, strict=True):
        reasons.append(
            Reason(
                feature=signal.feature, seen=signal.seen, effect=signal.effect, points=float(point), text=signal.text,
                usual=signal.usual,
            )
        )  # fmt: skip
    eta = base
    for effect in effects:
        eta += float(effect)
    half = NORMAL_90 * math.sqrt(math.fsum([unknown, *(part.variance for part in parts)]))
    value, low, high = VALUE_MAP(np.array([eta, eta - half, eta + half]))
    return float(value), (float(low), float(high)), tuple(reasons)
