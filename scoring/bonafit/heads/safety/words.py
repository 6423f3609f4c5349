"""Word columns: which categories a text names, whether it offers something, and whether it warns, reports or plays.

Words stand beside vectors because an encoder smears names together: a toner and a tonic lie near each other, `vodka`
does not occur in both. The lists are the bundle's, in many languages; they decide nothing alone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError
from bonafit.heads.safety.categories import NAMES
from bonafit.tables.arrays import FloatArray
from bonafit.text.words import words_of

# What a text does, beside what it is about.
MANNERS = ("offer", "praise", "against", "report", "play", "without", "care")
# A word of the lists of obscene words, which are kept as checksums.
LISTED = "listed"
COLUMNS: tuple[str, ...] = (*NAMES, *MANNERS, LISTED)
_PLACE = {name: i for i, name in enumerate(COLUMNS)}
# Han, kana and Thai have no spaces: an entry is looked for anywhere.
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
# Words of Devanagari are not cut at its vowel signs, so an entry is looked for at the beginning of one.
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_NO_LETTER_BEFORE = "(?<![\u0900-\u097f])"
# Arabic writes article, `and`, `with`, `for` together with their word.
_ARABIC = re.compile("^(?:و|ف)?(?:ال|بال|لل|ب|ل)")
_STAR = "*"
# Texts whose columns are remembered: they are asked for again with every brief.
REMEMBERED = 8_192


class WordColumns:
    """Finds the words of COLUMNS in cleaned texts. Thread-safe.

    words  : column to entries in lower case: a word, the beginning of one before a `*`, the end of a
             compound behind one, or several words.
    listed : crc32 of obscene words in UTF-8.
    """

    def __init__(self, words: Mapping[str, Iterable[str]], listed: Iterable[int] = ()) -> None:
        self.words = {name: tuple(sorted(set(words.get(name, ())))) for name in COLUMNS if name != LISTED}
        self.listed = frozenset(listed)
        self._exact: dict[str, list[int]] = {}
        self._starts: dict[str, list[int]] = {}
        self._ends: dict[str, list[int]] = {}
        self._phrases: dict[str, list[tuple[str, int]]] = {}
        self._anywhere: list[tuple[str, int]] = []
        self._signs: dict[int, re.Pattern[str]] = {}
        for name, entries in self.words.items():
            for entry in entries:
                if not _DEVANAGARI.search(entry):
                    self._add(entry, _PLACE[name])
            if signs := [re.escape(entry) for entry in entries if _DEVANAGARI.search(entry)]:
                self._signs[_PLACE[name]] = re.compile(f"{_NO_LETTER_BEFORE}(?:{'|'.join(signs)})")
        self._lengths = sorted({len(start) for start in self._starts})
        self._end_lengths = sorted({len(end) for end in self._ends})
        self.columns = lru_cache(maxsize=REMEMBERED)(self._columns)

    def _add(self, entry: str, place: int) -> None:
        if _SPACELESS.search(entry):
            self._anywhere.append((entry, place))
        elif " " in entry:
            self._phrases.setdefault(entry.split(" ", 1)[0], []).append((f" {entry} ", place))
        elif entry.startswith(_STAR):
            self._ends.setdefault(entry[1:], []).append(place)
        elif entry.endswith(_STAR):
            self._starts.setdefault(entry[:-1], []).append(place)
        else:
            self._exact.setdefault(entry, []).append(place)

    def _columns(self, text: str) -> tuple[int, ...]:
        columns: set[int] = set()
        words = words_of(text)
        joined = ""
        for word in words:
            for form in _forms(word):
                columns.update(self._exact.get(form, ()))
                for length in self._lengths:
                    if length > len(form):
                        break
                    columns.update(self._starts.get(form[:length], ()))
                for length in self._end_lengths:
                    if length > len(form):
                        break
                    columns.update(self._ends.get(form[-length:], ()))
            if word in self._phrases:
                joined = joined or f" {' '.join(words)} "
                columns.update(place for phrase, place in self._phrases[word] if phrase in joined)
            if self.listed and zlib.crc32(word.encode("utf-8", "replace")) in self.listed:
                columns.add(_PLACE[LISTED])
        if not text.isascii() and _DEVANAGARI.search(text):
            columns.update(place for place, signs in self._signs.items() if signs.search(text))
        if not text.isascii() and _SPACELESS.search(text):
            lower = text.lower()
            columns.update(place for entry, place in self._anywhere if entry in lower)
        return tuple(sorted(columns))

    def matrix(self, texts: Iterable[str]) -> FloatArray:
        """(n, len(COLUMNS)) of 0 and 1: which columns have a word in each text."""
        rows = [self.columns(text) for text in texts]
        out = np.zeros((len(rows), len(COLUMNS)))
        for row, places in enumerate(rows):
            out[row, list(places)] = 1.0
        return out

    def named(self, text: str) -> tuple[str, ...]:
        """Categories whose words a text has."""
        return tuple(COLUMNS[place] for place in self.columns(text) if place < len(NAMES))

    def to_tables(self) -> dict[str, npt.NDArray[np.generic]]:
        """Arrays of an npz file."""
        lines = "".join(f"{name}\t{entry}\n" for name, entries in self.words.items() for entry in entries)
        return {
            "words": np.frombuffer(lines.encode(), dtype=np.uint8),
            "listed": np.array(sorted(self.listed), dtype=np.uint32),
        }

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]]) -> WordColumns:
        """Read what `to_tables` wrote. Raises BundleCorruptError where it is absent."""
        try:
            lines = tables["words"].astype(np.uint8).tobytes().decode()
            listed = tables["listed"].astype(np.int64).tolist()
            words: dict[str, list[str]] = {}
            for line in lines.splitlines():
                name, entry = line.split("\t")
                words.setdefault(name, []).append(entry)
        except (KeyError, ValueError) as error:
            raise BundleCorruptError(f"safety: words cannot be read ({error}); publish the bundle again") from None
        return cls(words, listed)


def _forms(word: str) -> tuple[str, ...]:
    """A word, and an Arabic one without what is written together with it."""
    if "\u0600" <= word[:1] <= "\u06ff":
        bare = _ARABIC.sub("", word)
        if len(bare) > 2 and bare != word:
            return word, bare
    return (word,)
