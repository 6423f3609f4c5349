"""What the heads are given: a record with its text units and their vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from bonafit.encoders.encoder import Encoder
from bonafit.records import Brief, Creator
from bonafit.tables.arrays import Vectors
from bonafit.text.units import Unit, brief_facets, creator_units, for_encoder


class Prepared(msgspec.Struct, frozen=True):
    """One creator ready for the heads. vectors : (n_units, width) float32, unit length, row i is units[i]."""

    creator: Creator
    units: tuple[Unit, ...]
    vectors: Vectors


class PreparedBrief(msgspec.Struct, frozen=True):
    """A brief ready for the heads. vectors : (n_facets, width) float32, unit length."""

    brief: Brief
    facets: tuple[Unit, ...]
    vectors: Vectors


def prepare(
    creators: Sequence[Creator], encoder: Encoder, *, units: Sequence[tuple[Unit, ...]] | None = None
) -> list[Prepared]:
    """Creators with their units and vectors, in order; equal texts are encoded once.

    units : of each creator, where they are known already.
    """
    units = [creator_units(creator) for creator in creators] if units is None else units
    texts = distinct_texts(units)
    known = dict(zip(texts, encoder.encode(texts), strict=True)) if texts else {}
    return [
        with_vectors(creator, of_creator, known, encoder.width)
        for creator, of_creator in zip(creators, units, strict=True)
    ]


def distinct_texts(units: Sequence[Sequence[Unit]]) -> list[str]:
    """Texts of several creators as encoders are given them, each once, in order of appearance."""
    return list(dict.fromkeys(for_encoder(unit) for of_creator in units for unit in of_creator))


def with_vectors(creator: Creator, units: Sequence[Unit], known: Mapping[str, Vectors], width: int) -> Prepared:
    """A creator with the vectors of their units. known : (width,) each, by text as encoders are given it."""
    vectors = np.empty((len(units), width), dtype=np.float32)
    for row, unit in enumerate(units):
        vectors[row] = known[for_encoder(unit)]
    return Prepared(creator, tuple(units), vectors)


def without_texts(creator: Creator, units: tuple[Unit, ...] = (), *, width: int = 0) -> Prepared:
    """A creator for heads that read no vectors, or whose texts were not read."""
    return Prepared(creator, units, np.empty((0, width), dtype=np.float32))


def prepare_brief(brief: Brief, encoder: Encoder) -> PreparedBrief:
    """A brief with its facets and their vectors. Raises BriefError where it says nothing."""
    facets = brief_facets(brief)
    return PreparedBrief(brief, facets, encoder.encode([for_encoder(facet) for facet in facets]))


def no_brief(*, width: int = 0) -> PreparedBrief:
    """A brief for heads that make no use of one."""
    return PreparedBrief(Brief(brand="none", description="no brief"), (), np.empty((0, width), dtype=np.float32))
