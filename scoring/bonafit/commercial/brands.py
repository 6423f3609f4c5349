"""A brand as a brief names it: its spellings, and whether they are words that people use anyway."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bonafit.commercial.reading import fold, key_of
from bonafit.commercial.words import everyday, listed
from bonafit.text.hashtags import word_cost

# Other spellings of one name stand behind this in a brief.
SPELLINGS = "|"
# Cost of a word that the list of English words does not hold, and of its 6,000th: what of two words is ordinary.
UNKNOWN_COST, ORDINARY_COST = 14.0, 11.0
# Signs of a script without spaces that a name has at least, to be told from a part of a word.
LEAST_UNSPACED = 2
# German letters as handles spell them.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
# A sign for `and` between words, which are longer than the letters of H&M.
_AND = re.compile(r"(?<=\w{3}) ?[&+] ?(?=\w{3})")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Spelling:
    """One spelling of a name. words : folded. ordinary : everyday words. spaced : of a script with spaces."""

    written: str
    key: str
    words: tuple[str, ...]
    ordinary: bool
    spaced: bool


@dataclass(frozen=True)
class Brand:
    """A brand asked about. name : as the brief spells it first."""

    name: str
    spellings: tuple[Spelling, ...]


@lru_cache(maxsize=1_024)
def brand_of(written: str) -> Brand:
    """A brand from how a brief names it: `Nivea`, `@nivea`, `nivea.com`, `Nivea|ニベア`."""
    parts = [part.strip() for part in written.split(SPELLINGS) if key_of(part)]
    spelt_out = [other for part in parts if (other := part.translate(_SPELT_OUT)) != part]
    spelt_out += [_AND.sub(" and ", part) for part in parts if _AND.search(part)]
    return Brand(parts[0].lstrip("@").strip() if parts else written, tuple(map(_spelling, [*parts, *spelt_out])))


def _spelling(written: str) -> Spelling:
    plain = written.lstrip("@").strip()
    if re.fullmatch(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[a-z]{2,6}){1,2}/?", plain, re.IGNORECASE):
        plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", plain).split(".")[0]
    words = tuple(_WORDS.findall(fold(re.sub(r"['’]", "", plain))))
    return Spelling(plain, key_of(plain), words, _is_ordinary(words, plain), not is_unspaced(plain))


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of a script whose words are not parted by spaces, or not where names end."""
    return any(
        "\u0e00" <= ch <= "\u0eff"
        or "\u0900" <= ch <= "\u097f"
        or "\u3040" <= ch <= "\u9fff"
        or "\uac00" <= ch <= "\ud7af"
        for ch in text
    )


def _is_ordinary(words: tuple[str, ...], written: str) -> bool:
    """Whether a name is made of words that people use: one known word, or several that all are frequent.

    A name with accents is no English word, whatever it is without them. One sign of Han or kana is part of many words.
    """
    if is_unspaced(written):
        return key_of(written) in everyday() or len(key_of(written)) < LEAST_UNSPACED
    if not words or any(word in listed("no_words") for word in words):
        return False
    if all(word in everyday() for word in words):
        return True
    if not written.replace("’", "'").isascii():
        return False
    if len(words) == 1 or is_letters(words):
        return word_cost("".join(words)) < UNKNOWN_COST
    return all(word_cost(word) < ORDINARY_COST or word in everyday() for word in words)


def is_letters(words: tuple[str, ...]) -> bool:
    """Whether a name is letters with marks between them: e.l.f."""
    return len(words) > 1 and all(len(word) == 1 for word in words)
