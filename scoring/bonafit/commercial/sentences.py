"""A brand's name in sentences: with endings, between letters of other scripts, and where it is a common word too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bonafit.commercial.brands import UNKNOWN_COST, Spelling, is_letters, is_unspaced
from bonafit.commercial.reading import Reading, fold
from bonafit.commercial.words import listed
from bonafit.text.hashtags import word_cost
from bonafit.text.language import guess_language

# Letters from which a name may stand glued to others.
LEAST_GLUED = 5
# Endings that a name takes in Russian, Ukrainian and Polish in place of its last vowel, as folded: Нивею, Niveę.
VOWELS_LAST = frozenset("аяaо")
_CASE = re.compile("[ыиеуюoyiea]|[ое][йи]|[оеи]ю|[ая](?:м|ми|х)|ie|om|ami|ach")
_OTHER_LETTERS = frozenset("äöüåøæ")
_SENTENCE_ENDS = '.!?…\n:;|•·"“„»([{。！？'
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Match:
    """Where a brand is named. how : handle, hashtag, domain, code or name. text : as found. at : in the folded text."""

    how: str
    text: str
    at: int


def plain_word(word: str) -> str:
    """A word of a reading without its apostrophes."""
    return word.replace("'", "").replace("’", "")


def in_sentences(spelling: Spelling, reading: Reading) -> Iterator[Match]:
    """Every place of the sentences that is the name, whole or with an ending."""
    if not spelling.spaced:
        # as fold leaves it: signs of vowels stay, marks that combine are gone from name and text alike
        needle = fold(spelling.written)
        at = -1 if spelling.ordinary else reading.folded.find(needle)
        if at >= 0 and not _is_inside_word(reading.folded, at):
            yield Match("name", needle, at)
        return
    yield from _among_other_letters(spelling, reading)
    words, key = reading.words, spelling.key
    marked_places = {piece.at + 1 for piece in (*reading.tags, *reading.mentions)}
    for i, (word, at) in enumerate(words):
        plain = plain_word(word)
        if at in marked_places or not (key.startswith(plain) or plain.startswith(key) or _is_case(plain, key)):
            continue
        joined, j = plain, i
        while (
            len(joined) < len(key)
            and key.startswith(joined)
            and j + 1 < len(words)
            and words[j + 1][1] - (words[j][1] + len(words[j][0])) <= 3
        ):
            j += 1
            joined += plain_word(words[j][0])
        if joined != key and not _is_inflected(words[j][0] if j == i else joined, key, spelling.ordinary):
            continue
        if (at > 0 and reading.folded[at - 1] in "@#/.") or (
            j == i and reading.folded[at + len(word) : at + len(word) + 1] == "@"
        ):
            continue
        end = words[j][1] + len(words[j][0])
        if _has_other_letters(spelling, reading, at, end):
            continue
        if spelling.ordinary:
            if not _is_unmistakable(spelling, j - i + 1) and (
                j - i + 1 != len(spelling.words) or not _is_written_as_name(reading, at, end)
            ):
                continue
        elif len(key) < 3 and (spelling.written.islower() or spelling.written not in reading.text):
            continue
        yield Match("name", reading.folded[at:end], at)


def _has_other_letters(spelling: Spelling, reading: Reading, at: int, end: int) -> bool:
    """Whether a word has letters that are more than accents and that the name has not: über is not Uber."""
    if reading.text.isascii():
        return False
    written = reading.text[reading.place_as_written(at) : reading.place_as_written(end)].lower()
    return bool(_OTHER_LETTERS & set(written) - set(spelling.written.lower()))


def _is_inside_word(folded: str, at: int) -> bool:
    """Whether a name of Devanagari or Hangul, which set spaces, begins within a word."""
    return at > 0 and any(
        low <= folded[at - 1] <= high and low <= folded[at] <= high
        for low, high in (("\u0900", "\u097f"), ("가", "힣"))
    )


def _among_other_letters(spelling: Spelling, reading: Reading) -> Iterator[Match]:
    """A Latin name between letters of a script without spaces, which no word's end parts from it."""
    if not spelling.key.isascii() or len(spelling.key) < 3 or not is_unspaced(reading.folded):
        return
    for match in re.finditer(rf"(?<![a-z0-9@#/._]){re.escape(spelling.key)}(?![a-z0-9@/._])", reading.folded):
        at = match.start()
        beside = reading.folded[max(0, at - 1) : at] + reading.folded[match.end() : match.end() + 1]
        capital = len(reading.text) == len(reading.folded) and reading.text[at].isupper()
        if any(is_unspaced(ch) for ch in beside) and (capital or not spelling.ordinary):
            yield Match("name", match.group(), at)


def _is_inflected(word: str, key: str, ordinary: bool) -> bool:
    """Whether a word is the name with an ending: Nivora's, Niveas, Nivora'nın, adidasa."""
    if re.split("['’]", word)[0] == key:
        return True
    plain = plain_word(word)
    if not ordinary and _is_case(plain, key):
        return True
    if not plain.startswith(key) or len(key) < 4:
        return False
    ending = plain[len(key) :]
    if ordinary:
        return False
    if len(key) >= LEAST_GLUED and len(ending) > 3 and ending in listed("behind"):
        return True
    if len(ending) > 2 or not ending.isalpha():
        return False
    return ending in ("s", "es") or (len(key) >= LEAST_GLUED and word_cost(plain) >= UNKNOWN_COST)


def _is_unmistakable(spelling: Spelling, pieces: int) -> bool:
    """Whether ordinary words are written as only the name is: two as one (redbull), or letters with dots (e.l.f.)."""
    if pieces == 1:
        return len(spelling.words) > 1 and not is_letters(spelling.words) and word_cost(spelling.key) >= UNKNOWN_COST
    return pieces == len(spelling.words) and is_letters(spelling.words)


def _is_case(word: str, key: str) -> bool:
    """Whether a word is the name in a case of a Slavic language, its last vowel changed: Нивею, Niveę."""
    if len(key) < LEAST_GLUED or key[-1] not in VOWELS_LAST or not word.startswith(key[:-1]):
        return False
    return _CASE.fullmatch(word, len(key) - 1) is not None and word_cost(word) >= UNKNOWN_COST


def _is_written_as_name(reading: Reading, at: int, end: int) -> bool:
    """Whether a word stands as a name does: with a capital inside a sentence whose other words have none.

    In German every noun has one, so there it says nothing.
    """
    text, folded = reading.text, reading.folded
    if len(text) != len(folded):
        # places moved by folding: look for the very stretch, as written with capitals
        title = folded[at:end].title()
        at = text.find(title, max(0, at - 40))
        if at < 0:
            return False
        end = at + len(title)
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
