"""A simulated client over two years: campaigns are chosen, promised, run and learnt from, month by month.

A pool of creators answers to one client as it does not to others: counts on a platform lie above or below what is
foreseen, some creators do so for good, and fits pay more steeply than the scores say. Everybody who chooses sees the
same candidates, prices and forecasts; outcomes are drawn once for each campaign and creator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from bonafit.campaign.candidates import Candidate, Estimate
from bonafit.campaign.client import SCHEMA, Client
from bonafit.campaign.forecast import Planned
from bonafit.campaign.portfolio import build
from bonafit.campaign.solver import Program
from bonafit.campaign.telling import LARGE_GAP
from bonafit.campaign.terms import Terms
from bonafit_training.campaign.learn import LEAST_CAMPAIGNS, fitted
from bonafit_training.campaign.measured import Campaign, Case

# No public set's: errors are normal here, as they are where none is known (bonafit.campaign.shapes).
PLATFORMS = ("simulated a", "simulated b", "simulated c")
POOL, CANDIDATES, BUDGET = 600, 120, 6_000.0
# Deviations of log counts: of what is foreseen around a creator's own, of a client's platform, of a creator with this
# client for good, of one post.
FORESEEN, OF_PLATFORM, OF_CREATOR, OF_POST = 0.35, 0.5, 0.5, 0.5
# Log odds that a booking pays = PAYS[0] + PAYS[1] * log odds of the fit.
PAYS = (-0.8, 1.8)
TERMS = Terms(budget=BUDGET, creators_at_most=12, max_share=0.25, same_group_overlap=0.0)
NOBODY = Client(schema=SCHEMA, brand="simulated", forecasts=())


@dataclass(frozen=True)
class World:
    """The pool, (POOL,) each. likes : log of what a post gets with this client. pays : share of bookings that pay."""

    platform: np.ndarray
    followers: np.ndarray
    usual: np.ndarray
    likes: np.ndarray
    fit: np.ndarray
    pays: np.ndarray
    price: np.ndarray


@dataclass
class Policy:
    """Who chooses, and the regret of each campaign: share of the best list's worth that the chosen one falls short."""

    name: str
    choose: Callable[[Sequence[Candidate], Client, np.random.Generator], list[str]]
    learns: bool = False
    regret: list[float] = field(default_factory=list)
    measured: list[Campaign] = field(default_factory=list)


def world(rng: np.random.Generator) -> World:
    """A pool of creators."""
    platform = rng.integers(0, len(PLATFORMS), POOL)
    followers = np.exp(rng.normal(9.5, 0.9, POOL))
    usual = np.log(followers) + rng.normal(-3.6, 0.6, POOL)
    likes = usual + rng.normal(0, OF_PLATFORM, len(PLATFORMS))[platform] + rng.normal(0, OF_CREATOR, POOL)
    odds = rng.normal(0.6, 1.2, POOL)
    pays = 1 / (1 + np.exp(-(PAYS[0] + PAYS[1] * odds)))
    # prices go by followers and by what is usual, not by what this client gets
    price = 8 * np.exp(0.55 * np.log(followers) + 0.25 * usual - 3.5 + rng.normal(0, 0.35, POOL))
    return World(platform, followers, usual, likes, 1 / (1 + np.exp(-odds)), pays, price)


def candidates_of(of: World, pool: np.ndarray, usual: np.ndarray) -> list[Candidate]:
    """Candidates of one campaign as scored. seen : (POOL,) log likes foreseen of a post."""
    half = 1.645 * math.sqrt(FORESEEN**2 + OF_POST**2)
    out = []
    for i in pool.tolist():
        likes = float(np.exp(usual[i]))
        estimate = Estimate(value=likes, low=likes * math.exp(-half), high=likes * math.exp(half))
        out.append(
            Candidate(
                creator_id=f"c{i}", label=f"c{i}", platform=PLATFORMS[of.platform[i]], country=None, language=None,
                category=None, tier=None, followers=int(of.followers[i]), verdict="shortlist", score=float(of.fit[i]),
                price=float(of.price[i]), price_from="simulated", engagements=estimate, views=None, counted=("likes",),
                genuine=1.0, fit=float(of.fit[i]),
            )
        )  # fmt: skip
    return out


def by_portfolio(people: Sequence[Candidate], client: Client, _: np.random.Generator) -> list[str]:
    """The best list by what is foreseen, as the client's campaigns correct it."""
    figures = []
    for person in people:
        estimate = person.engagements
        if estimate is not None:
            counts = client.foreseen(person.creator_id, person.platform, {"likes": estimate})
            figures.append(msgspec.structs.replace(person, engagements=counts["likes"], fit=client.pays(person.fit)))
    solution = Program(build(figures, TERMS, {})[0]).solve(gap=LARGE_GAP, seconds=5.0)
    posts = np.zeros(0) if solution is None else solution.posts
    return [person.creator_id for person, n in zip(figures, posts.tolist(), strict=False) if n]


def by_order(key: Callable[[Candidate], float]) -> Callable[..., list[str]]:
    """Whoever stands highest first, as long as money and the size of the list allow."""

    def choose_by(people: Sequence[Candidate], _: Client, __: np.random.Generator) -> list[str]:
        return _booked(sorted(people, key=key, reverse=True))

    return choose_by


def at_random(people: Sequence[Candidate], _: Client, rng: np.random.Generator) -> list[str]:
    """In an order drawn by lot."""
    return _booked([people[i] for i in rng.permutation(len(people)).tolist()])


def _booked(people: Sequence[Candidate]) -> list[str]:
    left, names = BUDGET, list[str]()
    for person in people:
        price = person.price or 0.0
        if price <= left and price <= (TERMS.max_share or 1.0) * BUDGET and len(names) < (TERMS.creators_at_most or 0):
            left -= price
            names.append(person.creator_id)
    return names


def _rate(person: Candidate) -> float:
    return (person.engagements.value if person.engagements is not None else 0.0) / (person.followers or 1)


def policies() -> list[Policy]:
    """Everybody who chooses."""
    return [
        Policy("bonafit", by_portfolio, learns=True),
        Policy("bonafit_without_learning", by_portfolio),
        Policy("most_followers", by_order(lambda person: float(person.followers or 0))),
        Policy("highest_rate", by_order(_rate)),
        Policy("random", at_random),
    ]


def two_years(campaigns: int, *, seed: int) -> list[Policy]:
    """Policies with the regret of each campaign in order.

    The best list is chosen by true means, which nobody sees. Campaigns are learnt from in the month after they ran.
    """
    rng = np.random.default_rng(seed)
    of = world(rng)
    everybody = policies()
    clients = {policy.name: NOBODY for policy in everybody}
    in_month = max(1, round(campaigns / 24))
    for k in range(campaigns):
        pool = rng.choice(POOL, CANDIDATES, replace=False)
        usual = of.usual + rng.normal(0, FORESEEN, POOL)
        got = np.exp(of.likes + rng.normal(0, OF_POST, POOL))
        paid = rng.random(POOL) < of.pays
        people = candidates_of(of, pool, usual)
        true = np.exp(of.likes + OF_POST**2 / 2) * of.pays
        best = _worth(by_portfolio(_as_they_are(people, of), NOBODY, rng), true)
        for policy in everybody:
            names = policy.choose(people, clients[policy.name], rng)
            policy.regret.append(1 - _worth(names, true) / best)
            policy.measured.append(_measured(k, [p for p in people if p.creator_id in set(names)], got, paid))
            if policy.learns and (k + 1) % in_month == 0 and len(policy.measured) >= LEAST_CAMPAIGNS:
                clients[policy.name] = fitted(policy.measured)
    return everybody


def _as_they_are(people: Sequence[Candidate], of: World) -> list[Candidate]:
    out = []
    for person in people:
        i = int(person.creator_id[1:])
        likes = float(np.exp(of.likes[i]))
        true = Estimate(value=likes, low=likes / 2, high=likes * 2)
        out.append(msgspec.structs.replace(person, engagements=true, fit=float(of.pays[i])))
    return out


def _worth(names: Sequence[str], true: np.ndarray) -> float:
    return math.fsum(float(true[int(name[1:])]) for name in names)


def _measured(k: int, booked: Sequence[Candidate], got: np.ndarray, paid: np.ndarray) -> Campaign:
    cases = []
    for person in booked:
        i = int(person.creator_id[1:])
        if person.engagements is not None:
            plan = Planned(
                creator_id=person.creator_id, label=person.label, platform=person.platform, posts=1,
                counts={"likes": person.engagements}, fit=person.fit,
            )  # fmt: skip
            cases.append(Case(plan, {"likes": (float(round(got[i])),)}, bool(paid[i])))
    return Campaign(f"campaign {k}", "simulated", tuple(cases))
