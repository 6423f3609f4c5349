"""How near a text must be to an excluded topic before the topic counts as found: calibrated on hashtags.

A hashtag of several words is a topic that its author named: captions that carry it, read without it, are about it;
captions with another tag that shares one of its words (skin care, skin whitening) are the ones that a similarity takes
for it. The threshold is the lowest cosine at which few of those fire.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.evidence import TOPIC_DEVIATIONS
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import TELLING_COST
from bonafit.records import Creator
from bonafit.tables.arrays import BoolArray, FloatArray
from bonafit.text.clean import clean
from bonafit.text.hashtags import split_hashtag, word_cost
from bonafit.text.words import stem, words_of
from bonafit_training.contracts import OURS, Cases, Row

TRUE, SIBLING, RANDOM = "of_the_topic", "of_a_sibling", "random"
# Share of a neighbouring topic's texts that may fire. A creator shows dozens of texts, and one that fires is a flag.
SIBLINGS_FIRING = 0.01
# Texts of each kind drawn for a topic, creators who must use its tag, and words a text needs to say anything.
PER_TOPIC, LEAST_CREATORS, LEAST_WORDS = 6, 3, 4
_TAG = re.compile(r"#(\w+)")


@dataclass(frozen=True)
class TopicTexts:
    """Texts against topics. kind : TRUE, SIBLING or RANDOM. topic : index. z, cosine : similarities. says : all its
    words stand in the text. All of shape (n,)."""

    kind: npt.NDArray[np.str_]
    topic: npt.NDArray[np.int64]
    z: FloatArray
    cosine: FloatArray
    says: BoolArray

    def part(self, mask: BoolArray) -> TopicTexts:
        """The rows chosen."""
        return TopicTexts(*(getattr(self, name)[mask] for name in ("kind", "topic", "z", "cosine", "says")))


def topic_texts(creators: Sequence[Creator], encoder: Encoder, reference: Reference, *, seed: int) -> TopicTexts:
    """Hashtags of two or three telling words as topics, with captions of, beside and apart from each."""
    captions = [(c, post.caption) for c, creator in enumerate(creators) for post in creator.posts if post.caption]
    uses: dict[str, list[int]] = {}
    for i, (_, text) in enumerate(captions):
        for tag in dict.fromkeys(tag_text.lower() for tag_text in _TAG.findall(text)):
            uses.setdefault(tag, []).append(i)
    words = {tag: tuple(split_hashtag(tag).split()) for tag in uses}
    by_word: dict[str, list[str]] = {}
    for tag, parts in words.items():
        if len(parts) > 1:
            for part in dict.fromkeys(stem(part) for part in parts):
                by_word.setdefault(part, []).append(tag)
    topics = [tag for tag in sorted(uses) if _is_topic(words[tag], {captions[i][0] for i in uses[tag]})]
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, int, str]] = []
    for k, tag in enumerate(topics):
        own = uses[tag]
        telling = [stem(word) for word in words[tag] if word_cost(word) >= TELLING_COST]
        beside = {i for word in telling for other in by_word[word] if other != tag for i in uses[other]}
        without = re.compile(rf"#{tag}\b", re.IGNORECASE)
        for i in rng.permutation(own)[:PER_TOPIC].tolist():
            rows.append((TRUE, k, clean(without.sub(" ", captions[i][1]))))
        for i in rng.permutation(sorted(beside - set(own)))[:PER_TOPIC].tolist():
            rows.append((SIBLING, k, clean(captions[int(i)][1])))
        for i in rng.integers(len(captions), size=PER_TOPIC).tolist():
            if i not in own:
                rows.append((RANDOM, k, clean(captions[i][1])))
    rows = [row for row in rows if len(words_of(row[2])) >= LEAST_WORDS]
    targets = encoder.encode([" ".join(words[tag]) for tag in topics]).astype(np.float64)
    moments = np.array([reference.posts.of(target) for target in targets])
    topic = np.array([k for _, k, _ in rows], dtype=np.int64)
    vectors = encoder.encode([text for _, _, text in rows]).astype(np.float64)
    cosine = np.einsum("nw,nw->n", vectors, targets[topic])
    stems = [{stem(word) for word in words[tag]} for tag in topics]
    return TopicTexts(
        kind=np.array([kind for kind, _, _ in rows]),
        topic=topic,
        z=(cosine - moments[topic, 0]) / moments[topic, 1],
        cosine=cosine,
        says=np.array([stems[k] <= {stem(word) for word in words_of(text)} for _, k, text in rows], dtype=bool),
    )


def _is_topic(words: Sequence[str], creators: set[int]) -> bool:
    known = all(word_cost(word) < 14.0 and len(word) > 2 for word in words)
    telling = sum(word_cost(word) >= TELLING_COST for word in words)
    return 2 <= len(words) <= 3 and known and telling > 1 and len(creators) >= LEAST_CREATORS


def calibrate_topic_cosine(texts: TopicTexts) -> float:
    """Lowest cosine, in steps of .01, from which at most SIBLINGS_FIRING of a sibling's texts fire by nearness."""
    beside = (texts.kind == SIBLING) & (texts.z >= TOPIC_DEVIATIONS)
    n = int(np.count_nonzero(texts.kind == SIBLING))
    for cosine in np.arange(30, 100) / 100:
        if np.count_nonzero(texts.cosine[beside] >= cosine) <= SIBLINGS_FIRING * n:
            return float(cosine)
    return 1.0


def fires(texts: TopicTexts, cosine: float) -> BoolArray:
    """Where the head would say that the topic is found."""
    return ((texts.z >= TOPIC_DEVIATIONS) & (texts.cosine >= cosine)) | texts.says


def topic_rows(texts: TopicTexts, *, dataset: str, seed: int) -> Iterator[Row]:
    """Share of texts that fire, by kind, at a threshold chosen on the other half of the topics.

    Beside it the topic's words alone, nearness as an uncalibrated .45 had it, and every text.
    """
    half = np.random.default_rng(seed).permutation(int(texts.topic.max()) + 1) % 2 == 0
    by_method: dict[str, list[BoolArray]] = {OURS: [], "words_alone": [], "cosine_45": [], "always": []}
    kinds = []
    for in_half in (half[texts.topic], ~half[texts.topic]):
        part = texts.part(in_half)
        by_method[OURS].append(fires(part, calibrate_topic_cosine(texts.part(~in_half))))
        by_method["words_alone"].append(part.says)
        by_method["cosine_45"].append(fires(part, 0.45))
        by_method["always"].append(np.ones(len(part.kind), dtype=bool))
        kinds.append(part.kind)
    kind = np.concatenate(kinds)
    for method, parts in by_method.items():
        fired = np.concatenate(parts)
        for name in (TRUE, SIBLING, RANDOM):
            share, n = fired[kind == name].mean(), int(np.count_nonzero(kind == name))
            yield Cases("niche_fit", dataset, "excluded_topics", name).row("share_firing", share, n, method)
