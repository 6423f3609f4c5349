"""Words of messages: the value that was there, the name that was meant, and msgspec's own taken apart."""

from __future__ import annotations

import difflib
import re
from typing import Any

import msgspec

# Enough to recognise a value, too little to copy a 5 MB caption into the rejects file.
FOUND_LENGTH = 120
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
    return path, _TYPE.sub(lambda match: _WORDS[match[0]], expected)


def value_at(obj: Any, path: str) -> Any:
    """The value at a path such as posts[3].likes; as far along it as there is one."""
    for name, index in _STEP.findall(path):
        try:
            obj = obj[int(index)] if index else getattr(obj, name) if isinstance(obj, msgspec.Struct) else obj[name]
        except (KeyError, IndexError, TypeError, AttributeError):
            return obj
    return obj


def shown(value: Any) -> str:
    """The start of a value as text, on one line, at most FOUND_LENGTH characters and an ellipsis; always valid
    Unicode."""
    # slice before repr: the repr of a 5 MB caption is made for nobody
    if isinstance(value, str | bytes):
        text = repr(value[: FOUND_LENGTH + 1])
    elif isinstance(value, dict | list | tuple):
        return f"{'object' if isinstance(value, dict) else 'list'} of {len(value)}"
    elif isinstance(value, int) and abs(value) >= 10**FOUND_LENGTH:
        # Python refuses to write out integers of more than 4,300 digits
        return f"a number of more than {FOUND_LENGTH} digits"
    else:
        try:
            text = str(value)
        except Exception:
            # a program's own kind of value, which cannot write itself
            text = f"a {type(value).__name__}"
    return text if len(text) <= FOUND_LENGTH else text[: FOUND_LENGTH - 1] + "…"


def closest(name: str, names: Any) -> str:
    """The name that was likely meant, as the end of a message; empty where none is near."""
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""
