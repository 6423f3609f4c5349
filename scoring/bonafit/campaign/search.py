"""A good list where thousands of given pairs make the best one too dear to prove: greedy, then exchanges."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bonafit.campaign.problem import Problem
from bonafit.tables.arrays import FloatArray, IntArray

# Exchanges that are tried from each start: candidates to bring in for somebody on the list.
TRIED = 60
ROUNDS = 40


def search(problem: Problem) -> IntArray | None:
    """Posts of each creator, (n,); None where no list that holds every rule was found.

    Starts by gain, by gain for money and by gain for its root, adds whoever adds most, then exchanges one for one while
    that pays. Rules with a lower bound are met first.
    """
    near = _neighbours(problem)
    best: tuple[float, IntArray] | None = None
    for power in (0.0, 0.5, 1.0):
        posts = _greedy(problem, near, power)
        if problem.broken(posts):
            continue
        posts = _exchanged(problem, near, posts, power)
        value = problem.outcome(posts)
        if best is None or value > best[0]:
            best = (value, posts)
    return None if best is None else best[1]


def _neighbours(problem: Problem) -> list[tuple[IntArray, FloatArray]]:
    """Of each creator, those given as sharing people, and how many."""
    pairs = problem.pairs
    ends = np.concatenate([pairs.a, pairs.b])
    neighbours = np.concatenate([pairs.b, pairs.a])
    shared = np.concatenate([pairs.shared, pairs.shared])
    order = np.argsort(ends, kind="stable")
    starts = np.searchsorted(ends[order], np.arange(len(problem) + 1))
    return [(neighbours[order[a:b]], shared[order[a:b]]) for a, b in pairwise(starts.tolist())]


class _List:
    """A list under way.

    lost : (n,) of each creator's people whom somebody of a given pair reaches already. drawn : (groups,) of each group.
    """

    def __init__(self, problem: Problem, near: list[tuple[IntArray, FloatArray]], posts: IntArray) -> None:
        self.problem, self.near = problem, near
        self.posts = posts.copy()
        self.lost = np.zeros(len(problem))
        self.of = problem.of_group
        self.drawn = np.bincount(
            self.of[self.of >= 0], problem.draws(posts)[self.of >= 0], minlength=len(problem.groups.people)
        )
        for i in np.flatnonzero(posts > 0).tolist():
            self._share(i, 1.0)

    def _share(self, i: int, sign: float) -> None:
        neighbours, shared = self.near[i]
        self.lost[neighbours] += sign * shared

    def _draw(self, i: int, sign: float) -> None:
        if self.of[i] >= 0:
            brought = self.problem.gain[i] * (1 - self.problem.repeat) ** np.arange(self.posts[i])
            self.drawn[self.of[i]] -= sign * float(np.sum(np.log1p(-brought / self.problem.groups.people[self.of[i]])))

    def change(self, i: int, by: int) -> None:
        before = self.posts[i] > 0
        self._draw(i, -1.0)
        self.posts[i] += by
        self._draw(i, 1.0)
        if (self.posts[i] > 0) != before:
            self._share(i, 1.0 if self.posts[i] > 0 else -1.0)

    def adds(self) -> FloatArray:
        """What one more post of each creator would add, (n,)."""
        more = self.problem.gain * (1 - self.problem.repeat) ** self.posts
        out: FloatArray = np.where(self.posts > 0, more, self.problem.gain - self.lost)
        if len(self.drawn):
            # of what a post draws from its group, those count whom nobody reaches yet
            out = np.where(self.of >= 0, more * np.exp(-self.drawn)[self.of], out)
        return np.where(self.posts < self.problem.most, out, -np.inf)


def _worth(problem: Problem, adds: FloatArray, power: float) -> FloatArray:
    return np.where(adds > 0, adds / np.maximum(problem.price, 1e-9) ** power, -np.inf)


def _greedy(problem: Problem, near: list[tuple[IntArray, FloatArray]], power: float) -> IntArray:
    under_way = _List(problem, near, np.zeros(len(problem), dtype=np.int64))
    for rule in (rule for rule in problem.rules if rule.low > 0):
        while float(rule.each @ (under_way.posts > 0)) < rule.low:
            adds = np.where((rule.each > 0) & (under_way.posts == 0), under_way.adds(), -np.inf)
            if not _add_best(problem, under_way, _worth(problem, adds, power) if np.any(adds > 0) else adds):
                break
    while _add_best(problem, under_way, _worth(problem, under_way.adds(), power)):
        pass
    return under_way.posts


def _add_best(problem: Problem, under_way: _List, worth: FloatArray) -> bool:
    """Add the post of most worth that the money and every upper bound allow; whether there was one."""
    left = problem.budget * (1 + 1e-9) - problem.cost(under_way.posts)
    worth = np.where(problem.price <= left, worth, -np.inf)
    for i in np.argsort(-worth, kind="stable")[:TRIED].tolist():
        if not np.isfinite(worth[i]):
            return False
        under_way.change(i, 1)
        if not _above(problem, under_way.posts):
            return True
        under_way.change(i, -1)
    return False


def _above(problem: Problem, posts: IntArray) -> bool:
    """Whether an upper bound is passed."""
    return any(
        float(rule.each @ (posts > 0) + rule.money @ (problem.price * posts)) > rule.high + 1e-9
        for rule in problem.rules
    )


def _exchanged(problem: Problem, near: list[tuple[IntArray, FloatArray]], posts: IntArray, power: float) -> IntArray:
    """The list after exchanges: one creator out, others in as money and worth allow, kept where the outcome grows."""
    best, value = posts, problem.outcome(posts)
    for _ in range(ROUNDS):
        improved = False
        for out in np.flatnonzero(best > 0).tolist():
            under_way = _List(problem, near, best)
            under_way.change(out, -int(best[out]))
            left = problem.budget * (1 + 1e-9) - problem.cost(under_way.posts)
            adds = np.where(problem.price <= left, under_way.adds(), -np.inf)
            adds[out] = -np.inf
            for into in np.argsort(-adds, kind="stable")[:3].tolist():
                if not np.isfinite(adds[into]):
                    break
                trial = _List(problem, near, under_way.posts)
                trial.change(into, 1)
                while _add_best(problem, trial, _worth(problem, trial.adds(), power)):
                    pass
                reached = problem.outcome(trial.posts)
                if reached > value * (1 + 1e-9) and not problem.broken(trial.posts):
                    best, value, improved = trial.posts, reached, True
                    break
        if not improved:
            break
    return best
