"""The fast path of the niche head: with nothing to lose it loses nothing, and it reads a small part of the texts."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
import pytest

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.pair import pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.jobs.rounds import LAST, ROUNDS, shortlist_fit
from bonafit.records import Creator, Post
from bonafit.tables.arrays import Vectors
from bonafit_training.heads.niche_fit.examples import prepare, prepare_brief
from tests.heads.niche_fit.test_niche_fit import ENCODER, TOPICS, brief, creator, head, pairs, trained

pytestmark = pytest.mark.slow

__all__ = ["head", "pairs", "trained"]

PEOPLE = [creator(i, list(TOPICS)[i % 4], n_posts=14, purity=0.2 + 0.6 * (i % 5) / 4) for i in range(200)]


class Counting:
    """An encoder that counts the texts it is given."""

    name, digest, width = ENCODER.name, ENCODER.digest, ENCODER.width

    def __init__(self, inner: Encoder) -> None:
        self.inner = inner
        self.texts: set[str] = set()

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts.update(texts)
        return self.inner.encode(texts)


class Rounded:
    """A worse encoder: the same vectors with noise from the text."""

    name, digest, width = "rounded", "1" * 64, ENCODER.width

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = ENCODER.encode(texts)
        noise = [np.random.default_rng(list(text.encode())).normal(size=self.width) for text in texts]
        vectors = vectors + np.array(noise, dtype=np.float32).reshape(vectors.shape) * 0.12
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def full_ranking(head: NicheFitHead, encoder: Encoder, reference: Reference | None = None) -> list[int]:
    wanted = prepare_brief(brief("makeup"), encoder)
    view = head.view(wanted) if reference is None else BriefView(wanted, reference)
    eta = head.model.predict(np.array([pair_features(one, view).row for one in prepare(PEOPLE, encoder)]))
    return np.argsort(-eta, kind="stable").tolist()


def test_the_second_stage_mends_what_a_worse_encoder_confuses(head: NicheFitHead) -> None:
    full = Counting(ENCODER)
    chosen = shortlist_fit(PEOPLE, brief("makeup"), head=head, fast=Rounded(), full=full, k=10)
    best = set(full_ranking(head, ENCODER)[:10])
    alone = full_ranking(head, Rounded(), Reference.fit(prepare(PEOPLE, Rounded())))[: len(chosen)]
    assert len(chosen) == ceil(LAST * 10)
    assert len(set(chosen)) == len(chosen)
    assert len(best & set(chosen)) >= max(len(best & set(alone)), 7)
    # At most what each round reads, were its creators none of those of the round before; and the brief.
    assert len(full.texts) <= sum(times * 10 * (1 + posts) for times, posts, _ in ROUNDS) + 10
    assert len(full.texts) < 0.2 * sum(1 + len(person.posts) for person in PEOPLE)


def test_short_lists_and_thin_records_are_kept(head: NicheFitHead) -> None:
    wanted = brief("makeup")
    assert shortlist_fit(PEOPLE[:5], wanted, head=head, fast=Rounded(), full=ENCODER, k=10) == [0, 1, 2, 3, 4]
    bare = [Creator(creator_id=f"b{i}") for i in range(20)]
    assert shortlist_fit(bare, wanted, head=head, fast=Rounded(), full=ENCODER, k=3) == list(range(20))
    spoken = Creator(creator_id="one", bio="lipstick and mascara")
    assert shortlist_fit([*bare, spoken], wanted, head=head, fast=Rounded(), full=ENCODER, k=3) == list(range(21))
    bios = [Creator(creator_id=f"x{i}", bio=person.bio) for i, person in enumerate(PEOPLE[:40])]
    mixed = [*bare, *bios, Creator(creator_id="p", posts=(Post(caption="lipstick mascara blush palette glow"),))]
    chosen = shortlist_fit(mixed, wanted, head=head, fast=Rounded(), full=ENCODER, k=5)
    assert len(chosen) == ceil(LAST * 5)
    assert all(i >= 20 for i in chosen)
    assert len(shortlist_fit(bios, wanted, head=head, fast=Rounded(), full=ENCODER, k=5)) == ceil(LAST * 5)


def test_it_does_not_depend_on_the_order_of_the_list(head: NicheFitHead) -> None:
    there = shortlist_fit(PEOPLE, brief("baking"), head=head, fast=ENCODER, full=ENCODER, k=12)
    back = shortlist_fit(PEOPLE[::-1], brief("baking"), head=head, fast=ENCODER, full=ENCODER, k=12)
    assert {len(PEOPLE) - 1 - i for i in back} == set(there)
    assert there[0] == pytest.approx(len(PEOPLE) - 1 - back[0])
