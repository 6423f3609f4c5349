"""How a bundle understands a brief: its languages, the sentences that say what is wanted, what it asks of creators."""

from __future__ import annotations

import msgspec

from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.safety.head import SafetyHead
from bonafit.records import Brief
from bonafit.scorer.combine import normalised_weights
from bonafit.scorer.scorer import Scorer
from bonafit.text.language import language_name
from bonafit.text.units import NOT_WANTED, REFUSED, unit_language


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """A brief as it is read.

    languages : English names, of the texts that tell theirs, in their order. told : what people should know of them.
    wanted    : sentences and words that creators' posts are compared with, as given.
    left_out  : sentences about the company or formalities, which are compared with nothing.
    refused   : what sentences and keywords say is not wanted; posts about it count against a fit.
    unwanted  : excluded topics that are read, each with what it became. close : those of them that are close to what
        is wanted.
    weights   : shares of the heads, summing to 1.
    safety    : how much of each category is borne, with `never` for those that an excluded topic names.
    """

    brand: str
    languages: tuple[str, ...]
    told: tuple[str, ...]
    wanted: tuple[str, ...]
    left_out: tuple[str, ...]
    refused: tuple[str, ...]
    unwanted: tuple[str, ...]
    close: tuple[str, ...]
    weights: dict[str, float]
    safety: dict[str, str | float]
    brief: Brief


def understood(scorer: Scorer, brief: Brief) -> Understood:
    """A brief as this scorer's bundle reads it. Raises BriefError where it cannot be used."""
    prepared = scorer.prepare_brief(brief)
    facets = prepared.facets
    fit = scorer.heads["niche_fit"]
    places = [i for i, facet in enumerate(facets) if facet.kind not in NOT_WANTED]
    weighed = fit.view(prepared).wanted if isinstance(fit, NicheFitHead) else tuple(places)
    safety = scorer.heads.get("safety")
    excluded = safety.asked(prepared) if isinstance(safety, SafetyHead) else None
    codes = dict.fromkeys(code for i in places if (code := unit_language(facets[i])) is not None)
    return Understood(
        brand=brief.brand,
        languages=tuple(map(language_name, codes)),
        told=tuple(scorer.languages.told(brief)),
        wanted=tuple(facets[i].raw for i in weighed),
        left_out=tuple(facets[i].raw for i in places if i not in weighed),
        refused=tuple(facet.raw for facet in facets if facet.kind == REFUSED),
        unwanted=tuple(
            f"{facet.raw}: {excluded.mapped[facet.raw]}" if excluded else facet.raw
            for facet in facets
            if facet.kind == "excluded"
        ),
        close=tuple(topic.name for topic in excluded.free if topic.is_close) if excluded else (),
        weights=normalised_weights(brief.weights),
        safety=excluded.floors if excluded else msgspec.structs.asdict(brief.safety),
        brief=prepared.brief,
    )
