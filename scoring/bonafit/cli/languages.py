"""Which languages of a file the encoder does not read, told once at the end of a run."""

from __future__ import annotations

from collections import Counter

import msgspec

from bonafit.explanations.sentences import say
from bonafit.jobs.ranking import Best
from bonafit.text.language import language_name

# As the niche head names it, with the language's code behind.
FLAG = "language_outside_encoder:"


class _Flags(msgspec.Struct, frozen=True):
    flags: tuple[str, ...]


class _NicheFlags(msgspec.Struct, frozen=True):
    """The flags of the fit, read without the rest of a result."""

    niche_fit: _Flags


_decode = msgspec.json.Decoder(_NicheFlags).decode


class BestAndLanguages(Best):
    """The best of a stream, and a count of the creators that were not judged for their language."""

    def __init__(self, n: int, *, page: Best | None = None) -> None:
        """page : is shown every result too, where a page is made of the run."""
        super().__init__(n)
        self.page = page
        self._languages: Counter[str] = Counter()
        self._creators = 0

    def add_line(self, line: bytes) -> None:
        """As Best; counts the result's languages outside the encoder."""
        flags = _decode(line).niche_fit.flags
        outside = [flag.removeprefix(FLAG) for flag in flags if flag.startswith(FLAG)]
        self._languages.update(outside)
        self._creators += bool(outside)
        if self.page is not None:
            self.page.add_line(line)
        super().add_line(line)

    def lines(self) -> list[str]:
        """One line for people, the commonest language first; none where every text could be judged."""
        if not self._creators:
            return []
        ranked = sorted(self._languages.items(), key=lambda item: (-item[1], item[0]))
        named = ", ".join(f"{language_name(language)} {n:,}" for language, n in ranked)
        what = "unread_creator" if self._creators == 1 else "unread_creators"
        return [f"{say('brief', what, n=f'{self._creators:,}')} {named}"]
