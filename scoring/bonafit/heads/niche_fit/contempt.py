"""Words of contempt, by language: whether a text has one.

An encoder of meaning hears tone only faintly: "I loathe it" and "I love it" lie close together. The words decide
nothing alone; `Stance` weighs them beside the vector. They are the bundle's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError
from bonafit.tables.arrays import BoolArray
from bonafit.text.units import Unit, unit_language
from bonafit.text.words import is_spaceless, words_of

# The language of texts that do not tell theirs.
USUAL = "en"
_STAR = "*"
REMEMBERED = 16_384


class Contempt:
    """Finds words of contempt in cleaned texts. Thread-safe.

    words : by ISO 639-1 code, entries in lower case: a word, the beginning of one before a `*`, several words, or
        characters of a script without spaces.
    """

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self.words = {code: tuple(sorted(set(entries))) for code, entries in words.items()}
        self._whole: dict[str, frozenset[str]] = {}
        self._starts: dict[str, tuple[str, ...]] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        self._anywhere: dict[str, tuple[str, ...]] = {}
        for code, entries in self.words.items():
            spaced = [entry for entry in entries if not is_spaceless(entry)]
            self._anywhere[code] = tuple(entry for entry in entries if is_spaceless(entry))
            self._parts[code] = tuple(f" {entry}" for entry in spaced if " " in entry)
            self._starts[code] = tuple(entry[:-1] for entry in spaced if entry.endswith(_STAR))
            self._whole[code] = frozenset(entry for entry in spaced if " " not in entry and not entry.endswith(_STAR))
        self._has = lru_cache(maxsize=REMEMBERED)(self._found)

    def of(self, units: Iterable[Unit]) -> BoolArray:
        """(n,) whether each unit's text has such a word of its language; none where there is no list of that one."""
        return np.array([self._has(unit.text, unit_language(unit) or USUAL) for unit in units], dtype=bool)

    def _found(self, text: str, language: str) -> bool:
        if language not in self.words:
            return False
        words = words_of(text)
        if not self._whole[language].isdisjoint(words) or any(w.startswith(self._starts[language]) for w in words):
            return True
        joined = f" {' '.join(words)}"
        if any(part in joined for part in self._parts[language]):
            return True
        lower = text.lower()
        return any(part in lower for part in self._anywhere[language])

    def to_tables(self) -> dict[str, npt.NDArray[np.generic]]:
        """Arrays of an npz file."""
        lines = "".join(f"{code}\t{entry}\n" for code, entries in self.words.items() for entry in entries)
        return {"stance.words": np.frombuffer(lines.encode(), dtype=np.uint8)}

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]]) -> Contempt:
        """Read what `to_tables` wrote; without words where it is absent, as in bundles before 2026.6.

        Raises BundleCorruptError where it cannot be read.
        """
        words: dict[str, list[str]] = {}
        try:
            for line in tables.get("stance.words", np.zeros(0)).astype(np.uint8).tobytes().decode().splitlines():
                code, entry = line.split("\t")
                words.setdefault(code, []).append(entry)
        except ValueError as error:
            raise BundleCorruptError(f"niche_fit: words cannot be read ({error}); publish the bundle again") from None
        return cls(words)
