"""Timing on a machine that others use too: the things compared take turns, and ratios are medians over the pairs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

from bonafit_training.contracts import OURS, Cases, Row


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(work: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """Seconds of each thing in each round, all of a round after one another."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            times[name].append(seconds(call))
    return times


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """Median of the pairs' ratios."""
    return statistics.median(a / b for a, b in zip(slow, fast, strict=True))


def quantile(values: Sequence[float], q: float) -> float:
    """The q quantile by rank, no interpolation: with 200 values the 99th of 100 is the third largest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def row(
    dataset: str,
    split: str,
    metric: str,
    value: float,
    n: int,
    *,
    method: str = OURS,
    slice: str = "all",
    baseline: bool = False,
) -> Row:
    """One figure of the suite `speed`."""
    return Cases("speed", dataset, split, slice).row(metric, value, n, method, baseline=baseline)


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Slope of log time over log size: 1 is linear."""
    import numpy as np

    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
