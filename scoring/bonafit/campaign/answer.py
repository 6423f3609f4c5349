"""A chosen list and all that is said of it, as records."""

from __future__ import annotations

import os
from typing import Annotated

import msgspec

from bonafit.errors import InputError
from bonafit.io.side_files import MAX_AMOUNT, read_document
from bonafit.io.streams import named

# How messages call a file that holds one.
PORTFOLIO = "portfolio as `bonafit portfolio --out` writes it"


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """One creator of the list.

    cost   : for all posts: the fee with what is agreed beside it (`usage_rights`, `exclusivity`).
    brings : expected genuine, on-niche people, alone. adds : beyond what the others bring.
    worth_up_to : cost at which the same money would bring as much elsewhere, read off the frontier.
    review : why a person has to look before booking. competitors : to whom the creator has a tie.
    """

    creator_id: str
    label: str
    platform: str | None
    country: str | None
    language: str | None
    tier: str | None
    verdict: str
    posts: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    cost: Annotated[float, msgspec.Meta(ge=0, le=MAX_AMOUNT)]
    fee: float
    usage_rights: float
    exclusivity: float
    price_from: str
    brings: float
    adds: float
    worth_up_to: float | None
    review: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()

    @property
    def is_estimated(self) -> bool:
        """Whether the price was not asked for but taken from creators of like size."""
        return self.price_from.startswith("estimated")


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is not on the list. enters_at : cost of a post at which that post is worth the money."""

    creator_id: str
    label: str
    platform: str | None
    cost: float
    adds: float
    enters_at: float | None


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A budget and what it brings; is_bound : no list brings more, found without choosing whole posts."""

    budget: float
    brings: float
    creators: int | None
    is_bound: bool


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What one constraint costs: how much more the list would bring without it."""

    name: str
    costs: float
    is_bound: bool


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen list and all that is said of it; amounts in `currency`.

    goal      : engagements or views; outcomes are the expected part of them that is genuine and on niche, each person
                once as far as overlaps say.
    brings    : of the list, and at_most where overlaps are given (Hunter's bound).
    bound     : no list brings more than this. gap : share of `brings` that lies between the two. proven : whether that
                is a thousandth at most.
    assumptions : what was taken for granted, in words: overlaps, repeated posts, what a cost holds.
    left_out  : labels of candidates that could not be chosen, by reason, the commonest first.
    """

    currency: str
    budget: float
    goal: str
    spent: float
    brings: float
    at_most: float
    bound: float
    gap: float
    proven: bool
    assumptions: tuple[str, ...]
    booked: tuple[Booked, ...]
    next_in_line: tuple[Next, ...]
    frontier: tuple[Point, ...]
    wishes: tuple[Wish, ...]
    left_out: dict[str, list[str]]
    worth_of_money: float

    @property
    def near(self) -> str:
        """How far the list may be from the best one, in words."""
        if self.gap < 5e-5:
            return "the best list there is"
        share = f"{self.gap:.2%}" if self.gap < 0.01 else f"{self.gap:.0%}"
        if self.proven:
            return f"the best list there is, to within {share}"
        return f"no list brings more than {self.bound:,.0f}, {share} above this one; a better list may exist"


class Infeasible(msgspec.Struct, frozen=True, kw_only=True):
    """That no list holds every constraint, and which of them clash: dropping any one of these would do."""

    clash: tuple[str, ...]
    candidates: int
    left_out: dict[str, list[str]]


def read_portfolio(path: str | os.PathLike[str]) -> Portfolio:
    """The list that `bonafit portfolio --out` wrote. Raises InputError for another file, for a clash, for nobody."""
    if "clash" in read_document(path, dict, PORTFOLIO):
        clash = read_document(path, Infeasible, PORTFOLIO).clash
        raise InputError(
            f"{named(path)}: holds no list, since these wishes clash: {'; '.join(clash)}; drop one of them"
        )
    answer = read_document(path, Portfolio, PORTFOLIO)
    if not answer.booked:
        raise InputError(f"{named(path)}: books nobody; expected a list of at least one creator")
    return answer
