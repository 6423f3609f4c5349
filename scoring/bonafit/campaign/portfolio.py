"""Whom to book for a budget: the list that brings most genuine, on-niche people, and what every wish costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
import numpy as np

from bonafit.campaign.candidates import Candidate
from bonafit.campaign.overlap import groups_of, pairs_of
from bonafit.campaign.problem import Problem, Rule, counting, spending
from bonafit.campaign.search import search
from bonafit.campaign.solver import Program, Solution, clash
from bonafit.campaign.terms import Terms
from bonafit.errors import BriefError, InputError
from bonafit.io.side_files import MAX_AMOUNT
from bonafit.tables.arrays import IntArray

# Verdicts that are booked unless the brief must have somebody.
BOOKABLE = ("shortlist", "review")
# Budgets of the frontier, in multiples of the one asked for.
FRONTIER = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0)
NEXT = 5
# Candidates up to which every list is exact; of more, answers beside the list itself are bounds from the relaxation.
EXACT = 400
# Given pairs beyond which a list is searched for rather than proven.
MOST_PAIRS = 3_000
GAP, LARGE_GAP = 1e-5, 1e-3

# How messages call a file that holds one.
PORTFOLIO = "portfolio as `bonafit portfolio --out` writes it"

Given = Mapping[tuple[str, str], tuple[float | None, float | None]]


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """One creator of the list.

    cost   : for all posts: the fee with what is agreed beside it (`usage_rights`, `exclusivity`).
    brings : expected genuine, on-niche people, alone. adds : beyond what the others bring.
    worth_up_to : cost at which the same money would bring as much elsewhere, read off the frontier.
    review : why a person has to look before booking.
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
    bound     : no list brings more than this. proven : whether the list is the best within a thousandth.
    assumptions : what was taken for granted, in words: overlaps, repeated posts, what a cost holds.
    left_out  : candidates that could not be chosen, by reason.
    """

    currency: str
    budget: float
    goal: str
    spent: float
    brings: float
    at_most: float
    bound: float
    proven: bool
    assumptions: tuple[str, ...]
    booked: tuple[Booked, ...]
    next_in_line: tuple[Next, ...]
    frontier: tuple[Point, ...]
    wishes: tuple[Wish, ...]
    left_out: dict[str, int]
    worth_of_money: float


class Infeasible(msgspec.Struct, frozen=True, kw_only=True):
    """That no list holds every constraint, and which of them clash: dropping any one of these would do."""

    clash: tuple[str, ...]
    candidates: int
    left_out: dict[str, int]


def choose(
    people: Sequence[Candidate], terms: Terms, *, given: Given | None = None, seconds: float = 8.0
) -> Portfolio | Infeasible:
    """The best list under a budget, or what clashes.

    given : overlaps by pairs of ids (bonafit.campaign.overlap.read_overlaps). seconds : after which the list so far is
    given with its bound.
    Raises BriefError without a budget or for a must-have who is unknown or has no price, InputError without scipy or
    where nobody can be chosen or no post fits its share of the budget.
    """
    if terms.budget is None:
        raise BriefError("campaign.budget: is missing; name one in the brief or with --budget")
    usable, left_out = _usable(people, terms)
    if not usable:
        why = "; ".join(
            f"{n:,} {reason}" for reason, n in sorted(left_out.items(), key=lambda item: (-item[1], item[0]))
        )
        raise InputError(f"none of {len(people):,} creators can be chosen: {why or 'there are none'}")
    problem, assumptions = build(usable, terms, given or {})
    if not problem.most.any():
        share = terms.max_share or 1.0
        raise InputError(
            f"no post of {len(usable):,} creators fits: the cheapest costs {float(problem.price.min()):,.2f} "
            f"{terms.currency}, and one creator may take {share * terms.budget:,.2f}; raise the budget or max_share"
        )
    if len(problem.pairs) > MOST_PAIRS:
        found = search(problem)
        program = Program(without_pairs(problem))
        bound = program.solve(whole=False)
        solution = None if found is None or bound is None else Solution(found, problem.outcome(found), bound.bound)
    else:
        program = Program(problem)
        solution = program.solve(gap=GAP if len(usable) <= EXACT else LARGE_GAP, seconds=seconds)
    if solution is None:
        return Infeasible(clash=tuple(clash(problem)), candidates=len(usable), left_out=left_out)
    return _told(problem, program, solution, usable, terms, assumptions, left_out)


def without_pairs(problem: Problem) -> Problem:
    """The same problem without pairs: no list brings more than its best."""
    return Problem(problem.gain, problem.price, problem.most, problem.budget, problem.repeat, problem.rules)


def _usable(people: Sequence[Candidate], terms: Terms) -> tuple[list[Candidate], dict[str, int]]:
    """Candidates who can be chosen, and how many cannot, by reason."""
    wanted = set(terms.must_have)
    known = {one.creator_id for one in people} | {one.label for one in people}
    if missing := sorted(wanted - known):
        raise BriefError(
            f"campaign.must_have: {', '.join(missing)} stand in no row of the scores; check ids and handles"
        )
    usable, left_out = [], dict[str, int]()
    for one in people:
        is_wanted, why = one.is_named(wanted), None
        if one.is_named(set(terms.excluded)):
            why = "excluded by the brief"
        elif one.verdict not in BOOKABLE and (one.verdict == "never" or not is_wanted):
            why = f"verdict {one.verdict.replace('_', ' ')}"
        elif one.price is None:
            why = one.price_from if one.price_from == "no price given" else "a price without a usable currency"
        elif not is_wanted and not one.worth(terms.goal):
            why = f"no {terms.goal} foreseen"
        elif not is_wanted and _too_dear(one, terms):
            why = "over the brief's ceiling even at the high end of what is foreseen"
        if why is None:
            usable.append(one)
        elif is_wanted:
            raise BriefError(
                f"campaign.must_have: {one.label} cannot be booked ({why}); give what is missing or take the name out"
            )
        else:
            left_out[why] = left_out.get(why, 0) + 1
    return usable, left_out


def _too_dear(one: Candidate, terms: Terms) -> bool:
    ceiling, brought = terms.ceiling(), one.goal(terms.goal)
    return ceiling is not None and brought is not None and (one.price or 0.0) > ceiling * brought.high


def build(people: Sequence[Candidate], terms: Terms, given: Given) -> tuple[Problem, tuple[str, ...]]:
    """The problem as arrays, and in words what it takes for granted."""
    n = len(people)
    budget = terms.budget or 0.0
    gain = np.array([one.worth(terms.goal) or 0.0 for one in people])
    price = np.array([(one.price or 0.0) * terms.times_fee() for one in people])
    most = np.full(n, terms.posts, dtype=np.int64)
    if terms.max_share is not None:
        affordable = np.where(
            price > 0, np.floor(terms.max_share * budget / np.maximum(price, 1e-9) + 1e-9), terms.posts
        )
        most = np.minimum(most, affordable.astype(np.int64))
    pairs = pairs_of(people, gain, given)
    groups = groups_of(people, gain, pairs, terms.same_group_overlap)
    problem = Problem(gain, price, most, budget, terms.repeat, tuple(_rules(people, terms)), pairs, groups)
    words = []
    if len(pairs):
        words.append(f"{len(pairs):,} given pairs; pairs that are not given are taken to share nobody")
    if len(groups.people):
        words.append(
            f"assumed, not measured: two creators of one platform, language, country and category share "
            f"{terms.same_group_overlap:.0%} of their people ({len(groups.people):,} groups)"
        )
    if not words:
        words.append("no overlap: people are counted for each creator who reaches them")
    if terms.posts > 1:
        words.append(f"a creator's next post reaches {terms.repeat:.0%} of the same people again")
    if terms.times_fee() > 1:
        words.append(f"costs are the fee x {terms.times_fee():g}, with usage rights and exclusivity as the brief says")
    return problem, tuple(words)


def _rules(people: Sequence[Candidate], terms: Terms) -> list[Rule]:
    n = len(people)
    everybody = np.arange(n)
    rules = []
    if terms.creators_at_least:
        rules.append(
            counting(f"at least {terms.creators_at_least} creators", everybody, n, low=terms.creators_at_least)
        )
    if terms.creators_at_most is not None:
        rules.append(counting(f"at most {terms.creators_at_most} creators", everybody, n, high=terms.creators_at_most))
    for i, one in enumerate(people):
        if one.is_named(set(terms.must_have)):
            rules.append(counting(f"must have {one.label}", [i], n, low=1))
    for bound in terms.bounds:
        members = np.array(
            [i for i, one in enumerate(people) if getattr(one, bound.kind) == bound.value], dtype=np.int64
        )
        label = f"{bound.kind} {bound.value}"
        if bound.at_least:
            rules.append(counting(f"{label}: at least {bound.at_least}", members, n, low=bound.at_least))
        if bound.at_most is not None:
            rules.append(counting(f"{label}: at most {bound.at_most}", members, n, high=bound.at_most))
        if bound.at_most_share is not None:
            high = bound.at_most_share * (terms.budget or 0.0)
            rules.append(spending(f"{label}: at most {bound.at_most_share:.0%} of the budget", members, n, high=high))
    return rules


def _told(
    problem: Problem,
    program: Program,
    solution: Solution,
    people: Sequence[Candidate],
    terms: Terms,
    assumptions: tuple[str, ...],
    left_out: dict[str, int],
) -> Portfolio:
    posts = solution.posts
    alone = problem.brought(posts)
    exact = len(people) <= EXACT and not len(problem.pairs) > MOST_PAIRS
    frontier = _frontier(problem, program, solution, exact=exact)
    booked = []
    for i in np.flatnonzero(posts > 0).tolist():
        without = posts.copy()
        without[i] = 0
        adds = solution.value - problem.outcome(without)
        one = people[i]
        fee = float((one.price or 0.0) * posts[i])
        booked.append(
            Booked(
                creator_id=one.creator_id,
                label=one.label,
                platform=one.platform,
                country=one.country,
                language=one.language,
                tier=one.tier,
                verdict=one.verdict,
                review=one.review,
                posts=int(posts[i]),
                cost=float(problem.price[i] * posts[i]),
                fee=fee,
                usage_rights=fee * (terms.usage_rights or 0.0),
                exclusivity=fee * (terms.exclusivity or 0.0),
                price_from=one.price_from,
                brings=float(alone[i]),
                adds=adds,
                worth_up_to=_worth_up_to(frontier, problem.budget, adds),
            )
        )
    booked.sort(key=lambda b: (-b.adds, b.creator_id))
    return Portfolio(
        currency=terms.currency,
        budget=problem.budget,
        goal=terms.goal,
        spent=problem.cost(posts),
        brings=solution.value,
        at_most=problem.at_most(posts) if len(problem.pairs) else solution.value,
        bound=solution.bound,
        proven=solution.proven(1e-3),
        assumptions=assumptions,
        booked=tuple(booked),
        next_in_line=_next(problem, posts, frontier, people),
        frontier=frontier,
        wishes=_wishes(problem, program, solution, exact=exact),
        left_out=left_out,
        worth_of_money=program.worth_of_money(),
    )


def _worth_up_to(frontier: Sequence[Point], budget: float, adds: float) -> float | None:
    """Money whose absence from the budget would cost as much as somebody adds, between points of the frontier.

    None where even the smallest budget that can be met brings more than what is left without them.
    """
    below = [(point.brings, point.budget) for point in frontier if point.budget <= budget]
    brings, budgets = np.array(sorted(below)).T
    left = float(brings[-1]) - adds
    if left < brings[0]:
        return None
    return budget - float(np.interp(left, brings, budgets))


def _next(
    problem: Problem, posts: IntArray, frontier: Sequence[Point], people: Sequence[Candidate]
) -> tuple[Next, ...]:
    """Who comes in should somebody drop out: by what one post adds for its cost to the list without its weakest.

    Only whom no cap or share keeps out then.
    """
    listed = np.flatnonzero(posts > 0)
    base = posts.copy()
    if len(listed):
        alone = problem.brought(posts)[listed] / np.maximum((problem.price * posts)[listed], 1e-9)
        base[listed[int(np.argmin(alone))]] = 0
    value = problem.outcome(base)
    already = set(problem.broken(base)) | {"budget"}
    ratio = np.where((posts > 0) | (problem.most < 1), -np.inf, problem.gain / np.maximum(problem.price, 1e-9))
    out: list[tuple[float, Next]] = []
    for i in np.argsort(-ratio, kind="stable")[: 8 * NEXT].tolist():
        with_one = base.copy()
        with_one[i] = 1
        if not np.isfinite(ratio[i]) or set(problem.broken(with_one)) - already:
            continue
        adds = problem.outcome(with_one) - value
        one, cost = people[i], float(problem.price[i])
        entry = Next(
            creator_id=one.creator_id, label=one.label, platform=one.platform, cost=cost, adds=adds,
            enters_at=_worth_up_to(frontier, problem.budget, adds),
        )  # fmt: skip
        out.append((adds / max(cost, 1e-9), entry))
    out.sort(key=lambda item: (-item[0], item[1].creator_id))
    return tuple(entry for _, entry in out[:NEXT])


def _frontier(problem: Problem, program: Program, solution: Solution, *, exact: bool) -> tuple[Point, ...]:
    points = []
    for multiple in FRONTIER:
        budget = problem.budget * multiple
        if multiple == 1.0:
            points.append(
                Point(budget=budget, brings=solution.value, creators=int(np.sum(solution.posts > 0)), is_bound=False)
            )
            continue
        found = program.solve(budget=budget, gap=LARGE_GAP, seconds=1.0, whole=exact)
        if found is not None:
            points.append(
                Point(
                    budget=budget,
                    brings=found.value if exact else found.bound,
                    creators=int(np.sum(found.posts > 0)) if exact else None,
                    is_bound=not exact,
                )
            )
    return tuple(points)


def _wishes(problem: Problem, program: Program, solution: Solution, *, exact: bool) -> tuple[Wish, ...]:
    """What each constraint costs, dearest first; against the same kind of answer with all of them."""
    if not problem.rules:
        return ()
    whole = solution.value if exact else program.solve(whole=False, gap=LARGE_GAP)
    with_all = whole if isinstance(whole, float) else solution.bound if whole is None else whole.bound
    wishes = []
    for rule in problem.rules:
        others = tuple(other for other in problem.rules if other is not rule)
        found = program.solve(rules=others, gap=LARGE_GAP, seconds=1.0, whole=exact)
        if found is not None:
            brings = found.value if exact else found.bound
            wishes.append(Wish(name=rule.name, costs=max(brings - with_all, 0.0), is_bound=not exact))
    return tuple(sorted(wishes, key=lambda wish: (-wish.costs, wish.name)))


def check_budget(terms: Terms, budget: float | None) -> Terms:
    """The terms with a budget of the command line in place of the brief's. Raises InputError for one that is none."""
    if budget is None:
        return terms
    if not 0 < budget < float("inf"):
        raise InputError(f"--budget {budget:g}: expected an amount above 0")
    return msgspec.structs.replace(terms, budget=budget)
