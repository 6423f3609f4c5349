"""Reasons in plain words: what was seen, what is usual for such accounts, which way it points."""

from __future__ import annotations

from collections.abc import Mapping

from bonafit.heads.authenticity.account_model import Effects, EvidenceModel
from bonafit.heads.authenticity.combine import Signal
from bonafit.heads.columns import Column


def amount(value: float, unit: str) -> str:
    """A figure as a person reads it, by its column's unit."""
    if unit == "flag":
        return "yes" if value else "no"
    if unit in {"rate", "share"}:
        # a usual comment rate is a few in ten thousand
        return f"{value:.1%}" if value >= 0.01 or not value else f"{100 * value:.2g}%"
    if unit == "log10 ratio":
        return f"{10**value:,.3g}"
    if unit == "cosine":
        return f"{value:.2f}"
    text = f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:,.2g}"
    return f"{text} hours" if unit == "hours" else text


def standing(percentile: float | None) -> str:
    """Where a value stands among genuine accounts of like size."""
    if percentile is None:
        return ""
    if percentile >= 0.5:
        return f", more than {min(percentile, 0.99):.0%} of genuine accounts of like size"
    return f", less than {min(1 - percentile, 0.99):.0%} of genuine accounts of like size"


def pointing(effect: float) -> str:
    """Which way an effect points."""
    if abs(effect) < 0.05:
        return "says little"
    strength = "" if abs(effect) < 0.5 else "clearly " if abs(effect) < 1.5 else "strongly "
    return f"{strength}speaks {'for' if effect > 0 else 'against'} a genuine account"


def describe(column: Column, value: float, percentile: float | None, effect: float) -> str:
    """One main effect in words."""
    shown = "" if column.unit == "flag" else standing(percentile)
    return f"{column.description}: {amount(value, column.unit)}{shown}; {pointing(effect)}"


def account_signals(model: EvidenceModel, effects: Effects, values: Mapping[str, float | None]) -> tuple[Signal, ...]:
    """Every term of an account model as a signal; the first says how its average account differs from even odds."""
    followers = values.get("followers")
    signals = [Signal("account_average", None, effects.intercept, "how the account model scores an average account")]
    for term, name, effect in zip(model.model.terms, effects.names, effects.effects, strict=True):
        column, value = model.columns[term.features[0]], float(effects.values[term.features[0]])
        usual = model.percentile(name, value, followers)
        signals.append(Signal(name, value, float(effect), describe(column, value, usual, float(effect)), usual))
    return tuple(signals)
