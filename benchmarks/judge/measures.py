"""What is measured on every base, as a row of the table, and what a row over all bases comes to.

A row measures one number a base. It holds where the mean keeps the bounds and at least 95 % of the bases do, or every
base where the contract says "never" or "no". NaN is a judgement that was asked for and not given: it keeps no bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np
from benchmarks.judge.bases import Base

from bonafit import CreatorScore

FIGURES = {"A": "authenticity", "E": "engagement_quality", "F": "niche_fit"}
ENOUGH = 0.95
# Falls are asked of creators who were believed before.
BELIEVED = 0.4
# What rounding may do to a figure that must not move.
EPSILON = 1e-9
# Log-odds by which an interval may be narrower and still pass for as wide.
SAME_WIDTH = 0.01

Answers = Mapping[str, CreatorScore | None]
Measure = Callable[[Base, Answers], float | None]


@dataclass(frozen=True)
class Row:
    """One line of the table. low, high : bounds of the measure. every : no base may break them."""

    rule: int
    name: str
    figure: str
    measure: Measure
    low: float = -math.inf
    high: float = math.inf
    every: bool = False

    def bound(self) -> str:
        if self.low == self.high:
            return f"= {self.low:g}"
        if self.low == -self.high:
            return f"|.| <= {self.high:g}"
        parts = [f">= {self.low:g}"] if self.low > -math.inf else []
        parts += [f"<= {self.high:g}"] if self.high < math.inf else []
        return ", ".join(parts)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a row came to. mean, worst : over the judged bases; None where there is none. n : bases it applies to."""

    rule: int
    name: str
    figure: str
    bound: str
    mean: float | None
    worst: float | None
    share: float
    n: int
    unjudged: int
    holds: bool


def outcome(row: Row, values: list[float | None]) -> Outcome:
    """A row over all bases; None does not apply."""
    figures = np.array([v for v in values if v is not None], dtype=float)
    judged = figures[~np.isnan(figures)]
    within = (judged >= row.low - EPSILON) & (judged <= row.high + EPSILON)
    share = float(within.sum()) / len(figures) if len(figures) else 0.0
    mean = float(judged.mean()) if len(judged) else None
    worst = None
    if len(judged):
        over = np.maximum(judged - row.high, row.low - judged)
        worst = float(judged[int(np.argmax(over))])
    holds = len(figures) > 0 and mean is not None and share >= (1.0 if row.every else ENOUGH)
    holds = holds and row.low - EPSILON <= (mean or 0.0) <= row.high + EPSILON
    return Outcome(
        rule=row.rule, name=row.name, figure=row.figure, bound=row.bound() + (", every base" if row.every else ""),
        mean=mean, worst=worst, share=share, n=len(figures), unjudged=len(figures) - len(judged), holds=holds,
    )  # fmt: skip


def value(result: CreatorScore, figure: str) -> float | None:
    """A, E, F or T of a result; None where it gives no number."""
    if figure == "T":
        return result.score
    part = getattr(result, FIGURES[figure])
    return None if part.value is None else float(part.value)


def change_of(figure: str, change: str, against: str = "clean", *, falls: bool = False) -> Measure:
    """Figure after the change less the figure before it; a change that ends in no number counts as a fall to 0.

    falls : only creators whose figure stood at BELIEVED or above.
    Where there was no number before, the rows "honest bases are judged" say so once, and this one does not apply.
    """

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers[against]
        if after is None or before is None:
            return None
        start = value(before, figure)
        if start is None or (falls and start < BELIEVED):
            return None
        return (value(after, figure) or 0.0) - start

    return measure


def figure_of(figure: str, change: str) -> Measure:
    """The figure itself; NaN where there is none."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        figure_value = value(result, figure)
        return math.nan if figure_value is None else figure_value

    return measure


def judged(figure: str) -> Measure:
    """1 where the clean creator has the figure."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers["clean"]
        return None if result is None else float(value(result, figure) is not None)

    return measure


def same_bytes(some: list[str], against: str) -> Measure:
    """Share of the changes that give the same bytes as another."""

    def measure(base: Base, answers: Answers) -> float | None:
        results, other = [answers[change] for change in some], answers[against]
        if other is None or any(result is None for result in results):
            return None
        expected = msgspec.json.encode(other)
        return sum(msgspec.json.encode(result) == expected for result in results) / len(results)

    return measure


def new_flag(change: str, against: str = "clean", *, head: str = "") -> Measure:
    """1 where the change raises a signal that the creator did not have."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers[against]
        if after is None or before is None:
            return None
        return float(any(flag.startswith(head) for flag in set(after.flags) - set(before.flags)))

    return measure


def narrower(figure: str, change: str) -> Measure:
    """Log-odds by which the interval is narrower than the clean creator's; at most 0 where hiding does not pay."""

    def width(result: CreatorScore) -> float:
        part = getattr(result, FIGURES[figure])
        if part.interval is None:
            return math.inf
        low, high = (min(max(end, 1e-6), 1 - 1e-6) for end in part.interval)
        return math.log(high / (1 - high)) - math.log(low / (1 - low))

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers["clean"]
        if after is None or before is None or value(before, figure) is None:
            return None
        wide = width(after)
        narrower_by = width(before) - wide
        return narrower_by if narrower_by > SAME_WIDTH else 0.0

    return measure


def sufficiency(change: str, *, heads: tuple[str, ...] = tuple(FIGURES)) -> Measure:
    """Largest change of a head's sufficiency where hiding must not raise it, in the heads named."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers["clean"]
        if after is None or before is None:
            return None
        return max(
            float(getattr(after, FIGURES[h]).sufficiency) - float(getattr(before, FIGURES[h]).sufficiency)
            for h in heads
        )

    return measure


def apart(change: str) -> Measure:
    """1 where the creator is said to be not judgeable and stands in no ranking, with what is missing."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        verdict = getattr(result, "verdict", None)
        return float(verdict == "not_judgeable" and result.score is None and bool(result.verdict_reasons))

    return measure


def head_width(change: str, figure: str) -> Measure:
    """Width of a head's interval where it gives a value."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        interval = getattr(result, FIGURES[figure]).interval
        return 1.0 if interval is None else float(interval[1] - interval[0])

    return measure


def never(change: str) -> Measure:
    """1 where the creator is listed as never to be booked, with the posts."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        return float(getattr(result, "verdict", None) == "never" and bool(result.verdict_reasons))

    return measure


def steps(figure: str, names: list[str]) -> Measure:
    """Largest rise of a figure from one name to the next."""

    def measure(base: Base, answers: Answers) -> float | None:
        answered = [answers[name] for name in names]
        values = [value(result, figure) for result in answered if result is not None]
        if any(v is None for v in values):
            return math.nan
        known = [v for v in values if v is not None]
        return max((b - a for a, b in pairwise(known)), default=None)

    return measure


def total_or_apart(change: str) -> Measure:
    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        return None if result is None else result.score or 0.0

    return measure


def same_fit(change: str) -> Measure:
    """Change of fit with the language; an abstention on either side is NaN, a failure."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers["clean"]
        if after is None or before is None:
            return None
        a, b = value(after, "F"), value(before, "F")
        return math.nan if a is None or b is None else a - b

    return measure


def sufficiency_of(change: str) -> Measure:
    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        return None if result is None else float(result.niche_fit.sufficiency)

    return measure


def below_unrelated(change: str) -> Measure:
    """Total less that of the same creator with the posts of another niche; nobody ranked stands at 0."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, other = answers[change], answers["unrelated"]
        if after is None or other is None or other.score is None:
            return None
        return (after.score or 0.0) - other.score

    return measure
