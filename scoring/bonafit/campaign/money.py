"""What a creator costs for what their next post is foreseen to bring, and what could be offered.

No price is made up: a cost needs a price that was given and a rate for its currency, an offer needs a worth that the
brief states or that other creators of the file show, and each line says from what it was made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from bonafit.campaign.candidates import NO_PRICE, Candidate, Estimate
from bonafit.campaign.terms import Goal, Terms

# Creators with half to twice the followers are of like size.
LIKE_SIZE = math.log(2)
# Priced creators of like size below which no comparison is made; on the same platform first, then on any.
LEAST_PEERS = 5


class Peers(msgspec.Struct, frozen=True, kw_only=True):
    """Cost of creators of like size: their median, how many there are, and where."""

    median: float
    n: int
    of: str


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Price for one unit: an engagement, or a thousand views.

    value, low, high : at the middle of what is foreseen and at the ends of its 90 % interval; low is the best case.
    peers   : the same of creators of like size in the file. times_peers : value over their median.
    ceiling : the brief's. against : `under` where the whole interval is, `over` likewise, else `open`.
    """

    unit: str
    value: float
    low: float
    high: float
    peers: Peers | None = None
    times_peers: float | None = None
    ceiling: float | None = None
    against: str | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What could be offered for one post: the low end and the middle of what counts as genuine and on niche.

    worth_of_one : of one unit of the goal. source : where that comes from.
    asked : where the price that was given lies: `below` the opening, `within`, `above`; None without one.
    """

    opening: float
    at_most: float
    worth_of_one: float
    source: str
    asked: str | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an offer: the fee, or what is agreed beside it; amount None where nothing is agreed."""

    what: str
    amount: float | None
    source: str


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one creator's price, in the campaign's currency, for one post.

    genuine, fit : probabilities of the scores. weight : share of what is foreseen that counts as genuine and
    on niche (`Candidate.weight`); a cost over it is the price of that part.
    """

    creator_id: str
    label: str
    platform: str | None
    followers: int | None
    verdict: str
    currency: str
    price: float | None
    price_from: str
    engagements: Estimate | None
    counted: tuple[str, ...]
    views: Estimate | None
    genuine: float | None = None
    fit: float | None = None
    weight: float | None = None
    costs: tuple[Cost, ...] = ()
    offer: Offer | None = None
    no_offer: str | None = None
    lines: tuple[Line, ...] = ()


UNITS: tuple[tuple[str, Goal, float], ...] = (("engagement", "engagements", 1.0), ("thousand views", "views", 1000.0))


class Market:
    """Prices of a file, to compare one creator with those of like size; built once, asked once a creator."""

    def __init__(self, people: Sequence[Candidate]) -> None:
        self._size = np.array([math.log(one.followers) if one.followers else np.nan for one in people])
        self._platform = np.array([one.platform or "" for one in people])
        self._id = np.array([one.creator_id for one in people])
        self._price = np.array([np.nan if one.price is None else one.price for one in people])
        self._cost = {goal: self._price / np.array([_middle(one, goal) for one in people]) for _, goal, _ in UNITS}

    def cost(self, one: Candidate, goal: Goal) -> Peers | None:
        """Median price for one unit of a goal among creators of like size, the creator left out.

        Of the same platform where LEAST_PEERS are, else of any; None where they are not.
        """
        return self._peers(one, self._cost[goal])

    def price(self, one: Candidate) -> Peers | None:
        """Median price of one post among creators of like size, as `cost`."""
        return self._peers(one, self._price)

    def _peers(self, one: Candidate, figures: np.ndarray) -> Peers | None:
        if not one.followers:
            return None
        alike = np.abs(self._size - math.log(one.followers)) <= LIKE_SIZE
        alike &= ~np.isnan(figures) & (self._id != one.creator_id)
        same = alike & (self._platform == (one.platform or ""))
        for chosen, of in ((same, f"on {one.platform}"), (alike, "on any platform")):
            if (n := int(np.sum(chosen))) >= LEAST_PEERS:
                return Peers(median=float(np.median(figures[chosen])), n=n, of=of)
        return None


def _middle(one: Candidate, goal: Goal) -> float:
    brought = one.goal(goal)
    return np.nan if brought is None or brought.low <= 0 else brought.value


def money(people: Sequence[Candidate], terms: Terms) -> list[Money]:
    """Costs and offers of every candidate, in order."""
    market = Market(people)
    return [_of_one(one, market, terms) for one in people]


def _of_one(one: Candidate, market: Market, terms: Terms) -> Money:
    offer, why_not = offer_of(one, market, terms)
    costs = (cost_of(one, market, terms, unit, goal, size) for unit, goal, size in UNITS)
    return Money(
        creator_id=one.creator_id,
        label=one.label,
        platform=one.platform,
        followers=one.followers,
        verdict=one.verdict,
        currency=terms.currency,
        price=one.price,
        price_from=one.price_from,
        engagements=one.engagements,
        counted=one.counted,
        views=one.views,
        genuine=one.genuine,
        fit=one.fit,
        weight=one.weight,
        costs=tuple(cost for cost in costs if cost is not None),
        offer=offer,
        no_offer=why_not,
        lines=lines_of(one.price, one.price_from, terms),
    )


def cost_of(one: Candidate, market: Market, terms: Terms, unit: str, goal: Goal, size: float) -> Cost | None:
    """Price for `size` units of a goal; None without a price or a forecast."""
    brought = one.goal(goal)
    if one.price is None or brought is None or brought.low <= 0:
        return None
    price = one.price * size
    value, low, high = price / brought.value, price / brought.high, price / brought.low
    peers = market.cost(one, goal)
    if peers is not None:
        peers = msgspec.structs.replace(peers, median=peers.median * size)
    ceiling = terms.max_cost_per_engagement if goal == "engagements" else terms.max_cost_per_thousand_views
    against = None
    if ceiling is not None:
        against = "under" if high <= ceiling else "over" if low > ceiling else "open"
    return Cost(
        unit=unit, value=value, low=low, high=high, peers=peers,
        times_peers=value / peers.median if peers and peers.median else None, ceiling=ceiling, against=against,
    )  # fmt: skip


def offer_of(one: Candidate, market: Market, terms: Terms) -> tuple[Offer | None, str | None]:
    """An offer range for one post, or why there is none.

    What one unit of the goal is worth comes from the brief, else from its ceiling, else from the median cost of
    creators of like size in the file; `source` says which.
    """
    brought, weight = one.goal(terms.goal), one.weight
    if brought is None:
        return None, f"no {terms.goal} foreseen"
    if weight is None:
        return None, "not judged, so nothing says how much of it is genuine and on niche"
    brought = brought.times(weight)
    unit = "engagement" if terms.goal == "engagements" else "view"
    if (stated := terms.worth()) is not None:
        worth, source = stated, f"what one {unit} is worth in the brief"
    elif (ceiling := terms.ceiling()) is not None:
        worth, source = ceiling, f"the brief's ceiling for one {unit}"
    elif (peers := market.cost(one, terms.goal)) is not None:
        worth, source = peers.median, f"what {peers.n} creators of like size {peers.of} ask for one {unit}"
    else:
        return None, (
            f"neither the brief says what one {unit} is worth nor do {LEAST_PEERS} creators of like size have a price"
        )
    opening, at_most = brought.low * worth, brought.value * worth
    asked = None
    if one.price is not None:
        asked = "below" if one.price < opening else "within" if one.price <= at_most else "above"
    return Offer(opening=opening, at_most=at_most, worth_of_one=worth, source=source, asked=asked), None


def lines_of(fee: float | None, source: str, terms: Terms) -> tuple[Line, ...]:
    """The fee, usage rights and exclusivity, each a line of its own."""
    lines = [Line(what="fee for one post", amount=fee, source=source)]
    for what, share in (("usage rights", terms.usage_rights), ("exclusivity", terms.exclusivity)):
        if share is None:
            lines.append(Line(what=what, amount=None, source="not agreed in the brief"))
        else:
            amount = None if fee is None else fee * share
            lines.append(Line(what=what, amount=amount, source=f"{share:.0%} of the fee, as the brief says"))
    return tuple(lines)


def with_estimated_prices(people: Sequence[Candidate]) -> list[Candidate]:
    """Candidates whose missing prices are the median of priced creators of like size, said in `price_from`.

    Only where no price was given at all: one in a currency without a rate stays out. Who has no such peers stays as is.
    """
    market = Market(people)
    return [_estimated(one, market) for one in people]


def _estimated(one: Candidate, market: Market) -> Candidate:
    if one.price is not None or one.price_from != NO_PRICE or (peers := market.price(one)) is None:
        return one
    source = f"estimated: median of {peers.n} creators of like size {peers.of}, not asked for"
    return msgspec.structs.replace(one, price=peers.median, price_from=source)
