"""One creator as a card shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bonafit.campaign.money import Cost
from bonafit.explanations.explain import Explanation, HeadExplanation, explain
from bonafit.explanations.signals import Signal
from bonafit.heads import WEIGHTED
from bonafit.records import Creator
from bonafit.report import wording
from bonafit.report.charts import FollowersChart, PostsChart, followers_chart, posts_chart
from bonafit.report.texts import platform_name, stranger
from bonafit.results import Component, CreatorScore, Evidence
from bonafit.text.language import language_name

EVIDENCE = 3
# Signals of a head on a card in full, and in short.
SIGNALS, BRIEFLY = 4, 2
CAPTION = 220
# Heads that are averaged have a bar; others, such as safety, and whatever else a result says of a creator beside its
# heads stand in sections of their own, in this order.
BESIDE = ("commercial", "partnerships")
# Fields of such a section that repeat what the card says elsewhere.
SAID_ELSEWHERE = frozenset(("name", "status", "reasons", "detail", "sufficiency", "creator_id"))


@dataclass(frozen=True)
class Bar:
    """One averaged head. value, low, high : in [0, 1], None without an answer. reach : share of the evidence.

    signals : what was seen and moved it, the strongest first. unread : sentences on what was not looked at.
    """

    name: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    reach: float
    signals: tuple[Signal, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    """A text of the creator that carried a value, with its day."""

    text: str
    at: str | None
    source: str
    kind: str


@dataclass(frozen=True)
class Section:
    """What a result says beside its averaged heads: a title, sentences, quotes and plain facts."""

    title: str
    lines: list[str]
    quotes: list[Quote]
    facts: list[tuple[str, Any]]


@dataclass(frozen=True)
class Card:
    """A creator. number : its place on the page, which ids and data refer to; rank : by score, None without one.

    reasons : what decided the verdict, without what `told.to_look_at` says anyway.
    """

    number: int
    rank: int | None
    result: CreatorScore
    facts: list[str]
    price: float | None
    currency: str | None
    costs: list[Cost]
    bars: list[Bar]
    told: Explanation
    reasons: list[str]
    quotes: list[Quote]
    unseen: list[str]
    sections: list[Section] = field(default_factory=list)
    posts: PostsChart | None = None
    followers: FollowersChart | None = None
    n_posts: int | None = None


def card_of(
    result: CreatorScore, number: int, rank: int | None, *, creator: Creator | None, costs: list[Cost], full: bool
) -> Card:
    """A result as a card. full : with quotes and charts, which take most of a page's bytes."""
    profile = result.profile
    fit, told = result.niche_fit, explain(result)
    drawn = creator if full else None
    return Card(
        number=number,
        rank=rank,
        result=result,
        facts=_facts(result),
        price=profile.price,
        currency=profile.currency,
        costs=costs,
        bars=[_bar(head, full=full) for head in told.heads if head.name in WEIGHTED],
        told=told,
        reasons=[reason for reason in told.why if reason not in {note.sentence for note in told.to_look_at}],
        quotes=[_quote(item) for item in fit.evidence if item.kind == "unit"][:EVIDENCE] if full else [],
        unseen=[stranger(item.text, 60) for item in fit.evidence if item.kind == "facet_missing"][:EVIDENCE]
        if full
        else [],
        sections=_sections(result, told, full=full),
        posts=posts_chart(drawn, result.engagement_quality) if drawn else None,
        followers=followers_chart(drawn.follower_history, result.authenticity) if drawn else None,
        n_posts=len(creator.posts) if creator else None,
    )


def _facts(result: CreatorScore) -> list[str]:
    profile = result.profile
    language = language_name(profile.language) if profile.language else ""
    facts = [platform_name(profile.platform), (profile.country or "").upper(), language]
    return [stranger(fact, 40) for fact in facts if fact]


def _bar(head: HeadExplanation, *, full: bool) -> Bar:
    low, high = head.interval or (None, None)
    n = SIGNALS if full else BRIEFLY
    moved = tuple(signal for signal in head.reasons if round(signal.points, 2) != 0)
    return Bar(
        head.name, head.label, head.value, low, high, head.sufficiency, moved[:n], head.not_looked_at if full else ()
    )


def _quote(item: Evidence) -> Quote:
    return Quote(stranger(item.text, CAPTION), item.at[:10] if item.at else None, stranger(item.source, 80), item.kind)


def _sections(result: CreatorScore, told: Explanation, *, full: bool) -> list[Section]:
    """What heads without a weight found, what was near an excluded topic, and what a result holds beside heads."""
    sections = []
    near = [_quote(item) for item in result.niche_fit.evidence if item.kind == "near_excluded_topic"]
    if near:
        sections.append(Section("Near a topic that the brief excludes", [], near[:EVIDENCE], []))
    for head, part in zip(told.heads, result.components, strict=True):
        if part.name not in WEIGHTED and part.flags != ("not_in_bundle",):
            sections.append(_section(head, part))
    for name in BESIDE:
        beside = getattr(result, name, None)
        if beside:
            facts = plain_facts(msgspec.to_builtins(beside))
            sections.append(Section(wording.in_words(name), [], [], facts if full else facts[:EVIDENCE]))
    return [section for section in sections if section.lines or section.quotes or section.facts]


def _section(head: HeadExplanation, part: Component) -> Section:
    lines = [head.sentence] if head.value is not None else []
    lines += [note.sentence for note in head.flags] + [signal.sentence for signal in head.reasons]
    return Section(wording.in_words(head.label), lines, [_quote(item) for item in part.evidence][:EVIDENCE], [])


def plain_facts(value: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """A nested object as (name in words, text or list of texts), what is empty left out."""
    facts: list[tuple[str, Any]] = []
    for name, item in value.items():
        if item in (None, "", (), [], {}) or name in SAID_ELSEWHERE:
            continue
        words = wording.in_words(name)
        if isinstance(item, Mapping):
            facts += [(f"{words}, {inner}", text) for inner, text in plain_facts(item)]
        elif isinstance(item, list | tuple):
            facts.append((words, [_plain(entry) for entry in item[:5]]))
        else:
            facts.append((words, _plain(item)))
    return facts


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{name.replace('_', ' ')}: {_plain(item)}" for name, item in value.items() if item is not None
        )
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    return stranger(str(value), 160)
