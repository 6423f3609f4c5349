"""Tables written as JSON: columns as objects by row, columns beside rows, or rows as lists under a row of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonafit.io.formats.headers import known_names


def rows_of_frame(document: Any) -> list[dict[str, Any]] | None:
    """The rows of a table as objects; None for a document that is no table.

    `{"columns": [...], "data": [[...]]}` and `{"handle": {"0": "mara"}, "followers": {"0": 8400}}` are pandas' orients
    split and columns, `{"handle": ["mara"], "followers": [8400]}` its list;
    `[["handle", "followers"], ["mara", 8400]]` is what web tables and sheets' interfaces give.
    """
    if isinstance(document, list):
        return _under(document[0], document[1:]) if len(document) > 1 else None
    if not isinstance(document, Mapping):
        return None
    if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):
        return _under(document["columns"], document["data"])
    names = [name for name in document if isinstance(name, str)]
    values = list(document.values())
    if len(names) != len(document) or known_names(names) < 2:
        return None
    if all(isinstance(value, list) for value in values):
        plain = not any(isinstance(cell, list | Mapping) for column in values for cell in column)
        same = len({len(column) for column in values}) == 1
        return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)] if plain and same else None
    if not all(isinstance(value, Mapping) for value in values):
        return None
    keys = list(dict.fromkeys(key for column in values for key in column))
    # as many names of rows as the columns share; objects of a creator's own share none
    if not keys or any(len(column) != len(keys) for column in values):
        return None
    return [{name: document[name].get(key) for name in names} for key in keys]


def _under(names: Any, rows: list[Any]) -> list[dict[str, Any]] | None:
    """Rows of cells under their names."""
    if not isinstance(names, list) or known_names(names) == 0 or not all(isinstance(name, str) for name in names):
        return None
    if not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return None
    return [dict(zip(names, row, strict=True)) for row in rows]
