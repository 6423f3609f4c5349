"""Fit the niche head for a bundle: read, features, cross-validate by brand, calibrate, fit on all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from bonafit.encoders import OnnxEncoder
from bonafit.heads.niche_fit.evidence import TOPIC_COSINE
from bonafit.heads.niche_fit.head import Calibrations, NicheFitHead
from bonafit.heads.niche_fit.reference import Reference
from bonafit.prepared import Prepared
from bonafit.records import Creator
from bonafit.tables.arrays import FloatArray
from bonafit.text.clean import clean
from bonafit.text.units import Unit
from bonafit_training.contracts import Context, HeadArtifact, HeldOut, Row
from bonafit_training.data.niche_fit import GAN, INSTAGRAM, TIDES, read_gan_bios, read_instagram, read_tides_bios
from bonafit_training.encoders.behind import encoder_itself, encoder_languages
from bonafit_training.heads.niche_fit.evaluate import (
    CrossValidated,
    Judged,
    baseline_rows,
    calibration_row,
    calibrations,
    cross_validate,
    even_weights,
    rank_rows,
)
from bonafit_training.heads.niche_fit.examples import (
    Examples,
    RowOf,
    full_row,
    own_pairs,
    prepare_pairs,
    sample_examples,
    without_posts,
)
from bonafit_training.heads.niche_fit.languages import fit_levels
from bonafit_training.heads.niche_fit.model import fit_calibration, fit_travelling, group_folds
from bonafit_training.heads.niche_fit.stance import fit_about, fit_stance, invented
from bonafit_training.heads.niche_fit.topics import TopicTexts, calibrate_topic_cosine, topic_rows, topic_texts

# Random creators for each real pair of a brief.
NEGATIVES = 10
# Bios of TikTok creators that the reference for bios is measured on, beside those of the pairs.
REFERENCE_BIOS = 3000
# Real pairs at which the probability is stated: even, as an answer between "a pair" and "not a pair" is read.
PRIOR = 0.5
# Brands of gan_2019 are ranked where at least this many of their creators have a bio.
LEAST_COVERED = 5
_OWN_GROUPS, _GAN_GROUPS = 20_000, 10_000


@dataclass(frozen=True)
class Sets:
    """Training rows, the sets to rank, and the reference of similarities."""

    examples: Examples
    judged: list[Judged]
    reference: Reference


def read_sets(context: Context, *, row_of: RowOf = full_row) -> Sets:
    """Read, prepare and sample every training set. row_of : the features of a pair."""
    encoder = context.encoder
    instagram = prepare_pairs(read_instagram(context.data), encoder)
    gan = prepare_pairs(read_gan_bios(context.data), encoder)
    texts = sorted({text for row in read_tides_bios(context.data) if (text := clean(row["bio"]))})
    rng = np.random.default_rng(context.seed)
    sampled = rng.choice(len(texts), size=min(REFERENCE_BIOS, len(texts)), replace=False)
    bios_at_large = [texts[i] for i in sampled.tolist()]
    units = tuple(Unit("bio", text, text) for text in bios_at_large)
    tides = Prepared(Creator(creator_id=TIDES), units, encoder.encode(bios_at_large))
    levels = fit_levels(encoder, context.data)
    reference = Reference.fit([*instagram.creators, *gan.creators], extra_bios=tides, levels=levels)
    bios = without_posts(instagram, INSTAGRAM)
    own = own_pairs(context)
    parts = [(instagram, 0), (bios, 0), (gan, _GAN_GROUPS)]
    if own is not None:
        parts.append((prepare_pairs(own, encoder), _OWN_GROUPS))
    negatives = int(context.config.get("negatives", NEGATIVES))
    examples = Examples.join(
        [
            sample_examples(pairs, reference, negatives=negatives, seed=context.seed, first_group=first, row_of=row_of)
            for pairs, first in parts
        ]
    )
    covered = np.flatnonzero(gan.positive.sum(axis=1) >= LEAST_COVERED)
    judged = [
        Judged(instagram, np.arange(len(instagram.briefs)), 0, "cv5"),
        Judged(gan, covered, _GAN_GROUPS, "bio_cv"),
    ]
    return Sets(examples, judged, reference)


def held_out_answers(sets: Sets, judged: Sequence[Judged], context: Context) -> CrossValidated:
    """Cross-validation of the full head, as it is fitted."""
    return cross_validate(sets.examples, judged, sets.reference, seed=context.seed)


def fit_head(sets: Sets, context: Context) -> NicheFitHead:
    """The head fitted on all rows, calibrated on the same: for measures of rank alone."""
    examples = sets.examples
    model = fit_travelling(examples)
    return NicheFitHead(
        model,
        Calibrations(fit_calibration(model.predict(examples.X), examples.y, examples.weight)),
        sets.reference,
        prior=PRIOR,
        languages=encoder_languages(context.encoder),
    )


def read_topic_texts(sets: Sets, context: Context) -> TopicTexts:
    """Captions of instagram_2017 against the topics that their hashtags name."""
    creators = [creator.creator for creator in sets.judged[0].pairs.creators]
    return topic_texts(creators, context.encoder, sets.reference, seed=context.seed)


def fit(context: Context) -> HeadArtifact:
    """The niche head. Raises InputError where a training set is absent."""
    sets = read_sets(context)
    held_out = held_out_answers(sets, sets.judged, context)
    texts = read_topic_texts(sets, context)
    examples = sets.examples
    by_posts, by_bios = calibrations(examples, held_out, sets.judged)
    head = NicheFitHead(
        fit_travelling(examples),
        Calibrations(by_posts, by_bios),
        sets.reference,
        prior=PRIOR,
        languages=encoder_languages(context.encoder),
        # never nearer than on the first bundles' captions: at .57 a skincare caption is taken for skin whitening
        topic_cosine=max(calibrate_topic_cosine(texts), TOPIC_COSINE),
    )
    metrics: list[Row] = []
    if isinstance(encoder_itself(context.encoder), OnnxEncoder):
        levels = sets.reference.levels
        sentences = invented(context.encoder, levels, seed=context.seed)
        head.stance, stance_rows = fit_stance(sentences, sets.judged[0].pairs.creators, levels, seed=context.seed)
        about, row = fit_about(context.encoder)
        head.reference = replace(head.reference, about=about)
        metrics += [*stance_rows, row]
    section, tables = head.to_bundle()
    for judged, eta, p in zip(sets.judged, held_out.eta, held_out.p, strict=True):
        metrics += [*rank_rows(judged, eta), calibration_row(judged, p)]
        metrics += baseline_rows(judged, sets.reference, seed=context.seed)
    metrics += topic_rows(texts, dataset=INSTAGRAM, seed=context.seed)
    return HeadArtifact(
        name=NicheFitHead.name,
        section=msgspec.to_builtins(section),
        tables=tables,
        metrics=metrics,
        card=CARD,
        datasets=(INSTAGRAM, GAN, TIDES),
        folds=fold_rows(sets, held_out, seed=context.seed),
        held_out=tuple(_reliability(judged, p) for judged, p in zip(sets.judged, held_out.p, strict=True)),
    )


def fold_rows(sets: Sets, held_out: CrossValidated, *, seed: int) -> dict[str, list[Row]]:
    """Ranking metrics of every fold on its own, by the fold's name."""
    folds: dict[str, list[Row]] = {}
    for i, test in enumerate(group_folds(sets.examples.group, seed=seed)):
        rows = folds.setdefault(f"fold {i}", [])
        for judged, eta in zip(sets.judged, held_out.eta, strict=True):
            in_test = np.isin(judged.first_group + judged.briefs, test)
            if in_test.any():
                rows += rank_rows(replace(judged, briefs=judged.briefs[in_test]), eta[in_test])
    return folds


def _reliability(judged: Judged, p: FloatArray) -> HeldOut:
    """Held-out probabilities of every pair, at the even prior at which they are stated."""
    positive = judged.pairs.positive[judged.briefs]
    weight = even_weights(positive).ravel()
    return HeldOut(f"{judged.pairs.name}, real pair", positive.astype(np.int64).ravel(), p.ravel(), weight)


CARD = """### niche_fit

Probability that creator and brief are a real pair rather than a random one, stated at even odds. Trained on
`instagram_2017` (brands and the creators whose captions mention them; the mentioning posts are not read) and on bios
of `gan_2019` (brands whose posts mention micro-influencers), every brand's name masked, split by brand. **The licences
of both sets are unstated by their sources.** Bios of `tides_2024_tiktok_creators` are the reference that similarities
of bios are standardised with; none of their labels is used.

A mention is affinity, not a paid deal. Texts in languages outside the encoder's are not judged: the head abstains.
"""
