"""Whom to book for a budget: the list that brings most genuine, on-niche people, and what every wish costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic

import msgspec
import numpy as np

from bonafit.campaign.answer import Infeasible, Portfolio
from bonafit.campaign.candidates import Candidate, why_no_price
from bonafit.campaign.clash import clash
from bonafit.campaign.overlap import groups_of, pairs_of
from bonafit.campaign.problem import Problem, Rule, counting, spending
from bonafit.campaign.search import search
from bonafit.campaign.solver import OutOfTimeError, Program, Solution
from bonafit.campaign.telling import LARGE_GAP, Chosen, answered
from bonafit.campaign.terms import Terms
from bonafit.errors import BriefError, InputError

# Verdicts that are booked unless the brief must have somebody.
BOOKABLE = ("shortlist", "review")
COMPETITOR_TIE = "tied to a competitor, to be asked first"
UNBOOKED = {"pass": "passed over", "not_judgeable": "not judged", "never": "never to be booked"}
# Candidates up to which every list is exact; of more, answers beside the list itself are bounds from the relaxation.
EXACT = 400
# Given pairs beyond which a list is searched for rather than proven.
MOST_PAIRS = 3_000
GAP = 1e-5
# Part of the time that the list itself may take; what is said beside it has the rest.
CHOOSING = 0.6

Given = Mapping[tuple[str, str], tuple[float | None, float | None]]


def choose(
    people: Sequence[Candidate], terms: Terms, *, given: Given | None = None, seconds: float = 8.0
) -> Portfolio | Infeasible:
    """The best list under a budget, or what clashes.

    given : overlaps by pairs of ids (bonafit.campaign.overlap.read_overlaps). seconds : for the list, which is
    given with its bound when they are over, and for what is said beside it.
    Raises BriefError without a budget or for a must-have who is unknown or has no price, InputError without scipy or
    where nobody can be chosen or no post fits its share of the budget.
    """
    end = monotonic() + seconds
    if terms.budget is None:
        raise BriefError("campaign.budget: is missing; name one in the brief or with --budget")
    usable, left_out = _usable(people, terms)
    if not usable:
        why = "; ".join(f"{len(labels):,} {reason}" for reason, labels in left_out.items())
        raise InputError(f"none of {len(people):,} creators can be chosen: {why or 'there are none'}")
    problem, assumptions = build(usable, terms, given or {})
    if not problem.most.any():
        share = terms.max_share or 1.0
        raise InputError(
            f"no post of {len(usable):,} creators fits: the cheapest costs {float(problem.price.min()):,.2f} "
            f"{terms.currency}, and one creator may take {share * terms.budget:,.2f}; raise the budget or max_share"
        )
    exact = len(usable) <= EXACT and len(problem.pairs) <= MOST_PAIRS
    try:
        program, solution = _solved(problem, GAP if len(usable) <= EXACT else LARGE_GAP, seconds * CHOOSING)
    except OutOfTimeError:
        raise InputError(
            f"no list of {len(usable):,} creators was found in {seconds:g} seconds; give more with --seconds"
        ) from None
    if solution is None:
        return Infeasible(clash=tuple(clash(problem)), candidates=len(usable), left_out=left_out)
    solved = Chosen(problem, program, solution, usable, terms, exact, end)
    return answered(solved, assumptions, left_out)


def _solved(problem: Problem, gap: float, seconds: float) -> tuple[Program, Solution | None]:
    """The best list, or of many given pairs a good person, with the program that was asked.

    None where there is none. Raises OutOfTimeError where the clock ran out before either was known.
    """
    if len(problem.pairs) <= MOST_PAIRS:
        program = Program(problem)
        return program, program.solve(gap=gap, seconds=seconds)
    program = Program(without_pairs(problem))
    relaxed = program.solve(whole=False, seconds=seconds)
    if relaxed is None:
        return program, None
    posts = search(problem)
    if posts is None:
        raise OutOfTimeError
    return program, Solution(posts, problem.outcome(posts), relaxed.bound)


def without_pairs(problem: Problem) -> Problem:
    """The same problem without pairs: no list brings more than its best."""
    return Problem(problem.gain, problem.price, problem.most, problem.budget, problem.repeat, problem.rules)


def _usable(people: Sequence[Candidate], terms: Terms) -> tuple[list[Candidate], dict[str, list[str]]]:
    """Candidates who can be chosen, and how many cannot, by reason."""
    must_have = set(terms.must_have)
    known = {person.creator_id for person in people} | {person.label for person in people}
    if missing := sorted(must_have - known):
        raise BriefError(
            f"campaign.must_have: {', '.join(missing)} stand in no row of the scores; check ids and handles"
        )
    usable, left_out = [], dict[str, list[str]]()
    for person in people:
        is_wanted, why = person.is_named(must_have), None
        if person.is_named(set(terms.excluded)):
            why = "excluded by the brief"
        elif person.verdict not in BOOKABLE and (person.verdict == "never" or not is_wanted):
            why = UNBOOKED.get(person.verdict, "no verdict that is booked")
        elif person.competitors and not (is_wanted or terms.competitor_ties):
            why = COMPETITOR_TIE
        elif person.price is None:
            why = why_no_price(person.price_from)
        elif not is_wanted and not person.worth(terms.goal):
            why = f"no {terms.goal} foreseen"
        elif not is_wanted and _too_dear(person, terms):
            why = "over the brief's ceiling even at the high end of what is foreseen"
        if why is None:
            usable.append(person)
        elif is_wanted:
            raise BriefError(
                f"campaign.must_have: {person.label} cannot be booked ({why}); give what is missing or take the name"
                " out"
            )
        else:
            left_out.setdefault(why, []).append(person.label)
    return usable, dict(sorted(left_out.items(), key=lambda item: (-len(item[1]), item[0])))


def _too_dear(person: Candidate, terms: Terms) -> bool:
    ceiling, brought = terms.ceiling(), person.goal(terms.goal)
    return ceiling is not None and brought is not None and (person.price or 0.0) > ceiling * brought.high


def build(people: Sequence[Candidate], terms: Terms, given: Given) -> tuple[Problem, tuple[str, ...]]:
    """The problem as arrays, and in words what it takes for granted."""
    n = len(people)
    budget = terms.budget or 0.0
    gain = np.array([person.worth(terms.goal) or 0.0 for person in people])
    price = np.array([(person.price or 0.0) * terms.times_fee() for person in people])
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
        n_groups = "1 such group" if len(groups.people) == 1 else f"{len(groups.people):,} such groups"
        words.append(
            f"assumed, not measured: two creators of one platform, language, country and category share "
            f"{terms.same_group_overlap:.0%} of their people ({n_groups})"
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
    for i, person in enumerate(people):
        if person.is_named(set(terms.must_have)):
            rules.append(counting(f"must have {person.label}", [i], n, low=1))
    for bound in terms.bounds:
        members = np.array(
            [i for i, person in enumerate(people) if getattr(person, bound.kind) == bound.value], dtype=np.int64
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


def check_budget(terms: Terms, budget: float | None) -> Terms:
    """The terms with a budget of the command line in place of the brief's. Raises InputError for one that is none."""
    if budget is None:
        return terms
    if not 0 < budget < float("inf"):
        raise InputError(f"--budget {budget:g}: expected an amount above 0")
    return msgspec.structs.replace(terms, budget=budget)
