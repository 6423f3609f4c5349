"""The choice of creators and posts as arrays: what each brings and costs, who shares people, what must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bonafit.campaign.overlap import NO_PAIRS, Groups, Pairs, heaviest_tree
from bonafit.tables.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Rule:
    """One constraint by name: low <= sum of `each` over creators + sum of `money` over what is spent on them <= high.

    each : (n,) counts for being on the list. money : (n,) counts for each unit of money spent on a creator.
    """

    name: str
    each: FloatArray
    money: FloatArray
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True)
class Problem:
    """Whom to book, with how many posts.

    gain : (n,) what the first post of each brings. price : (n,) of one post. most : (n,) posts at most.
    repeat : share of a post's people that the creator's next post reaches again.
    """

    gain: FloatArray
    price: FloatArray
    most: IntArray
    budget: float
    repeat: float = 0.5
    rules: tuple[Rule, ...] = ()
    pairs: Pairs = NO_PAIRS
    groups: Groups = field(default_factory=lambda: Groups(np.zeros(0, np.int64), np.zeros(0)))

    def __len__(self) -> int:
        return len(self.gain)

    def asked(self, budget: float, rules: tuple[Rule, ...]) -> Problem:
        """The same creators under another budget and other rules."""
        return replace(self, budget=budget, rules=rules)

    def post_gain(self, k: int) -> FloatArray:
        """What the k-th post of each creator adds to the creator's own, (n,), k from 0."""
        gain: FloatArray = self.gain * (1 - self.repeat) ** k
        return gain

    def brought(self, posts: IntArray) -> FloatArray:
        """What so many posts of each creator bring alone, (n,). posts : (n,)."""
        return np.asarray(
            sum(self.post_gain(k) * (posts > k) for k in range(int(np.max(posts, initial=0)))) + 0.0 * self.gain
        )

    def outcome(self, posts: IntArray) -> float:
        """What a list brings, nobody counted twice as far as overlaps say: the figure that is maximised."""
        listed = posts > 0
        alone = self.brought(posts)
        of = self.of_group
        total = float(np.sum(alone[of < 0]))
        if len(self.groups.people):
            drawn = np.bincount(of[of >= 0], self.draws(posts)[of >= 0], minlength=len(self.groups.people))
            total += float(np.sum(self.groups.people * -np.expm1(-drawn)))
        both = listed[self.pairs.a] & listed[self.pairs.b]
        return total - float(np.sum(self.pairs.shared[both]))

    def draws(self, posts: IntArray) -> FloatArray:
        """-log(1 - share of the group's people) that so many posts of each creator bring, (n,); 0 outside groups."""
        return np.asarray(
            sum(self.draw(k) * (posts > k) for k in range(int(np.max(posts, initial=0)))) + 0.0 * self.gain
        )

    def draw(self, k: int) -> FloatArray:
        """The same of the k-th post alone."""
        of = self.of_group
        out = np.zeros(len(self))
        inside = of >= 0
        out[inside] = -np.log1p(-self.post_gain(k)[inside] / self.groups.people[of[inside]])
        return out

    @property
    def of_group(self) -> IntArray:
        """Group of each creator, (n,), -1 for none."""
        return self.groups.of if len(self.groups.of) else np.full(len(self), -1, dtype=np.int64)

    def at_most(self, posts: IntArray) -> float:
        """Most that a list can bring, given what pairs share (Hunter's bound); `outcome` is the least."""
        listed = set(np.flatnonzero(posts > 0).tolist())
        both = np.array(
            [a in listed and b in listed for a, b in zip(self.pairs.a.tolist(), self.pairs.b.tolist(), strict=True)]
        )
        lost = float(np.sum(self.pairs.shared[both])) if len(both) else 0.0
        return self.outcome(posts) + lost - heaviest_tree(self.pairs, listed)

    def cost(self, posts: IntArray) -> float:
        """Money spent on a list."""
        return float(np.sum(self.price * posts))

    def broken(self, posts: IntArray) -> list[str]:
        """Names of the constraints that a list does not hold; empty where it may be booked."""
        out = [] if self.cost(posts) <= self.budget * (1 + 1e-9) else ["budget"]
        if np.any(posts > self.most):
            out.append("posts of a creator")
        for rule in self.rules:
            value = float(rule.each @ (posts > 0) + rule.money @ (self.price * posts))
            slack = 1e-9 * max(1.0, abs(value))
            if not rule.low - slack <= value <= rule.high + slack:
                out.append(rule.name)
        return out


def counting(
    name: str, members: Sequence[int] | IntArray, n: int, *, low: float = -np.inf, high: float = np.inf
) -> Rule:
    """A rule on how many of some creators are on the list."""
    each = np.zeros(n)
    each[np.asarray(members, dtype=np.int64)] = 1.0
    return Rule(name, each, np.zeros(n), low, high)


def spending(name: str, members: Sequence[int] | IntArray, n: int, *, high: float) -> Rule:
    """A rule on how much is spent on some creators."""
    money = np.zeros(n)
    money[np.asarray(members, dtype=np.int64)] = 1.0
    return Rule(name, np.zeros(n), money, high=high)
