"""Numbers and strangers' texts as a page shows them."""

from __future__ import annotations

import re

# What no page should be given: controls, lone halves of pairs, marks that turn the direction of what follows.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
MISSING = "–"


def stranger(text: str | None, length: int = 240) -> str:
    """A stranger's text, cut at `length` characters, without what breaks or turns a line; the template escapes it."""
    if text is None:
        return ""
    clean = " ".join(_UNFIT.sub("", text).split())
    return clean if len(clean) <= length else clean[: length - 1].rstrip() + "…"


def platform_name(code: str | None) -> str:
    """How a platform spells itself, others with a capital; empty where unknown."""
    spelt = {"tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn", "x": "X"}
    return spelt.get((code or "").lower(), (code or "").capitalize())


def count(value: float | None) -> str:
    """12,345; a dash where unknown."""
    return MISSING if value is None else f"{value:,.0f}"


def short_count(value: float) -> str:
    """950, 1.2k, 48k, 3.1M: for the marks of an axis."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return (
                f"{value / size:.1f}".removesuffix(".0") + letter
                if value < 10 * size
                else f"{value / size:.0f}{letter}"
            )
    return f"{value:.0f}"


def percent(value: float | None) -> str:
    """41%."""
    return MISSING if value is None else f"{value * 100:.0f}%"


def percent1(value: float | None) -> str:
    """4.2%, with three digits below one per cent."""
    if value is None:
        return MISSING
    share = value * 100
    return f"{share:.0f}%" if share >= 10 else f"{share:.1f}%" if share >= 1 else f"{share:.2g}%"


def two(value: float | None) -> str:
    """0.93."""
    return MISSING if value is None else f"{value:.2f}"


def times(value: float) -> str:
    """1.8 times; two digits."""
    return f"{value:.1f} times" if value < 10 else f"{value:.0f} times"


def money(value: float | None, currency: str | None) -> str:
    """1,250 USD, 3.1 USD, three digits below a thousand; the currency as the file has it."""
    if value is None:
        return MISSING
    amount = f"{value:,.0f}" if value >= 1000 else f"{value:.3g}" if value >= 1 else f"{value:.2g}"
    return f"{amount} {stranger(currency, 12)}".strip()
