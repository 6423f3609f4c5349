"""Niche-fit rows of `make benchmark`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from benchmarks.given_vectors.fit import cross_validated_rows, published_rows
from benchmarks.measures.niches import classify_bios, company_queries
from benchmarks.measures.stuffing import rank_gain, stuffing_rows
from benchmarks.registry import Suite

from bonafit_training.contracts import Context, Row
from bonafit_training.data.niche_fit import GAN, INSTAGRAM, read_instagram
from bonafit_training.heads.niche_fit.evaluate import baseline_rows, calibration_row, rank_rows
from bonafit_training.heads.niche_fit.fit import fit_head, held_out_answers, read_sets, read_topic_texts
from bonafit_training.heads.niche_fit.topics import topic_rows

STUFFED_LIST, STUFFED_BRIEFS, STUFFED_CREATORS = 500, 12, 10


def _ranked(context: Context, name: str) -> Iterator[Row]:
    sets = read_sets(context)
    judged = [judged_set for judged_set in sets.judged if judged_set.pairs.name == name]
    held_out = held_out_answers(sets, judged, context)
    for judged_set, eta, p in zip(judged, held_out.eta, held_out.p, strict=True):
        yield from rank_rows(judged_set, eta)
        yield calibration_row(judged_set, p)
        yield from baseline_rows(judged_set, sets.reference, seed=context.seed)


def instagram(context: Context) -> Iterator[Row]:
    """Brand description to the creators who mention it; mentioning posts and texts naming the brand are not read."""
    yield from _ranked(context, INSTAGRAM)


def gan_bios(context: Context) -> Iterator[Row]:
    """Brand bio to creators' bios alone, every brand's name masked."""
    yield from _ranked(context, GAN)


def companies(context: Context) -> Iterator[Row]:
    """Companies' descriptions over bios of two platforms."""
    yield from company_queries(context, fit_head(read_sets(context), context))


def stuffing(context: Context) -> Iterator[Row]:
    """Creators off the niche who write for the ranking."""
    head = fit_head(read_sets(context), context)
    pairs = read_instagram(context.data)
    rng = np.random.default_rng(context.seed)
    creators = [pairs.creators[i] for i in rng.choice(len(pairs.creators), STUFFED_LIST, replace=False).tolist()]
    briefs = [pairs.briefs[i] for i in rng.choice(len(pairs.briefs), STUFFED_BRIEFS, replace=False).tolist()]
    gains = rank_gain(head, context.encoder, creators, briefs, victims=STUFFED_CREATORS, seed=context.seed)
    yield from stuffing_rows(gains, dataset=INSTAGRAM, creators=STUFFED_LIST)


def excluded_topics(context: Context) -> Iterator[Row]:
    """Texts of a topic, of its siblings and of neither that would be reported as about it."""
    yield from topic_rows(read_topic_texts(read_sets(context), context), dataset=INSTAGRAM, seed=context.seed)


SUITES: dict[str, Suite] = {
    "niche_fit/instagram_2017/cv5": instagram,
    "niche_fit/gan_2019/bio_cv": gan_bios,
    "niche_fit/gan_2019/cv5": cross_validated_rows,
    "niche_fit/gan_2019/published_test": published_rows,
    "niche_fit/youtube_2025": classify_bios,
    "niche_fit/shark_tank_brands": companies,
    "niche_fit/instagram_2017/stuffing": stuffing,
    "niche_fit/instagram_2017/excluded_topics": excluded_topics,
}
