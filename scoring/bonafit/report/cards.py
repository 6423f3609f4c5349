"""One creator as a card shows them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bonafit.campaign.money import Money
from bonafit.explanations.explain import Explanation, HeadExplanation, explain
from bonafit.explanations.flags import FlagNote
from bonafit.explanations.signals import Signal
from bonafit.heads import WEIGHTED
from bonafit.records import Creator
from bonafit.report.beside import EVIDENCE, NOT_IN_BUNDLE, Quote, Section, quote_of, sections_of
from bonafit.report.charts import FollowersChart, PostsChart, followers_chart, posts_chart
from bonafit.report.plan import Figure, figures_of
from bonafit.report.texts import platform_name, stranger
from bonafit.results import CreatorScore
from bonafit.text.language import language_name

# Signals of a head on a card.
SIGNALS = 4


@dataclass(frozen=True)
class Bar:
    """One averaged head. value, low, high : in [0, 1], None without an answer. reach : share of the evidence.

    signals : what was seen and moved it, the strongest first.
    """

    name: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    reach: float
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class Card:
    """A creator. number : what ids and data refer to; place : on the page; rank : by score, None without one.

    reasons : what decided the verdict, without what `told.to_look_at` says anyway. notes : flags
    that are good to know about this creator. unread : what was not looked at, each once.
    """

    number: int
    place: int
    rank: int | None
    result: CreatorScore
    facts: list[str]
    figures: list[Figure]
    bars: list[Bar]
    told: Explanation
    reasons: list[str]
    notes: list[FlagNote]
    quotes: list[Quote]
    unseen: list[str]
    unread: list[str]
    sections: list[Section] = field(default_factory=list)
    posts: PostsChart | None = None
    followers: FollowersChart | None = None
    n_posts: int | None = None


def card_of(
    result: CreatorScore,
    number: int,
    *,
    place: int,
    rank: int | None,
    creator: Creator | None,
    money: Money | None,
) -> Card:
    """A result as a card; of a creator whose record is not given there are no charts."""
    fit, explained = result.niche_fit, explain(result)
    return Card(
        number=number,
        place=place,
        rank=rank,
        result=result,
        facts=_facts(result),
        figures=figures_of(result, money),
        bars=[_bar(head) for head in explained.heads if head.name in WEIGHTED],
        told=explained,
        # what no creator of a bundle can be judged by is said once, among the remarks on all of them
        notes=[note for note in explained.notes if not note.flag.endswith(f":{NOT_IN_BUNDLE}")],
        reasons=[reason for reason in explained.why if reason not in {note.sentence for note in explained.to_look_at}],
        quotes=[quote_of(item) for item in fit.evidence if item.kind == "unit"][:EVIDENCE],
        unseen=[stranger(item.text, 60) for item in fit.evidence if item.kind == "facet_missing"][:EVIDENCE],
        unread=list(
            dict.fromkeys(line for head in explained.heads if head.name in WEIGHTED for line in head.not_looked_at)
        ),
        sections=sections_of(result, explained),
        posts=posts_chart(creator, result.engagement_quality) if creator else None,
        followers=followers_chart(creator.follower_history, result.authenticity) if creator else None,
        n_posts=len(creator.posts) if creator else None,
    )


def _facts(result: CreatorScore) -> list[str]:
    profile = result.profile
    language = language_name(profile.language) if profile.language else ""
    facts = [platform_name(profile.platform), (profile.country or "").upper(), language]
    return [stranger(fact, 40) for fact in facts if fact]


def _bar(head: HeadExplanation) -> Bar:
    low, high = head.interval or (None, None)
    moved = tuple(signal for signal in head.reasons if round(signal.points, 2) != 0)
    return Bar(head.name, head.label, head.value, low, high, head.sufficiency, moved[:SIGNALS])
