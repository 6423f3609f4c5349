"""What an ordered list shall hold: its length, quotas, diversity and exploration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar

import msgspec

from bonafit.errors import BonafitError, OrderingError
from bonafit.records import Count, Name, Share
from bonafit.records.checked import Checked
from bonafit.records.messages import closest
from bonafit.results import CreatorScore
from bonafit.tiers import TIER_SCHEMES, tier_of

# What a creator counts as where the attribute is not known.
UNKNOWN = "unknown"
ATTRIBUTES = ("platform", "language", "country", "category", "tier", "verdict")
Places = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Quota(Checked, frozen=True, kw_only=True):
    """How many places of the list creators of one kind have.

    attribute : one of ATTRIBUTES. value : `tiktok`, `de`, `micro`, ...; `unknown` for those of whom it is not known.
    at_least, at_most : places, both inclusive; at_most None is without end.
    """

    raises: ClassVar[type[BonafitError]] = OrderingError

    attribute: Name
    value: Name
    at_least: Count = 0
    at_most: Count | None = None


class Ordering(Checked, frozen=True, kw_only=True):
    """How a list is made of scored creators.

    k            : places.
    quotas       : places of kinds of creators.
    tier_scheme  : of quotas on `tier`, a name of TIER_SCHEMES.
    diversity    : in [0, 1]; 0 orders by score alone, above it a place goes to the best of (1 - diversity) * score -
                   diversity * nearness to the nearest creator placed before (maximal marginal relevance, Carbonell and
                   Goldstein 1998).
    exploration  : chance in [0, 1] that a place is drawn evenly from the `pool` best that may have it, instead of
                   given to the best; so that outcomes are learned of others, too.
    pool, seed   : of exploration; the same seed gives the same list.
    """

    raises: ClassVar[type[BonafitError]] = OrderingError

    k: Places
    quotas: tuple[Quota, ...] = ()
    tier_scheme: Name = "berger_1k_10k"
    diversity: Share = 0.0
    exploration: Share = 0.0
    pool: Places = 20
    seed: int = 0


def check_ordering(ordering: Ordering) -> Ordering:
    """The ordering, unchanged, if its parts go together. Raises OrderingError."""
    if ordering.tier_scheme not in TIER_SCHEMES:
        raise OrderingError(
            f"tier_scheme: found {ordering.tier_scheme!r}, expected one of {', '.join(TIER_SCHEMES)}"
            + closest(ordering.tier_scheme, TIER_SCHEMES)
        )
    attributes = set()
    for i, quota in enumerate(ordering.quotas):
        where, kind = f"quotas[{i}]", (quota.attribute, quota.value)
        if quota.attribute not in ATTRIBUTES:
            raise OrderingError(
                f"{where}.attribute: found {quota.attribute!r}, expected one of {', '.join(ATTRIBUTES)}"
                + closest(quota.attribute, ATTRIBUTES)
            )
        if quota.at_most is not None and quota.at_least > quota.at_most:
            raise OrderingError(f"{where}: at_least {quota.at_least} is above at_most {quota.at_most}; swap them")
        if kind in attributes:
            raise OrderingError(f"{where}: {' '.join(kind)} again; expected one quota a kind")
        attributes.add(kind)
    for attribute in ATTRIBUTES:
        places = sum(quota.at_least for quota in ordering.quotas if quota.attribute == attribute)
        if places > ordering.k:
            raise OrderingError(f"quotas: {attribute} asks for {places} places of {ordering.k}; ask for fewer")
    return ordering


def kind_of(attribute: str, scheme: str) -> Callable[[CreatorScore], str]:
    """What a creator counts as under an attribute."""
    if attribute == "verdict":
        return lambda result: result.verdict
    if attribute == "tier":
        return lambda result: UNKNOWN if result.profile.followers is None else tier_of(result.profile.followers, scheme)
    return lambda result: getattr(result.profile, attribute) or UNKNOWN
