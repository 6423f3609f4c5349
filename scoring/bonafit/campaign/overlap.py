"""Who is reached twice: people that creators share, where somebody measured it and where it is an assumption.

Given pairs say how many people two creators share. A list then reaches at least the sum of what each brings minus what
each pair shares (Bonferroni) and at most that sum minus the pairs of the heaviest tree (Hunter 1976). Lists are chosen
by the lower of the two. Creators of whom no pair is given are taken to draw on their group's people (one platform,
language, country and category) as if by lot: a group of P people reaches P (1 - prod(1 - brought / P)) of them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bonafit.campaign.candidates import Candidate
from bonafit.errors import InputError, RecordError
from bonafit.io.side_files import MAX_AMOUNT, read_rows
from bonafit.io.streams import named
from bonafit.tables.arrays import FloatArray, IntArray

# A group is at least so many times its largest creator: nobody brings more than half of it.
LEAST_PEOPLE = 2.0
NAMES_A, NAMES_B = ("creator_a", "source", "a"), ("creator_b", "target", "b")
SHARED, SHARE = ("shared",), ("share",)


@dataclass(frozen=True)
class Pairs:
    """Pairs of candidates who share people. a, b : (m,) positions, a < b. shared : (m,) in units of the goal."""

    a: IntArray
    b: IntArray
    shared: FloatArray

    def __len__(self) -> int:
        return len(self.a)


@dataclass(frozen=True)
class Groups:
    """Candidates without given pairs. of : (n,) number of the group, -1 for none. people : (groups,) P of each."""

    of: IntArray
    people: FloatArray
    names: tuple[str, ...] = ()


NO_PAIRS = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def read_overlaps(path: str | os.PathLike[str]) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    """Given overlaps by two ids: people shared, or share of the smaller audience in [0, 1]; the other is None.

    Columns: creator_a, creator_b and shared or share. Raises InputError naming the line of the first mistake.
    """
    overlaps: dict[tuple[str, str], tuple[float | None, float | None]] = {}
    for line, row in read_rows(path):
        if isinstance(row, RecordError):
            raise InputError(f"{named(path)}, line {line}: {row.reason}")
        a, b = (next((str(row[name]) for name in names if row.get(name)), "") for names in (NAMES_A, NAMES_B))
        if not a or not b or a == b:
            raise InputError(f"{named(path)}, line {line}: expected creator_a and creator_b, two different creators")
        shared, share = (_number(row, names, path, line) for names in (SHARED, SHARE))
        if (shared is None) == (share is None):
            raise InputError(f"{named(path)}, line {line}: expected one of shared (people) and share (of the smaller)")
        if share is not None and share > 1:
            raise InputError(f"{named(path)}, line {line}: share {share:g}, expected a fraction in [0, 1], not percent")
        key = (a, b) if a < b else (b, a)
        if key in overlaps and overlaps[key] != (shared, share):
            raise InputError(f"{named(path)}, line {line}: {a} and {b} were given before with another figure")
        overlaps[key] = (shared, share)
    return overlaps


def _number(row: Mapping[str, object], names: Sequence[str], path: str | os.PathLike[str], line: int) -> float | None:
    value = next((row[name] for name in names if row.get(name) not in (None, "")), None)
    if value is None:
        return None
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number <= MAX_AMOUNT:
        raise InputError(f"{named(path)}, line {line}: {names[0]} {str(value)[:40]!r}, expected a number of at least 0")
    return number


def pairs_of(
    people: Sequence[Candidate],
    gain: FloatArray,
    given: Mapping[tuple[str, str], tuple[float | None, float | None]],
) -> Pairs:
    """Given overlaps of followers in units of the goal: shared followers times the lower of the two's gain a follower.

    As if whoever of the shared people responds to one of the two responded to the other as well: what two creators
    bring together is at least what is left. gain : (n,) what one post of each brings. Pairs with a creator who is no
    candidate are passed over.
    """
    place = {person.creator_id: i for i, person in enumerate(people)} | {
        person.label: i for i, person in enumerate(people)
    }
    a, b, shared = [], [], []
    for (first, second), (count, share) in given.items():
        i, j = place.get(first), place.get(second)
        if i is None or j is None or i == j:
            continue
        sizes = people[i].followers, people[j].followers
        if not sizes[0] or not sizes[1]:
            continue
        both = count if count is not None else (share or 0.0) * min(sizes[0], sizes[1])
        amount = min(both * min(gain[i] / sizes[0], gain[j] / sizes[1]), float(gain[i]), float(gain[j]))
        a.append(min(i, j))
        b.append(max(i, j))
        shared.append(amount)
    return Pairs(np.array(a, np.int64), np.array(b, np.int64), np.array(shared, np.float64))


def groups_of(people: Sequence[Candidate], gain: FloatArray, pairs: Pairs, overlap: float) -> Groups:
    """Groups of the candidates that no given pair names.

    overlap : share that two typical ones have in common, 0 for no groups. A group's people are its creators' mean
    gain, weighted by gain, over the overlap.
    """
    of = np.full(len(people), -1, dtype=np.int64)
    if overlap <= 0:
        return Groups(of, np.zeros(0))
    in_pairs = set(pairs.a.tolist()) | set(pairs.b.tolist())
    members: dict[tuple[str, ...], list[int]] = {}
    for i, person in enumerate(people):
        if i not in in_pairs and gain[i] > 0:
            key = tuple(part or "?" for part in (person.platform, person.language, person.country, person.category))
            members.setdefault(key, []).append(i)
    people_of: list[float] = []
    names: list[str] = []
    for key, rows in members.items():
        if len(rows) < 2:
            continue
        of[rows] = len(names)
        brought = gain[rows]
        typical = float(np.sum(np.square(brought)) / np.sum(brought))
        people_of.append(max(typical / overlap, LEAST_PEOPLE * float(np.max(brought))))
        names.append(" ".join(part for part in key if part != "?") or "unknown")
    return Groups(of, np.array(people_of), tuple(names))


def heaviest_tree(pairs: Pairs, listed: set[int]) -> float:
    """Sum of what is shared along the heaviest tree over the chosen (Kruskal): what is shared at the least."""
    parent = {i: i for i in listed}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    total = 0.0
    for k in np.argsort(-pairs.shared, kind="stable").tolist():
        i, j = int(pairs.a[k]), int(pairs.b[k])
        if i in parent and j in parent and root(i) != root(j):
            parent[root(i)] = root(j)
            total += float(pairs.shared[k])
    return total
