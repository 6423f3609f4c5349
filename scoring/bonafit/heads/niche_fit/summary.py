"""The fit head of an index: the same question as niche_fit, answered from a few vectors a creator.

The full head reads every text of a creator and the words in them; a million creators with a hundred texts each cannot
be read while a person waits. An index holds a summary of each creator (SUMMARY vectors, and how many posts they stand
for), and this head is trained on the same pairs from such summaries. Its value ranks; the full head explains the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleIncompatibleError
from bonafit.heads.columns import Column, columns_from
from bonafit.heads.niche_fit.posts import PRIOR_POSTS
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.arrays import FloatArray
from bonafit.tables.calibration import CalibrationMap
from bonafit.tables.even_bins import EvenPredictor

Floats = npt.NDArray[np.float32]

# Directions that a creator's posts are split into, beside their mean: a creator of two subjects fits briefs on either.
MODES = 2
SUMMARY = ("centre", "bio", *(f"mode_{i + 1}" for i in range(MODES)))
INPUTS = ("n_posts", "has_bio")
ROUNDS = 8

COLUMNS = (
    Column("post_fit", "deviations", 1, "how near the creator's posts as a whole are to the brief"),
    Column("mode_fit", "deviations", 1, "how near the nearer of the creator's two main subjects is to the brief"),
    Column("facet_fit", "deviations", 1, "how well the brief's parts are each met by one of the main subjects"),
    Column("bio_fit", "deviations", 1, "how near the bio is to the brief, as far as the posts bear it out"),
    Column("bio_only_fit", "deviations", 1, "how near the bio is to the brief, where there are no posts"),
)


def summarise(creator: Prepared, *, keep: npt.NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
    """Summary vectors (len(SUMMARY), width) float32, unit length or zero, and inputs (len(INPUTS),) float32.

    keep : (n_units,) bool, units that may be used (training leaves out the posts that made a pair), or None.
    Modes are spherical k-means centres (Dhillon & Modha 2001), started from the posts farthest apart so that no
    random choice is made.
    """
    allowed = np.ones(len(creator.units), dtype=bool) if keep is None else keep
    is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
    posts = creator.vectors[allowed & ~is_bio]
    bios = creator.vectors[allowed & is_bio]
    out = np.zeros((len(SUMMARY), creator.vectors.shape[1]), dtype=np.float32)
    if len(posts):
        out[0] = _unit(posts.sum(axis=0))
        out[2:] = _modes(posts, out[0])
    if len(bios):
        out[1] = bios[0]
    return out, np.array([len(posts), float(len(bios) > 0)], dtype=np.float32)


def _unit(v: Floats) -> Floats:
    norm = float(np.sqrt(v @ v))
    return v / np.float32(norm) if norm > 0 else v


def _modes(posts: Floats, centre: Floats) -> Floats:
    first = posts[int(np.argmin(posts @ centre))]
    second = posts[int(np.argmin(posts @ first))]
    modes = np.stack([first, second])
    for _ in range(ROUNDS):
        nearest = np.argmax(posts @ modes.T, axis=1)
        fresh = np.stack(
            [_unit(posts[nearest == m].sum(axis=0)) if np.any(nearest == m) else modes[m] for m in range(MODES)]
        )
        if np.array_equal(fresh, modes):
            break
        modes = fresh
    return modes


def index_features(similarities: Floats, inputs: Floats, view: BriefView) -> FloatArray:
    """Head features of many creators, (n, len(COLUMNS)) float64, NaN where there is nothing to measure.

    similarities : (n, len(SUMMARY), 1 + n_facets) float32, of the summary vectors with view.targets' columns.
    inputs       : (n, len(INPUTS)) float32.
    """
    n_posts, has_bio = inputs[:, 0], inputs[:, 1] > 0
    has_posts = n_posts > 0
    shrink = n_posts / (n_posts + np.float32(PRIOR_POSTS))
    X = np.empty((len(similarities), len(COLUMNS)))
    centre = shrink * ((similarities[:, 0, 0] - np.float32(view.centre_mean)) / np.float32(view.centre_sd))
    near = np.maximum(similarities[:, 2, 0], similarities[:, 3, 0])
    mode = shrink * ((near - np.float32(view.centre_mean)) / np.float32(view.centre_sd))
    facet = np.zeros(len(similarities), dtype=np.float32)
    # Facet by facet: a row's bytes do not depend on how many rows stand beside it.
    for i in view.wanted:
        best = np.maximum(similarities[:, 2, 1 + i], similarities[:, 3, 1 + i])
        facet += (best - np.float32(view.post_mean[1 + i])) / np.float32(view.post_sd[1 + i])
    facet *= shrink / np.float32(len(view.wanted))
    bio = (similarities[:, 1, 0] - np.float32(view.bio_mean[0])) / np.float32(view.bio_sd[0])
    X[:, 0] = np.where(has_posts, centre, np.nan)
    X[:, 1] = np.where(has_posts, mode, np.nan)
    X[:, 2] = np.where(has_posts, facet, np.nan)
    # A bio claims at most what the posts show, as in the full head: stuffing it must not pay.
    claim = np.maximum(np.minimum(bio, centre), np.float32(0))
    X[:, 3] = np.where(has_posts & has_bio, claim, np.nan)
    X[:, 4] = np.where(~has_posts & has_bio, bio, np.nan)
    return X


class IndexHead:
    """The additive fit head over summaries, its calibration and its reference."""

    name = "index_fit"

    def __init__(self, model: AdditiveModel, calibrate: CalibrationMap, reference: Reference) -> None:
        self.model, self.calibrate, self.reference = model, calibrate, reference
        self.predict = EvenPredictor(model)

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Manifest section and tables. Inverse of `from_bundle`."""
        section = {
            "columns": [msgspec.to_builtins(c) for c in COLUMNS],
            "summary": list(SUMMARY),
            "inputs": list(INPUTS),
        }
        return section, {
            **self.model.to_tables("model"),
            **self.calibrate.to_tables("calibration"),
            **self.reference.to_tables(),
        }

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> IndexHead:
        """Construct from a bundle. Raises BundleIncompatibleError where its summary is not this version's."""
        if columns_from(section["columns"]) != COLUMNS or tuple(section["summary"]) != SUMMARY:
            raise BundleIncompatibleError(
                "index_fit: the bundle's summary is not this version's; retrain or upgrade bonafit"
            )
        return cls(
            AdditiveModel.from_tables(tables, "model", n_columns=len(COLUMNS)),
            CalibrationMap.from_tables(tables, "calibration"),
            Reference.from_tables(tables),
        )
