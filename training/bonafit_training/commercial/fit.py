"""Fit it: `python -m bonafit_training.commercial.fit --data D --out scoring/bonafit/commercial/likelihood.npz`.

Logistic regression on words, pairs of words and columns of captions whose labels are masked. Its strength is chosen by
cross-validation over creators inside the sets; nothing that is measured elsewhere is looked at.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from bonafit.commercial.likelihood import BUCKETS, COLUMNS, buckets_of, columns_of
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit_training.commercial.examples import INSTAGRAM, Example, read_examples

STRENGTHS = (0.1, 0.3, 1.0)
# What a word's share counts beside a column of 0 and 1, so that one penalty suits both.
WORDS = 2.0
FOLDS = 5
# Hashtags and mentions in so many posts or fewer are a campaign's; more frequent ones are everybody's.
CAMPAIGN = 40
# Precision asked for where a post is called likely, and posts that it must rest on at least.
PRECISION, LEAST = 0.9, 30


def design(examples: Sequence[Example]) -> sparse.csr_matrix:
    """Words, pairs and columns of examples, (n, BUCKETS + len(COLUMNS))."""
    rows, places, values = [], [], []
    for i, example in enumerate(examples):
        own = buckets_of(example.reading, example.masked)
        rows += [i] * len(own)
        places += own
        values += [WORDS / max(1.0, len(own)) ** 0.5] * len(own)
    words = sparse.csr_matrix((values, (rows, places)), shape=(len(examples), BUCKETS))
    columns = np.array([columns_of(e.reading, e.hints, e.masked) for e in examples])
    return sparse.hstack([words, sparse.csr_matrix(columns)]).tocsr()


def declared(examples: Sequence[Example]) -> IntArray:
    return np.array([example.declared for example in examples], dtype=np.int64)


def model(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=1_000)


def folds(examples: Sequence[Example]) -> list[tuple[IntArray, IntArray]]:
    """Training and test places of FOLDS folds: no creator and no campaign's post in both.

    A declared post is left out of training where it shares a hashtag or mention with a declared post of the test part,
    unless that is one of those which everybody uses.
    """
    groups = [example.creator for example in examples]
    frequent = Counter(key for example in examples for key in example.campaign)
    out = []
    for train, test in GroupKFold(FOLDS).split(groups, groups=groups):
        frequent_campaigns = {
            key for i in test if examples[i].declared for key in examples[i].campaign if frequent[key] <= CAMPAIGN
        }
        allowed = [i for i in train if not (examples[i].declared and examples[i].campaign & frequent_campaigns)]
        out.append((np.array(allowed), test))
    return out


def out_of_fold(X: sparse.csr_matrix, y: IntArray, examples: Sequence[Example], strength: float) -> FloatArray:
    """Linear predictors of posts by models that saw neither their creator nor their campaign, (n,)."""
    log_odds = np.zeros(len(y))
    for train, test in folds(examples):
        log_odds[test] = model(strength).fit(X[train], y[train]).decision_function(X[test])
    return log_odds


def candidates(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Posts that may be called likely with their label masked: no other hint, most others of its campaign declared.

    As bonafit.commercial.posts.with_likely asks: a payer and a hashtag in common, which half of the creator's posts
    have at most.
    """
    is_candidate = np.zeros(len(examples), dtype=bool)
    of_creator: dict[str, list[int]] = {}
    for i, example in enumerate(examples):
        of_creator.setdefault(example.creator, []).append(i)
    for places in of_creator.values():
        often = Counter(tag for i in places for tag in examples[i].tags)
        for i in places:
            tags = {tag for tag in examples[i].tags if 2 * often[tag] <= len(places)}
            payers = set(examples[i].payers)
            similar = [j for j in places if j != i and tags & examples[j].tags and payers & set(examples[j].payers)]
            declared = sum(examples[j].declared for j in similar)
            is_candidate[i] = not examples[i].strong and 2 * declared > len(similar)
    return is_candidate


def threshold_for(log_odds: FloatArray, y: IntArray, is_candidate: npt.NDArray[np.bool_]) -> tuple[float, float, int]:
    """The lowest predictor from which at least PRECISION of the posts asked about declare themselves.

    Where none is precise enough, the most precise one. Returns it, its precision, and how many posts are above.
    """
    order = np.flatnonzero(is_candidate)[np.argsort(-log_odds[is_candidate], kind="stable")]
    precision = np.cumsum(y[order]) / np.arange(1, len(order) + 1)
    usable = np.flatnonzero(np.arange(1, len(order) + 1) >= LEAST)
    enough = usable[precision[usable] >= PRECISION]
    last = int(enough[-1]) if len(enough) else int(usable[np.argmax(precision[usable])])
    return float(log_odds[order[last]]), float(precision[last]), last + 1


def fit_table(examples: Sequence[Example]) -> tuple[dict[str, npt.NDArray[np.generic]], dict[float, float]]:
    """The table's arrays, and the AUC out of fold by strength."""
    X, y = design(examples), declared(examples)
    by_strength = {strength: out_of_fold(X, y, examples, strength) for strength in STRENGTHS}
    aucs = {strength: float(roc_auc_score(y, log_odds)) for strength, log_odds in by_strength.items()}
    best = max(aucs, key=lambda strength: aucs[strength])
    threshold, precision, n = threshold_for(by_strength[best], y, candidates(examples))
    fitted = model(best).fit(X, y)
    weights = fitted.coef_[0]
    words = weights[:BUCKETS] * WORDS
    scale = float(np.abs(words).max()) / 127
    arrays = {
        "words": np.rint(words / scale).astype(np.int8),
        "scale": np.array(scale),
        "columns": weights[BUCKETS:].astype(np.float32),
        "bias": np.array(float(fitted.intercept_[0])),
        "threshold": np.array(threshold),
        "precision": np.array(precision),
        "n_precision": np.array(n),
    }
    if len(arrays["columns"]) != len(COLUMNS):
        raise ValueError(f"{len(arrays['columns'])} columns, expected {len(COLUMNS)}")
    return arrays, aucs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--out", type=Path, required=True, help="the table's file")
    arguments = parser.parse_args()
    examples = read_examples(arguments.data, INSTAGRAM)
    arrays, aucs = fit_table(examples)
    np.savez_compressed(arguments.out, **arrays)  # type: ignore[arg-type]
    print(f"{len(examples):,} captions, {int(declared(examples).sum()):,} declared")
    print("AUC out of fold by strength: " + ", ".join(f"{s:g}: {auc:.4f}" for s, auc in aucs.items()))
    at, share, n = (float(arrays[name]) for name in ("threshold", "precision", "n_precision"))
    print(f"likely from {at:.2f}: {share:.3f} of {n:.0f}")
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
