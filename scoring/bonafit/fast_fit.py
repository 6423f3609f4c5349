"""Which creators of a list the niche head would put first, reading a tenth of their texts with the full encoder.

The head's features are deviations from a reference, so the same head can read the fast encoder's vectors against the
fast encoder's own reference. Stage one ranks everybody so; stage two reads the few texts of the better ones that carry
a fit, with the full encoder; what is left is to be scored in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
import numpy.typing as npt

from bonafit.features.pair import COLUMNS, ON_NICHE, PRIOR_POSTS, BriefView, PairFeatures, pair_features, profile_values
from bonafit.features.reference import Reference
from bonafit.heads.niche_fit import NicheFitHead
from bonafit.prepared import Encoder, Prepared, PreparedBrief, Vectors
from bonafit.records import Brief, Creator
from bonafit.units import brief_facets, creator_units

FloatArray = npt.NDArray[np.float64]

# Shares of the creators that reach the second and the last stage, and posts read in the second: chosen on half of the
# briefs of instagram_2017 as the best at 9.7 % of the text, judged on the others (benchmarks, encoder/.../fast_fit).
MIDDLE, LAST, POSTS = 0.15, 0.08, 6
# Share of the error seen in the posts read that the others are taken to have: 0, .3, .6, 1 and 1.4 tried.
CARRIED = 0.5
# Strength of the ridge that places fast vectors among the full ones, in mean variances of a direction.
PLACED = 1.0
_AT = {column.name: j for j, column in enumerate(COLUMNS)}
_PROFILE = [_AT["profile_fit"], _AT["bio_only_profile"]]


def shortlist_fit(
    creators: Sequence[Creator], brief: Brief, *, head: NicheFitHead, fast: Encoder, full: Encoder, k: int
) -> list[int]:
    """Positions of the creators to score in full when the head's best k are wanted, likeliest first.

    At least k of them where there are so many. Pass a CachedEncoder as full, and scoring them does not encode again.
    Raises BriefError where the brief cannot be used.
    """
    units = [creator_units(creator) for creator in creators]
    n = len(creators)
    if n <= k or sum(map(len, units)) < 2:
        return list(range(n))
    vectors = fast.encode([unit.text for of_one in units for unit in of_one])
    of_each = np.split(vectors, np.cumsum([len(of_one) for of_one in units])[:-1])
    guesses = [Prepared(c, u, v) for c, u, v in zip(creators, units, of_each, strict=True)]
    facets = brief_facets(brief)
    texts = [facet.text for facet in facets]
    view = BriefView(PreparedBrief(brief, facets, fast.encode(texts)), Reference.fit(guesses))
    guessed = [pair_features(one, view) for one in guesses]
    rows = np.array([one.row for one in guessed])
    order = np.argsort(-head.model.predict(rows), kind="stable")
    middle = order[: max(k, ceil(MIDDLE * n))].tolist()
    chosen = [_to_read(guesses[i], guessed[i]) for i in middle]
    exact = full.encode([guesses[i].units[j].text for i, read in zip(middle, chosen, strict=True) for j in read])
    sharp = head.view(PreparedBrief(brief, facets, full.encode(texts)))
    start = 0
    for i, read in zip(middle, chosen, strict=True):
        own = Prepared(creators[i], tuple(guesses[i].units[j] for j in read.tolist()), exact[start : start + len(read)])
        start += len(read)
        rows[i] = _corrected(guessed[i], read, pair_features(own, sharp), own)
    if sharp.profile is None:
        second = head.model.predict(rows[middle])
        kept = np.argsort(-second, kind="stable")[: max(k, ceil(LAST * n))]
        return [middle[i] for i in kept.tolist()]
    parts = np.split(exact, np.cumsum([len(read) for read in chosen])[:-1])
    seen = {i: (read, part) for i, read, part in zip(middle, chosen, parts, strict=True)}
    _add_profiles(rows, guesses, guessed, seen, sharp)
    kept = np.argsort(-head.model.predict(rows), kind="stable")[: max(k, ceil(LAST * n))]
    return [int(i) for i in kept]


def _add_profiles(
    rows: FloatArray,
    guesses: Sequence[Prepared],
    guessed: Sequence[PairFeatures],
    seen: Mapping[int, tuple[npt.NDArray[np.intp], Vectors]],
    sharp: BriefView,
) -> None:
    """Fill the profile's columns of everybody: the texts read tell where fast vectors lie among the full ones.

    rows : (n, n_columns), changed in place. seen : of those read, which units, and their full vectors.
    """
    fast = np.concatenate([guesses[i].vectors[read] for i, (read, _) in seen.items()]).astype(np.float64)
    full = np.concatenate([vectors for _, vectors in seen.values()]).astype(np.float64)
    fast_mean, full_mean = fast.mean(axis=0), full.mean(axis=0)
    centred = fast - fast_mean
    strength = PLACED * len(fast) / fast.shape[1]
    placed = np.linalg.solve(centred.T @ centred + strength * np.eye(fast.shape[1]), centred.T @ (full - full_mean))
    for i, (one, guess) in enumerate(zip(guesses, guessed, strict=True)):
        vectors = (one.vectors - fast_mean) @ placed + full_mean
        if i in seen:
            vectors[seen[i][0]] = seen[i][1]
        is_bio = np.array([unit.kind == "bio" for unit in one.units], dtype=bool)
        rows[i, _PROFILE] = profile_values(vectors[guess.used & ~is_bio], vectors[guess.used & is_bio], sharp)


def _to_read(creator: Prepared, guess: PairFeatures) -> npt.NDArray[np.intp]:
    """Units worth the full encoder: the usable bio and the POSTS usable posts that look nearest, in their order."""
    is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
    posts = np.flatnonzero(guess.used & ~is_bio)
    nearest = posts[np.argsort(-guess.z[posts, 0], kind="stable")[:POSTS]]
    return np.sort(np.concatenate([np.flatnonzero(guess.used & is_bio), nearest]))


def _corrected(guess: PairFeatures, read: npt.NDArray[np.intp], exact: PairFeatures, own: Prepared) -> FloatArray:
    """The guessed row with what the read texts say of it; columns of words are exact as they are."""
    row = guess.row.copy()
    is_bio = np.array([unit.kind == "bio" for unit in own.units], dtype=bool)
    claim = float(exact.z[is_bio, 0][0]) if is_bio.any() else None
    if guess.n_posts:
        seen, before = exact.z[~is_bio, 0], guess.z[read[~is_bio], 0]
        moved = CARRIED * guess.n_posts / (guess.n_posts + PRIOR_POSTS) * float((seen - before).mean())
        for name in ("post_fit", "recent_fit", "steady_fit"):
            row[_AT[name]] += moved
        for name in ("best_posts", "facet_coverage"):
            row[_AT[name]] = exact.row[_AT[name]]
        more = np.count_nonzero(seen >= ON_NICHE) - np.count_nonzero(before >= ON_NICHE)
        row[_AT["share_on_niche"]] = max(row[_AT["share_on_niche"]] + more / (guess.n_posts + PRIOR_POSTS), 0.0)
        if claim is not None:
            row[_AT["bio_fit"]] = max(min(claim, row[_AT["post_fit"]]), 0.0)
    elif claim is not None:
        row[_AT["bio_only_fit"]] = claim
    return row
