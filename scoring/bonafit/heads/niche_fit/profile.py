"""Which brands creators of such texts mention: a linear map from a creator's vector to descriptions of brands.

A creator writes of brunch and a brand of cast iron; a plain similarity sees little. The map is learned on pairs
(training: bonafit_training.heads.niche_fit.profile_map) and holds no row of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError
from bonafit.heads.niche_fit.reference import Moments, unit_length

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """The map of rank r and the moments its similarities are standardised with.

    into, onto : (width, r) float64, from a creator's vector and from a brief's to r directions in which they compare.
    creator_mean, brief_mean : (width,) float64, taken off before.
    posts, bios : moments over creators at large of `directions` of mean post vectors, and of bios, (r,).
    """

    into: FloatArray
    onto: FloatArray
    creator_mean: FloatArray
    brief_mean: FloatArray
    posts: Moments
    bios: Moments

    @property
    def width(self) -> int:
        return len(self.into)

    def directions(self, vector: FloatArray) -> FloatArray:
        """(r,) unit length, where the brands of a creator with this vector, (width,), are expected."""
        return unit_length((vector - self.creator_mean) @ self.into)

    def wanted(self, query: FloatArray) -> FloatArray:
        """(r,) where a brief of this vector, (width,), lies."""
        return (query - self.brief_mean) @ self.onto

    def to_tables(self) -> dict[str, npt.NDArray[np.generic]]:
        """Flat arrays for an npz file; the map in half precision, as it is rounded when it is fitted."""
        return {
            "profile.into": self.into.astype(np.float16),
            "profile.onto": self.onto.astype(np.float16),
            "profile.creator_mean": self.creator_mean.astype(np.float32),
            "profile.brief_mean": self.brief_mean.astype(np.float32),
            **self.posts.to_tables("profile.posts"),
            **self.bios.to_tables("profile.bios"),
        }

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]]) -> Profile:
        """Read what `to_tables` wrote. Raises BundleCorruptError where an array is absent or shapes disagree."""
        try:
            into, onto, creator_mean, brief_mean = (
                tables[f"profile.{name}"].astype(np.float64) for name in ("into", "onto", "creator_mean", "brief_mean")
            )
        except KeyError as error:
            raise BundleCorruptError(f"niche_fit: table {error} is absent; publish the bundle again") from None
        width = len(creator_mean)
        if into.ndim != 2 or into.shape != onto.shape or len(into) != width or brief_mean.shape != (width,):
            raise BundleCorruptError(
                f"niche_fit profile: shapes {into.shape}, {onto.shape}, {creator_mean.shape}, {brief_mean.shape}; "
                "publish the bundle again"
            )
        posts, bios = (Moments.from_tables(tables, f"profile.{name}") for name in ("posts", "bios"))
        return cls(into, onto, creator_mean, brief_mean, posts, bios)
