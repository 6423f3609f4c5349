"""What posts are about, guessed from a bio alone: a try for rankings that have nothing but bios.

`gan_2019` gives topic weights of accounts' posts. A ridge map from an account's bio to its weights, learned on accounts
that are not ranked, lets a brief and a bio be compared by the posts that such bios go with. No pair is read.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bonafit_training.artifact import OURS, Context, Row
from bonafit_training.datasets.fit import GAN, read_gan_bios, read_gan_vectors
from bonafit_training.niche_fit.evaluate import Judged, rank_rows
from bonafit_training.niche_fit.examples import prepare_pairs
from bonafit_training.niche_fit.fit import LEAST_COVERED
from bonafit_training.niche_fit.model import group_folds

FloatArray = npt.NDArray[np.float64]

# Chosen once and not tuned: vectors are of unit length, so this is the weight of about one account a direction.
PENALTY = 1.0


def ridge_map(X: FloatArray, Y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean of X, mean of Y and the weights between them, for `predict`."""
    x, y = X.mean(axis=0), Y.mean(axis=0)
    A = X - x
    return x, y, np.linalg.solve(A.T @ A + PENALTY * np.eye(A.shape[1]), A.T @ (Y - y))


def predict(fitted: tuple[FloatArray, FloatArray, FloatArray], X: FloatArray) -> FloatArray:
    """Centred guesses of unit length, (n, n_topics): what differs from the average account."""
    x, _, weights = fitted
    guess = (X - x) @ weights
    return np.asarray(guess / np.maximum(np.linalg.norm(guess, axis=1, keepdims=True), 1e-12))


def _standard(scores: FloatArray) -> FloatArray:
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / scores.std(axis=1, keepdims=True))


def topic_map_rows(context: Context) -> Iterator[Row]:
    """Bios of gan_2019 by guessed topics and the cosine: a try, in no bundle; the map knows no creator it judges."""
    pairs = prepare_pairs(read_gan_bios(context.data), context.encoder)
    given = read_gan_vectors(context.data, "train")
    weights = dict(zip(given.creator_id, given.creator["topics"], strict=True))
    names = [one.creator.creator_id for one in pairs.creators]
    creators = np.array([one.vectors[0] for one in pairs.creators], dtype=np.float64)
    queries = np.array([one.vectors.astype(np.float64).mean(axis=0) for one in pairs.briefs])
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    known = np.array([name in weights for name in names], dtype=bool)
    # The square root of a distribution makes its inner products Hellinger's.
    topics = np.sqrt(np.array([weights[name] for name in np.array(names)[known].tolist()]))
    covered = np.flatnonzero(pairs.positive.sum(axis=1) >= LEAST_COVERED)
    guessed = np.zeros((len(covered), len(names)))
    for held in group_folds(np.arange(len(names)), seed=context.seed):
        away = known.copy()
        away[held] = False
        fitted = ridge_map(creators[away], topics[~np.isin(np.flatnonzero(known), held)])
        guessed[:, held] = predict(fitted, queries[covered]) @ predict(fitted, creators[held]).T
    cosine = queries[covered] @ creators.T
    one = Judged(pairs, covered, 0, "bio_topics")
    random = np.random.default_rng(context.seed).random(cosine.shape)
    for method, scores in (
        (OURS, _standard(guessed) + _standard(cosine)),
        ("topic_map_alone", guessed),
        ("cosine", cosine),
        ("random", random),
    ):
        yield from rank_rows(one, scores, method=method, dataset=GAN)
