"""Brands by name: in handles, hashtags glued together, domains, codes and sentences; names that are common words too.

A name that is an ordinary word (Target, Gap, Dove, Free People; Merci, Natura, 小米) is taken for the brand only where
it cannot be the word: as a handle, a domain, joined to the word for a tie (#GapPartner), or written with a capital
inside a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bonafit.commercial.brands import UNKNOWN_COST, Brand, Spelling
from bonafit.commercial.handles import bare_handle, is_handle_of
from bonafit.commercial.labels import brand_in_tag
from bonafit.commercial.reading import Piece, Reading, fold, key_of
from bonafit.commercial.sentences import LEAST_GLUED, VOWELS_LAST, Match, in_sentences, plain_word
from bonafit.commercial.words import listed
from bonafit.text.hashtags import split_hashtag, word_cost

# Letters from which a name may stand inside a hashtag that is no words without it.
LEAST_AMONG_WORDS = 4
# Behind an ordinary word in a hashtag these make it a name.
_NAMING = frozenset(("official", "oficial", "officiel", "ufficiale", "offiziell", "cosmetics"))


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
    beginning = key[:-1] if key[-1:] in VOWELS_LAST else key
    if beginning in key_of_words(reading) if spelling.spaced else key in fold(reading.folded):
        yield from in_sentences(spelling, reading)


def key_of_words(reading: Reading) -> str:
    """All words of a post in one, to see quickly whether a name can be among them."""
    return "".join(plain_word(word) for word, _ in reading.words)


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
        other_tags = [other.text for other in reading.tags if other.at != tag.at]
        capital = tag.text[:1].isupper() and not (other_tags and all(other[:1].isupper() for other in other_tags))
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
