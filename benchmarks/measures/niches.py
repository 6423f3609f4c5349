"""Niche retrieval beyond brand pairs: which niche a bio is in, and which creators a company's description finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.pair import pair_features
from bonafit.prepared import Prepared
from bonafit.records import Brief, Creator
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit.text.clean import clean
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import SHARK_TANK, TIDES, YOUTUBE, read_shark_tank, read_tides_bios, read_youtube
from bonafit_training.heads.niche_fit.baselines import bm25
from bonafit_training.heads.niche_fit.examples import prepare, prepare_brief
from bonafit_training.metrics import ndcg_at

FOLDS = 5
# Rounds of self-training, share of a class's texts that count as sure in the first, and how many at least.
SPREAD_ROUNDS, FIRST_SHARE, LEAST_SURE = 5, 0.3, 5

# One line a niche, written before anything was measured with it.
DESCRIPTIONS = {
    "health": "Health, fitness, nutrition and wellness channel",
    "lifestyle": "Lifestyle vlogs, fashion, beauty, travel and daily life channel",
    "education": "Educational channel with lessons, science explanations and courses",
    "finance": "Personal finance, investing, stock market and money channel",
}
_CLOTHES = (
    "Women's Apparel",
    "Men and Women's Apparel",
    "Women's Accessories",
    "Undergarments and Basics",
    "Men's Accessories",
    "Men and Women's Shoes",
    "Women's Shoes",
    "Men and Women's Accessories",
    "Fashion Accessories",
)
_FITNESS = ("Fitness Programs", "Fitness Apparel and Accessories", "Fitness Equipment")
# Categories of companies and the niches of creators that are the same; categories without a counterpart are no query.
SAME_NICHE: dict[str, dict[str, tuple[str, ...]]] = {
    YOUTUBE: {
        "health": (*_FITNESS, "Health and Well-Being", "Homeopathic Remedies"),
        "education": ("Education",),
        "lifestyle": (*_CLOTHES, "Personal Care and Cosmetics", "Home Accessories"),
    },
    TIDES: {
        "Beauty": ("Personal Care and Cosmetics",),
        "Sports, Fitness & Outdoors": (*_FITNESS, "Outdoor Recreation", "Golf Products", "Cycling"),
        "Sports/Fitness": (*_FITNESS, "Outdoor Recreation", "Golf Products", "Cycling"),
        "Clothing & Accessories": _CLOTHES,
        "Food & Beverage": ("Specialty Food", "Alcoholic Beverages", "Non-Alcoholic Beverages"),
        "Food/Beverage": ("Specialty Food", "Alcoholic Beverages", "Non-Alcoholic Beverages"),
        "Education & Training": ("Education",),
        "Automotive & Transportation": ("Automotive",),
        "Pets": ("Pet Products",),
        "Home, Furniture & Appliances": ("Furniture", "Home Improvement", "Home Accessories"),
    },
}


def _text_features(train: Sequence[str], test: Sequence[str], *, letters: bool) -> tuple[Any, Any]:
    tools = [TfidfVectorizer(sublinear_tf=True, min_df=2, stop_words="english", ngram_range=(1, 2))]
    if letters:
        tools.append(TfidfVectorizer(sublinear_tf=True, min_df=2, analyzer="char_wb", ngram_range=(3, 5)))
    fitted = [(tool.fit_transform(train), tool.transform(test)) for tool in tools]
    return hstack([a for a, _ in fitted]).tocsr(), hstack([b for _, b in fitted]).tocsr()


def classify_bios(context: Context) -> Iterator[Row]:
    """Bio to niche on youtube_2025, five folds; and without any training, from one line a niche."""
    creators, niches = read_youtube(context.data)
    texts = [clean(creator.bio or "") for creator in creators]
    known = [i for i, text in enumerate(texts) if text]
    texts, y = [texts[i] for i in known], np.array([niches[i] for i in known])
    vectors = context.encoder.encode(texts).astype(np.float64)
    guesses = {name: np.empty(len(y), dtype=object) for name in (OURS, "tfidf", "encoder")}
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=context.seed).split(vectors, y):
        words = _text_features([texts[i] for i in train], [texts[i] for i in test], letters=False)
        letters = _text_features([texts[i] for i in train], [texts[i] for i in test], letters=True)
        both = tuple(
            hstack([csr_matrix(vectors[rows]), part]).tocsr() for rows, part in zip((train, test), letters, strict=True)
        )
        for name, C, (a, b) in (
            (OURS, 10.0, both),
            ("tfidf", 10.0, words),
            ("encoder", 3.0, (vectors[train], vectors[test])),
        ):
            model = LogisticRegression(C=C, class_weight="balanced", max_iter=2000).fit(a, y[train])
            guesses[name][test] = model.predict(b)
    for name, guess in guesses.items():
        yield from _class_rows(y, guess, split="cv5", method=name)
    names = list(DESCRIPTIONS)
    lines = context.encoder.encode([DESCRIPTIONS[name] for name in names]).astype(np.float64)
    near = vectors @ lines.T
    spread = np.array(names)[self_trained(vectors, near)]
    yield from _class_rows(y, spread, split="zero_shot", method=OURS)
    nearest = np.array(names)[np.argmax(near, axis=1)]
    yield from _class_rows(y, nearest, split="zero_shot", method="cosine")
    overlap = np.column_stack([bm25(texts, DESCRIPTIONS[name]) for name in names])
    yield from _class_rows(y, np.array(names)[np.argmax(overlap, axis=1)], split="zero_shot", method="bm25")


def self_trained(vectors: FloatArray, near: FloatArray) -> IntArray:
    """Class of each text, (n,), from its nearness to one line a class and from the other texts; no label is read.

    vectors : (n, width). near : (n, n_classes) similarities to the classes' lines.
    The surest texts of each class train a classifier, whose surest train the next, a tenth more each round (Yarowsky,
    ACL 1995).
    """
    guess: IntArray = np.argmax(near, axis=1)
    scores = near
    for k in range(SPREAD_ROUNDS):
        if len(np.unique(guess)) < 3:
            # Two classes have one score between them, and one class is all there is to say.
            break
        ranked = np.sort(scores, axis=1)
        margin = ranked[:, -1] - ranked[:, -2]
        share = FIRST_SHARE + 0.1 * k
        confident = []
        for niche in np.unique(guess):
            of_niche = np.flatnonzero(guess == niche)
            surest = of_niche[np.argsort(-margin[of_niche], kind="stable")]
            confident.append(surest[: max(LEAST_SURE, int(share * len(of_niche)))])
        rows = np.concatenate(confident)
        model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=1000).fit(vectors[rows], guess[rows])
        scores = np.full((len(vectors), near.shape[1]), -np.inf)
        scores[:, model.classes_] = model.decision_function(vectors)
        guess = np.argmax(scores, axis=1)
    return guess


def _class_rows(y: Any, guess: Any, *, split: str, method: str) -> Iterator[Row]:
    for metric, value in (
        ("macro_f1", f1_score(y, guess.astype(str), average="macro")),
        ("accuracy", accuracy_score(y, guess.astype(str))),
    ):
        yield Cases("niche_fit", YOUTUBE, split, "all").row(metric, value, len(y), method)


def company_queries(context: Context, head: NicheFitHead) -> Iterator[Row]:
    """shark_tank_brands as briefs over bios of two sets: nDCG at 10 of creators in the same niche."""
    youtube, niches = read_youtube(context.data)
    tides = [row for row in read_tides_bios(context.data) if row["commerceCategory"] not in ("none", "", None)]
    sets: dict[str, tuple[list[Creator], list[str]]] = {
        YOUTUBE: (youtube, niches),
        TIDES: (
            [Creator(creator_id=row["creator_id"], bio=row["bio"]) for row in tides],
            [row["commerceCategory"] for row in tides],
        ),
    }
    companies = read_shark_tank(context.data)
    for name, (creators, labels) in sets.items():
        prepared = prepare(creators, context.encoder)
        places = [i for i, creator in enumerate(prepared) if creator.units]
        scores = _company_scores(
            companies,
            [prepared[i] for i in places],
            [labels[i] for i in places],
            SAME_NICHE[name],
            head,
            context.encoder,
        )
        for method, values in scores.items():
            yield Cases("niche_fit", SHARK_TANK, f"queries:{name}", "all").row(
                "ndcg@10",
                float(np.mean(values)),
                len(values),
                method,
            )


def _company_scores(
    companies: Sequence[Mapping[str, str]],
    creators: Sequence[Prepared],
    labels: Sequence[str],
    same: Mapping[str, tuple[str, ...]],
    head: NicheFitHead,
    encoder: Encoder,
) -> dict[str, list[float]]:
    texts = [creator.units[0].text for creator in creators]
    tfidf = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit(texts)
    documents = tfidf.transform(texts)
    out: dict[str, list[float]] = {method: [] for method in (OURS, "tfidf", "bm25", "cosine")}
    for company in companies:
        niches = {niche for niche, categories in same.items() if company["category"] in categories}
        relevance = np.array([float(label in niches) for label in labels])
        if not niches or not relevance.any():
            continue
        brief = prepare_brief(Brief(brand=company["title"], description=company["description"]), encoder)
        view = head.view(brief)
        rows = np.array([pair_features(creator, view).row for creator in creators])
        query = tfidf.transform([brief.facets[0].text])
        cosines = np.array([float(creator.vectors[0].astype(np.float64) @ view.query) for creator in creators])
        for method, scores in (
            (OURS, head.model.predict(rows)),
            ("tfidf", (documents @ query.T).toarray()[:, 0]),
            ("bm25", bm25(texts, brief.facets[0].text)),
            ("cosine", cosines),
        ):
            out[method].append(ndcg_at(relevance, scores, 10))
    return out
