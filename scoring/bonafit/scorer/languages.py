"""Which languages a bundle reads: its encoder's own, and those that its door brings into the encoder's space."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bonafit.errors import BriefError
from bonafit.explanations.sentences import say
from bonafit.records import Brief
from bonafit.text.language import language_name
from bonafit.text.units import brief_facets, unit_language

# Share of a brief's letters in languages that are not read from which it is refused: what is left is not the brief.
UNREAD_SHARE = 0.5


@dataclass(frozen=True)
class Languages:
    """What is read. own : ISO 639-1 codes of the encoder; empty where it reads any.

    through : of the door, with how well each is read (`reliability` of its card), None where that was not measured.
    """

    own: frozenset[str] = frozenset()
    through: Mapping[str, float | None] = field(default_factory=dict)

    def check(self, brief: Brief) -> None:
        """Raises BriefError where most of a brief is in languages that are not read, naming them and what to do."""
        letters = self._letters(brief)
        unread = {code: n for code, n in letters.items() if not self._is_read(code)}
        if sum(unread.values()) > UNREAD_SHARE * letters.total():
            raise BriefError(
                f"description: in {_named(unread)}, which this bundle does not read; it reads {self.in_words()}: "
                "write the brief in one of them"
            )

    def told(self, brief: Brief) -> list[str]:
        """Lines for people on how a brief is read; none for one in the encoder's own languages. Raises as `check`."""
        self.check(brief)
        letters = self._letters(brief)
        mapped = {code: n for code, n in letters.items() if self._is_read(code) and code not in self.own and self.own}
        unread = {code: n for code, n in letters.items() if not self._is_read(code)}
        lines = [say("brief", "mapped", languages=_named(mapped))] if mapped else []
        guessed = [code for code in mapped if self.through[code] is None]
        if guessed:
            lines.append(say("brief", "guessed", languages=_named(dict.fromkeys(guessed, 1))))
        if unread:
            lines.append(f"{say('brief', 'unread', languages=_named(unread))} Write them in {self.in_words()}.")
        return lines

    def in_words(self) -> str:
        """The languages read, for people."""
        own = _named(dict.fromkeys(sorted(self.own), 1))
        if not self.through:
            return own
        return f"{own} and {len(self.through)} languages through its map ({' '.join(sorted(self.through))})"

    def _letters(self, brief: Brief) -> Counter[str]:
        """Letters of a brief's facets, without what it excludes, by language; of texts that tell theirs."""
        letters: Counter[str] = Counter()
        for facet in brief_facets(brief):
            language = unit_language(facet)
            if facet.kind != "excluded" and language is not None:
                letters[language] += len(facet.text)
        return letters

    def _is_read(self, code: str) -> bool:
        return not self.own or code in self.own or code in self.through


def _named(codes: Mapping[str, int]) -> str:
    """Languages by name, those with most letters first."""
    return ", ".join(language_name(code) for code in sorted(codes, key=lambda code: (-codes[code], code)))
