"""Invented posts and words of many languages: what public sets lack, and what only sounds like it."""

from __future__ import annotations

import random
import tomllib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bonafit.heads.safety.categories import NAMES, SAID
from bonafit.heads.safety.post_model import STANCES
from bonafit.heads.safety.words import COLUMNS, WordColumns

# What a text is about none of: it only sounds like a category, or like nothing at all.
SOUNDS_LIKE = "sounds_like"
KINDS = (*STANCES, SOUNDS_LIKE)
BRANDS = ("Lumora", "Vexley", "Tarnby", "Noviq", "Ostara", "Kettrick", "Dulcea", "Fjellby")
CODES = ("MIRA10", "SUN20", "LEO15", "NINA5")
# Kinds of frames: what they are filled with, and what a text of them does. Things can be had, what is told of cannot,
# what is near only sounds like it.
FRAMES = {
    "promotes": ("things", "promotes"),
    "reports": ("things", "reports"),
    "jokes": ("things", "jokes"),
    "condemns": ("things", "condemns"),
    "recovers": ("things", "condemns"),
    "told": ("told", "reports"),
    "refuses": ("told", "condemns"),
    "everyday": ("near", SOUNDS_LIKE),
}
# Frames that are filled from those of another kind.
SAME_FRAMES = {"told": "reports"}
# Topics and frames come in so many lots: one of a lot meets only frames of its own, so that what is held out has
# neither a topic nor a frame in common with what trains.
LOTS = 4
# Frames drawn for a topic, where more than one.
DRAWN = {"promotes": 2, "everyday": 2}


@dataclass(frozen=True)
class Invented:
    """One invented text. category : what it is about or sounds like, None for everyday posts. group : what is held out
    together: a lot of topics and frames, or a post, in every language, since most languages say much the same.
    """

    language: str
    text: str
    category: str | None
    kind: str
    group: str


def lot(number: int) -> str:
    """The group of the topics, frames and posts of this number."""
    return f"lot {number % LOTS}"


def languages() -> tuple[str, ...]:
    """The languages that have invented texts."""
    folder = files("bonafit_training.heads.safety").joinpath("texts")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def read_texts(language: str) -> Mapping[str, Any]:
    """The file of one language."""
    folder = files("bonafit_training.heads.safety").joinpath("texts")
    return tomllib.loads(folder.joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def word_columns(listed: Iterable[str] = (), but: frozenset[str] = frozenset()) -> WordColumns:
    """The columns with the words of every language except some, and a list of obscene words.

    Raises ValueError for a column that is not known.
    """
    words: dict[str, list[str]] = {}
    for language in languages():
        for name, entries in read_texts(language)["words"].items():
            if name not in COLUMNS:
                raise ValueError(f"{language}.toml: words.{name}: unknown, expected {', '.join(COLUMNS)}")
            if language not in but:
                given = entries.split(", ") if isinstance(entries, str) else entries
                words.setdefault(name, []).extend(entry.strip().lower() for entry in given)
    return WordColumns(words, (zlib.crc32(word.lower().encode()) for word in listed))


def invented(*, seed: int) -> list[Invented]:
    """Every language's posts, frames filled with things; in a fixed order."""
    out: dict[tuple[str, str], Invented] = {}
    for language in languages():
        for item in _of_language(language, random.Random(f"{seed} {language}")):
            out.setdefault((item.language, item.text), item)
    return list(out.values())


def _of_language(language: str, rng: random.Random) -> Iterator[Invented]:
    texts = read_texts(language)

    def filled(frame: str, thing: str = "") -> str:
        sentence = frame.format(
            x=thing, n=rng.choice((5, 10, 14, 30, 60)), code=rng.choice(CODES), brand=rng.choice(BRANDS)
        )
        return sentence[:1].upper() + sentence[1:]

    for category, by_kind in texts["posts"].items():
        if category not in NAMES:
            raise ValueError(f"{language}.toml: posts.{category}: unknown, expected {', '.join(NAMES)}")
        for kind, posts in by_kind.items():
            if kind not in KINDS:
                raise ValueError(f"{language}.toml: posts.{category}.{kind}: unknown, expected {', '.join(KINDS)}")
            for number, post in enumerate(posts):
                yield Invented(language, filled(post), category, kind, f"{category} {kind} {number}")
    for name, (section, kind) in FRAMES.items():
        frames = texts["frames"][SAME_FRAMES.get(name, name)]
        for category, things in texts[section].items():
            if category not in NAMES:
                raise ValueError(f"{language}.toml: {section}.{category}: unknown, expected {', '.join(NAMES)}")
            for number, thing in enumerate(things):
                own = frames[number % LOTS :: LOTS]
                for frame in rng.sample(own, min(DRAWN.get(name, 1), len(own))):
                    yield Invented(language, filled(frame, thing), category, kind, lot(number))
    # whole sentences: what is said of a category, and what sounds like it (hatred of Mondays, a sauce that is a bomb)
    for section, kind in (("said", STANCES[0]), ("harmless", SOUNDS_LIKE)):
        for category, posts in texts[section].items():
            for number, post in enumerate(posts):
                yield Invented(language, filled(post), category, kind, lot(number))
    for category, by_kind in texts["captions"].items():
        for kind, posts in by_kind.items():
            for number, post in enumerate(posts):
                yield Invented(language, filled(post), category, kind, lot(number))
    for number, post in enumerate(texts["neutral"]["posts"]):
        yield Invented(language, filled(post), None, SOUNDS_LIKE, f"neutral {number}")


def labels_of(item: Invented, mentioned: frozenset[str]) -> tuple[dict[str, bool], dict[str, bool], str | None]:
    """Of an invented text: which categories it is about, which it promotes, and its stance where it has one.

    mentioned : categories whose words it has; beside its own category these are left open, whisky in a post on cigars.
    """
    about = {name: False for name in NAMES if name not in mentioned or item.kind == SOUNDS_LIKE}
    promotes = dict.fromkeys(NAMES, False) if item.kind != STANCES[0] else dict(about)
    if item.kind == SOUNDS_LIKE or item.category is None:
        return dict.fromkeys(NAMES, False), promotes, None
    is_so = item.kind == STANCES[0]
    about[item.category] = is_so if item.category in SAID else True
    promotes[item.category] = is_so
    return about, promotes, None if item.category in SAID else item.kind
