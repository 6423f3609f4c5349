"""The lists of words.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _lists() -> dict[str, tuple[str, ...]]:
    source = tomllib.loads(files("bonafit.commercial").joinpath("words.toml").read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in source.items()}


@lru_cache(maxsize=32)
def listed(name: str) -> frozenset[str]:
    """One list, for asking whether a word is in it."""
    return frozenset(_lists()[name])


def in_order(name: str) -> tuple[str, ...]:
    """One list, in the order of the file."""
    return _lists()[name]


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """Everyday words of other languages than English, folded as `reading.fold` folds."""
    return frozenset(word for line in in_order("everyday") for word in line.split())
