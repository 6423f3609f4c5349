"""What an index answers: a ranking of creators, and one ranking of several indexes' answers."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bonafit.results import Reason


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """One creator of a ranking. value : calibrated fit in [0, 1]; the points of `reasons` sum to it.

    log_odds : what the order follows; it still tells creators apart where the calibration gives one value to both.
    """

    rank: int
    creator_id: str
    value: float
    log_odds: float
    reasons: tuple[Reason, ...]
    platform: str | None
    language: str | None
    country: str | None
    followers: int | None
    authenticity: float | None


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one brief. considered : rows that were ranked, of which `best` are the first k: all that passed the
    filters, or their candidates where the ranking was approximate.
    """

    best: tuple[Ranked, ...]
    considered: int
    generation: int


def merged(answers: Iterable[Ranking], k: int) -> tuple[Ranked, ...]:
    """The k best of several indexes' answers to one brief, as one index over all their rows would rank them.

    Every answer must hold its own k best, and a creator may be in one index only.
    """
    best = sorted(
        (ranked for answer in answers for ranked in answer.best),
        key=lambda ranked: (-ranked.log_odds, ranked.creator_id),
    )
    return tuple(msgspec.structs.replace(ranked, rank=i) for i, ranked in enumerate(best[:k], start=1))
