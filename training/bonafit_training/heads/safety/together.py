"""From which value a creator's posts promote a category together, though each alone may be less likely than not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.post_model import together
from bonafit.tables.arrays import FloatArray, Vectors
from bonafit_training.data.niche_fit import INSTAGRAM
from bonafit_training.heads.safety.examples import EVERYDAY, Examples

# Invented creators by which the head is fitted and measured: posts of each, planted ones, creators a category.
POSTS, PLANTED, DRAWN = 40, 5, 2_000
# Shares of creators that may be taken to promote a category: those whose posts are drawn of captions at large; those
# all of whose posts are alike, a caption or sentence at large and the nearest to it in its language, since a home cook
# has forty posts on cooking; and those with PLANTED posts that only sound like the category or speak of it.
AT_LARGE, ALIKE, OWN = 0.002, 0.005, 0.03
# Share of the creators with PLANTED posts that promote a category that may be missed: where fewer are, the bound is
# raised, since nothing is gained below it.
MISSED = 0.04


def creators(
    places: npt.NDArray[np.int64], language: Sequence[str], large: npt.NDArray[np.int64], rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """(DRAWN, POSTS) rows of invented creators: PLANTED of these places, of one language each, the others at large.

    places, large : rows of examples. language : of every row of examples. Languages with fewer than PLANTED places are
    drawn from with repetition.
    """
    spoken = np.array(language)[places]
    names = sorted(set(spoken.tolist()))
    out = np.empty((DRAWN, POSTS), dtype=np.int64)
    for row in out:
        own = places[spoken == names[rng.integers(len(names))]]
        row[:PLANTED] = rng.choice(own, PLANTED, replace=len(own) < PLANTED)
        row[PLANTED:] = rng.choice(large, POSTS - PLANTED)
    return out


def nearest(vectors: Vectors, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """(len(rows), POSTS) for each of these rows of vectors itself and those of them that lie nearest to it."""
    own = vectors[rows].astype(np.float32)
    return rows[np.argsort(-(own @ own.T), axis=1, kind="stable")[:, :POSTS]]


def bounds_together(held: FloatArray, examples: Examples, *, seed: int) -> FloatArray:
    """(categories,) the value of `together` that no more creators of a kind reach than may; infinite without captions.

    held : (n, categories) calibrated log-odds out of fold.
    """
    rng = np.random.default_rng([seed, POSTS])
    large = np.flatnonzero([source == INSTAGRAM for source in examples.source])
    if len(large) < POSTS:
        return np.full(len(NAMES), np.inf)
    apart = rng.choice(large, (DRAWN, POSTS))
    everyday = np.array([source == EVERYDAY for source in examples.source])
    spoken = np.array(examples.language)
    of_languages = [large, *(np.flatnonzero(everyday & (spoken == name)) for name in sorted(set(spoken[everyday])))]
    alike = np.concatenate([nearest(examples.vectors, rows) for rows in of_languages if len(rows) >= POSTS])
    near = np.array(examples.near)
    bounds = np.empty(len(NAMES))
    for j, name in enumerate(NAMES):
        values = [
            np.quantile(together(held[rows, j]), 1 - share) for rows, share in ((apart, AT_LARGE), (alike, ALIKE))
        ]
        for label, share in ((0, 1 - OWN), (1, MISSED)):
            places = np.flatnonzero((near == name) & (examples.promotes[:, j] == label))
            if len(places):
                drawn = creators(places, examples.language, large, rng)
                values.append(np.quantile(together(held[drawn, j]), share))
        bounds[j] = max(values)
    return bounds
