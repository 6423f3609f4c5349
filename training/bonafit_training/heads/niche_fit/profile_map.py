"""Fit the niche head's profile: a ridge map from creators' vectors to the vectors of brands they are paired with.

A row that trains the head must not have its column from a map that saw its brand, or the head would trust the column
more than it deserves: `with_profiles` fills the columns by folds of brands, and fits the map for new brands on all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bonafit.heads.niche_fit.pair import COLUMNS, PRIOR_POSTS
from bonafit.heads.niche_fit.profile import Profile
from bonafit.heads.niche_fit.reference import Moments, unit_length
from bonafit.prepared import Prepared
from bonafit.tables.arrays import Vectors
from bonafit_training.heads.niche_fit.examples import BoolArray, Examples
from bonafit_training.heads.niche_fit.model import group_folds

FloatArray = npt.NDArray[np.float64]

# Directions kept: 32, 64 and all 384 rank alike (decision 004), and these are 0.1 MB of a bundle.
RANK = 64
# Strength of the ridge, in mean variances of a direction: of 1, 3 and 10 the one that lost least where creators
# too were held out (decision 004).
PENALTY = 10.0
_AT = {column.name: j for j, column in enumerate(COLUMNS)}


@dataclass(frozen=True)
class AtLarge:
    """Creators at large: mean post vectors of those with posts, and bios; (n, width) float64 each."""

    posts: FloatArray
    bios: FloatArray

    @classmethod
    def of(cls, creators: Sequence[Prepared], *, extra_bios: Vectors) -> AtLarge:
        """Of a sample of creators, with further bios (n, width)."""
        posts, bios = [], [extra_bios.astype(np.float64)]
        for creator in creators:
            is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
            bios.append(creator.vectors[is_bio].astype(np.float64))
            if not is_bio.all():
                posts.append(unit_length(creator.vectors[~is_bio].mean(axis=0, dtype=np.float64)))
        return cls(np.array(posts).reshape(len(posts), extra_bios.shape[1]), np.concatenate(bios))


def fit_profile(examples: Examples, at_large: AtLarge, *, penalty: float = PENALTY) -> Profile:
    """The map of the real pairs that teach, each weighing the same. penalty : in mean variances of a direction."""
    subject, query = examples.pair_vectors()
    real = (examples.y == 1) & examples.teaches & subject.any(axis=1)
    X, Y = subject[real], query[real]
    creator_mean = X.mean(axis=0).astype(np.float32).astype(np.float64)
    brief_mean = Y.mean(axis=0).astype(np.float32).astype(np.float64)
    X, Y = X - creator_mean, Y - brief_mean
    products = X.T @ X
    # Vectors are of unit length, so a direction's mean second moment is one part in `width`.
    strength = penalty * len(X) / X.shape[1]
    left, values, right = np.linalg.svd(np.linalg.solve(products + strength * np.eye(len(products)), X.T @ Y))
    # Rounded as stored, so that training and serving compute with the same numbers.
    into = (left[:, :RANK] * (values[:RANK] / values[0])).astype(np.float16).astype(np.float64)
    onto = right[:RANK].T.astype(np.float16).astype(np.float64)
    empty = Profile(into, onto, creator_mean, brief_mean, *2 * (Moments(np.zeros(0), np.zeros((0, 0)), 0.0),))
    kinds = [_directions(empty, kind) for kind in (at_large.posts, at_large.bios)]
    everything = np.concatenate([kind for kind in kinds if len(kind)])
    moments = [Moments.fit(kind if len(kind) > 1 else everything) for kind in kinds]
    return replace(empty, posts=moments[0], bios=moments[1])


def filled(examples: Examples, profile: Profile, rows: BoolArray | None = None) -> FloatArray:
    """X of the examples, (n, n_columns), with the profile's columns computed.

    rows : (n,) bool, only those, the others stay as they are; default all.
    """
    X = examples.X.copy()
    subject, query = examples.pair_vectors()
    known = subject.any(axis=1) if rows is None else subject.any(axis=1) & rows
    directions = _directions(profile, subject)
    shrink = examples.n_posts / (examples.n_posts + PRIOR_POSTS)
    for group in np.unique(examples.group[known]):
        mine = known & (examples.group == group)
        target = profile.wanted(query[mine][0])
        for name, moments, kind, scale in (
            ("profile_fit", profile.posts, mine & (examples.n_posts > 0), shrink),
            ("bio_only_profile", profile.bios, mine & (examples.n_posts == 0), np.ones(len(X))),
        ):
            mean, deviation = moments.of(target)
            X[kind, _AT[name]] = scale[kind] * (directions[kind] @ target - mean) / deviation
    return X


def _directions(profile: Profile, vectors: FloatArray) -> FloatArray:
    """`Profile.directions` of many vectors, (n, width)."""
    found: FloatArray = (vectors - profile.creator_mean) @ profile.into
    lengths: FloatArray = np.linalg.norm(found, axis=1, keepdims=True)
    unit: FloatArray = found / np.maximum(lengths, 1e-12)
    return unit


def with_profiles(examples: Examples, at_large: AtLarge, *, seed: int) -> tuple[Examples, Profile]:
    """The examples, each with its columns from a map that saw no pair of its brand; and the map of all of them."""
    X = examples.X
    for held in group_folds(examples.group, seed=seed):
        out = np.isin(examples.group, held)
        X = filled(replace(examples, X=X), fit_profile(examples.rows(~out), at_large), out)
    return replace(examples, X=X), fit_profile(examples, at_large)
