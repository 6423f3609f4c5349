"""What an agency writes beside a score: shortlist, review or pass; or why a creator stands in no ranking.

Three lists: who is ranked (has a score), who cannot be judged (with what is missing), who is never to be booked (with
the posts). Only the ranked have a score, so that whoever sorts by it cannot rank the others by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time

import msgspec

from bonafit.explanations.figures import beside
from bonafit.explanations.flags import BY_WORDS, flag_note
from bonafit.explanations.sentences import say
from bonafit.explanations.signals import strongest
from bonafit.heads import HEADS, WEIGHTED
from bonafit.records import Brief, Creator
from bonafit.results import Component, Verdict

# A head that finds posts no brand of this brief can stand beside says so with this flag and names each in evidence.
NEVER_FLAG = "never_book"
NEVER_EVIDENCE = "unsafe_post"
MOST_REASONS = 3
# Width of a head's interval where it still says something of somebody who cannot be judged: as for a fit without posts
# (rule 10 of the judgement contract).
LEAST_WIDTH = 0.6
CLIPPED = 140
SCORE = "score"

Parts = Mapping[str, Component]


def missing(creator: Creator, brief: Brief, parts: Parts, weights: Mapping[str, float]) -> list[str]:
    """What keeps this creator from being judged for this brief, in words; empty where they can be."""
    out = []
    if not creator.posts:
        out.append(say("verdict", "private" if creator.is_private else "no_posts"))
    elif (age := _too_old(creator, brief)) is not None:
        out.append(age)
    elif weights["niche_fit"] > 0 and not any(p.caption or p.title or p.transcript or p.tags for p in creator.posts):
        out.append(say("verdict", "no_texts"))
    for name in WEIGHTED:
        part = parts[name]
        if weights[name] > 0 and part.value is None:
            # where there are no posts, that is why
            notes = [flag_note(f"{name}:{flag}") for flag in part.flags] if creator.posts else []
            why = [note.sentence for note in notes if note.severity == "missing"]
            out.append(" ".join([say("verdict", "abstains", label=HEADS[name].label), *why]))
    return out


def widened(part: Component) -> Component:
    """A head's answer about somebody who cannot be judged: its interval at least LEAST_WIDTH wide, within [0, 1]."""
    if part.interval is None:
        return part
    low, high = part.interval
    half = max(0.0, LEAST_WIDTH - (high - low)) / 2
    low = max(0.0, min(low - half, 1 - LEAST_WIDTH))
    return msgspec.structs.replace(part, interval=(low, max(high, low + LEAST_WIDTH)))


def _too_old(creator: Creator, brief: Brief) -> str | None:
    """That nothing is recent, where the record or the brief says when the counts were read; the clock plays no part."""
    dated = [post.posted_at for post in creator.posts if post.posted_at is not None]
    read_at = reading_date(creator, brief)
    if read_at is None or len(dated) < len(creator.posts):
        return None
    newest = max(dated)
    days = (read_at - newest).days
    limit = brief.verdict.newest_post_days
    if days <= limit:
        return None
    places = {"newest": f"{newest:%Y-%m-%d}", "days": days, "read": f"{read_at:%Y-%m-%d}", "limit": limit}
    return say("verdict", "too_old", **places)


def reading_date(creator: Creator, brief: Brief) -> datetime | None:
    """When the counts were read: as the record says, else as the brief says; None where neither does."""
    stated = None if brief.as_of is None else datetime.combine(brief.as_of, time.max, UTC)
    return max(_read_at(creator), default=stated)


def fresh(creator: Creator, brief: Brief) -> bool:
    """Whether a dated post is known to have been new enough when it was read."""
    read_at = reading_date(creator, brief)
    dated = [post.posted_at for post in creator.posts if post.posted_at is not None]
    return read_at is not None and bool(dated) and (read_at - max(dated)).days <= brief.verdict.newest_post_days


def freshness_unknown(creator: Creator, brief: Brief) -> bool:
    """Whether the posts may be new or old: none is known to have been new enough, and not all are known to be old."""
    return bool(creator.posts) and not fresh(creator, brief) and _too_old(creator, brief) is None


def _read_at(creator: Creator) -> Iterator[datetime]:
    """Instants at which something of this creator was counted."""
    yield from (post.counted_at for post in creator.posts if post.counted_at is not None)
    yield from (point.at for point in creator.follower_history)


def unsafe_posts(parts: Parts) -> list[str]:
    """The posts for which a head says never to book this creator, clipped; empty where none does."""
    return [
        (f"{item.at[:10]}: " if item.at else "") + _clipped(item.text)
        for part in parts.values()
        if NEVER_FLAG in part.flags
        for item in part.evidence
        if item.kind == NEVER_EVIDENCE
    ]


def never(parts: Parts) -> bool:
    """Whether a head says never to book this creator."""
    return any(NEVER_FLAG in part.flags for part in parts.values())


def verdict_of(
    brief: Brief, parts: Parts, weights: Mapping[str, float], score: float, flags: Sequence[str]
) -> tuple[Verdict, tuple[str, ...]]:
    """Shortlist, review or pass for a ranked creator, with the one to three reasons that decided it.

    Pass where the score, fit or authenticity is under the brief's floor; shortlist where all three reach the upper
    marks and no signal asks for a person; review else. Heads without weight decide nothing.
    """
    marks = brief.verdict
    questions = [(SCORE, score, marks.pass_score, marks.shortlist_score)]
    for name, floor, mark in (
        ("niche_fit", marks.pass_niche_fit, marks.shortlist_niche_fit),
        ("authenticity", marks.pass_authenticity, marks.shortlist_authenticity),
    ):
        value = parts[name].value
        if weights[name] > 0 and value is not None:
            questions.append((name, value, floor, mark))
    under = [(name, value, floor) for name, value, floor, _ in questions if value < floor]
    if under:
        return "pass", _said(under, parts, "under", lowers=True)
    signals = review_signals(flags) + _unanswered(parts)
    short = [(name, value, mark) for name, value, _, mark in questions if value < mark]
    if not signals and not short:
        reached = [(name, value, mark) for name, value, _, mark in questions]
        return "shortlist", _said(reached, parts, "reaches", lowers=False)
    named = tuple(flag_note(flag).sentence for flag in signals[: MOST_REASONS - bool(short)])
    return "review", (named + _said(short, parts, "short", lowers=True))[:MOST_REASONS]


def _unanswered(parts: Parts) -> list[str]:
    """What heads lack that give no value of a creator who is ranked without them: leaving one out is no proof."""
    flags = [f"{name}:{flag}" for name in WEIGHTED if parts[name].value is None for flag in parts[name].flags]
    return [flag for flag in flags if flag_note(flag).severity == "missing"]


def review_signals(flags: Sequence[str]) -> list[str]:
    """The flags that ask that a person looks before the creator is booked, in their order.

    How a text was read is no such signal: the language somebody writes sends nobody to review, unless the brief names
    what to keep away from and nothing could be judged for it.
    """
    notes = [flag_note(flag) for flag in flags]
    unjudged = any(note.head == "safety" and note.severity == "missing" for note in notes)
    return [note.flag for note in notes if note.severity in ("look", "stop") and (unjudged or note.flag != BY_WORDS)]


def _said(decided: Sequence[tuple[str, float, float]], parts: Parts, verb: str, *, lowers: bool) -> tuple[str, ...]:
    """Each figure beside its mark, heads with the signal that moved them most in that direction; heads come first."""
    out = []
    for name, value, mark in sorted(decided, key=lambda item: item[0] == SCORE)[:MOST_REASONS]:
        label = HEADS[name].label if name in HEADS else "the score"
        own, bound = beside(value, mark)
        sentences = [say("verdict", verb, label=label, value=own, mark=bound)]
        if name != SCORE and (moved := strongest(parts[name], lowers=lowers)) is not None:
            sentences.append(moved.sentence)
        out.append(" ".join(sentences))
    return tuple(out)


def _clipped(text: str) -> str:
    return text if len(text) <= CLIPPED else text[: CLIPPED - 3] + "..."
