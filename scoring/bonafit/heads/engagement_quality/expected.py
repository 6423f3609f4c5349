"""Expected engagement as a smooth curve of size, per platform, with its spread. No tiers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.tables.arrays import FloatArray


class Curve:
    """Expected log rate and its spread at any size.

    size   : (k,) float64, log sizes in increasing order. centre, spread : (k,) float64, expected log rate there and the
    standard deviation of creators around it. Linear in between, constant beyond: a curve says nothing of sizes nobody
    was seen at.
    typical : expected log rate where the size is unknown.
    """

    def __init__(self, size: FloatArray, centre: FloatArray, spread: FloatArray, typical: float) -> None:
        if not (len(size) == len(centre) == len(spread)) or len(size) < 2 or np.any(np.diff(size) <= 0):
            raise ShapeError(f"curve of {len(size)}, {len(centre)}, {len(spread)} knots; expected equal, increasing")
        self.size, self.centre, self.spread, self.typical = size, centre, spread, float(typical)

    def __call__(self, size: FloatArray) -> FloatArray:
        """Expected log rate at each log size, same shape; `typical` where the size is NaN."""
        return np.where(np.isnan(size), self.typical, np.interp(size, self.size, self.centre))

    def spread_at(self, size: float) -> float:
        """Spread of creators' log rates around the curve at this log size."""
        if np.isnan(size):
            return float(np.max(self.spread))
        return float(np.interp(size, self.size, self.spread))

    def covers(self, size: float) -> bool:
        """Whether creators of this log size were seen in training."""
        return bool(self.size[0] <= size <= self.size[-1])

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        table = np.stack([self.size, self.centre, self.spread])
        return {f"{prefix}.table": table, f"{prefix}.typical": np.array([self.typical])}

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str) -> Curve:
        try:
            size, centre, spread = tables[f"{prefix}.table"].astype(np.float64)
            return cls(size, centre, spread, float(tables[f"{prefix}.typical"][0]))
        except (KeyError, ValueError, ShapeError) as error:
            raise BundleCorruptError(f"curve {prefix}: {error}; publish the bundle again") from None
