"""Handles of brands: what is left of them without countries, departments and `official`."""

from __future__ import annotations

import re
from functools import lru_cache

from bonafit.commercial.reading import key_of
from bonafit.commercial.words import in_order, listed

# Countries that brands glue to their name without a mark; the others' codes are endings of words as often.
_GLUED_CODES = frozenset(("uk", "us", "de", "fr", "it", "es", "br", "pl", "nl", "jp", "kr"))
# Letters that are left of a name at least.
LEAST = 3


def is_handle_of(handle: str, key: str) -> bool:
    """Whether a handle is that of the brand with this key: its name, with what brands put around it."""
    whole = key_of(handle)
    if whole == key:
        return True
    if key not in whole:
        return False
    first, *rest = _parted(handle)
    if first == key and rest and all(part in listed("behind") for part in rest):
        return True
    return len(key) >= LEAST and bare_handle(handle, key) == key


@lru_cache(maxsize=16_384)
def bare_handle(handle: str, keep: str = "") -> str:
    """A handle's key without what brands put around their name.

    keep : the name where it is known; without one, only what is parted by a mark or seldom part of a name goes, so that
    @thebodyshop does not become a body.
    """
    whole, parts = key_of(handle), _parted(handle)
    while whole != keep:
        shorter = _without_end(whole, parts, keep) or _without_begin(whole, parts, keep)
        if shorter is None:
            break
        parts = [part for part in parts if part in shorter] if len(parts) > 1 else []
        whole = shorter
    return whole


def _parted(handle: str) -> list[str]:
    return [key for part in re.split(r"[._\-\s]+", handle) if (key := key_of(part))]


def _without_end(whole: str, parts: list[str], keep: str) -> str | None:
    for word in in_order("behind"):
        rest = whole[: -len(word)]
        if not whole.endswith(word) or len(rest) < LEAST:
            continue
        apart = len(parts) > 1 and parts[-1] == word
        known = rest == keep and (len(word) > 2 or word in _GLUED_CODES)
        if apart or known or (not keep and word in listed("glued")):
            return rest
    return None


def _without_begin(whole: str, parts: list[str], keep: str) -> str | None:
    for word in in_order("before"):
        rest = whole[len(word) :]
        if whole.startswith(word) and len(rest) >= LEAST and ((len(parts) > 1 and parts[0] == word) or rest == keep):
            return rest
    return None
