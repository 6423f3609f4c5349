"""The page of a shortlist: from results, brief and records to one file that a client can be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bonafit.campaign.money import Money
from bonafit.explanations.flags import SEVERITY_WORDS
from bonafit.explanations.sentences import say
from bonafit.heads.safety.categories import LABELS
from bonafit.heads.safety.floors import NEVER
from bonafit.io.write import DANGEROUS
from bonafit.records import Brief, Creator
from bonafit.report import wording
from bonafit.report.cards import Card, card_of
from bonafit.report.charts import panels
from bonafit.report.limits import ALL_INLINE, INLINE
from bonafit.report.material import Material
from bonafit.report.packed import packed
from bonafit.report.page import macro, rendered
from bonafit.report.plan import moneys, offers_from, plan_of, rival
from bonafit.report.texts import percent, platform_name, stranger
from bonafit.report.weights import digest_of, stored_weights, weights_data
from bonafit.results import CreatorScore, place_of
from bonafit.scorer.combine import normalised_weights
from bonafit.scorer.understood import Understood
from bonafit.text.language import language_name
from bonafit.text.units import brief_facets

STYLE = ("common.css", "shortlist.css")
SCRIPT = ("page.js", "scoring.js", "packed.js", "list.js", "compare.js", "notes.js")
SAME_WEIGHT = 1e-9
# Verdicts that a page shows until its reader asks for others.
FIRST = ("shortlist", "review")


def shortlist_page(material: Material, *, inline: int | None = None) -> bytes:
    """The page, UTF-8. inline : creators, best first, whose quotes and charts are not packed; None for a small page.

    Raises InputError where Jinja2 is not installed.
    """
    results = material.results
    if inline is None:
        inline = INLINE if len(results) > ALL_INLINE else len(results)
    numbers = {result.creator_id: i for i, result in enumerate(results)}
    costs = moneys(results, material.brief, material.terms)
    cards = _cards(material, numbers, costs)
    inside = macro("card.html", "inside")
    data = weights_data(results, material.brief)
    stored = stored_weights(results, material.brief)
    notes = [*material.notes, *_other_weights(stored, material.brief)]
    for result, known in zip(results, data["creators"], strict=True):
        known.update(_listed(result, costs.get(result.creator_id)))
    data |= {
        "page": digest_of(results),
        "verdicts": wording.VERDICTS,
        "dangerous": list(DANGEROUS),
        "brand": material.brief.brand if material.brief else "",
    }
    return rendered(
        "shortlist.html",
        style=STYLE,
        script=SCRIPT,
        material=material,
        brief=material.brief,
        understood=_understood(material.brief, material.understood) + _safety(results, material),
        lead=_lead(material.brief, material.understood),
        weights=stored,
        notes=notes,
        cards=cards,
        inline=inline,
        packed=packed({card.number: inside(card) for card in cards if card.place > inline}),
        panels=panels(results, numbers, material.curves),
        n_drawn=sum(len(panel.dots) for panel in panels(results, numbers, {})),
        plan=plan_of(material, numbers),
        offers=offers_from(costs),
        rival=rival,
        say=say,
        held=_held(results, material.creators),
        flag_counts=wording.flag_counts(results),
        severities=SEVERITY_WORDS,
        verdicts=wording.VERDICTS,
        # where there is nobody to book the page begins with those who were passed over or not judged
        shown_first=[v for v in FIRST if material.verdicts.get(v)] or list(wording.VERDICTS),
        verdict_means={verdict: say("verdict", verdict) for verdict in wording.VERDICTS},
        passed_over=[card for card in cards if card.result.verdict == "pass"],
        not_judged=[card for card in cards if card.result.verdict == "not_judgeable"],
        never=[(result, result.verdict_reasons) for result in results if result.verdict == "never"],
        platforms=sorted({(result.profile.platform or "unknown").lower() for result in results}),
        as_of=_as_of(results, material.brief),
        data=data,
    )


def _cards(material: Material, numbers: Mapping[str, int], costs: Mapping[str, Money]) -> list[Card]:
    """A card for everybody, by verdict and then by rank."""
    ranks = {result.creator_id: i for i, result in enumerate(material.ranked, start=1)}
    return [
        card_of(
            result,
            numbers[result.creator_id],
            place=place,
            rank=ranks.get(result.creator_id),
            creator=material.creators.get(result.creator_id),
            money=costs.get(result.creator_id),
        )
        for place, result in enumerate(sorted(material.results, key=lambda result: _place(result, ranks)), start=1)
    ]


def _place(result: CreatorScore, ranks: dict[str, int]) -> tuple[int, int, tuple[bool, bool, float, str]]:
    """Where a card stands: by verdict and rank; who has none in the order of every list, by fit."""
    return list(wording.VERDICTS).index(result.verdict), ranks.get(result.creator_id, 0), place_of(result)


def _listed(result: CreatorScore, money: Money | None) -> dict[str, Any]:
    """What the script needs to filter, sort, compare and export, in plain text and numbers."""
    profile = result.profile
    return {
        "id": stranger(result.creator_id, 300),
        "label": stranger(result.label, 80),
        "handle": stranger(profile.handle, 200),
        "name": stranger(profile.display_name, 200),
        "platform": (profile.platform or "unknown").lower(),
        "spelt": stranger(platform_name(profile.platform) or "unknown", 40),
        "followers": profile.followers,
        "price": profile.price,
        "currency": stranger(profile.currency, 12),
        "cost": next((cost.value for cost in money.costs if cost.unit == "engagement"), None) if money else None,
        "reach": result.sufficiency,
        "bits": [part.sufficiency for part in result.components],
    }


def _lead(brief: Brief | None, understood: Understood | None) -> str:
    """The description in one text: without the sentences that say who asks, where a bundle told them apart."""
    if brief is None:
        return ""
    if understood is None:
        return brief.description
    return " ".join(f.raw for f in brief_facets(brief) if f.kind == "sentence" and f.raw in understood.wanted)


def _understood(brief: Brief | None, understood: Understood | None) -> list[tuple[str, list[str]]]:
    """What is looked for and left out, as the fit reads it: the brief taken apart.

    Sentences that the fit leaves out, history and contact among them, are counted and not quoted: the page is sent on.
    """
    if brief is None:
        return []
    titles = {
        "sentence": "Looked for, from the description" if understood is not None else "From the description",
        "keyword": "Looked for, keywords",
        "value": "Looked for, values",
        "refused": "Not wanted, from the description",
        "excluded": "Not wanted",
    }
    parts: dict[str, list[str]] = {}
    left_out = frozenset(() if understood is None else understood.left_out)
    for facet in brief_facets(brief):
        if facet.raw in left_out:
            continue
        # as they were given: how a word is cut into pieces is the encoder's affair
        parts.setdefault(facet.kind, []).append(stranger(facet.raw, 200))
    out = [(title, parts[kind]) for kind, title in titles.items() if kind in parts]
    if n := len(left_out):
        out.append(("Left out, since it says who asks", ["1 sentence" if n == 1 else f"{n} sentences"]))
    for title, codes in (("Markets", brief.markets), ("Platforms", brief.platforms)):
        if codes:
            out.append((title, [code.upper() if title == "Markets" else platform_name(code) for code in codes]))
    if brief.languages:
        out.append(("Languages", [language_name(code) for code in brief.languages]))
    if brief.min_followers is not None or brief.max_followers is not None:
        low, high = brief.min_followers, brief.max_followers
        out.append(("Followers", [f"{low or 0:,} to {high:,}" if high is not None else f"{low:,} or more"]))
    if brief.competitors:
        out.append(
            (f"Competitors, apart for {brief.exclusivity_days} days", [stranger(c, 60) for c in brief.competitors])
        )
    return out


def _other_weights(stored: dict[str, float], brief: Brief | None) -> list[str]:
    """That the brief given asks for other weights than those that the results were made with."""
    if brief is None:
        return []
    of_brief = normalised_weights(brief.weights)
    if all(abs(of_brief[name] - weight) < SAME_WEIGHT for name, weight in stored.items()):
        return []
    return ["The results were made with other weights than the brief has; the page begins with those of the results."]


def _safety(results: Sequence[CreatorScore], material: Material) -> list[tuple[str, list[str]]]:
    """What posts may promote how far; nothing where no result was held against it."""
    brief, understood = material.brief, material.understood
    if brief is None or all(result.safety.value is None for result in results):
        return []
    floors = msgspec.structs.asdict(brief.safety) if understood is None else understood.safety
    never = [LABELS[name] for name, floor in floors.items() if floor == NEVER]
    shares = [f"{LABELS[name]}, {percent(floor)}" for name, floor in floors.items() if isinstance(floor, float)]
    return [("Safety, never", never), ("Safety, at most this share of posts", shares)]


@dataclass(frozen=True)
class Held:
    """Something that a record may hold. n : creators who have it; means : what is lost without it."""

    what: str
    n: int
    of: int
    means: str


# What a record may hold, in the order of the page: how it is called, whether a creator has it, what is lost without it.
RECORD_PARTS: tuple[tuple[str, Callable[[Creator], bool], str], ...] = (
    ("posts", lambda c: bool(c.posts), "nobody can be judged"),
    ("dates of posts", lambda c: any(p.posted_at for p in c.posts), "no evidence by date, no pace"),
    ("likes", lambda c: any(p.likes is not None for p in c.posts), "engagement cannot be judged"),
    ("comment counts", lambda c: any(p.comments is not None for p in c.posts), "likes count for less"),
    ("views", lambda c: any(p.views is not None for p in c.posts), "likes are not held against views"),
    ("comment texts", lambda c: bool(c.comments), "what people say is not read"),
    ("follower history", lambda c: bool(c.follower_history), "jumps of the follower count are not seen"),
    ("a sample of the audience", lambda c: bool(c.audience), "the audience itself is not looked at"),
    ("a price", lambda c: c.price is not None, "no cost for each engagement"),
)


def _held(results: Sequence[CreatorScore], creators: dict[str, Creator]) -> list[Held]:
    """What the file held and lacked, over the creators on the page; from records where given, else from results."""
    if creators:
        people = list(creators.values())
        return [Held(part, sum(map(has, people)), len(people), means) for part, has, means in RECORD_PARTS]
    n = len(results)
    parts: tuple[tuple[str, list[object], str], ...] = (
        ("followers", [result.profile.followers for result in results], "no comparison by size"),
        ("a price", [result.profile.price for result in results], "no cost for each engagement"),
        ("texts enough to judge fit", [result.niche_fit.value for result in results], "no place in the ranking"),
        ("counts enough to judge engagement", [r.engagement_quality.value for r in results], "no place in the ranking"),
    )
    return [Held(part, sum(value is not None for value in values), n, means) for part, values, means in parts]


def _as_of(results: Sequence[CreatorScore], brief: Brief | None) -> str | None:
    """The newest day on which a record was true, or the brief's; never the clock."""
    days = [day for result in results if (day := result.profile.as_of)]
    if days:
        return max(days)
    return brief.as_of.isoformat() if brief is not None and brief.as_of else None
