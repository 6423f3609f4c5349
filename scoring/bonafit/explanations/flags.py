"""THE table of flags: what each says, how serious it is, what to do about it.

A result names its flags as `head:flag`, or `flag` alone where the brief or the time limit raised it; some carry what
they are about behind a colon (`niche_fit:language_through_map:es`). Docs, tables, files and the page take their words
from here; a test reads the code that raises flags and fails where the table lacks one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from bonafit.heads import HEADS
from bonafit.heads.safety.categories import LABELS
from bonafit.text.language import language_name

# stop: never to be booked; look: a person looks before booking; missing: why there is no value; note: how it was read.
Severity = Literal["stop", "look", "missing", "note"]
SEVERITIES: tuple[Severity, ...] = ("stop", "look", "missing", "note")
SEVERITY_WORDS: dict[Severity, str] = {
    "stop": "never book",
    "look": "look before booking",
    "missing": "cannot be judged",
    "note": "good to know",
}


# The niche head's finding of excluded topics, by words: where the safety head has judged them, that decides.
BY_WORDS = "niche_fit:excluded_topic_found"


class Flag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One flag that the code can raise.

    name : without its head and without what it is about. head : the head that raises it, "" for the brief and the time
    limit, "*" for any head. sentence, do : whole sentences; `{about}` is the language, category
    or brand, `{label}` the head.
    """

    name: str
    head: str
    severity: Severity
    sentence: str
    do: str


class FlagNote(msgspec.Struct, frozen=True, kw_only=True):
    """A flag of a result, in words. flag : as the result names it. head : whose it is, "" for the brief's."""

    flag: str
    head: str
    severity: Severity
    sentence: str
    do: str


FLAGS: tuple[Flag, ...] = msgspec.convert(
    tomllib.loads((files("bonafit.explanations") / "flags.toml").read_text(encoding="utf-8"))["flag"],
    tuple[Flag, ...],
)


@cache
def _by_name() -> dict[tuple[str, str], Flag]:
    return {(flag.head, flag.name): flag for flag in FLAGS}


def flag_of(name: str, head: str = "") -> tuple[Flag, str] | None:
    """The table's row for a flag and what it is about ("" where nothing); None where the table lacks it.

    name : as a head or the brief raised it, without the head. head : "" for the brief and the time limit.
    """
    table = _by_name()
    start, _, about = name.rpartition(":")
    for known, rest in ((name, ""), (start, about)):
        for owner in (head, "*") if head else ("",):
            if (owner, known) in table:
                return table[owner, known], rest
    return None


def _named(about: str, flag: Flag) -> str:
    """What a flag is about, for people: a language, a category of safety, or a topic of the brief."""
    if flag.name.startswith("language"):
        return language_name(about)
    if about == "excluded_topic":
        return "an excluded topic"
    return LABELS.get(about, about.replace("_", " "))


def notes_of(flags: Iterable[str]) -> list[FlagNote]:
    """Flags of a result in words, each finding once: what the safety head has judged is not asked again by words."""
    notes = [flag_note(flag) for flag in flags]
    if any(note.head == "safety" and note.flag.endswith(":excluded_topic") for note in notes):
        return [note for note in notes if note.flag != BY_WORDS]
    judged = not any(note.head == "safety" and note.severity == "missing" for note in notes)
    return [
        msgspec.structs.replace(note, severity="note") if judged and note.flag == BY_WORDS else note for note in notes
    ]


@lru_cache(maxsize=4096)
def flag_note(flag: str) -> FlagNote:
    """A flag of `CreatorScore.flags` in words; one that the table lacks is named as it is, to be looked at.

    Severity of the unknown: `look` where the head's flags ask for a person (`bonafit.heads`), else `note`.
    """
    head, _, name = flag.partition(":")
    if head not in HEADS:
        head, name = "", flag
    label = HEADS[head].label if head else ""
    row = flag_of(name, head)
    if row is None:
        return FlagNote(
            flag=flag,
            head=head,
            severity="look" if head and HEADS[head].signals else "note",
            sentence=f"Raised: {name.replace('_', ' ')}.",
            do="See the documentation of whoever raised it.",
        )
    known, about = row
    named = _named(about, known) if about else ""
    return FlagNote(
        flag=flag,
        head=head,
        severity=known.severity,
        sentence=known.sentence.format(about=named, label=label),
        do=known.do.format(about=named, label=label),
    )
