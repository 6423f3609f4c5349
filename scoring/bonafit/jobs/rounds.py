"""Which creators of a list the niche head would put first, reading a tenth of their texts with the full encoder.

The head's features are deviations from a reference, so the same head can read the fast encoder's vectors against the
fast encoder's own reference. That ranks everybody; then, round by round, fewer creators have more of their texts read
with the full encoder, those first that look nearest to the brief. What is read also tells where fast vectors lie among
the full ones, so texts not read stand at their likely places there. Who is left is to be scored in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.pair import PairFeatures, pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.tables.arrays import Vectors
from bonafit.text.units import brief_facets, creator_units, for_encoder

# Of each round: how many creators have texts read, how many of their posts are read by its end, and how many are ranked
# by what is known then (the first places fast vectors, so many stand elsewhere after it). Numbers of creators in
# multiples of those wanted; of LAST times those everything is read. Chosen on half of the briefs of instagram_2017 and
# judged on the others (docs/decisions/002-encoder.md; benchmarks, encoder/instagram_2017/fast_fit).
ROUNDS = ((1.0, 4, 10.0), (2.5, 3, 6.0), (1.7, 7, 1.7), (1.35, 12, 1.35))
LAST = 1.12
# Of a long list at least this share counts as wanted: the first few of many are not told apart by few texts.
LEAST_WANTED = 1 / 20
# Strength of the ridge that places fast vectors among the full ones, in mean variances of a direction.
PLACED = 1.0


def shortlist_fit(
    creators: Sequence[Creator], brief: Brief, *, head: NicheFitHead, fast: Encoder, full: Encoder, k: int
) -> list[int]:
    """Positions of the creators to score in full when the head's best k are wanted, likeliest first.

    At least k of them where there are so many. Pass a CachedEncoder as full, and scoring them does not encode again.
    Raises BriefError where the brief cannot be used.
    """
    n = len(creators)
    if n <= k:
        return list(range(n))
    units = [creator_units(creator) for creator in creators]
    if sum(map(len, units)) < 2:
        return list(range(n))
    vectors = fast.encode([for_encoder(unit) for of_creator in units for unit in of_creator])
    of_each = np.split(vectors, np.cumsum([len(of_creator) for of_creator in units])[:-1])
    guesses = [Prepared(c, u, v) for c, u, v in zip(creators, units, of_each, strict=True)]
    facets = brief_facets(brief)
    texts = [for_encoder(facet) for facet in facets]
    view = BriefView(PreparedBrief(brief, facets, fast.encode(texts)), Reference.fit(guesses))
    guessed = [pair_features(guess, view) for guess in guesses]
    eta = head.model.predict(np.array([features.row for features in guessed]))
    order: list[int] = np.argsort(-eta, kind="stable").tolist()
    sharp = head.view(PreparedBrief(brief, facets, full.encode(texts)))
    n_read = max(k, LEAST_WANTED * n)
    read: dict[int, _Read] = {}
    for times, posts, ranked in ROUNDS:
        _read_more(order[: ceil(times * n_read)], posts, guesses, guessed, read, full)
        order = order[: ceil(ranked * n_read)]
        likely = _likely(order, guesses, read)
        rows = [pair_features(guess, sharp, same=guessed[i]).row for i, guess in zip(order, likely, strict=True)]
        order = [order[i] for i in np.argsort(-head.model.predict(np.array(rows)), kind="stable").tolist()]
    return order[: ceil(LAST * n_read)]


@dataclass
class _Read:
    """Which units of a creator were read, (n_read,) positions, and their full vectors, (n_read, width)."""

    at: npt.NDArray[np.intp]
    vectors: Vectors


def _read_more(
    order: Sequence[int],
    posts: int,
    guesses: Sequence[Prepared],
    guessed: Sequence[PairFeatures],
    read: dict[int, _Read],
    full: Encoder,
) -> None:
    """Read the usable bio and so many posts of each creator in `order`, without what is in `read` already."""
    nothing = np.empty(0, dtype=np.intp)
    fresh = []
    for i in order:
        at = _worth_reading(guesses[i], guessed[i], posts)
        fresh.append(np.setdiff1d(at, read[i].at if i in read else nothing, assume_unique=True))
    vectors = full.encode(
        [for_encoder(guesses[i].units[j]) for i, at in zip(order, fresh, strict=True) for j in at.tolist()]
    )
    parts = np.split(vectors, np.cumsum([len(at) for at in fresh])[:-1])
    for i, at, part in zip(order, fresh, parts, strict=True):
        before = read.get(i)
        if before is None:
            read[i] = _Read(at, part)
        else:
            read[i] = _Read(np.concatenate([before.at, at]), np.concatenate([before.vectors, part]))


def _worth_reading(creator: Prepared, guess: PairFeatures, posts: int) -> npt.NDArray[np.intp]:
    """Positions of the usable bio and of the usable posts that look nearest to the brief."""
    is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
    usable = np.flatnonzero(guess.used & ~is_bio)
    nearest = usable[np.argsort(-guess.z[usable, 0], kind="stable")[:posts]]
    return np.concatenate([np.flatnonzero(guess.used & is_bio), nearest])


def _likely(order: Sequence[int], guesses: Sequence[Prepared], read: dict[int, _Read]) -> list[Prepared]:
    """Creators with full vectors: those read, and for other units what a ridge of read on fast vectors makes likely."""
    fast = np.concatenate([guesses[i].vectors[text.at] for i, text in read.items()]).astype(np.float64)
    full = np.concatenate([text.vectors for text in read.values()]).astype(np.float64)
    if not len(fast):
        # Nobody among them has a usable text: nothing to place, and nothing that a brief could be near to.
        return [
            replace(guesses[i], vectors=np.zeros((len(guesses[i].units), full.shape[1]), np.float32)) for i in order
        ]
    fast_mean, full_mean = fast.mean(axis=0), full.mean(axis=0)
    centred = fast - fast_mean
    strength = PLACED * len(fast) / fast.shape[1]
    placed = np.linalg.solve(centred.T @ centred + strength * np.eye(fast.shape[1]), centred.T @ (full - full_mean))
    onto, start = placed.astype(np.float32), (full_mean - fast_mean @ placed).astype(np.float32)
    likely = []
    for i in order:
        vectors = guesses[i].vectors @ onto + start
        if i in read:
            vectors[read[i].at] = read[i].vectors
        likely.append(replace(guesses[i], vectors=vectors))
    return likely
