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
        self._size = np.array([math.log(person.followers) if person.followers else np.nan for person in people])
        self._platform = np.array([person.platform or "" for person in people])
        self._id = np.array([person.creator_id for person in people])
        self._price = np.array([np.nan if person.price is None else person.price for person in people])
        self._cost = {
            goal: self._price / np.array([_middle(person, goal) for person in people]) for _, goal, _ in UNITS
        }

    def cost(self, person: Candidate, goal: Goal) -> Peers | None:
        """Median price for one unit of a goal among creators of like size, the creator left out.

        Of the same platform where LEAST_PEERS are, else of any; None where they are not.
        """
        return self._peers(person, self._cost[goal])

    def price(self, person: Candidate) -> Peers | None:
        """Median price of one post among creators of like size, as `cost`."""
        return self._peers(person, self._price)

    def _peers(self, person: Candidate, figures: np.ndarray) -> Peers | None:
        if not person.followers:
            return None
        alike = np.abs(self._size - math.log(person.followers)) <= LIKE_SIZE
        alike &= ~np.isnan(figures) & (self._id != person.creator_id)
        same = alike & (self._platform == (person.platform or ""))
        for members, of in ((same, f"on {person.platform}"), (alike, "on any platform")):
            if (n := int(np.sum(members))) >= LEAST_PEERS:
                return Peers(median=float(np.median(figures[members])), n=n, of=of)
        return None


def _middle(person: Candidate, goal: Goal) -> float:
    brought = person.goal(goal)
    return np.nan if brought is None or brought.low <= 0 else brought.value


def money(people: Sequence[Candidate], terms: Terms) -> list[Money]:
    """Costs and offers of every candidate, in order."""
    market = Market(people)
    return [_of_one(person, market, terms) for person in people]


def _of_one(person: Candidate, market: Market, terms: Terms) -> Money:
    offer, why_not = offer_of(person, market, terms)
    costs = (cost_of(person, market, terms, unit, goal, size) for unit, goal, size in UNITS)
    return Money(
        creator_id=person.creator_id,
        label=person.label,
        platform=person.platform,
        followers=person.followers,
        verdict=person.verdict,
        currency=terms.currency,
        price=person.price,
        price_from=person.price_from,
        engagements=person.engagements,
        counted=person.counted,
        views=person.views,
        genuine=person.genuine,
        fit=person.fit,
        weight=person.weight,
        costs=tuple(cost for cost in costs if cost is not None),
        offer=offer,
        no_offer=why_not,
        lines=lines_of(person.price, person.price_from, terms),
    )


def cost_of(person: Candidate, market: Market, terms: Terms, unit: str, goal: Goal, size: float) -> Cost | None:
    """Price for `size` units of a goal; None without a price or a forecast."""
    brought = person.goal(goal)
    if person.price is None or brought is None or brought.low <= 0:
        return None
    price = person.price * size
    value, low, high = price / brought.value, price / brought.high, price / brought.low
    peers = market.cost(person, goal)
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


def offer_of(person: Candidate, market: Market, terms: Terms) -> tuple[Offer | None, str | None]:
    """An offer range for one post, or why there is none.

    What one unit of the goal is worth comes from the brief, else from its ceiling, else from the median cost of
    creators of like size in the file; `source` says which.
    """
    brought, weight = person.goal(terms.goal), person.weight
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
    elif (peers := market.cost(person, terms.goal)) is not None:
        worth, source = peers.median, f"what {peers.n} creators of like size {peers.of} ask for one {unit}"
    else:
        return None, (
            f"neither the brief says what one {unit} is worth nor do {LEAST_PEERS} creators of like size have a price"
        )
    opening, at_most = brought.low * worth, brought.value * worth
    place = None
    if person.price is not None:
        place = "below" if person.price < opening else "within" if person.price <= at_most else "above"
    return Offer(opening=opening, at_most=at_most, worth_of_one=worth, source=source, asked=place), None


def lines_of(fee: float | None, source: str, terms: Terms) -> tuple[Line, ...]:
    """The fee, usage rights and exclusivity, each a line of its own."""
    lines = [Line(what="fee for one post", amount=fee, source=source)]
    for right, share in (("usage rights", terms.usage_rights), ("exclusivity", terms.exclusivity)):
        if share is None:
            lines.append(Line(what=right, amount=None, source="not agreed in the brief"))
        else:
            amount = None if fee is None else fee * share
            lines.append(Line(what=right, amount=amount, source=f"{share:.0%} of the fee, as the brief says"))
    return tuple(lines)


def with_estimated_prices(people: Sequence[Candidate]) -> list[Candidate]:
    """Candidates whose missing prices are the median of priced creators of like size, said in `price_from`.

    Only where no price was given at all: one in a currency without a rate stays out. Who has no such peers stays as is.
    """
    market = Market(people)
    return [_estimated(person, market) for person in people]


def _estimated(person: Candidate, market: Market) -> Candidate:
    if person.price is not None or person.price_from != NO_PRICE or (peers := market.price(person)) is None:
        return person
    source = f"estimated: median of {peers.n} creators of like size {peers.of}, not asked for"
    return msgspec.structs.replace(person, price=peers.median, price_from=source)
