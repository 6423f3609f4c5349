"""Invented sentences about harmless subjects and brands, for and against, the same in eighteen languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

AGAINST, FOR = ("against", "against_brand"), ("for", "for_brand")
BRANDS = ("Lumora", "Vexley", "Ostara")


@dataclass(frozen=True)
class Sentence:
    """One invented sentence. topic, frame : numbers, the same in every language. is_against : the topic or a brand."""

    topic: int
    frame: int
    is_against: bool
    text: str


@cache
def read_languages() -> Mapping[str, Any]:
    """Topics, frames and words by language."""
    raw = files("bonafit_training.data").joinpath("sentences.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


def sentences(language: str) -> Iterator[Sentence]:
    """Every frame with every topic or brand, in the same order in every language."""
    texts, number = read_languages()[language], 0
    for kind in (*AGAINST, *FOR):
        fillers = BRANDS if kind.endswith("brand") else texts["topics"]
        for frame in texts[kind]:
            for topic, filler in enumerate(fillers):
                yield Sentence(topic, number, kind in AGAINST, frame.format(a=filler, brand=filler))
            number += 1
