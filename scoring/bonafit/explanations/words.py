"""What a head says in words is made of: its signals, each over some of its terms, and what it did not look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bonafit.results import Component, Reason

# Sentence of a signal: the head's answer, the terms that were seen (strongest first), what they do to the value.
Say = Callable[[Component, Sequence[Reason], str], str]


@dataclass(frozen=True)
class Group:
    """One named signal of a head.

    name, title : for programs and for people. features : the terms summed. say : its sentence.
    """

    name: str
    title: str
    features: frozenset[str]
    say: Say


@dataclass(frozen=True)
class HeadWords:
    """One head in words.

    start   : terms that stand before anything is looked at, the baseline among them.
    unseen  : terms that only stand where something is not known, whatever they carry.
    groups  : at most six; with the start and what is not shown a head has at most eight signals.
    say_start     : sentence of the start, from the points it stands at.
    not_looked_at : sentences on what was not in the file or not read.
    missing       : name of the sentence on what is missing where a term stands; None where none is named for it.
    """

    start: frozenset[str]
    groups: tuple[Group, ...]
    say_start: Callable[[float], str]
    not_looked_at: Callable[[Component], list[str]]
    unseen: frozenset[str] = frozenset()
    missing: Callable[[Component, str], str | None] | None = None


def term(terms: Sequence[Reason], feature: str) -> Reason | None:
    """The term of this feature, None where it was not seen."""
    return next((reason for reason in terms if reason.feature == feature), None)
