"""Brands by name: in handles, hashtags glued together, domains, codes and sentences; names that are common words too.

A name that is an ordinary word (Target, Gap, Dove, Free People; Merci, Natura, 小米) is taken for the brand only where
it cannot be the word: as a handle, a domain, joined to the word for a tie (#GapPartner), or written with a capital
inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bonafit.commercial.handles import bare_handle, is_handle_of
from bonafit.commercial.labels import brand_in_tag
from bonafit.commercial.reading import Piece, Reading, fold, key_of
from bonafit.commercial.words import everyday, listed
from bonafit.text.hashtags import split_hashtag, word_cost
from bonafit.text.language import guess_language

# Other spellings of one name stand behind this in a brief.
SPELLINGS = "|"
# Cost of a word that the list of English words does not hold, and of its 6,000th: what of two words is ordinary.
UNKNOWN_COST, ORDINARY_COST = 14.0, 11.0
# Letters from which a name may stand inside a hashtag between words, and inside one that is no words without it.
LEAST_GLUED, LEAST_AMONG_WORDS = 5, 4
# Signs of a script without spaces that a name has at least, to be told from a part of a word.
LEAST_UNSPACED = 2
# Endings that a name takes in Russian, Ukrainian and Polish in place of its last vowel, as folded: Нивею, Niveę.
_VOWELS_LAST = frozenset("аяaо")
_CASE = re.compile("[ыиеуюoyiea]|[ое][йи]|[оеи]ю|[ая](?:м|ми|х)|ie|om|ami|ach")
# Behind an ordinary word in a hashtag these make it a name.
_NAMING = frozenset(("official", "oficial", "officiel", "ufficiale", "offiziell", "cosmetics"))
# German letters as handles spell them.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_SENTENCE_ENDS = '.!?…\n:;|•·"“„»([{。！？'
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


@dataclass(frozen=True)
class Match:
    """Where a brand is named. how : handle, hashtag, domain, code or name. text : as found. at : in the folded text."""

    how: str
    text: str
    at: int


@lru_cache(maxsize=1_024)
def brand_of(written: str) -> Brand:
    """A brand from how a brief names it: `Nivea`, `@nivea`, `nivea.com`, `Nivea|ニベア`."""
    parts = [part.strip() for part in written.split(SPELLINGS) if key_of(part)]
    spelt_out = [other for part in parts if (other := part.translate(_SPELT_OUT)) != part]
    return Brand(parts[0].lstrip("@").strip() if parts else written, tuple(map(_spelling, [*parts, *spelt_out])))


def _spelling(written: str) -> Spelling:
    plain = written.lstrip("@").strip()
    if re.fullmatch(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[a-z]{2,6}){1,2}/?", plain, re.IGNORECASE):
        plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", plain).split(".")[0]
    words = tuple(_WORDS.findall(fold(re.sub(r"['’]", "", plain))))
    return Spelling(plain, key_of(plain), words, _is_ordinary(words, plain), not _is_unspaced(plain))


def _is_unspaced(text: str) -> bool:
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
    if _is_unspaced(written):
        return key_of(written) in everyday() or len(key_of(written)) < LEAST_UNSPACED
    if not words or any(word in listed("no_words") for word in words):
        return False
    if all(word in everyday() for word in words):
        return True
    if not written.replace("’", "'").isascii():
        return False
    if len(words) == 1 or _is_letters(words):
        return word_cost("".join(words)) < UNKNOWN_COST
    return all(word_cost(word) < ORDINARY_COST or word in everyday() for word in words)


def find_brand(
    brand: Brand, reading: Reading, *, codes: tuple[str, ...] = (), commercial: bool = False
) -> tuple[Match, ...]:
    """Every place of a post that names a brand.

    codes : the post's discount codes. commercial : whether the post is known for an ad, which decides about a hashtag
    that is an ordinary word with a capital.
    """
    return tuple(match for spelling in brand.spellings for match in _matches(spelling, reading, codes, commercial))


def _matches(spelling: Spelling, reading: Reading, codes: tuple[str, ...], commercial: bool) -> Iterator[Match]:
    key = spelling.key
    for piece in reading.mentions:
        if is_handle_of(piece.text, key):
            yield Match("handle", f"@{piece.text}", piece.at)
    for tag in reading.tags:
        if _is_tag_of(tag, spelling, reading, commercial):
            yield Match("hashtag", f"#{tag.text}", tag.at)
    for link in reading.links:
        host = link.text.split("/")[0].split("?")[0].split(".")
        if len(host) > 1 and key in (key_of(host[-2]), key_of(host[-3]) if len(host) > 2 else None):
            yield Match("domain", link.text[:80], link.at)
    if not spelling.ordinary:
        for code in codes:
            if len(key) >= 4 and key_of(code).startswith(key):
                yield Match("code", code, reading.folded.find(fold(code)))
    beginning = key[:-1] if key[-1:] in _VOWELS_LAST else key
    if beginning in key_of_words(reading) if spelling.spaced else key in fold(reading.folded):
        yield from _in_sentences(spelling, reading)


def key_of_words(reading: Reading) -> str:
    """All words of a post in one, to see quickly whether a name can be among them."""
    return "".join(_plain(word) for word, _ in reading.words)


def _plain(word: str) -> str:
    return word.replace("'", "").replace("’", "")


def _is_tag_of(tag: Piece, spelling: Spelling, reading: Reading, commercial: bool) -> bool:
    key, whole = spelling.key, key_of(tag.text)
    if len(key) < 2 or key not in whole:
        return False
    tied = brand_in_tag(tag.text)
    if tied is not None and (key_of(tied) == key or bare_handle(tied, key) == key):
        return True
    if spelling.ordinary:
        if whole.startswith(key) and whole[len(key) :] in _NAMING:
            return True
        others = [other.text for other in reading.tags if other.at != tag.at]
        capital = tag.text[:1].isupper() and not (others and all(other[:1].isupper() for other in others))
        return whole == key and (len(spelling.words) >= 3 or (commercial and (capital or len(spelling.words) > 1)))
    if whole == key:
        return True
    if not spelling.spaced:
        return True
    before, _, behind = whole.partition(key)
    if not before and len(key) >= 4 and (behind in listed("ties") or behind in listed("behind")):
        return True
    if not before and len(key) >= LEAST_GLUED and behind.startswith("x"):
        return True
    if len(key) < LEAST_GLUED and not _parted_by_capitals(tag.text, key):
        return len(key) >= LEAST_AMONG_WORDS and key in split_hashtag(whole).split()
    return _are_words(before) and (
        behind in listed("ties") or behind in listed("behind") or _are_words(behind) or behind.isdigit()
    )


def _parted_by_capitals(tag: str, key: str) -> bool:
    parts = [key_of(part) for part in re.findall(r"[A-Z]?[^\W\dA-Z_]+|[A-Z]+(?![a-z])|\d+", tag)]
    return any("".join(parts[i:j]) == key for i in range(len(parts)) for j in range(i + 1, len(parts) + 1))


@lru_cache(maxsize=16_384)
def _are_words(part: str) -> bool:
    """Whether a stretch of a hashtag is nothing, a year, or English words."""
    if not part:
        return True
    words = split_hashtag(part).split()
    return all(word.isdigit() or (word_cost(word) < UNKNOWN_COST and (len(word) > 1 or word in "ai")) for word in words)


def _in_sentences(spelling: Spelling, reading: Reading) -> Iterator[Match]:
    if not spelling.spaced:
        # as fold leaves it: signs of vowels stay, marks that combine are gone from name and text alike
        needle = fold(spelling.written)
        at = -1 if spelling.ordinary else reading.folded.find(needle)
        if at >= 0 and not _is_inside_word(reading.folded, at):
            yield Match("name", needle, at)
        return
    yield from _among_other_letters(spelling, reading)
    words, key = reading.words, spelling.key
    taken = {piece.at + 1 for piece in (*reading.tags, *reading.mentions)}
    for i, (word, at) in enumerate(words):
        plain = _plain(word)
        if at in taken or not (key.startswith(plain) or plain.startswith(key) or _is_case(plain, key)):
            continue
        joined, j = plain, i
        while (
            len(joined) < len(key)
            and key.startswith(joined)
            and j + 1 < len(words)
            and words[j + 1][1] - (words[j][1] + len(words[j][0])) <= 3
        ):
            j += 1
            joined += _plain(words[j][0])
        if joined != key and not _is_inflected(words[j][0] if j == i else joined, key, spelling.ordinary):
            continue
        if (at > 0 and reading.folded[at - 1] in "@#/.") or (
            j == i and reading.folded[at + len(word) : at + len(word) + 1] == "@"
        ):
            continue
        end = words[j][1] + len(words[j][0])
        if spelling.ordinary:
            if not _is_unmistakable(spelling, j - i + 1) and (
                j - i + 1 != len(spelling.words) or not _is_written_as_name(reading, at, end)
            ):
                continue
        elif len(key) < 3 and (spelling.written.islower() or spelling.written not in reading.text):
            continue
        yield Match("name", reading.folded[at:end], at)


def _is_inside_word(folded: str, at: int) -> bool:
    """Whether a name of Devanagari or Hangul, which set spaces, begins within a word."""
    return at > 0 and any(
        low <= folded[at - 1] <= high and low <= folded[at] <= high
        for low, high in (("\u0900", "\u097f"), ("가", "힣"))
    )


def _among_other_letters(spelling: Spelling, reading: Reading) -> Iterator[Match]:
    """A Latin name between letters of a script without spaces, which no word's end parts from it."""
    if not spelling.key.isascii() or len(spelling.key) < 3 or not _is_unspaced(reading.folded):
        return
    for match in re.finditer(rf"(?<![a-z0-9@#/._]){re.escape(spelling.key)}(?![a-z0-9@/._])", reading.folded):
        at = match.start()
        beside = reading.folded[max(0, at - 1) : at] + reading.folded[match.end() : match.end() + 1]
        capital = len(reading.text) == len(reading.folded) and reading.text[at].isupper()
        if any(_is_unspaced(ch) for ch in beside) and (capital or not spelling.ordinary):
            yield Match("name", match.group(), at)


def _is_inflected(word: str, key: str, ordinary: bool) -> bool:
    """Whether a word is the name with an ending: Nivora's, Niveas, Nivora'nın, adidasa."""
    if re.split("['’]", word)[0] == key:
        return True
    plain = _plain(word)
    if not ordinary and _is_case(plain, key):
        return True
    if not plain.startswith(key) or len(key) < 4:
        return False
    ending = plain[len(key) :]
    if ordinary:
        return False
    if len(key) >= LEAST_GLUED and len(ending) > 3 and ending in listed("behind"):
        return True
    return ending in ("s", "es") or (len(key) >= LEAST_GLUED and len(ending) <= 2 and word_cost(plain) >= UNKNOWN_COST)


def _is_unmistakable(spelling: Spelling, pieces: int) -> bool:
    """Whether ordinary words are written as only the name is: two as one (redbull), or letters with dots (e.l.f.)."""
    if pieces == 1:
        return len(spelling.words) > 1 and not _is_letters(spelling.words) and word_cost(spelling.key) >= UNKNOWN_COST
    return pieces == len(spelling.words) and _is_letters(spelling.words)


def _is_letters(words: tuple[str, ...]) -> bool:
    return len(words) > 1 and all(len(word) == 1 for word in words)


def _is_case(word: str, key: str) -> bool:
    """Whether a word is the name in a case of a Slavic language, its last vowel changed: Нивею, Niveę."""
    if len(key) < LEAST_GLUED or key[-1] not in _VOWELS_LAST or not word.startswith(key[:-1]):
        return False
    return _CASE.fullmatch(word, len(key) - 1) is not None and word_cost(word) >= UNKNOWN_COST


def _is_written_as_name(reading: Reading, at: int, end: int) -> bool:
    """Whether a word stands as a name does: with a capital inside a sentence whose other words have none.

    In German every noun has one, so there it says nothing.
    """
    text, folded = reading.text, reading.folded
    if len(text) != len(folded):
        # places moved by folding: look for the very stretch, as written with capitals
        wanted = folded[at:end].title()
        at = text.find(wanted, max(0, at - 40))
        if at < 0:
            return False
        end = at + len(wanted)
    written = text[at:end]
    if not all(word[0].isupper() for word in _WORDS.findall(written)):
        return False
    before = text[:at].rstrip(" \t")
    if not before or before[-1] in _SENTENCE_ENDS or not (before[-1].isalnum() or before[-1] in ",'’&-%)"):
        return False
    # a heading or a shout capitalises everything
    around = [word for word in _WORDS.findall(f"{text[max(0, at - 40) : at]} {text[end : end + 40]}") if len(word) > 3]
    if around and sum(word[0].isupper() for word in around) > len(around) / 2:
        return False
    return guess_language(text) != "de"
