"""Fit the comment spam model, and judge it leaving one video out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bonafit.authenticity.comments import BUCKETS, SpamModel, clean, hashed, lexical
from bonafit_training.datasets.authenticity import Comments

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Chosen leaving one video out: C in 3, 10, 30 and the traits' scale in .15, .3, 1 differ by under .002 AUC.
C = 10.0
TRAIT_SCALE = 0.15


def fit_spam(texts: Sequence[str], spam: IntArray) -> SpamModel:
    """A spam model from labelled comments; even odds are built in by equal class weights.

    Its weights are the mean of a logistic regression's and of one on columns scaled by naive Bayes log-ratios, which is
    linear in the same columns (the interpolation of Wang & Manning, ACL 2012).
    """
    cleaned = [clean(t) for t in texts]
    rows = [hashed(t) for t in cleaned]
    parts, idfs = [], []
    for block in range(2):
        indptr = np.concatenate([[0], np.cumsum([len(r[block][0]) for r in rows])])
        keys = np.concatenate([r[block][0] for r in rows])
        counts = np.concatenate([r[block][1] for r in rows])
        found = np.bincount(keys, minlength=BUCKETS)
        idf = (np.log((1 + len(texts)) / (1 + found)) + 1).astype(np.float16).astype(np.float64)
        matrix = csr_matrix((counts * idf[keys], keys, indptr), shape=(len(texts), BUCKETS))
        length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        parts.append(matrix.multiply(1 / np.maximum(length, 1e-12)[:, None]).tocsr())
        idfs.append(idf)
    traits = np.array([lexical(t) for t in cleaned])
    mean, scale = traits.mean(axis=0), (traits.std(axis=0) + 1e-9) / TRAIT_SCALE
    X = hstack([*parts, csr_matrix((traits - mean) / scale)]).tocsr()
    ratio = np.concatenate([*(naive_bayes(part, spam) for part in parts), np.ones(traits.shape[1])])
    plain = LogisticRegression(C=C, max_iter=2000, class_weight="balanced").fit(X, spam)
    scaled = LogisticRegression(C=C, max_iter=2000, class_weight="balanced").fit(X.multiply(ratio).tocsr(), spam)
    mixed = (plain.coef_[0] + ratio * scaled.coef_[0]) / 2
    intercept = float(plain.intercept_[0] + scaled.intercept_[0]) / 2
    weights = mixed.astype(np.float32).astype(np.float64)
    table = np.stack([mean, scale, weights[2 * BUCKETS :]])
    blocks = weights[: 2 * BUCKETS].reshape(2, BUCKETS)
    return SpamModel(np.stack(idfs), blocks, table, intercept)


def naive_bayes(counts: csr_matrix, spam: IntArray) -> FloatArray:
    """Log-ratio of each bucket's share in spam and in the rest, (BUCKETS,). Source: Wang & Manning, ACL 2012."""
    shares = []
    for label in (1, 0):
        total = np.asarray(counts[spam == label].sum(axis=0)).ravel() + 0.5
        shares.append(total / total.sum())
    return np.asarray(np.log(shares[0] / shares[1]))


def leave_one_video_out(comments: Comments) -> dict[str, FloatArray]:
    """Probability of spam of each comment from models that saw the other four videos; ours and the baselines."""
    video = np.array(comments.video)
    out = {name: np.zeros(len(video)) for name in ("bonafit", "majority", "rule: has a link", CHARACTERS)}
    for held in np.unique(video):
        train, test = np.flatnonzero(video != held), np.flatnonzero(video == held)
        model = fit_spam([comments.texts[i] for i in train], comments.spam[train])
        eta = np.array([model.log_odds(comments.texts[i]) for i in test])
        out["bonafit"][test] = 1 / (1 + np.exp(-eta))
        out["majority"][test] = comments.spam[train].mean()
        out["rule: has a link"][test] = [lexical(clean(comments.texts[i]))[1] for i in test]
        out[CHARACTERS][test] = _characters(comments, train, test)
    return out


CHARACTERS = "character tf-idf + logistic regression"


def _characters(comments: Comments, train: IntArray, test: IntArray) -> FloatArray:
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
    X = vectoriser.fit_transform([comments.texts[i] for i in train])
    model = LogisticRegression(C=10, max_iter=1000).fit(X, comments.spam[train])
    return np.asarray(model.predict_proba(vectoriser.transform([comments.texts[i] for i in test]))[:, 1])
