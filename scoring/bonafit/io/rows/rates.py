"""Engagement rates that a file states: percent or fraction, decided by the column and told; facts, never scored."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from statistics import median
from typing import Any

from bonafit.io.rows.names import plain, words_of
from bonafit.io.rows.values import NumberFormat, UnreadError, amount_of
from bonafit.records.messages import shown

# A rate has decimals, whatever the mark; nobody groups its thousands.
_FORMAT = NumberFormat(decimal=frozenset(".,"), scaled_decimal=frozenset(".,"))
_PERCENT = frozenset(("percent", "percentage", "pct", "prozent", "pourcentage", "porcentaje", "percentuale", "persen"))
_RATES = frozenset(("rate", "rates", "er", "taux", "tasa", "taxa", "tasso", "tingkat", "ratio"))
_ENGAGEMENT = frozenset(
    (
        "engagement",
        "eng",
        "engagment",
        "engajamento",
        "interaction",
        "interaktion",
        "interaccion",
        "interazione",
        "keterlibatan",
    )
)
_WHOLE = frozenset(map(plain, (
    "er", "engagement", "engagement rate", "interaktionsrate", "engagementquote", "engajamento", "etkileşim",
    "etkileşim oranı", "zaangażowanie", "betrokkenheid", "engagemang", "вовлечённость", "вовлеченность", "互动率",
    "互動率", "参与率", "エンゲージメント率", "참여율", "معدل التفاعل",
)))  # fmt: skip
_FILLERS = frozenset((
    "avg", "average", "mean", "awg", "instagram", "ig", "tiktok", "tt", "youtube", "yt", "d", "de", "di", "by",
    "followers", "in", "the", "of", "current", "day", "days", "last",
))  # fmt: skip
# Fractions have their median below the first and none above the second: of a hundred followers rarely half react.
# Percent has values above 1. What lies between could be either.
_USUAL, _LARGEST = 0.1, 0.5
# Half of a column above so many percent counts reactions.
_BEYOND_PERCENT = 150
# A number that no rate reaches, in percent either.
_NO_RATE = 1e6


@lru_cache(maxsize=1024)
def is_engagement_rate(key: str) -> bool:
    """Whether a column states the rate of those who engage: `ER`, `Engagement rate (%)`, `taux d'engagement`."""
    words = [word for word in words_of(key) if word not in _FILLERS | _PERCENT and not word[0].isdigit()]
    whole = "".join(words)
    return whole in _WHOLE or (len(words) == 2 and bool(_RATES & set(words)) and bool(_ENGAGEMENT & set(words)))


class RateUnit:
    """What cells without a mark are in one column of rates: `percent`, `fraction`, `count` where it holds counts and no
    rates, or None where it does not say."""

    def __init__(self, key: str) -> None:
        self.says_percent = "%" in key or bool(_PERCENT & set(words_of(key)))
        self.unit: str | None = "percent" if self.says_percent else None
        self.has_marks = False

    def decide(self, values: Iterable[Any]) -> None:
        """By all values seen, whatever their order."""
        bare = []
        n_scaled = 0
        for value in values:
            try:
                number, marked, scaled = _number(value)
            except UnreadError:
                continue
            self.has_marks |= marked
            n_scaled += scaled
            if not marked:
                bare.append(number)
        if not self.has_marks and bare and (n_scaled * 2 > len(bare) or median(bare) > _BEYOND_PERCENT):
            self.unit = "count"
        elif self.says_percent or not bare or max(bare) > 1:
            self.unit = "percent"
        elif median(bare) < _USUAL and 0 < max(bare) <= _LARGEST:
            self.unit = "fraction"

    def fraction(self, value: Any) -> float | None:
        """The rate as a fraction; None where the column does not say what the value is. Raises UnreadError."""
        number, marked, scaled = _number(value)
        if self.unit == "count":
            return None
        if scaled or number >= _NO_RATE:
            raise UnreadError(f"found {shown(value)}, expected a rate")
        if marked or self.unit == "percent":
            return round(number / 100, 12)
        return number if self.unit == "fraction" else None

    def in_words(self) -> str:
        """What is assumed of the column, for people."""
        if self.unit == "count":
            return "counts of reactions and no rates; kept as they stand"
        if self.unit is None:
            return "percent or fraction, the column does not say; kept as it stands"
        if self.unit == "fraction" and self.has_marks:
            return "a fraction, percent where a cell has its mark"
        return "in percent" if self.unit == "percent" else "a fraction"


def _number(value: Any) -> tuple[float, bool, bool]:
    """The number, whether the cell says that it is percent, and whether it has a scale as counts do (8.4K). Raises
    UnreadError."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnreadError(f"found {shown(value)}, expected a rate")
    if not isinstance(value, str):
        number, marked, scaled = float(value), False, False
    else:
        text = value.strip()
        bare = text.strip("%٪ ")
        marked = bare != text
        number, rounded = amount_of(bare, _FORMAT, whole=False)
        scaled = rounded and number >= 1_000
    if not 0 <= number < 1e10:
        raise UnreadError(f"found {shown(value)}, expected a rate")
    return number, marked, scaled
