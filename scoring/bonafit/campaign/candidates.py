"""Results of scoring as a campaign sees them: what a post of each creator is foreseen to bring, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from bonafit.campaign.terms import Goal, Terms
from bonafit.records import Brief
from bonafit.results import Component, CreatorScore
from bonafit.tiers import custom_scheme, tier_of

COUNTS = ("likes", "comments", "views")
# Hidden comments are a few for a hundred likes: engagements then are likes alone, and it is said.
ENGAGEMENTS = ("likes", "comments")
# Features of the engagement head that say how far a channel bears the likes out.
AGAINST_LIKES = "_against_likes"
NO_PRICE = "no price given"
# Flags of a standing tie to a competitor, of an ad within the time that the brief keeps apart, of one without a date.
COMPETITOR_TIES = tuple(f"commercial:competitor_{state}:" for state in ("ambassador", "in_window", "undated"))


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A count of one post: its middle, half of all outcomes lie above it, and its 90 % interval."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Estimate:
        """The estimate of a multiple."""
        return Estimate(value=self.value * factor, low=self.low * factor, high=self.high * factor)


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One creator who could be booked.

    price       : of one post in the campaign's currency; None with the reason in `price_from`.
    price_from  : where the price comes from, or why there is none.
    engagements, views : foreseen of one post; None where nothing is.
    counted     : what engagements are made of.
    genuine, fit : probabilities that the signals are a genuine account's and that the pair is a real one; None where
                  the head gave no value, and then nothing is worth anything (`worth`).
    borne_out   : share in (0, 1] of the likes that the creator's comments and views bear out, as the engagement head
                  credits them.
    tier        : label under the brief's scheme. review : why a person has to look before booking; else empty.
    competitors : competitors of the brief to whom the creator has a tie that asks for a person; empty without one.
    """

    creator_id: str
    label: str
    platform: str | None
    country: str | None
    language: str | None
    category: str | None
    tier: str | None
    followers: int | None
    verdict: str
    score: float | None
    price: float | None
    price_from: str
    engagements: Estimate | None
    views: Estimate | None
    counted: tuple[str, ...]
    genuine: float | None
    fit: float | None
    borne_out: float = 1.0
    review: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()

    @property
    def weight(self) -> float | None:
        """Share of what a post brings that is expected to be genuine and on niche; None where a part is unknown."""
        return None if self.genuine is None or self.fit is None else self.genuine * self.fit * self.borne_out

    def goal(self, goal: Goal) -> Estimate | None:
        """What one post is foreseen to bring of the goal."""
        return self.engagements if goal == "engagements" else self.views

    def worth(self, goal: Goal) -> float | None:
        """Expected genuine, on-niche part of what one post brings."""
        brought, weight = self.goal(goal), self.weight
        return None if brought is None or weight is None else brought.value * weight

    def is_named(self, names: Sequence[str] | frozenset[str] | set[str]) -> bool:
        """Whether a list of ids or handles holds this creator."""
        return self.creator_id in names or self.label in names


def candidates(results: Sequence[CreatorScore], brief: Brief, terms: Terms) -> list[Candidate]:
    """Every result as a candidate, in order; nobody is left out here."""
    return [_candidate(result, brief, terms) for result in results]


def _candidate(result: CreatorScore, brief: Brief, terms: Terms) -> Candidate:
    profile = result.profile
    price, price_from = converted(profile.price, profile.currency, terms)
    engagements, counted = _engagements(result.engagement_quality)
    return Candidate(
        creator_id=result.creator_id,
        label=result.label,
        platform=profile.platform,
        country=profile.country,
        language=profile.language,
        category=profile.category,
        tier=tier_label(profile.followers, brief),
        followers=profile.followers,
        verdict=result.verdict,
        review=result.verdict_reasons if result.verdict == "review" else (),
        competitors=tuple(dict.fromkeys(f.split(":", 2)[2] for f in result.flags if f.startswith(COMPETITOR_TIES))),
        score=result.score,
        price=price,
        price_from=price_from,
        engagements=engagements,
        views=next_post(result.engagement_quality).get("views"),
        counted=counted,
        genuine=result.authenticity.value,
        fit=result.niche_fit.value,
        borne_out=borne_out(result.engagement_quality),
    )


def tier_label(followers: int | None, brief: Brief) -> str | None:
    """Label of a follower count under the brief's scheme; None without one."""
    if followers is None or brief.tier_scheme is None:
        return None
    if brief.tier_scheme == "custom":
        return tier_of(followers, custom_scheme(brief.min_followers, brief.max_followers))
    return tier_of(followers, brief.tier_scheme)


def converted(price: float | None, currency: str | None, terms: Terms) -> tuple[float | None, str]:
    """A price in the campaign's currency with where it comes from, or None with the reason."""
    if price is None:
        return None, NO_PRICE
    if currency is None:
        return None, f"{price:,.0f} without a currency; name it in the column currency"
    code = currency.strip().upper()
    if code == terms.currency:
        return price, f"{price:,.2f} {code} as given"
    rate = terms.rates.get(code)
    if rate is None:
        return None, f"{price:,.0f} {code} and no rate for it; add {code} to [campaign.rates]"
    return price * rate, f"{price:,.2f} {code} x {rate:g} {terms.currency}, the rate in the brief"


def why_no_price(price_from: str) -> str:
    """In a few words why a candidate has no price, and what would help; from `Candidate.price_from`."""
    if price_from == NO_PRICE:
        return NO_PRICE
    if "without a currency" in price_from:
        return "a price without a currency, which a column currency would name"
    return "a price in a currency without a rate in the brief"


def next_post(part: Component) -> Mapping[str, Estimate]:
    """Likes, comments and views foreseen of the next post, as far as the head said them of somebody it could judge."""
    if part.value is None:
        return {}
    foreseen = part.detail.get("next_post") or {}
    return {
        name: Estimate(
            value=foreseen[name]["value"], low=foreseen[name]["interval"][0], high=foreseen[name]["interval"][1]
        )
        for name in COUNTS
        if name in foreseen
    }


def borne_out(part: Component) -> float:
    """Share in (0, 1] of the likes that comments and views bear out; bought likes have neither behind them."""
    effects = [reason.effect for reason in part.reasons if reason.feature.endswith(AGAINST_LIKES)]
    return math.exp(min(0.0, math.fsum(effects)))


def _engagements(part: Component) -> tuple[Estimate | None, tuple[str, ...]]:
    """Likes and comments of the next post together; bounds add up, as if both were low or high at once."""
    foreseen = next_post(part)
    if "likes" not in foreseen:
        return None, ()
    counted = tuple(name for name in ENGAGEMENTS if name in foreseen)
    together = {side: sum(getattr(foreseen[name], side) for name in counted) for side in ("value", "low", "high")}
    return Estimate(**together), counted
