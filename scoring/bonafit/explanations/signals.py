"""Every term of a head summed into at most eight named signals, exactly, each with a sentence.

The first signal is where a creator stands before anything is looked at, then come those that were seen, strongest
first, and last what is not shown: whatever a head adds or takes away because a figure is absent. Points of a head's
signals sum to its value, points of a signal's terms to the signal's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import msgspec

from bonafit.explanations import authenticity, engagement_quality, niche_fit, safety
from bonafit.explanations.figures import LITTLE, moves, value
from bonafit.explanations.sentences import say
from bonafit.explanations.words import HeadWords
from bonafit.heads import HEADS
from bonafit.results import Component, Reason

START, UNSEEN, OTHER = "start", "not_shown", "other"
# Names that no group of a head may have.
RESERVED = (START, UNSEEN, OTHER)
TITLES = {START: "Starting point", UNSEEN: "What is not shown", OTHER: "Other figures"}

# A head without a row is told in general words; a new head brings a file and its row here.
WORDS: dict[str, HeadWords] = {
    niche_fit.HEAD: niche_fit.WORDS,
    authenticity.HEAD: authenticity.WORDS,
    engagement_quality.HEAD: engagement_quality.WORDS,
    safety.HEAD: safety.WORDS,
}


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One named signal of a head.

    name     : `start`, `not_shown`, `other` or a group's name; unique within a head. title : the same for people.
    sentence : one whole sentence: the figure, what is usual, what it does to the value.
    points   : sum of the terms' points; all signals' points of a head sum to its value.
    effect   : sum of the terms' effects. share_of_score : points times what the head counts for in the score.
    terms    : the reasons summed, the strongest first.
    """

    name: str
    title: str
    sentence: str
    points: float
    effect: float
    share_of_score: float
    terms: tuple[Reason, ...]

    @property
    def is_reason(self) -> bool:
        """Whether it says something seen of the creator, and may stand among the reasons."""
        return self.name not in (START, UNSEEN)


def signals_of(part: Component, *, counts_for: float = 0.0) -> tuple[Signal, ...]:
    """A head's signals; none where it has no reasons.

    counts_for : effective weight of the head in the score (`Contribution.effective_weight`).
    """
    rank = {START: 0, UNSEEN: 2}
    signals = [_signal(part, name, terms, counts_for) for name, terms in _sorted_out(part).items()]
    return tuple(sorted(signals, key=lambda signal: (rank.get(signal.name, 1), -abs(signal.points), signal.name)))


def strongest(part: Component, *, lowers: bool) -> Signal | None:
    """The signal seen that moved a head's value most in one direction; None where none did."""
    moved = []
    for name, terms in _sorted_out(part).items():
        points = _points(terms)
        if name not in (START, UNSEEN) and (points < 0 if lowers else points > 0):
            moved.append((-abs(points), name, terms))
    if not moved:
        return None
    _, name, terms = min(moved, key=lambda entry: entry[:2])
    return _signal(part, name, terms, 0.0)


def not_looked_at(part: Component) -> tuple[str, ...]:
    """Sentences on what was not in the file or not read; none of a head without words of its own."""
    words = WORDS.get(part.name)
    return tuple(words.not_looked_at(part)) if words is not None else ()


@cache
def _group_of(head: str) -> dict[str, str]:
    """Name of the group of every feature of a head."""
    return {feature: group.name for group in WORDS[head].groups for feature in group.features} if head in WORDS else {}


def _points(terms: Sequence[Reason]) -> float:
    return math.fsum(reason.points for reason in terms)


def _sorted_out(part: Component) -> dict[str, list[Reason]]:
    """A head's terms by the signal they belong to."""
    words, group_of = WORDS.get(part.name), _group_of(part.name)
    out: dict[str, list[Reason]] = {}
    for reason in part.reasons:
        out.setdefault(_place(reason, words, group_of), []).append(reason)
    return out


def _signal(part: Component, name: str, terms: list[Reason], counts_for: float) -> Signal:
    """The terms of one signal summed and said."""
    words = WORDS.get(part.name)
    terms = sorted(terms, key=lambda reason: (-abs(reason.points), -abs(reason.effect), reason.feature))
    points = _points(terms)
    does = moves(points, HEADS[part.name].label)
    group = next((group for group in words.groups if group.name == name), None) if words is not None else None
    if group is not None:
        sentence = group.say(part, terms, does)
    elif name == START:
        baseline = _points([reason for reason in terms if reason.feature == "baseline"])
        sentence = words.say_start(baseline) if words is not None else say("any", "start", start=value(baseline))
    elif name == UNSEEN:
        sentence = _unseen(part, terms, words, does)
    else:
        sentence = say("any", "other", moves=does)
    return Signal(
        name=name,
        title=group.title if group is not None else TITLES[name],
        sentence=sentence,
        points=points,
        effect=math.fsum(reason.effect for reason in terms),
        share_of_score=counts_for * points,
        terms=tuple(terms),
    )


def _place(reason: Reason, words: HeadWords | None, group_of: dict[str, str]) -> str:
    """Name of the signal that a term belongs to; a term over two columns goes with the first."""
    first, both, _ = reason.feature.partition(" x ")
    if reason.feature == "baseline" or (words is not None and reason.feature in words.start):
        return START
    if words is not None and reason.feature in words.unseen:
        return UNSEEN
    # of a term over two columns no single figure was seen
    if reason.seen is None and not both:
        return UNSEEN
    return group_of.get(first, OTHER)


def _unseen(part: Component, terms: Sequence[Reason], words: HeadWords | None, does: str) -> str:
    """What is not shown, named by the missing figure that moves the value most where one moves it at all."""
    missing = None if words is None else words.missing
    named = [None if missing is None else missing(part, term.feature) for term in terms if abs(term.points) >= LITTLE]
    strongest_named = next(filter(None, named), None)
    if strongest_named is None:
        return say("any", "unseen", moves=does)
    sentence = say(part.name, strongest_named).removesuffix(".")
    if len(set(named)) == 1:
        return say("any", "unseen_one", missing=sentence, moves=does)
    return say("any", "unseen_more", missing=sentence[0].lower() + sentence[1:], moves=does)
