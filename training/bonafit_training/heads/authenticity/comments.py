"""Fit the comment spam model, and judge it leaving one video out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bonafit.heads.authenticity.comments import BUCKETS, SpamModel, clean, hashed, lexical
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit.tables.logistic import sigmoid
from bonafit_training.data.authenticity import Comments


@dataclass(frozen=True)
class Form:
    """One way to fit the linear model.

    C : inverse strength of the penalty. trait_scale : standard deviation of the plain traits, whose blocks beside them
    have length one. scaled : share of the weights from columns scaled by naive Bayes log-ratios, in [0, 1]. smoothing :
    count added to each bucket in those ratios.
    """

    C: float
    trait_scale: float
    scaled: float
    smoothing: float


# What a choice is made among. Plain regression has no ratios to smooth.
FORMS = (
    *(Form(C, scale, 0.0, 0.5) for C, scale in product((10.0, 30.0), (0.1, 0.15))),
    *(
        Form(C, scale, share, smoothing)
        for C, scale, share, smoothing in product((10.0, 30.0), (0.1, 0.15), (0.5, 1.0), (0.01, 0.1, 0.5))
    ),
)
# The best of FORMS leaving one video out, by the mean of the five AUCs; for the model that is shipped.
FORM = Form(C=10.0, trait_scale=0.15, scaled=0.5, smoothing=0.01)


@dataclass(frozen=True)
class Counted:
    """Comments as the model reads them: two (n, BUCKETS) blocks of sublinear counts and (n, traits) plain traits."""

    blocks: tuple[csr_matrix, csr_matrix]
    traits: FloatArray

    def __getitem__(self, rows: IntArray) -> Counted:
        return Counted((self.blocks[0][rows], self.blocks[1][rows]), self.traits[rows])


def count(texts: Sequence[str]) -> Counted:
    """Comments hashed and measured once, for any number of fits."""
    cleaned = [clean(t) for t in texts]
    rows = [hashed(t) for t in cleaned]
    blocks = []
    for block in range(2):
        indptr = np.concatenate([[0], np.cumsum([len(r[block][0]) for r in rows])])
        keys, counts = (np.concatenate([r[block][part] for r in rows]) for part in range(2))
        blocks.append(csr_matrix((counts, keys, indptr), shape=(len(texts), BUCKETS)))
    return Counted((blocks[0], blocks[1]), np.array([lexical(t) for t in cleaned]))


def fit_spam(texts: Sequence[str], spam: IntArray) -> SpamModel:
    """A spam model from labelled comments; even odds are built in by equal class weights."""
    return fit_counted(count(texts), spam, FORM)


def fit_counted(counted: Counted, spam: IntArray, form: Form) -> SpamModel:
    """The spam model of counted comments in one form.

    Its weights are a mean of a logistic regression's and of one on columns scaled by naive Bayes log-ratios, which is
    linear in the same columns (the interpolation of Wang & Manning, ACL 2012).
    """
    n = len(spam)
    counts = [np.bincount(block.indices, minlength=BUCKETS) for block in counted.blocks]
    idf = np.stack([(np.log((1 + n) / (1 + f)) + 1).astype(np.float16).astype(np.float64) for f in counts])
    parts = [_weighed(block, i) for block, i in zip(counted.blocks, idf, strict=True)]
    mean, scale = counted.traits.mean(axis=0), (counted.traits.std(axis=0) + 1e-9) / form.trait_scale
    X = hstack([*parts, csr_matrix((counted.traits - mean) / scale)]).tocsr()
    ratios = [naive_bayes(part, spam, smoothing=form.smoothing) for part in parts]
    ratio = np.concatenate([*ratios, np.ones(counted.traits.shape[1])])
    weights, intercept = np.zeros(X.shape[1]), 0.0
    for share, by in ((1 - form.scaled, np.ones(len(ratio))), (form.scaled, ratio)):
        if share:
            fitted = LogisticRegression(C=form.C, max_iter=2000, class_weight="balanced")
            fitted.fit(X.multiply(by).tocsr(), spam)
            weights += share * by * fitted.coef_[0]
            intercept += share * float(fitted.intercept_[0])
    weights = weights.astype(np.float32).astype(np.float64)
    table = np.stack([mean, scale, weights[2 * BUCKETS :]])
    return SpamModel(idf, weights[: 2 * BUCKETS].reshape(2, BUCKETS), table, intercept)


def _weighed(block: csr_matrix, idf: FloatArray) -> csr_matrix:
    """Counts times idf, each comment scaled to length one."""
    matrix = block.multiply(idf).tocsr()
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return matrix.multiply(1 / np.maximum(length, 1e-12)[:, None]).tocsr()


def log_odds(model: SpamModel, counted: Counted) -> FloatArray:
    """What the model says of counted comments, (n,): SpamModel.log_odds of each."""
    mean, scale, weight = model.traits
    eta = model.intercept + ((counted.traits - mean) / scale) @ weight
    for block, idf, weights in zip(counted.blocks, model.idf, model.weights, strict=True):
        eta = eta + _weighed(block, idf) @ weights
    return np.asarray(eta)


def naive_bayes(counts: csr_matrix, spam: IntArray, *, smoothing: float) -> FloatArray:
    """Log-ratio of each bucket's share in spam and in the rest, (BUCKETS,). Source: Wang & Manning, ACL 2012."""
    shares = []
    for label in (1, 0):
        total = np.asarray(counts[spam == label].sum(axis=0)).ravel() + smoothing
        shares.append(total / total.sum())
    return np.asarray(np.log(shares[0] / shares[1]))


def nested_choice(
    counted: Counted, comments: Comments, *, forms: Sequence[Form] = FORMS
) -> tuple[FloatArray, FloatArray, list[Form]]:
    """Log-odds of spam of each comment from models that saw the other four videos, in the form those four choose.

    The form for a video is the one of `forms` with the best mean AUC leaving one of the other four out. Returns the
    log-odds in those forms, those in the one form that the five videos choose together, and the forms: one a video, in
    the order of their names, then the common one.
    """
    video = np.array(comments.video)
    names = np.unique(video)
    within = np.zeros((len(forms), len(names), len(names)))
    whole = np.zeros((len(forms), len(video)))
    for f, form in enumerate(forms):
        for i, test_name in enumerate(names):
            train, test = np.flatnonzero(video != test_name), np.flatnonzero(video == test_name)
            whole[f, test] = log_odds(fit_counted(counted[train], comments.spam[train], form), counted[test])
            within[f, i, i] = roc_auc_score(comments.spam[test], whole[f, test])
        for i, j in combinations(range(len(names)), 2):
            train = np.flatnonzero((video != names[i]) & (video != names[j]))
            model = fit_counted(counted[train], comments.spam[train], form)
            for fitted, judged in ((i, j), (j, i)):
                test = np.flatnonzero(video == names[judged])
                within[f, fitted, judged] = roc_auc_score(comments.spam[test], log_odds(model, counted[test]))
    # [f, kept, judged]: AUC on `judged` of a model that saw neither; the diagonal is what no choice may see
    apart = within.sum(axis=2) - np.einsum("fii->fi", within)
    best = apart.argmax(axis=0)
    together = int(np.einsum("fii->f", within).argmax())
    nested = whole[best[np.searchsorted(names, video)], np.arange(len(video))]
    return nested, whole[together], [*(forms[b] for b in best), forms[together]]


def leave_one_video_out(comments: Comments) -> Iterator[tuple[str, FloatArray]]:
    """Methods and their probability of spam of each comment, the video it stands under left out of the training."""
    nested, together, _ = nested_choice(count(comments.texts), comments)
    yield "bonafit", sigmoid(nested)
    yield TOGETHER, sigmoid(together)
    video = np.array(comments.video)
    out = {name: np.zeros(len(video)) for name in ("majority", "rule: has a link", CHARACTERS)}
    for test_video in np.unique(video):
        train, test = np.flatnonzero(video != test_video), np.flatnonzero(video == test_video)
        out["majority"][test] = comments.spam[train].mean()
        out["rule: has a link"][test] = [lexical(clean(comments.texts[i]))[1] for i in test]
        out[CHARACTERS][test] = _characters(comments, train, test)
    yield from out.items()


CHARACTERS = "character tf-idf + logistic regression"
# Flattered: the form has seen the videos that it is judged by.
TOGETHER = "one form, chosen on the same five videos"


def _characters(comments: Comments, train: IntArray, test: IntArray) -> FloatArray:
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
    X = vectoriser.fit_transform([comments.texts[i] for i in train])
    model = LogisticRegression(C=10, max_iter=1000).fit(X, comments.spam[train])
    return np.asarray(model.predict_proba(vectoriser.transform([comments.texts[i] for i in test]))[:, 1])
