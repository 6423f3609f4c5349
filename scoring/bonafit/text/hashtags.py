"""Hashtags into words: `CleanBeauty_tips` and `cleanbeautytips` alike, by how common words are."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from math import log

# Longest hashtag that is split, and longest word looked for in it; beyond, the tag stays one word.
MAX_TAG = 48
LONGEST_WORD = 20
# Letters up to which an unknown piece is no word, and short words that such pieces are cut beside.
SHORT_PIECE, _FILLERS = 3, frozenset(("a", "i", "an", "as", "at", "in", "is", "it", "on", "or", "up", "us"))

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)|_+")
# Endings of a plural or a verb, by their last letter.
_WORD_ENDINGS = {"s": ("s", "es"), "g": ("ing",), "d": ("ed",), "r": ("er",), "y": ("y",)}


@lru_cache(maxsize=1)
def _costs() -> dict[str, float]:
    """Cost of each known word: -log of Zipf's probability of its rank (words.txt is ordered by frequency)."""
    words = files("bonafit.text").joinpath("words.txt").read_text(encoding="utf-8").split()
    scale = log(len(words))
    return {word: log((rank + 1) * scale) for rank, word in enumerate(words)}


def word_cost(word: str) -> float:
    """Rarity of a lower-case word in natural-log units, from about 2 (the) to 12.3 and 14 for a word not known.

    A plural or a verb's ending is as rare as the word it belongs to, and a little more.
    """
    costs = _costs()
    cost = costs.get(word)
    if cost is None:
        for ending in _WORD_ENDINGS.get(word[-1:], ()):
            if word.endswith(ending) and len(word) - len(ending) > 2 and word[: -len(ending)] in costs:
                return costs[word[: -len(ending)]] + 2.0
        return 14.0
    return cost


@lru_cache(maxsize=65_536)
def split_hashtag(tag: str) -> str:
    """Words of a hashtag without its sign, joined by spaces: `CleanBeauty_tips` and `cleanbeautytips` alike.

    Capitals, digits and underscores split first; what is left of Latin letters is split into the likeliest words
    (Viterbi over word ranks). A part in which nothing is recognised stays whole; other scripts are left alone.
    """
    parts = [part for part in _CAMEL.split(tag[:MAX_TAG]) if part]
    return " ".join(_segment(part.lower()) for part in parts)


def _segment(part: str) -> str:
    if len(part) < 4 or not part.isascii() or not part.isalpha() or part in _costs():
        return part
    costs = _costs()
    best = [0.0] + [float("inf")] * len(part)
    back = [0] * (len(part) + 1)
    for end in range(1, len(part) + 1):
        for start in range(max(0, end - LONGEST_WORD), end):
            word = part[start:end]
            # An unknown stretch costs more than the rarest word, by its length, so that names stay in one piece.
            cost = costs.get(word) or (word_cost(word) if word[-1] in _WORD_ENDINGS else 14.0)
            if cost >= 14.0:
                cost = 12.0 + 3.0 * len(word)
            elif len(word) == 1 and word not in "ai":
                cost += 12.0
            if best[start] + cost < best[end]:
                best[end], back[end] = best[start] + cost, start
    words: list[str] = []
    end = len(part)
    while end:
        words.append(part[back[end] : end])
        end = back[end]
    words.reverse()
    known = sum(len(w) for w in words if word_cost(w) < 14.0)
    return " ".join(words) if known * 2 >= len(part) and not _is_shattered(words) else part


def _is_shattered(words: list[str]) -> bool:
    """Whether pieces are those of one word not known, such as a dog's name: it is better left whole.

    So are single letters, an article or two short words at the end (rosa ce a, pigment at i on), and an unknown piece
    of few letters beside a word that is short as well (cer a mides).
    """
    if any(len(word) == 1 and word not in "ai" for word in words) or len(words) < 2:
        return len(words) > 1
    if words[-1] in ("a", "i") or (len(words) > 2 and len(words[-1]) < 3 and len(words[-2]) < 3):
        return True
    unknown = [len(word) <= SHORT_PIECE and word_cost(word) >= 14.0 for word in words]
    return any(
        (unknown[k] and right in _FILLERS) or (left in _FILLERS and unknown[k + 1])
        for k, (left, right) in enumerate(pairwise(words))
    )
