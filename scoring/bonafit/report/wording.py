"""The few words that a page adds to `bonafit.explanations`: names of verdicts, what each asks for, counts of flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bonafit.explanations.flags import SEVERITIES, FlagNote, notes_of
from bonafit.results import CreatorScore, Verdict

VERDICTS: dict[Verdict, str] = {
    "shortlist": "Shortlist",
    "review": "Review",
    "pass": "Passed over",
    "not_judgeable": "Not judged",
    "never": "Never book",
}


def flag_counts(results: Sequence[CreatorScore]) -> list[tuple[FlagNote, int]]:
    """Every flag with how many creators have it: the most serious first, of equal ones the commonest."""
    noted = list(Counter(note for result in results for note in notes_of(sorted(set(result.flags)))).items())
    return sorted(noted, key=lambda item: (SEVERITIES.index(item[0].severity), -item[1], item[0].flag))


def in_words(name: str) -> str:
    """A field's name as a heading."""
    return f"{name[:1].upper()}{name[1:]}".replace("_", " ")
