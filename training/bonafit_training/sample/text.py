"""Invented bios, captions and comments, put together from the phrases of sample_words.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from bonafit.records import MAX_TEXT

WORDS_FILE = Path(__file__).with_name("words.toml")


class Lexicon:
    """The phrases, by language and niche."""

    def __init__(self, words: dict[str, Any]) -> None:
        self.frames: dict[str, dict[str, list[str]]] = words["frames"]
        self.niches: dict[str, dict[str, list[str]]] = words["niches"]
        self.comments: dict[str, list[str]] = words["comments"]
        self.languages: dict[str, dict[str, Any]] = words["languages"]
        self.first_names: list[str] = words["names"]["first"]
        self.brands: list[str] = words["names"]["brands"]
        self.niche_names = tuple(self.niches)
        self.language_names = tuple(self.languages)
        self.language_shares = [self.languages[name]["share"] for name in self.language_names]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The phrases, read once."""
    return Lexicon(tomllib.loads(WORDS_FILE.read_text(encoding="utf-8")))


def caption_of(rng: Random, words: Lexicon, *, niche: str, language: str, place: str, brand: str | None) -> str:
    """One caption: opener, one or two sentences about the niche, a question, emoji and hashtags, each sometimes."""
    frames, topics = words.frames[language], words.niches[niche]
    choice, chance = rng.choice, rng.random
    a, b = rng.sample(topics[language], 2)
    n = rng.randint(2, 60)
    parts = [choice(frames["openers"]).format(n=n)] if chance() < 0.5 else []
    parts.append(choice(frames["frames"]).format(a=a, b=b, n=n))
    if language == "en":
        for _ in range(1 + (chance() < 0.35)):
            parts.append(choice(topics["notes"]).format(n=rng.randint(2, 40), place=place))
    elif chance() < 0.5:
        parts.append(choice(frames["frames"]).format(a=b, b=a, n=rng.randint(2, 12)))
    if brand is not None:
        parts.append(f"#ad @{brand}")
    if chance() < 0.45:
        parts.append(choice(frames["questions"]))
    if chance() < 0.6:
        parts.append(choice(topics["emoji"]) * rng.randint(1, 3))
    if chance() < 0.7:
        tags = rng.sample(topics["tags"], rng.randint(1, 5))
        parts.append(" ".join(f"#{tag}" for tag in tags))
    return " ".join(parts)


def bio_of(rng: Random, words: Lexicon, *, niche: str, language: str, name: str, place: str) -> str:
    """One line about the creator's niche."""
    topics = words.niches[niche]
    a, b, c = rng.sample(topics[language], 3)
    bio = rng.choice(words.frames[language]["bios"]).format(a=a, b=b, c=c, name=name, place=place)
    return f"{bio} {rng.choice(topics['emoji'])}" if rng.random() < 0.5 else bio


def stuffed_bio_of(rng: Random, words: Lexicon, *, niche: str) -> str:
    """A bio that piles up a niche's words so as to be found for it."""
    topics = words.niches[niche]
    phrases = [phrase for _ in range(2) for phrase in rng.sample(topics["en"], 10)]
    tags = [f"#{tag}" for tag in topics["tags"]] * 2
    return (", ".join(phrases) + " " + " ".join(tags))[:MAX_TEXT]


def comment_of(rng: Random, words: Lexicon, *, niche: str, language: str, place: str) -> str:
    """One comment of a person who read the post."""
    text = rng.choice(words.comments[f"real_{language}"])
    return text.format(a=rng.choice(words.niches[niche][language]), n=rng.randint(2, 12), place=place)


def reply_of(rng: Random, words: Lexicon, *, language: str) -> str:
    """One answer of the creator."""
    return rng.choice(words.comments[f"reply_{language}"]).format(n=rng.randint(2, 20))
