"""Which creators are worth the full encoder: a first stage that looks at all of them with the fast one."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
import numpy.typing as npt

from bonafit.prepared import Encoder, Vectors

FloatArray = npt.NDArray[np.floating]

# Shares of the creators that reach the second and the last stage, and units read in the second. On instagram_2017 (68
# briefs) they hold .965 of the full path's first 50 and read 9.2 % of its text; one stage alone holds .90 at that cost.
MIDDLE, LAST = 0.185, 0.077
UNITS = 6
# A creator's fit to a facet is the mean of their best similarities: one caption may be a coincidence.
BEST = 3


def shortlist(
    units: Sequence[Sequence[str]], facets: Sequence[str], *, fast: Encoder, full: Encoder, k: int
) -> list[int]:
    """Positions of the creators to score with the full encoder when the best k are wanted, likeliest first.

    units : each creator's texts, ready for an encoder; facets : the brief's. At least k creators where there are so
    many; one without texts comes last. Stage one ranks all by the fast encoder; stage two reads the UNITS texts of
    each of the best MIDDLE that the fast encoder found closest, with the full one. Pass a CachedEncoder as full, and
    scoring the shortlist doesn't encode those again.
    """
    ends = np.cumsum([len(texts) for texts in units])
    owners = [slice(end - len(texts), end) for texts, end in zip(units, ends, strict=True)]
    guess = fast.encode([text for texts in units for text in texts]) @ fast.encode(facets).T
    first = np.array([_fit(guess[rows]) for rows in owners])
    order = np.argsort(-first, kind="stable")
    middle = order[: max(k, ceil(MIDDLE * len(units)))]
    closest = {i: np.argsort(-guess[owners[i]].max(axis=1), kind="stable")[:UNITS] for i in middle if units[i]}
    exact = _similarities([units[i][j] for i, rows in closest.items() for j in rows], facets, full)
    second = first.copy()
    start = 0
    for i, rows in closest.items():
        found = exact[start : start + len(rows)]
        start += len(rows)
        # The texts not read keep the fast similarity, moved by what the read ones were off.
        mixed = guess[owners[i]] + (found - guess[owners[i]][rows]).mean()
        mixed[rows] = found
        second[i] = _fit(mixed)
    ranked = middle[np.argsort(-second[middle], kind="stable")]
    return [int(i) for i in ranked[: max(k, ceil(LAST * len(units)))]]


def _similarities(texts: list[str], facets: Sequence[str], encoder: Encoder) -> Vectors:
    similarities: Vectors = encoder.encode(texts) @ encoder.encode(facets).T
    return similarities


def _fit(similarities: FloatArray) -> float:
    if not len(similarities):
        return -np.inf
    return float(np.sort(similarities, axis=0)[-BEST:].mean())
