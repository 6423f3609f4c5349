"""Columns whose names mean a field and whose cells say that they are none: genres, cities, shares of categories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bonafit.io.rows.codes import country_code
from bonafit.io.rows.names import plain
from bonafit.io.rows.steps import Field, Step
from bonafit.records import is_absent

# What places are called that may be countries; a column of such with fewer countries than the share holds cities.
_PLACES = frozenset((
    "location", "citycountry", "accountlocation", "basedin", "region", "wohnort", "standort", "market", "markt", "geo",
    "domisili",
))  # fmt: skip
_COUNTRIES = 0.1
# A share such as categories in columns of their own have, 0.0555 or 5.5e-2.
_ZERO_OR_ONE = frozenset(("0", "0.0", "1", "1.0"))
_SHARE = re.compile(r"0?[.,]0*+[1-9]\d*+|[\d.,]++e-\d+", re.IGNORECASE)


def no_fields(steps: Iterable[Step], rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The columns at the top of rows that are read into no field: their cells are of another kind."""
    fields = [step for step in steps if isinstance(step, Field) and step.top and step.rank > 0]
    return frozenset(step.key for step in fields if _says_else(step, rows))


def _says_else(step: Field, rows: Sequence[Mapping[str, Any]]) -> bool:
    if step.name == "platform":
        # `channel_type`, `network`: genres, agencies
        return not step.n_platforms
    if step.name == "country" and plain(step.key) in _PLACES:
        texts = [value for row in rows if isinstance(value := row.get(step.key), str) and not is_absent(value)]
        return sum(country_code(text) is not None for text in texts) < _COUNTRIES * len(texts)
    if step.column.shape == "count":
        cells = [row[step.key] for row in rows if row.get(step.key) not in (None, "")]
        return any(map(_is_share, cells)) and all(
            str(cell).strip() in _ZERO_OR_ONE or _is_share(cell) for cell in cells
        )
    return False


def _is_share(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) < 30 and bool(_SHARE.fullmatch(value.strip()))
    return isinstance(value, float) and 0 < value < 1
