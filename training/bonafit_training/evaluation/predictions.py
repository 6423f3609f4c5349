"""What a bundle answers for labelled cases, head by head, as arrays that metrics take."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import numpy as np

from bonafit.records import Brief, Creator, Post
from bonafit.scorer.scorer import Scorer
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit_training.evaluation.cases import Cases, size_of

# Engagement is measured on the newest fifth of a creator's posts, and only where enough are left to read.
HELD_SHARE = 0.2
LEAST_POSTS = 10


@dataclass(frozen=True)
class Answers:
    """One head's answers. All arrays are (n,), case by case.

    truth  : 1 or 0 for probabilities; for engagement_quality the log rate that came, above that of the peers.
    value  : what the head said, NaN where it abstained.
    group  : what is resampled together: the creator, or the brand for niche_fit.
    slices : names of the slices of each case.
    baselines : by name, what a dull rule says for each case.
    """

    head: str
    truth: FloatArray
    value: FloatArray
    group: IntArray
    slices: tuple[tuple[str, ...], ...]
    baselines: dict[str, FloatArray]


def answers_of(scorer: Scorer, cases: Cases) -> list[Answers]:
    """Answers of every head that the cases have labels for."""
    head_answers = []
    if cases.data.genuine:
        head_answers.append(_authenticity(scorer, cases))
    if cases.data.pairs:
        head_answers.append(_niche_fit(scorer, cases))
    if any(len(creator.posts) >= LEAST_POSTS for creator in cases.data.creators) and cases.data.briefs:
        head_answers.append(_engagement(scorer, cases))
    return [answers for answers in head_answers if len(answers.truth)]


def _values(scorer: Scorer, creators: Sequence[Creator], head: str, cases: Cases) -> FloatArray:
    """The head's values; the brief plays no part in heads that are asked this way."""
    brief = next(iter(cases.data.briefs.values()), Brief(brand="any brand", description="Any creator."))
    parts = [getattr(result, head).value for result in scorer.stream(creators, brief)]
    return np.array([np.nan if value is None else value for value in parts], dtype=np.float64)


def _authenticity(scorer: Scorer, cases: Cases) -> Answers:
    at = [i for i, creator in enumerate(cases.data.creators) if creator.creator_id in cases.data.genuine]
    creators = [cases.data.creators[i] for i in at]
    return Answers(
        head="authenticity",
        truth=np.array([float(cases.data.genuine[c.creator_id]) for c in creators]),
        value=_values(scorer, creators, "authenticity", cases),
        group=np.arange(len(at)),
        slices=tuple(cases.slices[i] for i in at),
        baselines={"followers alone": np.array([float(c.followers or 0) for c in creators])},
    )


def _niche_fit(scorer: Scorer, cases: Cases) -> Answers:
    """Every creator of the cases for every brand that has a pair; a pair is a positive."""
    creators = cases.data.creators
    prepared = scorer.prepare(creators)
    brands = sorted({brand for brand, _ in cases.data.pairs})
    positive = set(cases.data.pairs)
    truth, value, cosine = [], [], []
    for brand in brands:
        brief = scorer.prepare_brief(cases.data.briefs[brand])
        truth += [float((brand, creator.creator_id) in positive) for creator in creators]
        value += [part.value for part in scorer.heads["niche_fit"].score(prepared, brief)]
        mean = brief.vectors.mean(axis=0)
        cosine += [float(creator.vectors.mean(axis=0) @ mean) if len(creator.units) else np.nan for creator in prepared]
    return Answers(
        head="niche_fit",
        truth=np.array(truth),
        value=np.array([np.nan if v is None else v for v in value], dtype=np.float64),
        group=np.repeat(np.arange(len(brands)), len(creators)),
        slices=cases.slices * len(brands),
        baselines={"cosine of mean vectors": np.array(cosine)},
    )


def _engagement(scorer: Scorer, cases: Cases) -> Answers:
    """The lift of each creator's newest posts over their peers', asked for with these posts taken away."""
    earlier, rates, past, slices, peers = [], [], [], [], []
    for creator, names in zip(cases.data.creators, cases.slices, strict=True):
        dated = _countable(creator.posts)
        if len(dated) < LEAST_POSTS or not creator.followers:
            continue
        cut = len(dated) - max(1, int(HELD_SHARE * len(dated)))
        first_held = dated[cut][0]
        earlier_posts = tuple(p for p in creator.posts if p.posted_at is None or p.posted_at < first_held)
        earlier.append(msgspec.structs.replace(creator, posts=earlier_posts))
        logs = np.log([(interactions + 1) / creator.followers for _, interactions in dated])
        rates.append(float(np.median(logs[cut:])))
        past.append(float(np.median(logs[:cut])))
        slices.append(names)
        peers.append((creator.platform, size_of(creator.followers)))
    return Answers(
        head="engagement_quality",
        truth=above_peers(rates, peers),
        value=_values(scorer, earlier, "engagement_quality", cases),
        group=np.arange(len(rates)),
        slices=tuple(slices),
        baselines={"own past median": above_peers(past, peers)},
    )


def _countable(posts: Sequence[Post]) -> list[tuple[datetime, int]]:
    """Instant and likes plus comments of the posts that have both a time and likes, oldest first."""
    return sorted((p.posted_at, p.likes + (p.comments or 0)) for p in posts if p.posted_at and p.likes is not None)


def above_peers(rates: Sequence[float], peers: Sequence[Hashable]) -> FloatArray:
    """Each rate less the median of its peers, (n,): those of the same platform and follower decade."""
    values = np.array(rates, dtype=np.float64)
    members: dict[Hashable, list[int]] = {}
    for i, peer in enumerate(peers):
        members.setdefault(peer, []).append(i)
    out = values.copy()
    for at in members.values():
        out[at] -= np.median(values[at])
    return out
