"""Scored creators put in order: place by place, under quotas, apart from each other, some places drawn at random.

Every place says how likely its creator was to get it, given the places before: with those propensities outcomes of a
list can be weighed as if another ordering had made it (inverse propensity scoring, Horvitz and Thompson 1952).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from bonafit.errors import ShapeError
from bonafit.ordering.policy import Ordering, Quota, check_ordering, kind_of
from bonafit.results import CreatorScore
from bonafit.tables.arrays import Vectors

Why = Literal["score", "quota", "diversity", "exploration"]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One place of a list.

    place      : 1-based. score : the creator's.
    why        : `score` where nobody left has a better one; else what moved the creator here.
    propensity : chance in (0, 1] of this creator at this place, given the places before; log it with the outcome.
    """

    place: int
    creator_id: str
    score: float
    why: Why
    propensity: float


class Unmet(msgspec.Struct, frozen=True, kw_only=True):
    """A quota that could not be kept: too few such creators, or quotas that stand in each other's way."""

    quota: Quota
    placed: int


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """A list, shorter than asked where too few creators are left that quotas allow.

    without_score : ids of creators who are in no ranking (not judgeable, never): they get no place.
    """

    places: tuple[Placed, ...]
    unmet: tuple[Unmet, ...]
    without_score: tuple[str, ...]


def order(results: Sequence[CreatorScore], ordering: Ordering, *, vectors: Vectors | None = None) -> Ordered:
    """The list that `ordering` makes of scored creators; equal scores are ordered by creator id.

    vectors : (n, width) unit vectors of the creators in their order, which diversity compares (the means of their
    texts: `Scorer.prepare`). Raises OrderingError for parts that do not go together, ShapeError where diversity is
    asked for without vectors or they are not one a creator.
    """
    check_ordering(ordering)
    if ordering.diversity and (vectors is None or len(vectors) != len(results)):
        size = "none" if vectors is None else str(len(vectors))
        raise ShapeError(f"diversity compares creators: found {size} vectors, expected {len(results)}")
    ranked = sorted(
        (i for i, result in enumerate(results) if result.score is not None),
        key=lambda i: (-_score(results[i]), results[i].creator_id),
    )
    making = _List(results, ordering, ranked, vectors)
    rng = np.random.default_rng(ordering.seed)
    while making.left and len(making.places) < ordering.k:
        if not making.place(rng):
            break
    return Ordered(
        places=tuple(making.places),
        unmet=tuple(making.unmet()),
        without_score=tuple(result.creator_id for result in results if result.score is None),
    )


class _List:
    """A list while it is made. left : indices of those without a place, best score first."""

    def __init__(
        self, results: Sequence[CreatorScore], ordering: Ordering, ranked: list[int], vectors: Vectors | None
    ) -> None:
        self.results, self.ordering, self.left = results, ordering, ranked
        self.places: list[Placed] = []
        self._vectors = vectors
        self._nearest = np.full(len(results), -np.inf)
        self._counts: Counter[tuple[str, str]] = Counter()
        attributes = dict.fromkeys(quota.attribute for quota in ordering.quotas)
        kinds = {name: kind_of(name, ordering.tier_scheme) for name in attributes}
        self._kinds = {i: {name: kind(results[i]) for name, kind in kinds.items()} for i in ranked}

    def place(self, rng: np.random.Generator) -> bool:
        """Fill the next place; False where quotas leave nobody for it."""
        allowed = [i for i in self.left if self._may(i)]
        # needs that stand in each other's way are given up last of all, and told
        allowed = [i for i in allowed if self._serves(i)] or allowed
        if not allowed:
            return False
        allowed.sort(key=lambda i: (-self._worth(i), self.results[i].creator_id))
        pool = allowed[: self.ordering.pool]
        explored = rng.random() < self.ordering.exploration
        place = pool[int(rng.integers(len(pool)))] if explored else pool[0]
        chance = self.ordering.exploration / len(pool) + (1 - self.ordering.exploration) * (place == pool[0])
        self._put(place, allowed, chance)
        return True

    def unmet(self) -> list[Unmet]:
        """Quotas that the list does not keep."""
        unmet = []
        for quota in self.ordering.quotas:
            n = self._counts[quota.attribute, quota.value]
            if n < quota.at_least:
                unmet.append(Unmet(quota=quota, placed=n))
        return unmet

    def _may(self, i: int) -> bool:
        """Whether no quota on what creator i is, is full."""
        return not any(
            quota.at_most is not None
            and self._kinds[i][quota.attribute] == quota.value
            and self._counts[quota.attribute, quota.value] >= quota.at_most
            for quota in self.ordering.quotas
        )

    def _serves(self, i: int) -> bool:
        """Whether, with creator i here, the places after are enough for what every attribute still asks for."""
        after = self.ordering.k - len(self.places) - 1
        needs: Counter[str] = Counter()
        for quota in self.ordering.quotas:
            have = self._counts[quota.attribute, quota.value] + (self._kinds[i][quota.attribute] == quota.value)
            needs[quota.attribute] += max(0, quota.at_least - have)
        return all(need <= after for need in needs.values())

    def _worth(self, i: int) -> float:
        weight = self.ordering.diversity
        near = self._nearest[i] if weight and self.places else 0.0
        return (1 - weight) * _score(self.results[i]) - weight * float(near)

    def _put(self, place: int, allowed: list[int], chance: float) -> None:
        result = self.results[place]
        why: Why = "score"
        if place != allowed[0]:
            why = "exploration"
        elif place != self.left[0]:
            best = min(allowed, key=lambda i: (-_score(self.results[i]), self.results[i].creator_id))
            why = "quota" if best == place else "diversity"
        self.left.remove(place)
        for attribute, kind in self._kinds[place].items():
            self._counts[attribute, kind] += 1
        if self._vectors is not None and self.ordering.diversity:
            self._nearest = np.maximum(self._nearest, self._vectors @ self._vectors[place])
        self.places.append(
            Placed(
                place=len(self.places) + 1, creator_id=result.creator_id, score=_score(result), why=why,
                propensity=float(chance),
            )
        )  # fmt: skip


def _score(result: CreatorScore) -> float:
    return 0.0 if result.score is None else result.score
