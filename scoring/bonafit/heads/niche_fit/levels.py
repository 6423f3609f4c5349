"""What texts of a language have in common beside what they say, taken off their vectors.

Vectors that come through the door lie nearer to one another than English ones do, whatever they are about: captions of
a neighbouring niche reached the brief as if they were on it, most where brief and caption were in one language. Less
the difference to English of the same sentences in English, a text off the niche is as far from a brief in any language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError
from bonafit.prepared import Prepared
from bonafit.tables.arrays import Vectors
from bonafit.text.units import Unit, unit_language


@dataclass(frozen=True)
class Levels:
    """Differences of languages to the encoder's own.

    languages : ISO 639-1 codes. own : codes of those the encoder reads, which have none.
    shifts    : (len(languages) + 1, width) float32, one a language; the last is that of any other language.
    """

    languages: tuple[str, ...]
    own: tuple[str, ...]
    shifts: Vectors

    def level(self, creator: Prepared) -> Prepared:
        """The creator with levelled vectors of unit length; the same one where every text is in the encoder's own."""
        vectors = self.vectors(creator.units, creator.vectors)
        return creator if vectors is creator.vectors else msgspec.structs.replace(creator, vectors=vectors)

    def vectors(self, units: Sequence[Unit], vectors: Vectors) -> Vectors:
        """Vectors of units, (n, width) float32, each less its language's shift; `vectors` where nothing changes."""
        codes = [unit_language(unit) for unit in units]
        foreign = [row for row, code in enumerate(codes) if code is not None and code not in self.own]
        if not foreign:
            return vectors
        place = {code: at for at, code in enumerate(self.languages)}
        shifts = self.shifts[[place.get(codes[row] or "", -1) for row in foreign]]
        apart = vectors[foreign] - shifts
        out = vectors.copy()
        # a vector with nothing beside what its language has in common stays without length
        out[foreign] = apart / np.maximum(np.sqrt(np.einsum("nw,nw->n", apart, apart)), 1e-12)[:, None]
        return out

    def to_tables(self) -> dict[str, npt.NDArray[np.generic]]:
        """Arrays of an npz file."""
        return {
            "levels.languages": np.array(self.languages, dtype="U"),
            "levels.own": np.array(self.own, dtype="U"),
            "levels.shifts": self.shifts,
        }

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]]) -> Levels:
        """Read what `to_tables` wrote. Raises BundleCorruptError where a part is absent or of another size."""
        try:
            languages, own = (tuple(tables[f"levels.{name}"].astype("U").tolist()) for name in ("languages", "own"))
            shifts = tables["levels.shifts"].astype(np.float32)
        except KeyError as error:
            raise BundleCorruptError(f"levels: table {error} is absent; publish the bundle again") from None
        if shifts.ndim != 2 or len(shifts) != len(languages) + 1:
            raise BundleCorruptError(
                f"levels: shifts of shape {shifts.shape} for {len(languages)} languages; publish the bundle again"
            )
        return cls(languages, own, shifts)
