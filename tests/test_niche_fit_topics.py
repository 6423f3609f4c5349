"""Thresholds for excluded topics: which captions stand against a hashtag, and where the threshold comes to lie."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.features.reference import Moments, Reference
from bonafit.records import Creator, Post
from bonafit_training.niche_fit.topics import (
    RANDOM,
    SIBLING,
    TRUE,
    TopicTexts,
    calibrate_topic_cosine,
    fires,
    topic_rows,
)
from bonafit_training.niche_fit.topics import topic_texts as texts_of
from tests.tiny import HashEncoder


def invented(n: int = 400) -> TopicTexts:
    rng = np.random.default_rng(0)
    kind = np.array([TRUE, SIBLING, RANDOM] * n)
    cosine = np.clip(rng.normal(0.3, 0.1, size=3 * n) + 0.3 * (kind == TRUE), 0, 1)
    return TopicTexts(kind, np.arange(3 * n) // 30, np.full(3 * n, 9.0), cosine, np.zeros(3 * n, dtype=bool))


def test_at_most_one_sibling_in_a_hundred_fires() -> None:
    texts = invented()
    threshold = calibrate_topic_cosine(texts)
    siblings = texts.part(texts.kind == SIBLING)
    assert fires(siblings, threshold).mean() <= 0.01 < fires(siblings, threshold - 0.01).mean()
    rows = {(row.method, row.slice): row.value for row in topic_rows(texts, dataset="d", seed=1)}
    assert rows["bonafit", TRUE] > 0.5
    assert rows["bonafit", SIBLING] < 0.03
    assert rows["always", RANDOM] == 1.0


def test_captions_stand_against_their_own_tag_without_it_and_against_siblings_tags() -> None:
    creators = [
        Creator(
            creator_id=f"c{i}",
            posts=(
                Post(caption=f"my evening at home number {i} #weddingphotography"),
                Post(caption=f"a quiet routine for winter {i} #foodphotography"),
                Post(caption=f"wedding and photography in one line {i} #foodphotography"),
            ),
        )
        for i in range(4)
    ]
    flat = Moments(np.zeros(32), np.zeros((32, 1)), 1.0)
    found = texts_of(creators, HashEncoder(), Reference(flat, flat, flat), seed=0)
    assert set(found.topic.tolist()) == {0, 1}
    whitening = found.part(found.topic == 1)
    own, beside = whitening.part(whitening.kind == TRUE), whitening.part(whitening.kind == SIBLING)
    assert len(own.kind) == 4
    assert not own.says.any()
    assert own.cosine.max() < 0.5
    assert 0 < beside.says.sum() < len(beside.kind) == 6
    assert found.z == pytest.approx(found.cosine)
