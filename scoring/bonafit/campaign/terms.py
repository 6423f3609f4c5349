"""What a campaign may cost and must hold: the brief's `[campaign]` table, which no score depends on."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

import msgspec

from bonafit.errors import BriefError
from bonafit.io.brief import CAMPAIGN, brief_from_dict, read_object
from bonafit.io.rows.codes import country_code, language_code, platform_code
from bonafit.records import Brief
from bonafit.records.messages import closest, shown, taken_apart, value_at
from bonafit.tiers import TIER_SCHEMES

Positive = Annotated[float, msgspec.Meta(gt=0, le=10**12)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=10**12)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Goal = Literal["engagements", "views"]
Counted = Literal["impressions", "reach", "likes", "comments", "shares", "saves", "engagements", "views", "clicks"]
# What a quota or a cap may be about.
KINDS = ("platform", "country", "language", "tier")
# Fields that are shares, and of what.
SHARES = {
    "usage_rights": "of the fee", "exclusivity": "of the fee", "max_share": "of the budget for one creator",
    "repeat": "of a post's people", "same_group_overlap": "of their people",
}  # fmt: skip
CODES = {"platform": platform_code, "country": country_code, "language": language_code}


class Bound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At least and at most so many creators with one platform, country, language or tier label.

    Exactly one of the four is given. at_least, at_most : creators; at_most_share : of the budget spent on them.
    """

    platform: str | None = None
    country: str | None = None
    language: str | None = None
    tier: str | None = None
    at_least: Annotated[int, msgspec.Meta(ge=0)] = 0
    at_most: Annotated[int, msgspec.Meta(ge=0)] | None = None
    at_most_share: Share | None = None

    @property
    def kind(self) -> str:
        """Which of the four is bounded."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def value(self) -> str:
        """The platform, country, language or label itself."""
        text: str = getattr(self, self.kind)
        return text

    def __str__(self) -> str:
        parts = [f"at least {self.at_least}"] if self.at_least else []
        parts += [f"at most {self.at_most}"] if self.at_most is not None else []
        parts += [f"at most {self.at_most_share:.0%} of the budget"] if self.at_most_share is not None else []
        return f"{self.kind} {self.value}: {', '.join(parts)}"


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[campaign]` table of a brief.

    currency        : of every amount here and in the answers.
    rates           : worth of one unit of another currency in `currency`; the user's own, none is looked up.
    budget          : to be spent on creators.
    goal            : what is bought, engagements (likes and comments) or views.
    posts           : of each creator at most.
    repeat          : share of a post's people that the same creator's next post reaches again.
    max_cost_per_engagement, max_cost_per_thousand_views : ceilings of the brief.
    value_per_engagement, value_per_thousand_views : what it is worth to the brand.
    usage_rights, exclusivity : of the fee, each a line of its own beside it; None where nothing is agreed.
    emv             : what one like, comment, view and so on is worth, for an earned media value; none is assumed.
    creators_at_least, creators_at_most : size of the list.
    max_share       : of the budget that one creator may take.
    must_have, excluded : creator ids or handles.
    bounds          : quotas and caps.
    competitor_ties : whether creators tied to a competitor of the brief are booked; else those of `must_have` alone.
    same_group_overlap : share of their people that two creators of one platform, language, country and category are
                      taken to have in common where no overlap is given.
    """

    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)] = "EUR"
    rates: dict[str, Positive] = {}
    budget: Positive | None = None
    goal: Goal = "engagements"
    posts: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    repeat: Share = 0.5
    max_cost_per_engagement: Positive | None = None
    max_cost_per_thousand_views: Positive | None = None
    value_per_engagement: Positive | None = None
    value_per_thousand_views: Positive | None = None
    usage_rights: Amount | None = None
    exclusivity: Amount | None = None
    emv: dict[Counted, Amount] = {}
    creators_at_least: Annotated[int, msgspec.Meta(ge=0)] = 0
    creators_at_most: Annotated[int, msgspec.Meta(ge=1)] | None = None
    max_share: Share | None = None
    must_have: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    competitor_ties: bool = False
    same_group_overlap: Share = 0.04

    def ceiling(self) -> float | None:
        """Most that one unit of the goal may cost (an engagement, one view); None where the brief has no ceiling."""
        if self.goal == "engagements":
            return self.max_cost_per_engagement
        return None if self.max_cost_per_thousand_views is None else self.max_cost_per_thousand_views / 1000

    def times_fee(self) -> float:
        """What a fee is multiplied by when what is agreed beside it is counted in."""
        return 1.0 + (self.usage_rights or 0.0) + (self.exclusivity or 0.0)

    def told(self) -> list[str]:
        """What differs from the defaults, a line each, in words."""
        plain = Terms()
        lines = [f"Amounts are in {self.currency}."]
        if self.rates:
            worth = ", ".join(f"1 {code} is {rate:g} {self.currency}" for code, rate in sorted(self.rates.items()))
            lines.append(f"Your own rates: {worth}.")
        for field in self.__struct_fields__:
            value = getattr(self, field)
            if field in ("currency", "rates", "bounds") or value == getattr(plain, field):
                continue
            if isinstance(value, dict):
                value = ", ".join(f"{name} {amount:g}" for name, amount in sorted(value.items()))
            elif isinstance(value, tuple):
                value = ", ".join(value)
            elif isinstance(value, bool):
                value = "yes" if value else "no"
            elif field in SHARES:
                value = f"{value:.0%} {SHARES[field]}".rstrip()
            elif isinstance(value, float):
                value = f"{value:,.10g}"
            lines.append(f"{field.replace('_', ' ').capitalize()}: {value}.")
        return [*lines, *(f"{str(bound).capitalize()}." for bound in self.bounds)]

    def worth(self) -> float | None:
        """What one unit of the goal is worth to the brand, None where the brief does not say."""
        if self.goal == "engagements":
            return self.value_per_engagement
        return None if self.value_per_thousand_views is None else self.value_per_thousand_views / 1000


def read_campaign_brief(path: str | os.PathLike[str]) -> tuple[Brief, Terms]:
    """A brief file as the brief and its `[campaign]` table; what the table leaves out is as in Terms.

    Raises BriefError naming the file, the field and what to write instead.
    """
    name, obj = read_object(path)
    try:
        brief = brief_from_dict(obj)
        terms = terms_from_dict(obj.get(CAMPAIGN, {}))
        if any(bound.tier is not None for bound in terms.bounds) and brief.tier_scheme is None:
            raise BriefError(
                f"campaign.bounds: a tier is named without a tier_scheme; add one of {', '.join(TIER_SCHEMES)}"
            )
    except BriefError as error:
        raise BriefError(f"{name}: {error}") from error.__cause__
    return brief, terms


def page_brief(path: str | os.PathLike[str]) -> tuple[Brief, Terms | None]:
    """A brief file and its `[campaign]` table, None where it has none. Raises BriefError."""
    brief, terms = read_campaign_brief(path)
    return brief, None if terms == Terms() else terms


def terms_from_dict(obj: Any) -> Terms:
    """A plain table as Terms. Raises BriefError."""
    if not isinstance(obj, dict):
        raise BriefError(f"campaign: found {shown(obj)}, expected a table; see docs/methods/campaign.md")
    for key in obj:
        if key not in Terms.__struct_fields__:
            names = ", ".join(Terms.__struct_fields__)
            raise BriefError(f"campaign.{key}: unknown field, expected {names}" + closest(key, Terms.__struct_fields__))
    try:
        terms = msgspec.convert(obj, Terms)
    except msgspec.ValidationError as error:
        field, expected = taken_apart(str(error))
        raise BriefError(
            f"campaign.{field}: found {shown(value_at(obj, field))}, expected {expected}; see docs/methods/campaign.md"
        ) from error
    return _checked(terms)


def _checked(terms: Terms) -> Terms:
    for bound in terms.bounds:
        named = [kind for kind in KINDS if getattr(bound, kind) is not None]
        if len(named) != 1:
            raise BriefError(
                f"campaign.bounds: found {', '.join(named) or 'none'}, expected exactly one of {', '.join(KINDS)} each"
            )
        if bound.at_most is not None and bound.at_least > bound.at_most:
            raise BriefError(f"campaign.bounds: {bound}: more are asked for than allowed; swap them")
    most = terms.creators_at_most
    if most is not None and terms.creators_at_least > most:
        raise BriefError(
            f"campaign.creators_at_least: found {terms.creators_at_least}, above creators_at_most {most}; swap them"
        )
    if both := set(terms.must_have) & set(terms.excluded):
        raise BriefError(
            f"campaign.must_have: {', '.join(sorted(both))} stand in excluded as well; take them out of one"
        )
    folded = {code.strip().upper(): rate for code, rate in terms.rates.items()}
    bounds = tuple(
        msgspec.structs.replace(b, **{b.kind: CODES[b.kind](b.value) or b.value.casefold()}) if b.kind in CODES else b
        for b in terms.bounds
    )
    return msgspec.structs.replace(terms, currency=terms.currency.upper(), rates=folded, bounds=bounds)
