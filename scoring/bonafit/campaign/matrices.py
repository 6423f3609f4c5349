"""The choice of creators and posts as the rows and columns of an integer program.

Columns: a binary for each post, what each given pair loses, what each group is drawn (a sum over its posts) and what it
reaches. The draw stands between posts and tangents, so that a tangent has two entries however large its group is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.campaign.problem import Problem, Rule
from bonafit.tables.arrays import FloatArray, IntArray

# Where a group's curve has tangents from the start, in -log of the share of its people not reached.
TANGENTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)

Block = tuple[Any, FloatArray, FloatArray]


@dataclass(frozen=True)
class Asked:
    """What one solution is asked under."""

    budget: float
    rules: tuple[Rule, ...]


class Matrices:
    """A problem's columns and rows; only tangents are added later.

    creator, post : (n_posts,) whose post a column is, and their how manieth. objective : (n,) to be maximised.
    draw : (n_posts,) of a post from its group. group_of : (n_posts,) group of each post, -1 for none.
    upper : (n,) upper bounds of the columns; the lower ones are 0.
    """

    # the budget is the first row
    budget_row = 0

    def __init__(self, problem: Problem, sparse: Any) -> None:
        self.problem, self.sparse = problem, sparse
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
        self.drawn_at = self.n_posts + len(self.paired)
        self.reached_at = self.drawn_at + self.n_groups
        self.n = self.reached_at + self.n_groups
        gains = np.zeros(self.n_posts)
        self.draw = np.zeros(self.n_posts)
        for k in range(k_most):
            at = self.post == k
            gains[at] = problem.post_gain(k)[self.creator[at]]
            self.draw[at] = problem.draw(k)[self.creator[at]]
        self.group_of = problem.of_group[self.creator]
        self.objective = np.concatenate(
            [
                np.where(self.group_of < 0, gains, 0.0),
                -pairs.shared[self.paired],
                np.zeros(self.n_groups),
                np.ones(self.n_groups),
            ]
        )
        # no column is without an upper bound: where one was, HiGHS took two in a thousand small problems for solved
        # though another list brings more, with its presolve or without
        inside = self.group_of >= 0
        most_drawn = np.bincount(self.group_of[inside], self.draw[inside], minlength=self.n_groups)
        self.upper = np.concatenate(
            [np.ones(self.drawn_at), most_drawn, problem.groups.people * -np.expm1(-most_drawn)]
        )
        self.cuts: list[tuple[int, float]] = [(g, t) for g in range(self.n_groups) for t in TANGENTS]
        self._fixed = [*self._order(), *self._pair_rows(), *self._draw_rows()]

    def _row(self, columns: IntArray, values: FloatArray) -> Any:
        return self._block(np.zeros(len(columns), np.int64), columns, values, 1)

    def _block(self, rows: IntArray, columns: IntArray, values: FloatArray, n_rows: int) -> Any:
        return self.sparse.csr_array((values, (rows, columns)), shape=(n_rows, self.n))

    def _order(self) -> list[Block]:
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

    def _pair_rows(self) -> list[Block]:
        """What a pair shares is lost when both are chosen: x_a + x_b - y <= 1."""
        m = len(self.paired)
        if not m:
            return []
        a, b = self.first[self.problem.pairs.a[self.paired]], self.first[self.problem.pairs.b[self.paired]]
        rows = np.tile(np.arange(m), 3)
        columns = np.concatenate([a, b, self.n_posts + np.arange(m)])
        values = np.concatenate([np.ones(2 * m), -np.ones(m)])
        return [(self._block(rows, columns, values, m), np.full(m, -np.inf), np.ones(m))]

    def _draw_rows(self) -> list[Block]:
        """A group is drawn what its posts draw together: d_g - sum draw x <= 0."""
        if not self.n_groups:
            return []
        inside, groups = np.flatnonzero(self.group_of >= 0), np.arange(self.n_groups)
        block = self._block(
            np.concatenate([self.group_of[inside], groups]),
            np.concatenate([inside, self.drawn_at + groups]),
            np.concatenate([-self.draw[inside], np.ones(self.n_groups)]),
            self.n_groups,
        )
        return [(block, np.full(self.n_groups, -np.inf), np.zeros(self.n_groups))]

    def _cut_rows(self) -> list[Block]:
        """What a group reaches lies under every tangent of its curve: r_g - slope d_g <= value - slope t."""
        if not self.n_groups:
            return []
        of = np.array([g for g, _ in self.cuts])
        at = np.array([t for _, t in self.cuts])
        people = self.problem.groups.people[of]
        slope = people * np.exp(-at)
        rows = np.arange(len(of))
        block = self._block(
            np.tile(rows, 2),
            np.concatenate([self.drawn_at + of, self.reached_at + of]),
            np.concatenate([-slope, np.ones(len(of))]),
            len(of),
        )
        return [(block, np.full(len(of), -np.inf), people * -np.expm1(-at) - slope * at)]

    def _asked_rows(self, limits: Asked) -> list[Block]:
        price = self.problem.price[self.creator]
        out = [(self._row(np.arange(self.n_posts), price), np.array([-np.inf]), np.array([limits.budget]))]
        for rule in limits.rules:
            value = rule.money[self.creator] * price + np.where(self.post == 0, rule.each[self.creator], 0.0)
            at = np.flatnonzero(value)
            out.append((self._row(at, value[at]), np.array([rule.low]), np.array([rule.high])))
        return out

    def rows(self, limits: Asked) -> tuple[Any, FloatArray, FloatArray, FloatArray]:
        """Rows with their lower and upper bounds, and the upper bounds of the columns."""
        parts = [*self._asked_rows(limits), *self._fixed, *self._cut_rows()]
        matrix = self.sparse.vstack([part[0] for part in parts], format="csr")
        low, high = (np.concatenate([part[side] for part in parts]) for side in (1, 2))
        return matrix, low, high, self.upper.copy()

    def drawn(self, posts: FloatArray) -> FloatArray:
        """What posts draw from each group, (groups,). posts : (n_posts,), parts of posts too."""
        inside = self.group_of >= 0
        weights = (self.draw * posts)[inside]
        return np.bincount(self.group_of[inside], weights, minlength=self.n_groups).astype(np.float64)

    def cut(self, drawn: FloatArray, over: npt.NDArray[np.bool_] | None = None) -> bool:
        """Add tangents at what is drawn from groups; whether any was new. over : (groups,) those that need one."""
        known = set(self.cuts)
        fresh = [
            (g, round(float(t), 9))
            for g, t in enumerate(drawn.tolist())
            if t > 0 and (over is None or over[g]) and (g, round(float(t), 9)) not in known
        ]
        self.cuts += fresh
        return bool(fresh)

    def columns(self, posts: IntArray) -> FloatArray:
        """Posts of each creator, (n,), as columns, (n_posts,)."""
        return (self.post < posts[self.creator]).astype(np.float64)

    def posts(self, x: FloatArray, above: float) -> IntArray:
        """Posts of each creator whose columns exceed a bound."""
        posts = np.zeros(len(self.problem), dtype=np.int64)
        np.add.at(posts, self.creator, (x[: self.n_posts] > above).astype(np.int64))
        return posts


def without(rules: Sequence[Rule], rule: Rule) -> tuple[Rule, ...]:
    """The other rules."""
    return tuple(other for other in rules if other is not rule)
