"""What carried a fit: the posts nearest to the brief, facets that nobody met, posts about excluded topics."""

from __future__ import annotations

import msgspec
import numpy as np

from bonafit.heads.niche_fit.pair import PairFeatures
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared
from bonafit.results import Evidence
from bonafit.text.words import stem, words_of

# Units named as evidence, and how much of each is quoted.
UNITS_SHOWN, QUOTED = 5, 280
# A facet counts as met where its three nearest posts (or the bio) reach one deviation above texts at large.
FACET_MET = 1.0
# An excluded topic is found where a text uses all of its words, or is this near to it: on hashtags as topics, 1 % of
# the texts of a neighbouring topic (skin care, skin whitening) fire there (bonafit_training.heads.niche_fit.topics,
# which calibrates it anew for a bundle's encoder). From NEAR_COSINE on, a text is shown to a person and nothing is
# flagged.
TOPIC_DEVIATIONS, TOPIC_COSINE, NEAR_COSINE = 3.0, 0.58, 0.45


def evidence_of(
    creator: Prepared, features: PairFeatures, view: BriefView, topic_cosine: float
) -> tuple[list[Evidence], list[str]]:
    """Evidence and flags. topic_cosine : from which a text counts as about a topic whose words it does not use."""
    evidence = []
    used = np.flatnonzero(features.used)
    order = sorted(used.tolist(), key=lambda i: (-float(features.z[i, 0]), i))
    for i in order[:UNITS_SHOWN]:
        if features.z[i, 0] > 0:
            evidence.append(quote("unit", creator, i, float(features.z[i, 0])))
    for j in view.wanted:
        nearest = np.sort(features.z[used, 1 + j])[::-1][:3]
        met = float(nearest.mean()) if len(nearest) else 0.0
        if met < FACET_MET:
            evidence.append(Evidence(kind="facet_missing", text=view.facets[j].raw, weight=met))
    topics = [topic for j in view.excluded if (topic := _topic(creator, features, view, j, topic_cosine)) is not None]
    has_excluded = any(topic.kind == "excluded_topic" for topic in topics)
    flags = ["excluded_topic_found"] if has_excluded else []
    return evidence + topics, flags


def _topic(creator: Prepared, features: PairFeatures, view: BriefView, j: int, topic_cosine: float) -> Evidence | None:
    """The text nearest to excluded topic j: about it, or failing that near enough for a person to look."""
    topic = view.facets[j]
    words = {stem(word) for word in words_of(topic.text)}
    z, cosines = features.z[:, 1 + j], features.cosines[:, 1 + j]
    says = [words <= {stem(word) for word in words_of(unit.text)} for unit in creator.units]
    about = ((z >= TOPIC_DEVIATIONS) & (cosines >= topic_cosine)) | np.array(says, dtype=bool)
    near = (z >= TOPIC_DEVIATIONS) & (cosines >= NEAR_COSINE)
    for kind, hit in (("excluded_topic", about), ("near_excluded_topic", near)):
        if hit.any():
            nearest = min(np.flatnonzero(hit).tolist(), key=lambda i: (-float(z[i]), i))
            nearest_text = quote(kind, creator, nearest, float(z[nearest]))
            return msgspec.structs.replace(nearest_text, source=f"{topic.raw}: {nearest_text.source}")
    return None


def quote(kind: str, creator: Prepared, i: int, weight: float) -> Evidence:
    """Unit i of the creator as evidence, at most QUOTED characters of it."""
    unit = creator.units[i]
    post = creator.creator.posts[unit.post] if unit.post is not None else None
    source = unit.kind if post is None or post.post_id is None else f"{unit.kind} of {post.post_id}"
    text = unit.raw if len(unit.raw) <= QUOTED else unit.raw[: QUOTED - 1] + "…"
    return Evidence(kind=kind, text=text, weight=weight, at=unit.at.isoformat() if unit.at else None, source=source)
