"""Tier schemes: names for follower ranges, labels only. No value, weight or interval depends on one.

Trade and research disagree on where a micro-influencer begins and ends; each scheme here is one source's choice,
so the same creator can be micro in one and nano or macro in the next. `tier_table` shows that for a follower count.
"""

from __future__ import annotations

import math

import msgspec


class Tier(msgspec.Struct, frozen=True):
    """One label for followers in [low, high); high None is without end."""

    name: str
    low: int
    high: int | None

    def holds(self, followers: int) -> bool:
        return self.low <= followers and (self.high is None or followers < self.high)


class TierRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where one follower count falls under one scheme.

    tier    : name of the tier.
    lower   : followers at which the tier begins, 0 for the lowest.
    upper   : followers at which the next begins, None for the highest.
    to_flip : smallest relative change of followers after which the verdict (micro or not) changes; -0.2 is "with a
              fifth fewer".
    """

    scheme: str
    tier: str
    lower: int
    upper: int | None
    is_micro: bool
    to_flip: float


def _scheme(low: int, high: int) -> tuple[Tier, ...]:
    """Below, micro from `low` to `high` followers, above."""
    return (Tier("nano", 0, low), Tier("micro", low, high), Tier("macro", high, None))


# Each name says the range its source calls micro; below it is nano, above it macro, whatever the source calls them.
TIER_SCHEMES: dict[str, tuple[Tier, ...]] = {
    "berger_1k_10k": _scheme(1_000, 10_000),
    "10k_50k": _scheme(10_000, 50_000),
    "3k_100k": _scheme(3_000, 100_000),
    "1k_100k": _scheme(1_000, 100_000),
    "10k_500k": _scheme(10_000, 500_000),
}


def custom_scheme(low: int | None, high: int | None) -> tuple[Tier, ...]:
    """The scheme `custom` of a brief: micro is the brief's own range of followers.

    low, high : the brief's min_followers and max_followers, inclusive; None leaves the side open.
    """
    tiers = [Tier("below", 0, low)] if low else []
    tiers.append(Tier("micro", low or 0, None if high is None else high + 1))
    if high is not None:
        tiers.append(Tier("above", high + 1, None))
    return tuple(tiers)


def tier_of(followers: int, scheme: str | tuple[Tier, ...]) -> str:
    """Name of the tier that `followers` (>= 0) falls in. Raises KeyError for a scheme nobody named."""
    return _tier(followers, TIER_SCHEMES[scheme] if isinstance(scheme, str) else scheme).name


def tier_table(followers: int, *, schemes: dict[str, tuple[Tier, ...]] | None = None) -> list[TierRow]:
    """One row a scheme: the tier, its bounds, and how far the verdict is from flipping."""
    rows = []
    for name, tiers in (schemes or TIER_SCHEMES).items():
        tier = _tier(followers, tiers)
        micro = next(t for t in tiers if t.name == "micro")
        rows.append(
            TierRow(
                scheme=name,
                tier=tier.name,
                lower=tier.low,
                upper=tier.high,
                is_micro=tier is micro,
                to_flip=_to_flip(followers, micro),
            )
        )
    return rows


def _tier(followers: int, tiers: tuple[Tier, ...]) -> Tier:
    return next(tier for tier in tiers if tier.holds(followers))


def _to_flip(followers: int, micro: Tier) -> float:
    """Smallest relative change of followers that moves them into or out of micro; infinite where none does."""
    if micro.holds(followers):
        flips = [micro.low - 1] if micro.low > 0 else []
        flips += [micro.high] if micro.high is not None else []
    else:
        flips = [micro.low if followers < micro.low else (micro.high or 0) - 1]
    if not flips or followers == 0:
        return math.inf
    return min(((flip - followers) / followers for flip in flips), key=abs)
