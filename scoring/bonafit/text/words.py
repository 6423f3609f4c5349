"""Words of cleaned texts: which they are, how many, and whether a script sets spaces between them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Han, kana, Thai, Lao, Khmer and Burmese: no spaces between words, which have some two letters.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_SPACELESS = re.compile(f"[{SPACELESS}]")
LETTERS_A_WORD = 2
_WORD = re.compile(r"[^\W_]+")


# Remembered, because a creator's texts are asked three times: for what repeats, their length and their language.
@lru_cache(maxsize=2_048)
def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words of a cleaned text, in order. Vowel signs and other marks belong to the letter they stand on."""
    lower = text.lower()
    if lower.isascii() or not any(_is_mark(ch) for ch in set(lower)):
        return tuple(_WORD.findall(lower))
    parts = "".join([ch if ch.isalnum() or _is_mark(ch) else " " for ch in lower]).split()
    return tuple(part for part in parts if any(map(str.isalnum, part)))


@lru_cache(maxsize=8_192)
def _is_mark(ch: str) -> bool:
    return ch > "\u02ff" and unicodedata.category(ch) in ("Mn", "Mc")


def stem(word: str) -> str:
    """A lower-case word without the s of a plural: all the inflection that a hashtag and a brief differ by."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def is_spaceless(text: str) -> bool:
    """Whether a text has letters of a script that sets no spaces between words."""
    return not text.isascii() and _SPACELESS.search(text) is not None


def count_words(text: str) -> int:
    """Words of a cleaned text; where a script puts no spaces between them, a word for every LETTERS_A_WORD letters."""
    words = words_of(text)
    if text.isascii():
        return len(words)
    return sum(max(1, len(word) // LETTERS_A_WORD) if _SPACELESS.match(word) else 1 for word in words)
