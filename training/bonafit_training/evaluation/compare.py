"""Two bundles on the same cases: where is the one worse than the other beyond noise?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec
import numpy as np

from bonafit.errors import ShapeError
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit_training.evaluation.figures import METRICS, Metric, auc, slice_masks
from bonafit_training.evaluation.predictions import Answers

# Chance of refusing a challenger that is nowhere worse, over all slices together (Bonferroni).
ALPHA = 0.05
# With 20 comparisons a bound is the fifth lowest of these.
REPEATS = 2_000


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One slice. low, high : bounds of challenger less champion, each one-sided at the level of the comparison."""

    head: str
    slice: str
    metric: str
    champion: float
    challenger: float
    low: float
    high: float
    n: int

    @property
    def difference(self) -> float:
        return self.challenger - self.champion

    @property
    def is_worse(self) -> bool:
        """Worse beyond noise: even the upper bound is below no difference."""
        return self.high < 0


@dataclass(frozen=True)
class Comparison:
    """All slices that both bundles answer for. level : one-sided level of each bound."""

    differences: tuple[Difference, ...]
    level: float

    @property
    def worse(self) -> tuple[Difference, ...]:
        return tuple(d for d in self.differences if d.is_worse)


def compare(
    champion: Sequence[Answers], challenger: Sequence[Answers], *, seed: int = 7, repeats: int = REPEATS
) -> Comparison:
    """Paired bootstrap of every head, slice and metric over creators, or over brands for niche fit.

    Both answer the same cases in the same order. An abstention counts as the middle of the scale, as it does in the
    combined score, so that a bundle cannot win by keeping silent where it would be wrong.
    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 16: percentile bounds of the
    paired difference.
    """
    tasks = []
    for old, new in zip(champion, challenger, strict=True):
        if old.head != new.head or not np.array_equal(old.truth, new.truth):
            raise ShapeError(f"{old.head} and {new.head}: answers to different cases; expected the same for both")
        filled = _filled(old), _filled(new)
        tasks += [
            (*filled, name, mask, metric) for name, mask in slice_masks(filled[0]) for metric in METRICS[old.head]
        ]
    level = ALPHA / max(1, len(tasks))
    differences = []
    for i, (old, new, name, mask, metric) in enumerate(tasks):
        measure = METRICS[old.head][metric]
        truth, group = old.truth[mask], old.group[mask]
        both = (old.value[mask], new.value[mask])
        cases = Cases(old.head, truth, both, group)
        sampled = bootstrap(cases, measure, rng=np.random.default_rng([seed, i]), repeats=repeats)
        differences.append(
            Difference(
                head=old.head,
                slice=name,
                metric=metric,
                champion=measure(truth, both[0], group),
                challenger=measure(truth, both[1], group),
                low=float(np.quantile(sampled, level)),
                high=float(np.quantile(sampled, 1 - level)),
                n=int(mask.sum()),
            )
        )
    return Comparison(tuple(differences), level)


class Cases(NamedTuple):
    """Labelled cases of a head with the values of two bundles: all arrays (n,). group : the case's brand or creator."""

    head: str
    truth: FloatArray
    values: tuple[FloatArray, FloatArray]
    group: IntArray


def bootstrap(cases: Cases, measure: Metric, *, rng: np.random.Generator, repeats: int) -> FloatArray:
    """Differences of the second values' figure over the first's, (at most repeats,), groups resampled whole.

    Samples in which the figure is not defined, as without a positive, are left out.
    """
    head, truth, values, group = cases
    if head == "niche_fit":
        # the figure is a mean over brands, so brands are drawn by their own figures
        each = np.array([[auc(truth[group == g], v[group == g], group) for v in values] for g in np.unique(group)])
        known = each[~np.isnan(each[:, 0])]
        drawn = rng.integers(0, len(known), size=(repeats, len(known)))
        return np.asarray((known[:, 1] - known[:, 0])[drawn].mean(axis=1), dtype=np.float64)
    out = np.full(repeats, np.nan)
    for r in range(repeats):
        at = rng.integers(0, len(truth), size=len(truth))
        out[r] = measure(truth[at], values[1][at], group[at]) - measure(truth[at], values[0][at], group[at])
    return np.asarray(out[~np.isnan(out)], dtype=np.float64)


def _filled(answers: Answers) -> Answers:
    value = np.where(np.isnan(answers.value), 0.5, answers.value)
    return replace(answers, value=value)


def comparison_table(comparison: Comparison) -> str:
    """The comparison as a Markdown table, a verdict a row."""
    lines = [
        "| head | slice | metric | champion | challenger | difference | bounds | n | verdict |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for d in comparison.differences:
        verdict = "worse" if d.is_worse else "better" if d.low > 0 else "within noise"
        lines.append(
            f"| {d.head} | {d.slice} | {d.metric} | {d.champion:.4f} | {d.challenger:.4f} | {d.difference:+.4f} "
            f"| {d.low:+.4f} to {d.high:+.4f} | {d.n:,} | {verdict} |"
        )
    return "\n".join(lines)
