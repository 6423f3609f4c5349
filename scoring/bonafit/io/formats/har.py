"""HAR: what a browser recorded of a visit. The rows are those of the JSON that the site answered with."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import msgspec


def answers_in(obj: Any) -> list[Any] | None:
    """The JSON answers of a recorded visit, in order; None for other documents. Other answers and those that are cut
    short are left out."""
    log = obj.get("log") if isinstance(obj, Mapping) else None
    entries = log.get("entries") if isinstance(log, Mapping) else None
    if not isinstance(entries, list):
        return None
    answers = []
    for entry in entries:
        content = entry
        for name in ("response", "content"):
            content = content.get(name) if isinstance(content, Mapping) else None
        text = content.get("text") if isinstance(content, Mapping) else None
        if not isinstance(text, str) or not isinstance(content, Mapping):
            continue
        try:
            data = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()
            answers.append(msgspec.json.decode(data))
        except (msgspec.DecodeError, binascii.Error, UnicodeError, RecursionError):
            continue
    return answers
