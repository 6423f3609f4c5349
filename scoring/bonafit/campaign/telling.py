"""What is said of a chosen list: who brings what, who comes next, what other budgets would bring and wishes cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np

from bonafit.campaign.answer import Booked, Next, Point, Portfolio, Wish
from bonafit.campaign.candidates import Candidate
from bonafit.campaign.matrices import without
from bonafit.campaign.problem import Problem, Rule
from bonafit.campaign.solver import OutOfTimeError, Program, Solution
from bonafit.campaign.terms import Terms
from bonafit.tables.arrays import IntArray

# Budgets of the frontier, in multiples of the one asked for.
FRONTIER = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0)
NEXT = 5
# Share by which answers beside the list itself may fall short, and a list of many creators.
LARGE_GAP = 1e-3


@dataclass(frozen=True)
class Chosen:
    """A solved problem. exact : whether other budgets and wishes are answered by whole lists, not by bounds.

    end : of the clock, by `monotonic`: what is not answered by then is not said.
    """

    problem: Problem
    program: Program
    solution: Solution
    people: Sequence[Candidate]
    terms: Terms
    exact: bool
    end: float

    def solved(self, *, budget: float | None = None, rules: Sequence[Rule] | None = None) -> Solution | None:
        """The best list under another budget or other rules; None where there is none, or no time is left."""
        left = self.end - monotonic()
        if left <= 0:
            return None
        try:
            return self.program.solve(
                budget=budget, rules=rules, gap=LARGE_GAP, seconds=max(left / 4, min(1.0, left)), whole=self.exact
            )
        except OutOfTimeError:
            return None

    def brings(self, solution: Solution) -> float:
        """Outcome of a list, or what none exceeds where only bounds are asked for."""
        return solution.value if self.exact else solution.bound


def answered(solved: Chosen, assumptions: Sequence[str], left_out: dict[str, list[str]]) -> Portfolio:
    """Everything that is said of a list."""
    problem, solution = solved.problem, solved.solution
    points = frontier(solved)
    costs = wishes(solved)
    silent = []
    if len(points) < len(FRONTIER) and monotonic() > solved.end:
        silent.append("what some budgets bring was not found in time; give more with --seconds")
    if len(costs) < len(problem.rules) and monotonic() > solved.end:
        silent.append("what some wishes cost was not found in time; give more with --seconds")
    return Portfolio(
        currency=solved.terms.currency,
        budget=problem.budget,
        goal=solved.terms.goal,
        spent=problem.cost(solution.posts),
        brings=solution.value,
        at_most=problem.at_most(solution.posts) if len(problem.pairs) else solution.value,
        bound=solution.bound,
        gap=solution.gap,
        proven=solution.proven(LARGE_GAP),
        assumptions=(*assumptions, *silent),
        booked=booked(solved, points),
        next_in_line=next_in_line(solved, points),
        frontier=points,
        wishes=costs,
        left_out=left_out,
        worth_of_money=solved.program.worth_of_money(),
    )


def booked(solved: Chosen, points: Sequence[Point]) -> tuple[Booked, ...]:
    """Everybody on the list, those who add most first."""
    problem, posts, terms = solved.problem, solved.solution.posts, solved.terms
    alone = problem.brought(posts)
    out = []
    for i in np.flatnonzero(posts > 0).tolist():
        rest = posts.copy()
        rest[i] = 0
        adds = solved.solution.value - problem.outcome(rest)
        person = solved.people[i]
        fee = float((person.price or 0.0) * posts[i])
        out.append(
            Booked(
                creator_id=person.creator_id,
                label=person.label,
                platform=person.platform,
                country=person.country,
                language=person.language,
                tier=person.tier,
                verdict=person.verdict,
                review=person.review,
                competitors=person.competitors,
                posts=int(posts[i]),
                cost=float(problem.price[i] * posts[i]),
                fee=fee,
                usage_rights=fee * (terms.usage_rights or 0.0),
                exclusivity=fee * (terms.exclusivity or 0.0),
                price_from=person.price_from,
                brings=float(alone[i]),
                adds=adds,
                worth_up_to=_worth_up_to(solved, points, adds),
            )
        )
    return tuple(sorted(out, key=lambda entry: (-entry.adds, entry.creator_id)))


def _worth_up_to(solved: Chosen, points: Sequence[Point], adds: float) -> float | None:
    """Money whose absence would cost as much as somebody adds, between points of the frontier, of what is spent.

    None where even the smallest budget that can be met brings more than what is left without them.
    """
    spent, value = solved.problem.cost(solved.solution.posts), solved.solution.value
    below = [(point.brings, point.budget) for point in points if point.budget < spent and point.brings < value]
    brings, budgets = np.array([*sorted(below), (value, spent)]).T
    left = value - adds
    if left < brings[0]:
        return None
    return spent - float(np.interp(left, brings, budgets))


def next_in_line(solved: Chosen, points: Sequence[Point]) -> tuple[Next, ...]:
    """Who comes in should somebody drop out: by what one post adds for its cost to the list without its weakest.

    Only whom no cap or share keeps out then.
    """
    problem, posts = solved.problem, solved.solution.posts
    base = _without_weakest(problem, posts)
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
        person, cost = solved.people[i], float(problem.price[i])
        entry = Next(
            creator_id=person.creator_id, label=person.label, platform=person.platform, cost=cost, adds=adds,
            enters_at=_worth_up_to(solved, points, adds),
        )  # fmt: skip
        out.append((adds / max(cost, 1e-9), entry))
    out.sort(key=lambda item: (-item[0], item[1].creator_id))
    return tuple(entry for _, entry in out[:NEXT])


def _without_weakest(problem: Problem, posts: IntArray) -> IntArray:
    """The list without whoever brings least for the money."""
    listed = np.flatnonzero(posts > 0)
    base = posts.copy()
    if len(listed):
        alone = problem.brought(posts)[listed] / np.maximum((problem.price * posts)[listed], 1e-9)
        base[listed[int(np.argmin(alone))]] = 0
    return base


def frontier(solved: Chosen) -> tuple[Point, ...]:
    """What other budgets would bring, the smallest first; without those that no list meets."""
    points = []
    for multiple in FRONTIER:
        budget = solved.problem.budget * multiple
        is_bound = not solved.exact and multiple != 1.0
        solution = solved.solution if multiple == 1.0 else solved.solved(budget=budget)
        if solution is not None:
            points.append(
                Point(
                    budget=budget,
                    brings=solution.bound if is_bound else solution.value,
                    creators=None if is_bound else int(np.sum(solution.posts > 0)),
                    is_bound=is_bound,
                )
            )
    return tuple(points)


def wishes(solved: Chosen) -> tuple[Wish, ...]:
    """What each constraint costs, dearest first; against the same kind of answer with all of them."""
    rules = solved.problem.rules
    with_all = (solved.solution if solved.exact else solved.solved()) if rules else None
    if with_all is None:
        return ()
    costs = []
    for rule in rules:
        solution = solved.solved(rules=without(rules, rule))
        if solution is not None:
            more = max(solved.brings(solution) - solved.brings(with_all), 0.0)
            costs.append(Wish(name=rule.name, costs=more, is_bound=not solved.exact))
    return tuple(sorted(costs, key=lambda wish: (-wish.costs, wish.name)))
