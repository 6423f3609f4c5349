"""Figures as people read them, each one word; and what a signal does to a value."""

from __future__ import annotations

import math

# Points of a value (its whole scale is 1) from which a signal moves it, moves it plainly, and moves it a lot.
LITTLE, PLAIN, LOT = 0.005, 0.03, 0.12


def moves(points: float, label: str) -> str:
    """What a signal of these points does to the value that people know by `label`: "raises fit a lot"."""
    size = abs(points)
    if size < LITTLE:
        return f"hardly changes {label}"
    strength = " a little" if size < PLAIN else "" if size < LOT else " a lot"
    return f"{'raises' if points > 0 else 'lowers'} {label}{strength}"


def share(value: float) -> str:
    """A share in [0, 1] as a percentage: whole from 10% on, at most one decimal below, two figures below 1%."""
    if value == 0 or value >= 0.0995:
        return f"{value:.0%}"
    return f"{value:.1%}".replace(".0%", "%") if value >= 0.00995 else f"{100 * value:.2g}%"


def percentile(value: float) -> str:
    """A percentile in [0, 1] as a percentage that leaves somebody on either side."""
    return f"{min(max(round(100 * value), 1), 99)}%"


def times(log_ratio: float) -> str:
    """A natural logarithm of a ratio as a multiple: two decimals below two, where a twentieth matters."""
    ratio = math.exp(log_ratio)
    return f"{ratio:.2f}" if 0.095 <= ratio < 1.995 else number(ratio)


def number(value: float) -> str:
    """A figure of 0 or more: whole from 10 on, one decimal from 1 on, then hundredths, then thousandths."""
    if value >= 9.95:
        return f"{value:,.0f}"
    if value >= 0.995:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.0995 else f"{value:.3f}"


def beside(figure: float, mark: float) -> tuple[str, str]:
    """A value and the mark that it is held against: to two decimals, to four where they would look alike."""
    alike = figure != mark and value(figure) == value(mark)
    return (f"{figure:.4f}", f"{mark:.4f}") if alike else (value(figure), value(mark))


def value(figure: float | None) -> str:
    """A value in [0, 1] to two decimals, "-" where there is none."""
    return "-" if figure is None else f"{figure:.2f}"
