"""What the heads are given: a record with its text units and their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.records import Brief, Creator

Vectors = npt.NDArray[np.float32]


class Unit(msgspec.Struct, frozen=True, gc=False):
    """One cleaned text of a creator or a brief.

    kind : `bio`, `caption`, `title` for creators; `sentence`, `keyword`, `value`, `excluded` for briefs (its facets).
    text : cleaned text, what the encoder reads. raw : the text as given, what a person is shown.
    language : ISO 639-1 code of the text's language where the texts around it tell it better than the text alone, as of
        three words in a German creator's caption; else None (bonafit.text.units.unit_language says either).
    """

    kind: str
    text: str
    raw: str
    at: datetime | None = None
    post: int | None = None
    language: str | None = None


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


@runtime_checkable
class Encoder(Protocol):
    """Texts to vectors. A text may stand behind a tag of its language, no part of it (bonafit.text.units)."""

    name: str
    digest: str
    width: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, width) float32, unit length; a text's bytes do not depend on its neighbours."""
        ...
