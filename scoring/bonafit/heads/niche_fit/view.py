"""A brief as pair features need it: its targets, what creators at large reach for them, and its telling words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bonafit.errors import ShapeError
from bonafit.heads.niche_fit.reference import Reference, unit_length
from bonafit.prepared import PreparedBrief
from bonafit.text.hashtags import word_cost
from bonafit.text.units import NOT_WANTED, REFUSED, Unit, unit_language
from bonafit.text.words import SPACELESS, is_spaceless, stem, words_of

Found = tuple[list[set[str]], npt.NDArray[np.bool_]]

# A text holding this share of a brief's telling words, and this many, was written to the brief and is not used; so was
# one that holds nearly all words of one of its sentences, most of them beside one another as there: a post with three
# hashtags of the niche may have the words.
COPIED_SHARE, COPIED_WORDS = 0.6, 5
SENTENCE_SHARE, SENTENCE_PAIRS, SENTENCE_WORDS = 0.8, 0.7, 6
# Log odds of being about the niche from which a refusal is: of invented ones in seven languages, 17 of 19 of what is
# shown ("no capsules") lie above, 18 of 20 of conditions ("no scripts") below.
REFUSED_ODDS = -0.6
# The language of words.txt, whose costs say which words are telling.
WORDS_LANGUAGE = "en"
# Words commoner than this (about the first 250 of words.txt) tell nothing about a niche.
TELLING_COST = 7.8
# A letter or digit of a script that sets spaces between words. A brand's name ends where none follows: Chinese and
# Japanese text and Korean particles stand right beside it.
_SPACED = rf"[^\W{SPACELESS}\uac00-\ud7af]"


class BriefView:
    """What pair features need of a brief, computed once for all creators."""

    def __init__(self, brief: PreparedBrief, reference: Reference) -> None:
        width = brief.vectors.shape[1] if brief.vectors.ndim == 2 else -1
        if width != reference.width or len(brief.vectors) != len(brief.facets):
            raise ShapeError(
                f"brief vectors of shape {brief.vectors.shape} for {len(brief.facets)} facets; "
                f"expected ({len(brief.facets)}, {reference.width})"
            )
        self.brief = brief.brief
        self.level = reference.level
        self.wanted = _wanted(brief, reference)
        self.excluded = tuple(i for i, facet in enumerate(brief.facets) if facet.kind == "excluded")
        self.refused = _refused(brief, reference)
        self.facets = brief.facets
        vectors = brief.vectors.astype(np.float64)
        self.query = unit_length(vectors[list(self.wanted)].mean(axis=0))
        # Column 0 is the brief as a whole, then each facet in order.
        self.targets = np.column_stack([self.query, vectors.T]).astype(np.float32)
        posts = [reference.posts.of(target) for target in (self.query, *vectors)]
        self.post_mean = np.array([mean for mean, _ in posts])
        self.post_sd = np.array([sd for _, sd in posts])
        self.centre_mean, self.centre_sd = reference.centres.of(self.query)
        bios = [reference.bios.of(target) for target in (self.query, *vectors)]
        self.bio_mean = np.array([mean for mean, _ in bios])
        self.bio_sd = np.array([sd for _, sd in bios])
        self.in_words = all(is_comparable(brief.facets[i]) for i in self.wanted)
        texts = [brief.facets[i].text for i in self.wanted]
        words = dict.fromkeys(stem(word) for text in texts for word in words_of(text))
        self.words = {word: cost for word in words if len(word) > 1 and (cost := word_cost(word)) >= TELLING_COST}
        self.word_total = sum(self.words.values())
        sentences = [_pieces(facet.text) for facet in brief.facets if facet.kind in ("sentence", REFUSED)]
        self.sentences = [(words, after) for words, after in sentences if len(words) >= SENTENCE_WORDS]
        self._patterns = {word: re.compile(rf"\b{re.escape(word)}(?:s|es)?\b") for word in self.words}
        squashed = "".join(words_of(brief.brief.brand))
        name = " ?".join(re.escape(ch) for ch in squashed)
        self._name = re.compile(rf"(?<!{_SPACED}){name}(?!{_SPACED})") if squashed else None

    def find(self, units: Sequence[Unit]) -> Found:
        """Of each unit the telling words it uses, singular or plural, and whether it names the brand."""
        words_by_unit: list[set[str]] = [set() for _ in units]
        named = np.zeros(len(units), dtype=bool)
        # One search over all texts: most words of a brief are in none of them, and that is known at once.
        joined = "\n".join([unit.text for unit in units]).lower()
        ends = [-1]
        for unit in units:
            # Lower case can lengthen a text (İ), so ends are those of the text as searched.
            ends.append(ends[-1] + 1 + (len(unit.text) if unit.text.isascii() else len(unit.text.lower())))
        for word, pattern in self._patterns.items():
            if word in joined:
                for match in pattern.finditer(joined):
                    words_by_unit[bisect_left(ends, match.start()) - 1 if match.start() else 0].add(word)
        if self._name is not None:
            for match in self._name.finditer(joined):
                named[bisect_left(ends, match.start()) - 1 if match.start() else 0] = True
        return words_by_unit, named

    def repeats(self, text: str, words: set[str]) -> bool:
        """Whether a text that uses `words` of the brief's was written to it."""
        return len(words) >= max(COPIED_WORDS, COPIED_SHARE * len(self.words)) or self.repeats_sentence(text)

    def repeats_sentence(self, text: str) -> bool:
        """Whether a text has SENTENCE_SHARE of the words of a sentence of the brief, SENTENCE_PAIRS in its order."""
        if not self.sentences:
            return False
        own, own_pairs = _pieces(text)
        return any(
            len(words & own) >= SENTENCE_SHARE * len(words) and len(after & own_pairs) >= SENTENCE_PAIRS * len(after)
            for words, after in self.sentences
        )

    def cost_of(self, words: set[str]) -> float:
        """Share of the brief's telling words, each counted by its rarity, that `words` are; in [0, 1]."""
        # Added in the brief's order: the order of a set is not the same in every process.
        return sum(cost for word, cost in self.words.items() if word in words) / self.word_total if self.words else 0.0


def _wanted(brief: PreparedBrief, reference: Reference) -> tuple[int, ...]:
    """Facets that say what the brand wants: nothing refused or excluded, no sentence about the company or formalities.

    Where nothing else would be left, all of them are kept.
    """
    asking = tuple(i for i, facet in enumerate(brief.facets) if facet.kind not in NOT_WANTED)
    if reference.about is None or not len(brief.vectors):
        return asking
    odds = brief.vectors @ reference.about[:-1] + reference.about[-1]
    on_subject = tuple(i for i in asking if brief.facets[i].kind != "sentence" or odds[i] > 0)
    return on_subject or asking


def _refused(brief: PreparedBrief, reference: Reference) -> tuple[int, ...]:
    """Facets that refuse something to be shown; without those that refuse conditions, as scripts or exclusivity."""
    refused = tuple(i for i, facet in enumerate(brief.facets) if facet.kind == REFUSED)
    if reference.about is None or not refused:
        return refused
    odds = brief.vectors @ reference.about[:-1] + reference.about[-1]
    return tuple(i for i in refused if odds[i] > REFUSED_ODDS)


def _pieces(text: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Words of a text and which follow one another; of a script without spaces, every two letters for a word."""
    words = list(words_of(text))
    if is_spaceless(text):
        words = [word[i : i + 2] for word in words for i in range(max(1, len(word) - 1))]
    return set(words), set(pairwise(words))


def is_comparable(unit: Unit) -> bool:
    """Whether a text's words can be those of an English brief: it is in English, or does not tell."""
    return unit_language(unit) in (None, WORDS_LANGUAGE)
