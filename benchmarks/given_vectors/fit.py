"""Train the fit head for vectors from elsewhere, and judge it on gan_2019's given vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from benchmarks.given_vectors.head import Block, Profiles, VectorFitHead, similarity_features, vector_columns
from benchmarks.given_vectors.same_category import brand_categories, category_auc

from bonafit.tables.arrays import BoolArray, FloatArray, IntArray
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import GAN, AccountVectors, read_gan_vectors
from bonafit_training.heads.niche_fit.examples import Examples
from bonafit_training.heads.niche_fit.model import fit_additive, fit_calibration, group_folds
from bonafit_training.metrics import ranking_metrics


@dataclass(frozen=True)
class Settings:
    """Chosen by brand-grouped cross-validation inside the train part (docs/decisions/004-niche-fit.md).

    whiten : power with which an embedding's principal directions are evened out, 0 to 1; distributions are not.
    gammas, ridge : of the profiles. negatives : random creators for each real pair.
    """

    whiten: float = 0.6
    gammas: tuple[float, ...] = (1.0, 3.0)
    ridge: float = 1.0
    negatives: int = 20


SETTINGS = Settings()


def _is_distribution(values: FloatArray) -> bool:
    return bool(np.all(values >= 0) and np.allclose(values.sum(axis=1), 1.0, atol=1e-2))


def fit_blocks(brands: Mapping[str, FloatArray], creators: Mapping[str, FloatArray], power: float) -> list[Block]:
    """How each block is read: means of either side, and a whitening of both together."""
    blocks = []
    for name in sorted(brands):
        spread = _is_distribution(brands[name]) and _is_distribution(creators[name])
        b, c = (np.sqrt(brands[name]), np.sqrt(creators[name])) if spread else (brands[name], creators[name])
        means = b.mean(axis=0), c.mean(axis=0)
        whiten = np.eye(b.shape[1])
        if not spread and power > 0:
            both = np.vstack([b - means[0], c - means[1]])
            _, values, axes = np.linalg.svd(both, full_matrices=False)
            # Directions without variance would blow up; a hundredth of the largest keeps them in their place.
            floor = 0.01 * float(values[0])
            whiten = axes.T * ((values + floor) / np.sqrt(len(both))) ** -power
        blocks.append(Block(name, spread, *means, whiten))
    return blocks


def fit_profiles(brands: FloatArray, creators: FloatArray, positive: BoolArray, n_blocks: int, s: Settings) -> Profiles:
    """Kernel ridge regression of the mean vector of a creator's brands on the creator's own, both as read."""
    known = np.flatnonzero(positive.any(axis=0))
    counts = positive[:, known].sum(axis=0)
    targets = positive[:, known].T.astype(np.float64) @ brands / counts[:, None]
    mean = targets.mean(axis=0)
    support = creators[known]
    away = support @ support.T - n_blocks
    dual = [np.linalg.solve(np.exp(g * away) + s.ridge * np.eye(len(known)), targets - mean) for g in s.gammas]
    return Profiles(support.astype(np.float32), np.array(dual, dtype=np.float32), mean, s.gammas)


def _subset(vectors: Mapping[str, FloatArray], rows: IntArray) -> dict[str, FloatArray]:
    return {name: values[rows] for name, values in vectors.items()}


def fit_vectors(data: AccountVectors, brands: IntArray, *, seed: int, settings: Settings = SETTINGS) -> VectorFitHead:
    """The head from the pairs of the brands named; every creator's vectors are read, no other brand's pairs.

    Rows to train on come from profiles fitted without the row's brand, as they will be for brands to come.
    """
    own = _subset(data.brand, brands)
    positive = data.positive[brands]
    blocks = fit_blocks(own, data.creator, settings.whiten)
    read_b = np.concatenate([block.read(own[block.name], brand=True) for block in blocks], axis=1)
    read_c = np.concatenate([block.read(data.creator[block.name], brand=False) for block in blocks], axis=1)
    rng = np.random.default_rng(seed)
    rows, labels, groups, weights = [], [], [], []
    for test_groups in group_folds(np.arange(len(brands)), seed=seed):
        training_brands = np.setdiff1d(np.arange(len(brands)), test_groups)
        profiles = fit_profiles(read_b[training_brands], read_c, positive[training_brands], len(blocks), settings)
        choices = {}
        for b in test_groups.tolist():
            true = np.flatnonzero(positive[b])
            false = np.flatnonzero(~positive[b])
            false = rng.choice(false, size=min(settings.negatives * len(true), len(false)), replace=False)
            choices[b] = (true, false)
        needed = np.unique(np.concatenate([np.concatenate(pair) for pair in choices.values()]))
        profile = dict(zip(needed.tolist(), profiles.of(read_c[needed], len(blocks)), strict=True))
        for b, (true, false) in choices.items():
            if not len(true):
                continue
            both = np.concatenate([true, false])
            rows.append(
                similarity_features(read_b[b], read_c[both], np.array([profile[c] for c in both.tolist()]), blocks)
            )
            labels += [1] * len(true) + [0] * len(false)
            groups += [b] * len(both)
            weights += [1.0] * len(true) + [len(true) / len(false)] * len(false)
    X = np.concatenate(rows)
    examples = Examples(X, np.array(labels), np.array(groups), np.array(weights), n_posts=np.zeros(len(X), np.int64))
    columns = vector_columns([block.name for block in blocks], len(settings.gammas))
    oof = np.empty(len(examples.y))
    for test_groups in group_folds(examples.group, seed=seed + 1):
        test = np.isin(examples.group, test_groups)
        model = fit_additive(examples.rows(~test), seed=seed, columns=columns)
        oof[test] = model.predict(examples.X[test])
    return VectorFitHead(
        blocks=blocks,
        profiles=fit_profiles(read_b, read_c, positive, len(blocks), settings),
        model=fit_additive(examples, seed=seed, columns=columns),
        calibrate=fit_calibration(oof, examples.y, examples.weight),
    )


def head_scores(head: VectorFitHead, data: AccountVectors, brands: IntArray, creators: IntArray) -> FloatArray:
    """Log-odds of each creator for each brand, (n_brands, n_creators)."""
    read_b = head.read(_subset(data.brand, brands), brand=True)
    read_c = head.read(_subset(data.creator, creators), brand=False)
    profiles = head.profiles.of(read_c, len(head.blocks))
    return np.array([head.model.predict(similarity_features(brand, read_c, profiles, head.blocks)) for brand in read_b])


def baseline_scores(data: AccountVectors, brands: IntArray, creators: IntArray, *, seed: int) -> dict[str, FloatArray]:
    """Random, and the untrained cosine of each block."""
    out = {"random": np.random.default_rng(seed).random((len(brands), len(creators)))}
    for name in sorted(data.brand):
        b, c = data.brand[name][brands], data.creator[name][creators]
        b, c = (v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-12) for v in (b, c))
        out[f"cosine_{name}"] = b @ c.T
    return out


def _rows(pairs: Iterable[tuple[IntArray, FloatArray]], *, split: str, method: str) -> Iterator[Row]:
    metrics = ranking_metrics(pairs)
    n = int(metrics.pop("n"))
    for metric, value in metrics.items():
        yield Cases("niche_fit", GAN, split, "given_vectors").row(metric, value, n, method)


def cross_validated_rows(context: Context, *, settings: Settings = SETTINGS) -> Iterator[Row]:
    """Brand-grouped folds inside the train part: what every choice was made by."""
    data = read_gan_vectors(context.data, "train")
    everyone = np.arange(len(data.brand_id))
    folds: dict[str, list[tuple[IntArray, FloatArray]]] = {}
    for test in group_folds(everyone, seed=context.seed):
        head = fit_vectors(data, np.setdiff1d(everyone, test), seed=context.seed, settings=settings)
        creators = np.flatnonzero(data.positive[test].any(axis=0))
        scores = {OURS: head_scores(head, data, test, creators)}
        scores |= baseline_scores(data, test, creators, seed=context.seed)
        positive = data.positive[test][:, creators].astype(np.int64)
        for method, values in scores.items():
            folds.setdefault(method, []).extend(zip(positive, values, strict=True))
    for method, pairs in folds.items():
        yield from _rows(pairs, split="cv5", method=method)


def published_rows(context: Context) -> Iterator[Row]:
    """The published test part, by the head fitted on the whole train part; cAUC with categories set by hand."""
    train, test = read_gan_vectors(context.data, "train"), read_gan_vectors(context.data, "test")
    head = fit_vectors(train, np.arange(len(train.brand_id)), seed=context.seed)
    brands, creators = np.arange(len(test.brand_id)), np.arange(len(test.creator_id))
    scores = {OURS: head_scores(head, test, brands, creators)}
    scores |= baseline_scores(test, brands, creators, seed=context.seed)
    categories = brand_categories(test.brand_id)
    for method, values in scores.items():
        yield from _rows(
            zip(test.positive.astype(np.int64), values, strict=True), split="published_test", method=method
        )
        value, triples = category_auc(values, test.positive, categories)
        yield Cases("niche_fit", GAN, "published_test", "same_category_by_hand").row("cauc", value, triples, method)
