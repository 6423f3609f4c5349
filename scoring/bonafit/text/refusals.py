"""What a brief does not want: "no capsules", "wir wollen keine veganen Rezepte", taken out of what it does want.

An encoder reads "no capsules" as being about capsules. Whether a clause refuses something is told by words, in eighteen
languages: at its beginning in most, at its end where the verb stands there.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from bonafit.text.language import guess_language

# The language of briefs that do not tell theirs.
USUAL = "en"
_STOPS = ",;:–—،、，；："
# Where a sentence falls into clauses: a comma or the like, and before `but`, after which something may be refused.
_CLAUSE = re.compile(rf"[{_STOPS}]|\s-\s|\s(?=(?:but|aber|mais|pero|mas|ma|maar|men|ale|но|لكن)\s)")
_AROUND = f" \t\"'«»“”„*•-{_STOPS}"


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("bonafit.text").joinpath("refusals.toml").read_text(encoding="utf-8"))


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...] | None:
    texts = _texts()
    if language not in texts:
        return None
    begins, says, unlike = (texts[language][name] for name in ("begins", "says", "unlike"))
    return re.compile(rf"(?:(?:{texts['links']})\s+)*(?:{begins})"), re.compile(says), re.compile(unlike)


def refuses(clause: str, language: str | None) -> bool:
    """Whether a clause says what is not wanted. language : ISO 639-1 code, None for one that is not known."""
    patterns = _patterns(language or USUAL)
    if patterns is None:
        return False
    begins, says, unlike = patterns
    lower = clause.lower().strip(_AROUND)
    return not unlike.search(lower) and (begins.match(lower) is not None or says.search(lower) is not None)


@cache
def _free_of() -> re.Pattern[str]:
    return re.compile(_texts()["free_of"])


def refuses_word(keyword: str, language: str | None) -> bool:
    """Whether a keyword says what is not wanted: "no capsules". language : ISO 639-1 code of the brief, or None.

    A keyword is in the brief's language or in English; what it is free of ("without sugar") is a wish.
    """
    if (" " not in keyword.strip() and keyword.isascii()) or _free_of().match(keyword.lower().strip(_AROUND)):
        return False
    return any(refuses(keyword, code) for code in dict.fromkeys((language, guess_language(keyword), USUAL)))


def wanted_and_refused(sentence: str, language: str | None) -> tuple[str, tuple[str, ...]]:
    """A sentence without the clauses that refuse something, and those; it as it is where none does.

    The first part is empty where all of it refuses.
    """
    ends = [0, *(match.end() for match in _CLAUSE.finditer(sentence)), len(sentence)]
    clauses = [sentence[start:end] for start, end in pairwise(ends)]
    against = [refuses(clause, language) for clause in clauses]
    if not any(against):
        return sentence, ()
    clauses_left = "".join(clause for clause, refused in zip(clauses, against, strict=True) if not refused)
    refused = (clause.strip(_AROUND) for clause, refused in zip(clauses, against, strict=True) if refused)
    return clauses_left.strip(_AROUND), tuple(refused)
