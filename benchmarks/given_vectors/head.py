"""Fit from vectors that a service already has: brands and creators described by the same named blocks of numbers.

A block is a topic distribution (non-negative, summing to 1) or an embedding; both sides have it in the same space.
Besides the similarity of each block, the head knows which brands creators like this one have worked with: a profile,
regressed from the creator's vectors on the brands of known pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.heads.columns import Column
from bonafit.results import Reason
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.arrays import FloatArray
from bonafit.tables.calibration import CalibrationMap, attribute

Blocks = Mapping[str, npt.NDArray[np.floating[Any]]]


@dataclass(frozen=True)
class Block:
    """How one block of vectors is read.

    is_distribution : square roots are compared (Hellinger), not the values.
    brand_mean, creator_mean : (d,) taken off either side. whiten : (d, d) applied to both.
    """

    name: str
    is_distribution: bool
    brand_mean: FloatArray
    creator_mean: FloatArray
    whiten: FloatArray

    def read(self, vectors: npt.NDArray[np.floating[Any]], *, brand: bool) -> FloatArray:
        """(n, d) vectors as (n, d) unit vectors in which cosines mean most; zero rows stay zero.

        Raises ShapeError where the width differs or a distribution has negative values.
        """
        given = np.asarray(vectors, dtype=np.float64)
        if given.ndim != 2 or given.shape[1] != len(self.brand_mean):
            raise ShapeError(f"block {self.name}: vectors of shape {given.shape}; expected (n, {len(self.brand_mean)})")
        if not np.all(np.isfinite(given)):
            raise ShapeError(f"block {self.name}: a value is not finite; expected numbers, leave such accounts out")
        if self.is_distribution:
            if np.any(given < 0):
                raise ShapeError(f"block {self.name}: a negative topic weight; expected a distribution")
            given = np.sqrt(given)
        centred = given - (self.brand_mean if brand else self.creator_mean)
        out = np.empty_like(centred)
        for i, row in enumerate(centred):
            # One row a product: the bytes of a creator must not depend on how many stand beside it.
            turned = row @ self.whiten
            norm = float(np.sqrt(turned @ turned))
            out[i] = turned / norm if norm > 0 else 0.0
        return out


@dataclass(frozen=True)
class Profiles:
    """Kernel ridge regressions from creators' vectors to the brands they work with, one a kernel.

    support : (m, width) vectors of known creators. dual : (n_kernels, m, width). mean : (width,) mean profile.
    gammas  : of the kernels exp(gamma (x.y - n_blocks)), each of the blocks having unit length: a wide kernel sees the
              field a creator is in, a narrow one near copies of known creators.
    """

    support: npt.NDArray[np.float32]
    dual: npt.NDArray[np.float32]
    mean: FloatArray
    gammas: tuple[float, ...]

    def of(self, creators: FloatArray, n_blocks: int) -> FloatArray:
        """Profiles of each creator, (n, n_kernels, width), from (n, width) vectors as read."""
        out = np.empty((len(creators), len(self.gammas), len(self.mean)))
        for i, row in enumerate(creators.astype(np.float32)):
            away = self.support @ row - np.float32(n_blocks)
            for k, gamma in enumerate(self.gammas):
                out[i, k] = self.mean + (np.exp(np.float32(gamma) * away) @ self.dual[k]).astype(np.float64)
        return out


@dataclass(frozen=True)
class VectorFit:
    """Fit of each creator to one brand. value : (n,) probability. log_odds : (n,). features : (n, n_columns)."""

    value: FloatArray
    log_odds: FloatArray
    features: FloatArray


def vector_columns(names: Sequence[str], n_kernels: int) -> tuple[Column, ...]:
    """Feature columns for blocks of these names and so many profiles."""
    similar = [Column(f"{n}_cosine", "cosine", 1, f"similarity of {n} to the brand's") for n in names]
    profile = [
        Column(f"{n}_profile{k + 1}", "cosine", 1, f"similarity of the brand's {n} to brands of like creators")
        for k in range(n_kernels)
        for n in names
    ]
    return (*similar, *profile)


class VectorFitHead:
    """Ranks creators for a brand from given vectors; additive and monotone in similarities, as the text head is."""

    def __init__(
        self, *, blocks: Sequence[Block], profiles: Profiles, model: AdditiveModel, calibrate: CalibrationMap
    ) -> None:
        self.blocks = tuple(blocks)
        self.profiles = profiles
        self.model = model
        self.calibrate = calibrate
        self.columns = vector_columns([block.name for block in blocks], len(profiles.gammas))

    def read(self, vectors: Blocks, *, brand: bool) -> FloatArray:
        """Blocks of n accounts side by side, (n, width). Raises ShapeError where a block is absent or does not fit."""
        missing = [block.name for block in self.blocks if block.name not in vectors]
        if missing:
            raise ShapeError(f"blocks {sorted(vectors)}; expected also {', '.join(missing)}")
        parts = [block.read(vectors[block.name], brand=brand) for block in self.blocks]
        if len({len(part) for part in parts}) > 1:
            raise ShapeError(f"blocks of {[len(part) for part in parts]} accounts; expected as many in each")
        return np.concatenate(parts, axis=1)

    def features(self, brand: Blocks, creators: Blocks) -> FloatArray:
        """(n, n_columns) similarities of n creators to one brand, given as (1, d) or (d,) blocks."""
        rows = {name: np.atleast_2d(values) for name, values in brand.items()}
        read = self.read(creators, brand=False)
        return similarity_features(
            self.read(rows, brand=True)[0], read, self.profiles.of(read, len(self.blocks)), self.blocks
        )

    def rank(self, brand: Blocks, creators: Blocks) -> VectorFit:
        """Fit of n creators to one brand, in order; a creator's figures do not depend on the others."""
        features = self.features(brand, creators)
        log_odds = self.model.predict(features)
        return VectorFit(self.calibrate(log_odds), log_odds, features)

    def reasons(self, features: FloatArray) -> tuple[Reason, ...]:
        """Reasons of one creator's fit, from its row of `VectorFit.features`; their points sum to the value."""
        effects, _ = self.model.effects(features[None])
        start, points = attribute(effects[0], self.model.intercept, self.calibrate)
        first = Reason(
            feature="baseline",
            seen=None,
            effect=self.model.intercept,
            points=start,
            text="what an average pair would get",
        )
        rest = [
            Reason(
                feature=self.columns[term.features[0]].name,
                seen=float(features[term.features[0]]),
                effect=float(effect),
                points=float(point),
                text=self.columns[term.features[0]].description,
            )
            for term, effect, point in zip(self.model.terms, effects[0], points, strict=True)
        ]
        return (first, *rest)

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        tables = self.model.to_tables("model") | self.calibrate.to_tables("calibration")
        for block in self.blocks:
            for part in ("brand_mean", "creator_mean", "whiten"):
                tables[f"block.{block.name}.{part}"] = getattr(block, part)
        tables |= {
            "profiles.support": self.profiles.support,
            "profiles.dual": self.profiles.dual,
            "profiles.mean": self.profiles.mean,
        }
        section = {
            "blocks": [{"name": block.name, "is_distribution": block.is_distribution} for block in self.blocks],
            "gammas": list(self.profiles.gammas),
        }
        return section, tables

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> VectorFitHead:
        """Construct from what `to_bundle` wrote. Raises BundleCorruptError where a table is absent."""
        try:
            blocks = [
                Block(
                    str(item["name"]),
                    bool(item["is_distribution"]),
                    *(
                        tables[f"block.{item['name']}.{part}"].astype(np.float64)
                        for part in ("brand_mean", "creator_mean", "whiten")
                    ),
                )
                for item in section["blocks"]
            ]
            profiles = Profiles(
                tables["profiles.support"].astype(np.float32),
                tables["profiles.dual"].astype(np.float32),
                tables["profiles.mean"].astype(np.float64),
                tuple(float(gamma) for gamma in section["gammas"]),
            )
        except KeyError as error:
            raise BundleCorruptError(f"vector fit: table {error} is absent; publish it again") from None
        return cls(
            blocks=blocks,
            profiles=profiles,
            model=AdditiveModel.from_tables(tables, "model", n_columns=(1 + len(profiles.gammas)) * len(blocks)),
            calibrate=CalibrationMap.from_tables(tables, "calibration"),
        )


def similarity_features(
    brand: FloatArray, creators: FloatArray, profiles: FloatArray, blocks: Sequence[Block]
) -> FloatArray:
    """Similarities of one brand (width,) to creators (n, width) and their profiles (n, n_kernels, width), by block."""
    n_kernels = profiles.shape[1]
    out = np.empty((len(creators), (1 + n_kernels) * len(blocks)))
    at = 0
    for j, block in enumerate(blocks):
        part = slice(at, at + len(block.brand_mean))
        at = part.stop
        for i in range(len(creators)):
            out[i, j] = creators[i, part] @ brand[part]
            for k in range(n_kernels):
                profile = profiles[i, k, part]
                norm = float(np.sqrt(profile @ profile))
                out[i, (1 + k) * len(blocks) + j] = profile @ brand[part] / norm if norm > 0 else 0.0
    return out
