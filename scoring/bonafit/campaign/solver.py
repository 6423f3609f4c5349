"""The best list, exactly: a mixed-integer program for HiGHS, through scipy.

Posts are binaries. What a given pair shares is taken off by a variable that rises when both are chosen; what a group
reaches is held under tangents of its curve, to which each round adds those at the last answer until bound and outcome
meet. Sources: Huangfu & Hall 2018 (HiGHS); Kelley 1960 (cutting planes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.campaign.problem import Problem, Rule
from bonafit.campaign.scipy_parts import scipy_part
from bonafit.tables.arrays import FloatArray, IntArray

# Where a group's curve has tangents from the start, in -log of the share of its people not reached.
TANGENTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
ROUNDS = 12
GAP = 1e-6
PURPOSE = "choosing a portfolio"
# Posts of a problem that is solved at once; of a larger one those nearest to the relaxation first, and at most so many
# after that.
KERNEL, MOST_OPEN = 800, 4_000


@dataclass(frozen=True)
class Solution:
    """A list. posts : (n,) of each creator. value : its outcome. bound : no list brings more; proven within the gap."""

    posts: IntArray
    value: float
    bound: float

    def proven(self, gap: float = 1e-4) -> bool:
        """Whether nothing better by more than this share exists."""
        return self.bound <= self.value * (1 + gap) + 1e-9


@dataclass(frozen=True)
class _Asked:
    """What one solution is asked under. banned : (n_posts,) posts that cannot be chosen."""

    budget: float
    rules: tuple[Rule, ...]
    banned: npt.NDArray[np.bool_]


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

    # the budget is the first row
    budget_row = 0

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.optimize, self.sparse = (scipy_part(name, PURPOSE) for name in ("optimize", "sparse"))
        k_most = int(np.max(problem.most, initial=0))
        places = [np.flatnonzero(problem.most > k) for k in range(k_most)]
        self.creator = np.concatenate([*places, np.zeros(0, np.int64)]).astype(np.int64)
        self.post = np.repeat(np.arange(k_most), [len(p) for p in places])
        self.first = np.full(len(problem), -1, dtype=np.int64)
        self.first[self.creator[self.post == 0]] = np.flatnonzero(self.post == 0)
        self.n_posts = len(self.creator)
        pairs = problem.pairs
        self.paired = np.flatnonzero(
            (self.first[pairs.a] >= 0) & (self.first[pairs.b] >= 0) & (pairs.shared > 0)
        ) if len(pairs) else np.zeros(0, np.int64)  # fmt: skip
        self.n_groups = len(problem.groups.people)
        self.n = self.n_posts + len(self.paired) + self.n_groups
        gains = np.zeros(self.n_posts)
        self.draw = np.zeros(self.n_posts)
        for k in range(k_most):
            at = self.post == k
            gains[at] = problem.post_gain(k)[self.creator[at]]
            self.draw[at] = problem.draw(k)[self.creator[at]]
        of = problem.of_group[self.creator]
        self.objective = np.concatenate(
            [np.where(of < 0, gains, 0.0), -pairs.shared[self.paired], np.ones(self.n_groups)]
        )
        self.group_of = of
        self.cuts: list[tuple[int, float]] = [(g, t) for g in range(self.n_groups) for t in TANGENTS]
        self.fixed_rows = [*self._order(), *self._pair_rows()]

    def _row(self, columns: Sequence[int] | IntArray, values: Sequence[float] | FloatArray) -> Any:
        columns = np.asarray(columns, dtype=np.int64)
        shape = (1, self.n)
        return self.sparse.csr_array(
            (np.asarray(values, float), (np.zeros(len(columns), np.int64), columns)), shape=shape
        )

    def _block(self, rows: IntArray, columns: IntArray, values: FloatArray, n_rows: int) -> Any:
        return self.sparse.csr_array((values, (rows, columns)), shape=(n_rows, self.n))

    def _order(self) -> list[tuple[Any, FloatArray, FloatArray]]:
        """A creator's next post only with the one before."""
        later = np.flatnonzero(self.post > 0)
        if not len(later):
            return []
        at = {(c, k): i for i, (c, k) in enumerate(zip(self.creator.tolist(), self.post.tolist(), strict=True))}
        before = np.array([at[self.creator[i], self.post[i] - 1] for i in later.tolist()])
        rows = np.tile(np.arange(len(later)), 2)
        values = np.concatenate([np.ones(len(later)), -np.ones(len(later))])
        block = self._block(rows, np.concatenate([later, before]), values, len(later))
        return [(block, np.full(len(later), -np.inf), np.zeros(len(later)))]

    def _pair_rows(self) -> list[tuple[Any, FloatArray, FloatArray]]:
        """What a pair shares is lost when both are chosen: x_a + x_b - y <= 1."""
        m = len(self.paired)
        if not m:
            return []
        a, b = self.first[self.problem.pairs.a[self.paired]], self.first[self.problem.pairs.b[self.paired]]
        rows = np.tile(np.arange(m), 3)
        columns = np.concatenate([a, b, self.n_posts + np.arange(m)])
        values = np.concatenate([np.ones(2 * m), -np.ones(m)])
        return [(self._block(rows, columns, values, m), np.full(m, -np.inf), np.ones(m))]

    def _cut_rows(self) -> list[tuple[Any, FloatArray, FloatArray]]:
        """What a group reaches lies under every tangent of its curve."""
        if not self.n_groups:
            return []
        members = [np.flatnonzero(self.group_of == g) for g in range(self.n_groups)]
        rows, columns, values, high = [], [], [], []
        for row, (g, t) in enumerate(self.cuts):
            people = self.problem.groups.people[g]
            slope = people * np.exp(-t)
            rows += [row] * (len(members[g]) + 1)
            columns += [*members[g].tolist(), self.n_posts + len(self.paired) + g]
            values += [*(-slope * self.draw[members[g]]).tolist(), 1.0]
            high.append(float(people * -np.expm1(-t) - slope * t))
        block = self._block(np.array(rows), np.array(columns), np.array(values), len(self.cuts))
        return [(block, np.full(len(high), -np.inf), np.array(high))]

    def _rules(self, rules: Sequence[Rule], budget: float) -> list[tuple[Any, FloatArray, FloatArray]]:
        price = self.problem.price[self.creator]
        out = [(self._row(np.arange(self.n_posts), price), np.array([-np.inf]), np.array([budget]))]
        for rule in rules:
            value = rule.money[self.creator] * price + np.where(self.post == 0, rule.each[self.creator], 0.0)
            at = np.flatnonzero(value)
            out.append((self._row(at, value[at]), np.array([rule.low]), np.array([rule.high])))
        return out

    def solve(
        self,
        *,
        budget: float | None = None,
        rules: Sequence[Rule] | None = None,
        banned: Sequence[int] = (),
        gap: float = GAP,
        seconds: float = 60.0,
        whole: bool = True,
    ) -> Solution | None:
        """The best list, or None where none holds every rule.

        budget, rules : in place of the problem's. banned : creators left out. gap : share by which the answer may fall
        short. seconds : after so many the best answer so far is given with its bound. whole : False for the relaxation,
        whose posts are rounded down and whose bound is what counts.
        """
        end = monotonic() + seconds
        asked = _Asked(
            self.problem.budget if budget is None else budget,
            self.problem.rules if rules is None else tuple(rules),
            np.isin(self.creator, np.asarray(banned, dtype=np.int64)),
        )
        relaxed = self._relaxed(asked, gap, rounds=ROUNDS if whole else 1)
        if relaxed is None:
            return None
        if not whole:
            posts = self._posts(relaxed.x, 1 - 1e-9)
            return Solution(posts, self.problem.outcome(posts), relaxed.bound)
        best: Solution | None = None
        for _ in range(ROUNDS):
            found = self._whole(asked, relaxed, best, gap, max(end - monotonic(), 0.1))
            if found is None:
                return best
            bound = min(found.bound, relaxed.bound, *([best.bound] if best is not None else []))
            winner = found if best is None or found.value > best.value else best
            best = Solution(winner.posts, winner.value, bound)
            if not self.n_groups or best.proven(gap) or monotonic() > end or not self._cut(found.posts):
                break
        return best

    def _cut(self, posts: IntArray | FloatArray) -> bool:
        """Add tangents at what a list draws from each group; whether any was new. posts : (n_posts,) or (n,)."""
        if len(posts) == self.n_posts and posts.dtype == np.float64:
            inside, draws = self.group_of >= 0, self.draw * posts
            of = self.group_of
        else:
            of = self.problem.of_group
            inside, draws = of >= 0, self.problem.draws(posts.astype(np.int64))
        drawn = np.bincount(of[inside], draws[inside], minlength=self.n_groups)
        fresh = [(g, round(float(t), 9)) for g, t in enumerate(drawn.tolist()) if t > 0]
        known = set(self.cuts)
        added = [cut for cut in fresh if cut not in known]
        self.cuts += added
        return bool(added)

    def _relaxed(self, asked: _Asked, gap: float, *, rounds: int) -> _Relaxed | None:
        """The relaxation, with tangents added until they bind or `rounds` are over; None where it cannot be met.

        Its bound holds after any round; the tangents of earlier solutions stay.
        """
        for _ in range(rounds):
            matrix, low, high, upper = self._matrix(asked)
            above, below = np.isfinite(high), np.isfinite(low)
            answer = self.optimize.linprog(
                -self.objective,
                A_ub=self.sparse.vstack([matrix[above], -matrix[below]], format="csr"),
                b_ub=np.concatenate([high[above], -low[below]]),
                bounds=np.stack([np.zeros(self.n), upper], axis=1),
                method="highs",
            )
            if answer.x is None:
                return None
            bound = -float(answer.fun)
            reached = float(np.sum(answer.x[self.n - self.n_groups :]))
            of = self.group_of
            drawn = np.bincount(of[of >= 0], (self.draw * answer.x[: self.n_posts])[of >= 0], minlength=self.n_groups)
            true = float(np.sum(self.problem.groups.people * -np.expm1(-drawn))) if self.n_groups else 0.0
            if reached - true <= gap / 2 * max(bound, 1e-12) or not self._cut(answer.x[: self.n_posts]):
                break
        reduced = answer.lower.marginals + answer.upper.marginals
        n_above = int(np.sum(above))
        place = int(np.flatnonzero(np.flatnonzero(above) == self.budget_row)[0])
        worth = -float(answer.ineqlin.marginals[:n_above][place])
        return _Relaxed(answer.x, bound, np.abs(reduced[: self.n_posts]), worth)

    def _whole(
        self, asked: _Asked, relaxed: _Relaxed, best: Solution | None, gap: float, seconds: float
    ) -> Solution | None:
        """Whole posts: of a large problem first those that the relaxation finds near, then all it cannot rule out."""
        end = monotonic() + seconds
        if self.n_posts <= KERNEL:
            return self._milp(asked, None, relaxed, gap, seconds)
        open_ = relaxed.x[: self.n_posts] > 0
        open_[np.argsort(relaxed.reduced, kind="stable")[:KERNEL]] = True
        first = self._milp(asked, open_, relaxed, gap, seconds / 2)
        held = [found for found in (first, best) if found is not None]
        value = max((found.value for found in held), default=-np.inf)
        if value >= relaxed.bound * (1 - gap):
            return Solution(max(held, key=lambda s: s.value).posts, value, relaxed.bound)
        # a post whose reduced cost exceeds what is left to gain stands in the best list as in the relaxation
        left = relaxed.reduced <= relaxed.bound - value
        if first is not None and np.sum(left) > MOST_OPEN:
            return Solution(first.posts, first.value, relaxed.bound)
        second = self._milp(asked, left, relaxed, gap, max(end - monotonic(), 0.1))
        if second is None or (first is not None and first.value > second.value):
            return first if first is None or second is None else Solution(first.posts, first.value, second.bound)
        return second

    def _milp(
        self, asked: _Asked, open_: npt.NDArray[np.bool_] | None, relaxed: _Relaxed, gap: float, seconds: float
    ) -> Solution | None:
        """The program over whole posts; those that are not open stand as the relaxation has them."""
        matrix, low, high, upper = self._matrix(asked)
        lower = np.zeros(self.n)
        if open_ is not None:
            stands = np.round(relaxed.x[: self.n_posts])
            lower[: self.n_posts][~open_] = stands[~open_]
            upper[: self.n_posts][~open_] = stands[~open_]
        whole = np.zeros(self.n)
        whole[: self.n_posts] = 1.0
        answer = self.optimize.milp(
            -self.objective,
            constraints=self.optimize.LinearConstraint(matrix, low, high),
            bounds=self.optimize.Bounds(lower, upper),
            integrality=whole,
            options={"time_limit": seconds, "mip_rel_gap": gap / 2},
        )
        if answer.x is None:
            return None
        posts = self._posts(answer.x, 0.5)
        bound = -float(answer.fun if answer.mip_dual_bound is None else answer.mip_dual_bound)
        return Solution(posts, self.problem.outcome(posts), bound)

    def _posts(self, x: FloatArray, above: float) -> IntArray:
        posts = np.zeros(len(self.problem), dtype=np.int64)
        np.add.at(posts, self.creator, (x[: self.n_posts] > above).astype(np.int64))
        return posts

    def _matrix(self, asked: _Asked) -> tuple[Any, FloatArray, FloatArray, FloatArray]:
        """Rows with their bounds, and the upper bounds of the variables."""
        parts = [*self._rules(asked.rules, asked.budget), *self.fixed_rows, *self._cut_rows()]
        matrix = self.sparse.vstack([part[0] for part in parts], format="csr")
        low, high = (np.concatenate([part[side] for part in parts]) for side in (1, 2))
        upper = np.full(self.n, np.inf)
        upper[: self.n_posts] = np.where(asked.banned, 0.0, 1.0)
        return matrix, low, high, upper

    def worth_of_money(self, gap: float = 1e-3) -> float:
        """What one more unit of money would bring, from the relaxation; 0 where the budget does not bind."""
        relaxed = self._relaxed(
            _Asked(self.problem.budget, self.problem.rules, np.zeros(self.n_posts, bool)), gap, rounds=1
        )
        return 0.0 if relaxed is None else max(relaxed.worth, 0.0)


def clash(problem: Problem) -> list[str]:
    """Names of constraints that cannot hold together, none of which can be left out of the clash; empty where all can.

    A deletion filter: each constraint whose absence leaves a clash is dropped for good (Chinneck & Dravnieks 1991).
    """
    unweighted = Problem(
        np.zeros(len(problem)), problem.price, problem.most, problem.budget, problem.repeat, problem.rules
    )
    program = Program(unweighted)
    free = float(np.sum(problem.price * problem.most)) + 1.0

    def feasible(rules: Sequence[Rule], budget: float) -> bool:
        return program.solve(rules=rules, budget=budget, seconds=5.0) is not None

    if feasible(problem.rules, problem.budget):
        return []
    budget, kept = problem.budget, list(problem.rules)
    if not feasible(kept, free):
        budget = free
    for rule in problem.rules:
        without = [other for other in kept if other is not rule]
        if not feasible(without, budget):
            kept = without
    return [*(["budget"] if budget != free else []), *(rule.name for rule in kept)]
