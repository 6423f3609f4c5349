"""A result in words: verdict, every head's signals, flags to look at, what was not looked at."""

from __future__ import annotations

import msgspec

from bonafit.explanations.figures import value
from bonafit.explanations.flags import FlagNote, notes_of
from bonafit.explanations.sentences import say
from bonafit.explanations.signals import Signal, not_looked_at, signals_of
from bonafit.heads import HEADS
from bonafit.results import Component, CreatorScore, Verdict


class HeadExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """One head in words.

    value, interval, sufficiency : as in its Component. weight : the brief's share, 0 for a gate.
    counts_for    : effective weight in the score. sentence : its value in one sentence, or that there is none.
    signals       : at most eight, the start first, what is not shown last; points sum to the value.
    flags         : the head's own, the most serious first.
    not_looked_at : whole sentences on what was not in the file or not read.
    """

    name: str
    label: str
    value: float | None
    interval: tuple[float, float] | None
    sufficiency: float
    weight: float
    counts_for: float
    sentence: str
    signals: tuple[Signal, ...]
    flags: tuple[FlagNote, ...]
    not_looked_at: tuple[str, ...]

    @property
    def reasons(self) -> tuple[Signal, ...]:
        """The signals that say something seen of the creator, the strongest first."""
        return tuple(signal for signal in self.signals if signal.is_reason)


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A creator's result in words; figures beside it are those of the CreatorScore.

    title       : handle, else name, else id. verdict_sentence : what the verdict advises.
    why         : the sentences that decided the verdict; what is missing; or the posts (texts of strangers).
    heads       : one for each head, in the order of `bonafit.heads.HEADS`.
    to_look_at  : flags on which a person looks before booking, or that forbid it. notes : the other flags.
    """

    creator_id: str
    title: str
    verdict: Verdict
    verdict_sentence: str
    why: tuple[str, ...]
    heads: tuple[HeadExplanation, ...]
    to_look_at: tuple[FlagNote, ...]
    notes: tuple[FlagNote, ...]

    def reasons(self, most: int = 3) -> tuple[tuple[HeadExplanation, Signal], ...]:
        """At most so many signals over all heads, what moved the score most first; each head's strongest is among them.

        Heads that do not count are left out; of the unjudged, what moved the heads.
        """
        pairs = [(head, signal) for head in self.heads for signal in head.reasons]
        scored = any(signal.share_of_score for _, signal in pairs)

        def moved(pair: tuple[HeadExplanation, Signal]) -> float:
            return -abs(pair[1].share_of_score if scored else pair[1].points)

        heads = [head for head in self.heads if head.counts_for or not scored]
        pairs = sorted((pair for pair in pairs if pair[0] in heads), key=moved)
        first = sorted(((head, head.reasons[0]) for head in heads if head.reasons), key=moved)[:most]
        strongest = first + [pair for pair in pairs if pair not in first][: most - len(first)]
        return tuple(sorted(strongest, key=moved))


def explain(result: CreatorScore) -> Explanation:
    """A result in words. Nothing is computed anew: the same result is always told the same."""
    parts = {contribution.component: contribution for contribution in result.contributions}
    notes = tuple(notes_of(result.flags))
    heads = []
    for part in result.components:
        contribution = parts.get(part.name)
        counts_for = contribution.effective_weight if contribution is not None else 0.0
        heads.append(
            HeadExplanation(
                name=part.name,
                label=HEADS[part.name].label,
                value=part.value,
                interval=part.interval,
                sufficiency=part.sufficiency,
                weight=contribution.weight if contribution is not None else 0.0,
                counts_for=counts_for,
                sentence=_sentence(part),
                signals=signals_of(part, counts_for=counts_for),
                flags=tuple(note for note in notes if note.head == part.name),
                not_looked_at=not_looked_at(part),
            )
        )
    serious = ("stop", "look")
    return Explanation(
        creator_id=result.creator_id,
        title=result.label,
        verdict=result.verdict,
        verdict_sentence=say("verdict", result.verdict),
        why=result.verdict_reasons,
        heads=tuple(heads),
        to_look_at=tuple(sorted((n for n in notes if n.severity in serious), key=lambda n: serious.index(n.severity))),
        notes=tuple(note for note in notes if note.severity not in serious),
    )


def _sentence(part: Component) -> str:
    label = HEADS[part.name].label
    if part.value is None or part.interval is None:
        return say("any", "no_value", label=label)
    low, high = part.interval
    return say("any", "value", label=label, value=value(part.value), low=value(low), high=value(high))
