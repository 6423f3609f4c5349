"""What a result says beside its averaged heads: safety, ads and partnerships, posts near an excluded topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bonafit.explanations.explain import Explanation, HeadExplanation
from bonafit.heads import WEIGHTED
from bonafit.report.texts import percent, stranger, two
from bonafit.report.wording import in_words
from bonafit.results import Commercial, Competitor, Component, CreatorScore, Evidence, Partner

EVIDENCE = 3
CAPTION = 220
PARTNERS = 5
NOT_IN_BUNDLE = "not_in_bundle"


@dataclass(frozen=True)
class Quote:
    """A text of the creator that carried a value, with its day."""

    text: str
    at: str | None
    source: str


@dataclass(frozen=True)
class Section:
    """A title, sentences of ours, names or texts of strangers that a page escapes, and quotes."""

    title: str
    lines: list[str]
    quotes: list[Quote]


def quote_of(item: Evidence) -> Quote:
    """A piece of evidence, cut to what a card has room for."""
    return Quote(stranger(item.text, CAPTION), item.at[:10] if item.at else None, stranger(item.source, 80))


def sections_of(result: CreatorScore, explained: Explanation) -> list[Section]:
    """The sections that have something to say, in their order on a card."""
    sections = []
    for head, part in zip(explained.heads, result.components, strict=True):
        if part.name not in WEIGHTED and NOT_IN_BUNDLE not in part.flags:
            sections.append(_gate(head, part))
    near = [quote_of(item) for item in result.niche_fit.evidence if item.kind == "near_excluded_topic"]
    if near:
        sections.append(Section("Near a topic that the brief excludes", [], near[:EVIDENCE]))
    if result.commercial is not None:
        sections.append(Section("Ads and partnerships", list(_commercial(result.commercial)), []))
    return [section for section in sections if section.lines or section.quotes]


def _gate(head: HeadExplanation, part: Component) -> Section:
    """A head without a weight: it stops or asks, and moves no score."""
    lines = [head.sentence, *(f"{note.sentence} {note.do}" for note in head.flags)]
    lines += [signal.sentence for signal in head.reasons]
    quotes = [quote_of(item) for item in part.evidence[:EVIDENCE]]
    return Section(in_words(head.label), lines, quotes)


def _commercial(xray: Commercial) -> Iterator[str]:
    if not xray.n_read:
        return
    yield (
        f"Of {xray.n_read:,} posts looked at, {xray.n_declared} say they are ads, {xray.n_hinted} hint at a deal, "
        f"{xray.n_likely} more are likely ads."
    )
    if xray.ad_load:
        trend = ""
        if xray.ad_load_earlier is not None and xray.ad_load_recent is not None:
            trend = f"; of the older half {percent(xray.ad_load_earlier)}, of the newer {percent(xray.ad_load_recent)}"
        yield f"Ad load {percent(xray.ad_load)}{trend}."
    if xray.cost is not None:
        low, high = xray.cost.interval
        yield (
            f"Ads get {two(xray.cost.times_organic)} times the reactions of the organic posts around them "
            f"({two(low)}–{two(high)})."
        )
    yield from map(_partner, xray.partners[:PARTNERS])
    if len(xray.partners) > PARTNERS:
        yield f"{len(xray.partners) - PARTNERS} more brands paid for posts."
    yield from (_competitor(rival) for rival in xray.competitors if rival.named)
    for market in xray.markets:
        if market.unclear or market.missing:
            yield (
                f"Ads named as such for {market.market.upper()}: {market.clear} clearly, {market.unclear} unclearly, "
                f"{market.missing} not."
            )


def _partner(partner: Partner) -> str:
    posts = "1 post" if partner.n_posts == 1 else f"{partner.n_posts} posts"
    when = f"{partner.first} to {partner.last}" if partner.last != partner.first else partner.first or "undated"
    tie = ", a standing tie" if partner.ambassador else ""
    return f"{stranger(partner.name, 60)}: {posts}, {when}{tie}."


def _competitor(rival: Competitor) -> str:
    days = "" if rival.days is None else f", the newest {rival.days} days old"
    return f"Competitor {stranger(rival.name, 60)}: {in_words(rival.state).lower()}{days}."
