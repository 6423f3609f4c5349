"""The best list, exactly: a mixed-integer program for HiGHS, through scipy.

Posts are binaries. What a given pair shares is taken off by a variable that rises when both are chosen; what a group
reaches is held under tangents of its curve, to which each round adds those at the last answer until bound and outcome
meet. Sources: Huangfu & Hall 2018 (HiGHS); Kelley 1960 (cutting planes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
import numpy.typing as npt

from bonafit.campaign.matrices import Asked, Matrices
from bonafit.campaign.problem import Problem, Rule
from bonafit.campaign.scipy_parts import no_chatter, scipy_part
from bonafit.campaign.search import search
from bonafit.tables.arrays import FloatArray, IntArray

ROUNDS = 12
GAP = 1e-6
PURPOSE = "choosing a portfolio"
# Posts of a problem that is solved at once; of a larger one those nearest to the relaxation first, and at most so many
# after that.
KERNEL, MOST_OPEN = 800, 4_000
# Part of the time that the relaxation may take; whole posts have the rest.
RELAXING = 0.5
# Creators that the relaxation begins with, by each order, and takes in at once; and how much of the whole outcome
# somebody has to better it by to be taken in.
SIFTED, TOLERANCE = 400, 1e-12
# scipy's name for an answer that was cut off by the clock.
TIMED_OUT = 1


class OutOfTimeError(Exception):
    """The clock ran out before anything was known, not even whether there is a list."""


@dataclass(frozen=True)
class Solution:
    """A list. posts : (n,) of each creator. value : its outcome. bound : no list brings more; proven within the gap."""

    posts: IntArray
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Share of its own outcome by which the list may fall short of the best."""
        return max(self.bound / self.value - 1, 0.0) if self.value > 0 else 0.0 if self.bound <= 1e-9 else np.inf

    def proven(self, gap: float = 1e-4) -> bool:
        """Whether nothing better by more than this share exists."""
        return self.bound <= self.value * (1 + gap) + 1e-9


@dataclass(frozen=True)
class _Relaxed:
    """The relaxation. x : values. bound : of every list. reduced : (n_posts,) what moving a post from its place costs.

    worth : of one more unit of money.
    """

    x: FloatArray
    bound: float
    reduced: FloatArray
    worth: float


class Program:
    """A problem as matrices, built once and solved with other budgets, rules or creators left out."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.optimize = scipy_part("optimize", PURPOSE)
        self.matrices = Matrices(problem, scipy_part("sparse", PURPOSE))
        # whom the relaxation looks at: first those of most gain, most gain for the root of money and for money, of all
        # and of whomever a rule asks for
        self.sifted = np.zeros(len(problem), dtype=bool)
        for power in (0.0, 0.5, 1.0):
            ratio = problem.gain / np.maximum(problem.price, 1e-9) ** power
            self.sifted[np.argsort(-ratio, kind="stable")[:SIFTED]] = True
            for rule in problem.rules:
                if rule.low > 0:
                    members = np.flatnonzero(rule.each > 0)
                    self.sifted[members[np.argsort(-ratio[members], kind="stable")[:SIFTED]]] = True

    def solve(
        self,
        *,
        budget: float | None = None,
        rules: Sequence[Rule] | None = None,
        gap: float = GAP,
        seconds: float = 60.0,
        whole: bool = True,
    ) -> Solution | None:
        """The best list, or None where none holds every rule.

        budget, rules : in place of the problem's. gap : share by which the answer may fall short. seconds : after so
        many the best answer so far is given with its bound. whole : False for the relaxation, whose posts are rounded
        down and whose bound is what counts.
        Raises OutOfTimeError where not even the relaxation was solved.
        """
        end = monotonic() + seconds
        limits = self._asked(budget, rules)
        relaxed = self._relaxed(
            limits, gap, rounds=ROUNDS if whole else 1, seconds=seconds * (RELAXING if whole else 1)
        )
        if relaxed is None:
            return None
        if not whole:
            posts = self.matrices.posts(relaxed.x, 1 - 1e-9)
            return Solution(posts, self.problem.outcome(posts), relaxed.bound)
        best: Solution | None = None
        for _ in range(ROUNDS):
            try:
                whole_list = self._whole(limits, relaxed, best, gap, max(end - monotonic(), 0.2))
            except OutOfTimeError:
                return self._searched(limits, best, relaxed.bound)
            if whole_list is None:
                return best
            bound = min(whole_list.bound, relaxed.bound, *([best.bound] if best is not None else []))
            winner = whole_list if best is None or whole_list.value > best.value else best
            best = Solution(winner.posts, winner.value, bound)
            drawn = self.matrices.drawn(self.matrices.columns(whole_list.posts))
            if not len(drawn) or best.proven(gap) or monotonic() > end or not self.matrices.cut(drawn):
                break
        return best

    def _asked(self, budget: float | None, rules: Sequence[Rule] | None) -> Asked:
        return Asked(
            self.problem.budget if budget is None else budget, self.problem.rules if rules is None else tuple(rules)
        )

    def _searched(self, limits: Asked, best: Solution | None, bound: float) -> Solution:
        """The best list so far when the clock ran out; one found by exchanges where there is none yet."""
        if best is not None:
            return best
        posts = search(self.problem.asked(limits.budget, limits.rules))
        if posts is None:
            raise OutOfTimeError
        return Solution(posts, self.problem.outcome(posts), bound)

    def _relaxed(self, limits: Asked, gap: float, *, rounds: int, seconds: float) -> _Relaxed | None:
        """The relaxation, with tangents added until they bind, `rounds` or `seconds` are over; None if it has no list.

        Its bound holds after any round; the tangents of earlier solutions stay.
        """
        matrices, end, last = self.matrices, monotonic() + seconds, None
        people = self.problem.groups.people
        for _ in range(rounds):
            try:
                last = self._sifted(limits, end)
            except OutOfTimeError:
                if last is None:
                    raise
                return last
            if last is None:
                return None
            drawn = matrices.drawn(last.x[: matrices.n_posts])
            too_much = last.x[matrices.reached_at :] - people * -np.expm1(-drawn) if len(people) else np.zeros(0)
            enough = gap / 2 * max(last.bound, 1e-12)
            over = too_much > enough / (2 * max(len(people), 1))
            if float(np.sum(too_much)) <= enough or monotonic() > end or not matrices.cut(drawn, over):
                break
        return last

    def _sifted(self, limits: Asked, end: float) -> _Relaxed | None:
        """The relaxation under the tangents so far, over few creators: whoever would better it is taken in and it is
        solved again, until nobody would (sifting: Bixby et al. 1992). None where it has no list.
        """
        matrices, problem = self.matrices, self.problem
        matrix, low, high, upper = matrices.rows(limits)
        above, below = np.isfinite(high), np.isfinite(low)
        matrix = matrices.sparse.vstack([matrix[above], -matrix[below]], format="csr")
        at_most = np.concatenate([high[above], -low[below]])
        while True:
            open_ = np.concatenate([self.sifted[matrices.creator], np.ones(matrices.n - matrices.n_posts, bool)])
            columns = np.flatnonzero(open_)
            part = matrix[:, columns]
            bound = (np.diff(part.indptr) > 0) | (at_most < 0)
            answer = self.optimize.linprog(
                -matrices.objective[columns],
                A_ub=part[bound],
                b_ub=at_most[bound],
                bounds=np.stack([np.zeros(len(columns)), upper[columns]], axis=1),
                method="highs-ds",
                options={"time_limit": max(end - monotonic(), 0.2)},
            )
            if answer.status == TIMED_OUT:
                raise OutOfTimeError
            if answer.x is None:
                if np.all(self.sifted):
                    return None
                self.sifted[:] = True
                continue
            duals = np.zeros(len(at_most))
            duals[bound] = answer.ineqlin.marginals
            reduced = (-matrices.objective - matrix.T @ duals)[: matrices.n_posts]
            # a creator comes in with the first post, or the first two, and so on
            by_post = np.zeros((len(problem), int(np.max(matrices.post, initial=0)) + 1))
            by_post[matrices.creator, matrices.post] = reduced
            costs = np.min(np.cumsum(by_post, axis=1), axis=1)
            better = np.flatnonzero(~self.sifted & (problem.most > 0) & (costs < -TOLERANCE * -answer.fun))
            if len(better):
                self.sifted[better[np.argsort(costs[better], kind="stable")[:SIFTED]]] = True
                continue
            x = np.zeros(matrices.n)
            x[columns] = answer.x
            standing = self.sifted[matrices.creator]
            moving = np.where(standing, np.abs(reduced), np.maximum(costs, 0.0)[matrices.creator])
            worth = -float(duals[int(np.sum(above[: matrices.budget_row]))])
            return _Relaxed(x, -float(answer.fun), moving, worth)

    def _whole(
        self, limits: Asked, relaxed: _Relaxed, best: Solution | None, gap: float, seconds: float
    ) -> Solution | None:
        """Whole posts: of a large problem first those that the relaxation finds near, then all it cannot rule out."""
        end, n_posts = monotonic() + seconds, self.matrices.n_posts
        if n_posts <= KERNEL:
            return self._milp(limits, None, relaxed, gap, seconds)
        open_ = relaxed.x[:n_posts] > 0
        open_[np.argsort(relaxed.reduced, kind="stable")[:KERNEL]] = True
        try:
            first = self._milp(limits, open_, relaxed, gap, seconds / 2)
        except OutOfTimeError:
            first = None
        lists = [entry for entry in (first, best) if entry is not None]
        value = max((entry.value for entry in lists), default=-np.inf)
        if value >= relaxed.bound * (1 - gap):
            return Solution(max(lists, key=lambda s: s.value).posts, value, relaxed.bound)
        # a post whose reduced cost exceeds what is left to gain stands in the best list as in the relaxation
        left = relaxed.reduced <= relaxed.bound - value
        if first is not None and np.sum(left) > MOST_OPEN:
            return Solution(first.posts, first.value, relaxed.bound)
        try:
            second = self._milp(limits, left, relaxed, gap, max(end - monotonic(), 0.2))
        except OutOfTimeError:
            if first is None:
                raise
            return Solution(first.posts, first.value, relaxed.bound)
        if second is None or (first is not None and first.value > second.value):
            return first if first is None or second is None else Solution(first.posts, first.value, second.bound)
        return second

    def _milp(
        self, limits: Asked, open_: npt.NDArray[np.bool_] | None, relaxed: _Relaxed, gap: float, seconds: float
    ) -> Solution | None:
        """The program over whole posts; those that are not open stand as the relaxation has them.

        None where no list holds every rule. Raises OutOfTimeError where none was found in time.
        """
        matrices = self.matrices
        matrix, low, high, upper = matrices.rows(limits)
        lower, whole = np.zeros(matrices.n), np.zeros(matrices.n)
        whole[: matrices.n_posts] = 1.0
        if open_ is not None:
            stands = np.round(relaxed.x[: matrices.n_posts])
            lower[: matrices.n_posts][~open_] = stands[~open_]
            upper[: matrices.n_posts][~open_] = stands[~open_]
        with no_chatter():
            answer = self.optimize.milp(
                -matrices.objective,
                constraints=self.optimize.LinearConstraint(matrix, low, high),
                bounds=self.optimize.Bounds(lower, upper),
                integrality=whole,
                options={"time_limit": seconds, "mip_rel_gap": gap / 2},
            )
        if answer.x is None:
            if answer.status == TIMED_OUT:
                raise OutOfTimeError
            return None
        posts = matrices.posts(answer.x, 0.5)
        bound = -float(answer.fun if answer.mip_dual_bound is None else answer.mip_dual_bound)
        return Solution(posts, self.problem.outcome(posts), bound)

    def worth_of_money(self, gap: float = 1e-3, *, seconds: float = 5.0) -> float:
        """What one more unit of money would bring, from the relaxation; 0 where it does not bind, or out of time."""
        try:
            relaxed = self._relaxed(self._asked(None, None), gap, rounds=1, seconds=seconds)
        except OutOfTimeError:
            return 0.0
        return 0.0 if relaxed is None else max(relaxed.worth, 0.0)
