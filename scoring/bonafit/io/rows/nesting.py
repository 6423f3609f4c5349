"""Values inside values: lists and objects that stand in a cell as text, and how deep they go."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import msgspec

# Objects nested deeper than this are no creator; a bound for the stack of everything that handles a record.
MAX_DEPTH = 48


def decoded(value: Any) -> Any:
    """A list or object that stands in a cell as JSON, or as Python writes it; else the value as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        pass
    try:
        # data frames write lists so; literal_eval runs no code, and is kept from texts that would cost much
        parsed = ast.literal_eval(value) if len(value) < 1 << 20 else value
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return value
    return parsed if isinstance(parsed, list | dict) else value


def is_deep(value: Any, limit: int = MAX_DEPTH) -> bool:
    """Whether objects and lists are nested deeper than `limit`."""
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for item in level
            if isinstance(item, list | tuple | Mapping)
            for inner in (item.values() if isinstance(item, Mapping) else item)
        ]
        if not level:
            return False
    return True
