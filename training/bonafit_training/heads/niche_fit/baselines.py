"""Dull rankings beside ours: random, popularity, TF-IDF, BM25, plain cosine.

Each takes prepared pairs and gives (n_briefs, n_creators) scores for the briefs named, reading the same units as ours:
without the posts that made a pair, without texts that name the brand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import bm25s
import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.tables.arrays import FloatArray
from bonafit.text.words import words_of
from bonafit_training.heads.niche_fit.examples import PreparedPairs

# Usual values of Robertson & Zaragoza, 2009.
BM25_K, BM25_B = 1.2, 0.75


def _used(pairs: PreparedPairs, reference: Reference, b: int) -> list[npt.NDArray[np.bool_]]:
    view = BriefView(pairs.briefs[b], reference)
    used = []
    for c, creator in enumerate(pairs.creators):
        keep = pairs.keep(b, c)
        named = view.find(creator.units)[1]
        used.append(~named if keep is None else keep & ~named)
    return used


def _documents(pairs: PreparedPairs, used: Sequence[npt.NDArray[np.bool_]]) -> list[str]:
    return [
        " ".join(unit.text for unit, ok in zip(creator.units, mask, strict=True) if ok).lower()
        for creator, mask in zip(pairs.creators, used, strict=True)
    ]


def baseline_scores(
    pairs: PreparedPairs, reference: Reference, briefs: Sequence[int], *, seed: int
) -> Iterator[tuple[str, FloatArray]]:
    """Name and scores of each baseline."""
    shape = (len(briefs), len(pairs.creators))
    yield "random", np.random.default_rng(seed).random(shape)
    followers = [float(creator.creator.followers or 0) for creator in pairs.creators]
    if any(followers):
        yield "popularity", np.tile(followers, (len(briefs), 1))
    full = _documents(pairs, [np.ones(len(creator.units), dtype=bool) for creator in pairs.creators])
    tfidf = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit(full)
    scores = {name: np.zeros(shape) for name in ("tfidf", "bm25", "cosine", "cosine_bio")}
    has_posts = any(unit.kind != "bio" for creator in pairs.creators for unit in creator.units)
    for row, b in enumerate(briefs):
        used = _used(pairs, reference, b)
        documents = _documents(pairs, used)
        view = BriefView(pairs.briefs[b], reference)
        query = " ".join(view.facets[j].text for j in view.wanted).lower()
        scores["tfidf"][row] = (tfidf.transform(documents) @ tfidf.transform([query]).T).toarray()[:, 0]
        scores["bm25"][row] = bm25(documents, query)
        for c, (creator, mask) in enumerate(zip(pairs.creators, used, strict=True)):
            is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
            cosines = creator.vectors.astype(np.float64) @ view.query
            for name, mask_of_method in (("cosine", mask & ~is_bio), ("cosine_bio", mask & is_bio)):
                scores[name][row, c] = cosines[mask_of_method].mean() if mask_of_method.any() else 0.0
    for name, values in scores.items():
        if has_posts or name != "cosine":
            yield name, values


def bm25(documents: Sequence[str], query: str) -> FloatArray:
    """BM25 of each document for the query's different words, (n,); 0 where they share none."""
    scores = np.zeros(len(documents))
    words = [list(words_of(document)) for document in documents]
    filled = [i for i, document in enumerate(words) if document]
    query_words = list(dict.fromkeys(words_of(query)))
    # bm25s takes neither empty documents nor an empty query
    if filled and query_words:
        index = bm25s.BM25(k1=BM25_K, b=BM25_B, method="lucene")
        index.index([words[i] for i in filled], show_progress=False)
        scores[filled] = index.get_scores(query_words)
    return scores
