"""A feature column, described once and carried into the bundle's manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from bonafit.errors import ShapeError
from bonafit.tables.arrays import FloatArray


class Column(msgspec.Struct, frozen=True):
    """One feature column.

    name        : snake_case, unique within a head.
    unit        : `count`, `rate`, `share`, `hours`, `log10 count`, `cosine`, `flag` (0 or 1), ...
    direction   : +1 or -1 where the head's value may only rise or fall with it, 0 where it is free.
    description : one sentence a client understands.
    """

    name: str
    unit: str
    direction: int
    description: str


def column_matrix(rows: Sequence[Mapping[str, float | None]], columns: Sequence[Column]) -> FloatArray:
    """Rows of named values as a (n_rows, n_columns) float64 matrix; None and absent names become NaN."""
    matrix = np.full((len(rows), len(columns)), np.nan)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            value = row.get(column.name)
            if value is not None:
                matrix[i, j] = value
    return matrix


def columns_from(section: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    """Columns as a manifest states them. Raises ShapeError where names repeat."""
    columns = tuple(msgspec.convert(item, Column) for item in section)
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        raise ShapeError(f"feature columns {names}: a name repeats; expected unique names")
    return columns
