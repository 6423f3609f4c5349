"""msgspec's messages taken apart: which field, what was expected, and the value that was there."""

from __future__ import annotations

import re
from typing import Any

_AT = " - at `$"
_MISSING = re.compile(r"missing required field `([^`]*)`")
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "datetime": "a time",
}
_TYPE = re.compile(r"\b(?:" + "|".join(_WORDS) + r")\b")
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


def taken_apart(message: str) -> tuple[str, str]:
    """Path such as posts[3].likes, and what was expected there in words; `missing` for a field that is not there."""
    reason, path = message, ""
    if message.endswith("`") and _AT in message:
        reason, _, path = message.removesuffix("`").rpartition(_AT)
        path = path.removeprefix(".")
    if missing := _MISSING.search(reason):
        return (f"{path}.{missing[1]}" if path else missing[1]), "missing"
    expected = reason.removeprefix("Expected ").split(", got ")[0].replace("`", "").replace(" | null", "")
    return path, _TYPE.sub(lambda found: _WORDS[found[0]], expected)


def value_at(obj: Any, path: str) -> Any:
    """The value at a path such as posts[3].likes; as far along it as there is one."""
    for name, index in _STEP.findall(path):
        try:
            obj = obj[int(index)] if index else obj[name]
        except (KeyError, IndexError, TypeError):
            return obj
    return obj
