"""Thresholds for excluded topics: which captions stand against a hashtag, and where the threshold comes to lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bonafit.bundle.resolve import newest_bundle
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.reference import Moments, Reference
from bonafit.records import Brief, Creator, Post
from bonafit.scorer.scorer import Scorer
from bonafit_training.heads.niche_fit.examples import prepare, prepare_brief
from bonafit_training.heads.niche_fit.topics import (
    RANDOM,
    SIBLING,
    TRUE,
    TopicTexts,
    calibrate_topic_cosine,
    fires,
    topic_rows,
)
from bonafit_training.heads.niche_fit.topics import topic_texts as texts_of
from tests.heads.niche_fit.test_niche_fit import ENCODER, brief, head, pairs, trained
from tests.tiny import HashEncoder

__all__ = ["head", "pairs", "trained"]


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


def test_a_text_near_an_excluded_topic_is_shown_and_one_about_it_flagged(
    head: NicheFitHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few invented texts reach no three deviations.
    monkeypatch.setattr("bonafit.heads.niche_fit.evidence.TOPIC_DEVIATIONS", 1.5)
    wanted = prepare_brief(brief("running", excluded_topics=("kneading loaf",)), ENCODER)

    def found(cosine: float, caption: str) -> tuple[list[str], bool]:
        judge = NicheFitHead.from_bundle(*_with_topic_cosine(head, cosine))
        one = Creator(creator_id="a", posts=(Post(caption=f"{caption} every day"),))
        answer = judge.score(prepare([one], ENCODER), wanted)[0]
        kinds = [e.kind for e in answer.evidence if e.kind.endswith("excluded_topic")]
        return kinds, "excluded_topic_found" in answer.flags

    nearby = "bread flour oven butter today"
    assert found(0.999, nearby) == (["near_excluded_topic"], False)
    assert found(0.5, nearby) == (["excluded_topic"], True)
    assert found(0.999, "kneading my loafs at home") == (["excluded_topic"], True)
    assert found(0.3, "marathon pace with friends") == ([], False)


def _with_topic_cosine(
    head: NicheFitHead, cosine: float
) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, np.dtype[np.generic]]]]:
    section, tables = head.to_bundle()
    assert "topic_cosine" in section
    return section | {"topic_cosine": cosine}, tables


@pytest.mark.parametrize(
    ("captions", "flagged"),
    [
        (("My evening skincare routine for glowing skin", "New serum and moisturiser for dry skin"), False),
        (("This cream is for skin whitening and works", "Sunscreen every day for even skin tone"), True),
        (("Playing poker at the casino tonight, big jackpot", "Roulette win with friends"), True),
    ],
)
def test_the_published_bundle_tells_a_topic_from_its_neighbour(
    repository: Path, captions: tuple[str, ...], flagged: bool
) -> None:
    bundle = newest_bundle(repository / "models")
    wanted = Brief(
        brand="Invented", description="Gentle skincare for skin.", excluded_topics=("skin whitening", "gambling")
    )
    one = Creator(creator_id="a", bio="beauty and life", posts=tuple(Post(caption=text) for text in captions))
    with Scorer.load(bundle, cache=None, threads=1) as scorer:
        (answer,) = scorer.score([one], wanted)
    assert ("excluded_topic_found" in answer.niche_fit.flags) == flagged
