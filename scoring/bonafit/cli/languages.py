"""What a whole file lacks, told once a run: languages that are not read, comment counts, the day of reading."""

from __future__ import annotations

from collections import Counter

import msgspec

from bonafit.explanations.sentences import say
from bonafit.jobs.ranking import Best
from bonafit.text.language import language_name

# As the niche head names it, with the language's code behind.
FLAG = "niche_fit:language_outside_encoder:"
# What keeps creators from being judged or shortlisted, by flag and verdict, with the sentences that say so.
LACKS = {
    ("engagement_quality:comments_not_shown", "not_judgeable"): ("lacks_comments", "lacks_comments_do"),
    ("freshness_unknown", "review"): ("lacks_day", "lacks_day_do"),
}
# Share of the creators with that verdict from which it is the file that lacks something, not the creators.
MOST = 0.5


class _Flags(msgspec.Struct, frozen=True):
    """Flags and verdict, read without the rest of a result."""

    flags: tuple[str, ...]
    verdict: str


_decode = msgspec.json.Decoder(_Flags).decode


class BestAndLanguages(Best):
    """The best of a stream, and counts of the creators whose language is not read or whose file lacks something."""

    def __init__(self, n: int, *, page: Best | None = None) -> None:
        """page : is shown every result too, where a page is made of the run."""
        super().__init__(n)
        self.page = page
        self._languages: Counter[str] = Counter()
        self._creators = 0
        self._lacking: Counter[tuple[str, str]] = Counter()

    def add_line(self, line: bytes) -> None:
        """As Best; counts the result's languages outside the encoder, and what it lacks."""
        read = _decode(line)
        outside = [flag.removeprefix(FLAG) for flag in read.flags if flag.startswith(FLAG)]
        self._lacking.update(lack for lack in LACKS if lack[1] == read.verdict and lack[0] in read.flags)
        self._languages.update(outside)
        self._creators += bool(outside)
        if self.page is not None:
            self.page.add_line(line)
        super().add_line(line)

    def remedies(self) -> list[str]:
        """What most creators of the file lack, and what to do about it; a sentence each."""
        lacking = [
            remedy_of for lack, remedy_of in LACKS.items() if self._lacking[lack] > MOST * self.verdicts[lack[1]]
        ]
        return [f"! {say('file', lack_of)} {say('file', remedy)}" for lack_of, remedy in lacking]

    def lines(self) -> list[str]:
        """One line for people, the commonest language first; none where every text could be judged."""
        if not self._creators:
            return []
        ranked = sorted(self._languages.items(), key=lambda item: (-item[1], item[0]))
        named = ", ".join(f"{language_name(language)} {n:,}" for language, n in ranked)
        sentence = "unread_creator" if self._creators == 1 else "unread_creators"
        return [f"{say('brief', sentence, n=f'{self._creators:,}')} {named}"]
