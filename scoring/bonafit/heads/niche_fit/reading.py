"""How a creator's words are read: by the encoder itself, through the door or not at all; and which are prose."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bonafit.prepared import Prepared
from bonafit.text.clean import MAX_RAW
from bonafit.text.units import unit_language
from bonafit.text.words import count_words

# Words beside hashtags, handles and emoji from which a text counts as prose; what texts without any are worth.
PROSE_WORDS, BARE_WORTH = 2, 0.25
# What is no prose: hashtags, handles, links; and a word of any script, or a character of those without spaces.
_BARE = re.compile(r"[#＃@]\w+|https?://\S+")
_PROSE = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")
# Share of words read through the door from which a result names their language.
THROUGH_SHARE = 0.1
# Standard deviations of the log-odds that the door adds: to every text, and for what a language loses in it (1 less its
# reliability). The same content in seventeen languages differs from the English by .9 (pl) to 1.7 (ar) in root mean
# square over creators of the judgement contract. A language that was not measured counts as losing all.
MAP_DEVIATION, LOST_DEVIATION, UNMEASURED = 0.6, 1.2, 0.0


@dataclass(frozen=True)
class Reading:
    """How a creator's words are read.

    lengths : words of each unit. unread, mapped : shares of all words, in languages that neither the encoder nor its
        door reads, and through the door. outside : languages of the former, the commonest first. flags : on the latter.
    deviation : standard deviation that reading through the door adds to the log-odds.
    """

    lengths: Sequence[int]
    unread: float
    outside: tuple[str, ...]
    mapped: float
    flags: tuple[str, ...]
    deviation: float


def reading_of(creator: Prepared, languages: Collection[str], door: Mapping[str, float | None]) -> Reading:
    """Which of a creator's words are read how.

    languages : ISO 639-1 codes the encoder reads; empty where it reads any. door : those read through the door, with
    how well, where that was measured.
    """
    lengths = [_n_words(unit.text) for unit in creator.units]
    if not languages:
        return Reading(lengths, 0.0, (), 0.0, (), 0.0)
    words: dict[str, int] = {}
    for unit, n in zip(creator.units, lengths, strict=True):
        language = unit_language(unit)
        if language is not None and language not in languages:
            words[language] = words.get(language, 0) + n
    total = max(1, sum(lengths))
    ranked = sorted(words, key=lambda language: (-words[language], language))
    through = [language for language in ranked if language in door]
    flags, worth = [], 0.0
    for language in through:
        known = door[language]
        worth += words[language] / total * (1 - (UNMEASURED if known is None else known))
        if words[language] >= THROUGH_SHARE * total:
            flags.append(f"language_through_map:{language}")
            flags += [f"language_not_measured:{language}"] if known is None else []
    outside = tuple(language for language in ranked if language not in door)
    unread, mapped = (sum(words[language] for language in kind) / total for kind in (outside, through))
    return Reading(lengths, unread, outside, mapped, tuple(flags), MAP_DEVIATION * mapped + LOST_DEVIATION * worth)


def prose_share(creator: Prepared) -> float:
    """From BARE_WORTH to 1: by the share of texts that say something beside hashtags, handles and emoji."""
    if not creator.units:
        return 1.0
    prose = sum(_has_prose(unit.raw) for unit in creator.units)
    return BARE_WORTH + (1 - BARE_WORTH) * prose / len(creator.units)


@lru_cache(maxsize=65_536)
def _has_prose(raw: str) -> bool:
    return len(_PROSE.findall(_BARE.sub(" ", raw[:MAX_RAW]))) >= PROSE_WORDS


# Remembered, because the same texts are counted for every brief.
@lru_cache(maxsize=65_536)
def _n_words(text: str) -> int:
    return count_words(text)
