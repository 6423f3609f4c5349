"""Moments of creators at large: what similarities are standardised with, part of every bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.heads.niche_fit.levels import Levels
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray


@dataclass(frozen=True)
class Moments:
    """Mean and covariance of vectors, the covariance as a factor: cov = factor @ factor.T + floor * identity.

    mean : (width,) float64. factor : (width, rank) float64. floor : mean variance beyond the factor's rank.
    """

    mean: FloatArray
    factor: FloatArray
    floor: float

    def of(self, q: FloatArray) -> tuple[float, float]:
        """Mean and standard deviation of the inner product with q, (width,)."""
        along = self.factor.T @ q
        return float(self.mean @ q), float(np.sqrt(along @ along + self.floor * (q @ q)))

    @classmethod
    def fit(cls, vectors: FloatArray, *, rank: int = 64) -> Moments:
        """Moments of (n, width) vectors, n >= 2."""
        mean = vectors.mean(axis=0)
        values, axes = np.linalg.eigh(np.cov(vectors.T))
        order = np.argsort(values)[::-1]
        largest = order[:rank]
        floor = float(np.mean(values[order[rank:]])) if len(order) > rank else 0.0
        # Rounded as stored, so that training and serving compute with the same numbers; half precision moves a
        # deviation by less than .0005 of itself.
        factor = (axes[:, largest] * np.sqrt(np.maximum(values[largest] - floor, 0.0))).astype(np.float16)
        return cls(mean.astype(np.float32).astype(np.float64), factor.astype(np.float64), max(floor, 1e-9))

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        return {
            f"{prefix}.mean": self.mean.astype(np.float32),
            f"{prefix}.factor": self.factor.astype(np.float16),
            f"{prefix}.floor": np.array([self.floor]),
        }

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str) -> Moments:
        try:
            mean, factor = tables[f"{prefix}.mean"], tables[f"{prefix}.factor"]
            floor = float(tables[f"{prefix}.floor"][0])
        except (KeyError, IndexError) as error:
            raise BundleCorruptError(f"reference {prefix}: table {error} is absent; publish the bundle again") from None
        if mean.ndim != 1 or factor.ndim != 2 or len(factor) != len(mean):
            raise BundleCorruptError(
                f"reference {prefix}: shapes {mean.shape}, {factor.shape}; publish the bundle again"
            )
        return cls(mean.astype(np.float64), factor.astype(np.float64), floor)


@dataclass(frozen=True)
class Reference:
    """Moments over creators at large: of post vectors, of creators' normalised mean post vector, and of bio vectors.

    about : (width + 1,) float64, log odds that a brief's sentence says what is wanted rather than who asks, linear in
    its vector, the bias last; None where that was not learned.
    levels : what vectors of creators' texts are rid of by language before anything is measured; None where nothing is.
    """

    posts: Moments
    centres: Moments
    bios: Moments
    about: FloatArray | None = None
    levels: Levels | None = None

    @property
    def width(self) -> int:
        return len(self.posts.mean)

    def level(self, creator: Prepared) -> Prepared:
        """The creator with levelled vectors; the same one where there is nothing to level."""
        return creator if self.levels is None else self.levels.level(creator)

    @classmethod
    def fit(
        cls, creators: Sequence[Prepared], *, extra_bios: Prepared | None = None, levels: Levels | None = None
    ) -> Reference:
        """From a sample of creators; each creator weighs the same in `centres`, each text in `posts` and `bios`.

        extra_bios : bios of further people, as units of one. levels : taken off all vectors first, kept with the rest.
        A kind with fewer than two texts takes the moments of all texts. Raises ShapeError with fewer than two in all.
        """
        posts, centres, bios = [], [], []
        for creator in creators if levels is None else map(levels.level, creators):
            is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
            own = creator.vectors[~is_bio].astype(np.float64)
            if is_bio.any():
                bios.append(creator.vectors[is_bio].astype(np.float64))
            if len(own):
                posts.append(own)
                centres.append(unit_length(own.mean(axis=0)))
        if extra_bios is not None:
            levelled = extra_bios if levels is None else levels.level(extra_bios)
            bios.append(levelled.vectors.astype(np.float64))
        everything = [*posts, *bios]
        n = sum(len(part) for part in everything)
        if n < 2:
            raise ShapeError(f"{n} texts of {len(creators)} creators; expected at least two to take moments of")
        kinds = [
            np.concatenate(kind) if kind else np.empty((0, 0)) for kind in (posts, [c[None] for c in centres], bios)
        ]
        posts_of, centres_of, bios_of = (
            Moments.fit(kind if len(kind) > 1 else np.concatenate(everything)) for kind in kinds
        )
        return cls(posts_of, centres_of, bios_of, levels=levels)

    def to_tables(self) -> dict[str, npt.NDArray[np.generic]]:
        tables: dict[str, npt.NDArray[np.generic]] = {}
        for name in ("posts", "centres", "bios"):
            tables |= getattr(self, name).to_tables(f"reference.{name}")
        if self.about is not None:
            tables["reference.about"] = self.about
        return tables | (self.levels.to_tables() if self.levels is not None else {})

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]]) -> Reference:
        about = tables.get("reference.about")
        posts, centres, bios = (
            Moments.from_tables(tables, f"reference.{name}") for name in ("posts", "centres", "bios")
        )
        levels = Levels.from_tables(tables) if "levels.shifts" in tables else None
        return cls(posts, centres, bios, None if about is None else about.astype(np.float64), levels)


def unit_length(v: FloatArray) -> FloatArray:
    """v at length 1; a zero vector as it is."""
    norm = float(np.sqrt(v @ v))
    return v / norm if norm > 0 else v
