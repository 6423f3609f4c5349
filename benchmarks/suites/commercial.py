"""Commercial rows of `make benchmark`: posts told by wording alone, labels found, planted histories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from benchmarks.measures.partnerships import look, planted
from benchmarks.registry import Suite
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score

from bonafit import Post
from bonafit.commercial.brands import brand_of
from bonafit.commercial.labels import find_labels
from bonafit.commercial.names import find_brand
from bonafit.commercial.reading import read_post
from bonafit.tables.arrays import FloatArray
from bonafit_training.commercial.examples import INSTAGRAM, TIKTOK, Example, read_examples
from bonafit_training.commercial.fit import candidates, declared, design, folds, model, threshold_for
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import read_rows

MATHUR = "mathur_2018"
STRENGTH = 0.3
COMMON_WORDS = 1_000


def _row(dataset: str, split: str, method: str, metric: str, value: float, n: int, *, of: str = "all") -> Row:
    return Cases("commercial", dataset, split, of).row(metric, value, n, method)


def _masked(example: Example) -> str:
    """A caption as the baselines read it: without labels, every handle the same."""
    text = example.reading.folded
    for at, end in example.masked:
        text = text[:at] + " " * (end - at) + text[end:]
    for piece in example.reading.mentions:
        text = text.replace(f"@{piece.text}", "@handle")
    return text


def _by_fold(examples: Sequence[Example], y: npt.NDArray[np.int64]) -> dict[str, FloatArray]:
    """Scores of each method by models that saw neither the post's creator nor its campaign."""
    X, texts = design(examples), [_masked(example) for example in examples]
    scores = {name: np.zeros(len(y)) for name in (OURS, "tfidf_words", "tfidf_characters", "word_list")}
    for train, test in folds(examples):
        scores[OURS][test] = model(STRENGTH).fit(X[train], y[train]).decision_function(X[test])
        for name, vectorizer in (
            ("tfidf_words", TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)),
            (
                "tfidf_characters",
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, max_features=60_000),
            ),
        ):
            A = vectorizer.fit_transform([texts[i] for i in train])
            fitted = LogisticRegression(C=3, class_weight="balanced", max_iter=300).fit(A, y[train])
            scores[name][test] = fitted.decision_function(vectorizer.transform([texts[i] for i in test]))
    scores["word_list"] = np.array([float(len({hint.kind for hint in example.hints})) for example in examples])
    return scores


def _called_likely(examples: Sequence[Example], y: npt.NDArray[np.int64], scores: FloatArray) -> npt.NDArray[np.bool_]:
    """(n,) which posts are called likely, their labels masked; thresholds of the other folds."""
    is_candidate = candidates(examples)
    called = np.zeros(len(y), dtype=bool)
    for _, test in folds(examples):
        in_training = is_candidate.copy()
        in_training[test] = False
        threshold, _, _ = threshold_for(scores, y, in_training)
        called[test] = is_candidate[test] & (scores[test] >= threshold)
    return called


def instagram(context: Context) -> Iterator[Row]:
    """Declared posts told from the others by wording, labels masked; creators and campaigns held out."""
    examples = read_examples(context.data, INSTAGRAM)
    y = declared(examples)
    for method, scores in _by_fold(examples, y).items():
        yield _row(INSTAGRAM, "brands_held_out", method, "auc", roc_auc_score(y, scores), len(y))
        yield _row(
            INSTAGRAM, "brands_held_out", method, "average_precision", average_precision_score(y, scores), len(y)
        )
        if method == OURS:
            likely = _called_likely(examples, y, scores)
            precision, recall = y[likely].mean(), y[likely].sum() / y.sum()
            yield _row(INSTAGRAM, "brands_held_out", OURS, "precision", precision, int(likely.sum()), of="likely")
            yield _row(INSTAGRAM, "brands_held_out", OURS, "recall", recall, int(y.sum()), of="likely")


def tiktok(context: Context) -> Iterator[Row]:
    """The same on another platform, which the published table has not seen."""
    examples = read_examples(context.data, TIKTOK)
    y = declared(examples)
    train = read_examples(context.data, INSTAGRAM)
    scores = model(STRENGTH).fit(design(train), declared(train)).decision_function(design(examples))
    yield _row(TIKTOK, f"transfer:{INSTAGRAM}>{TIKTOK}", OURS, "auc", roc_auc_score(y, scores), len(y))


def mathur(context: Context) -> Iterator[Row]:
    """Sentences that disclose an affiliate tie: the label finder, which learned nothing, beside TF-IDF by fold."""
    rows = read_rows(context.data / "commercial" / f"{MATHUR}.parquet")
    for site in ("youtube", "pinterest"):
        own = [row for row in rows if row["site"] == site]
        y = np.array([int(bool(row["disclosure"])) for row in own])
        fold = np.array([row["fold"] for row in own])
        is_declared = np.array([int(bool(find_labels(read_post(Post(caption=row["text"] or ""))))) for row in own])
        for metric, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
            yield _row(MATHUR, "by_fold", OURS, metric, float(score(y, is_declared)), len(y), of=site)
        scores = np.zeros(len(y))
        texts = np.array([row["text"] or "" for row in own], dtype=object)
        for k in np.unique(fold):
            vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2, max_features=60_000)
            A = vectorizer.fit_transform(texts[fold != k])
            fitted = LogisticRegression(C=10, max_iter=300).fit(A, y[fold != k])
            scores[fold == k] = fitted.predict(vectorizer.transform(texts[fold == k]))
        yield _row(MATHUR, "by_fold", "tfidf_characters", "f1", float(f1_score(y, scores)), len(y), of=site)


def histories(context: Context) -> Iterator[Row]:
    """Planted histories: dated competitor mentions found, invented; ad loads; who paid; names nobody planted."""
    cases = planted(context.seed)
    named = hit = loads = paid = right = 0
    errors, false = [], 0
    for case in cases:
        report = look(case, (case.brand, "Quillon", "Harbour"))
        rival = {naming.post for naming in report.competitors[0].named}
        named += len(case.named)
        hit += len(case.named & rival)
        false += len(rival - case.named) + sum(len(other.named) for other in report.competitors[1:])
        errors.append(abs((report.ad_load or 0.0) - len(case.ads) / len(case.creator.posts)))
        loads += 1
        of_brand = {
            post for partner in report.partners if partner.brand == case.brand.lower() for post in partner.posts
        }
        paid += len(case.named & case.ads)
        right += len(case.named & case.ads & of_brand)
    name = "planted_histories"
    yield _row(name, "18_languages", OURS, "competitor_recall", hit / named, named)
    yield _row(name, "18_languages", OURS, "competitor_false", float(false), len(cases))
    yield _row(name, "18_languages", OURS, "ad_load_mae", float(np.mean(errors)), loads)
    yield _row(name, "18_languages", OURS, "ad_load_worst", float(np.max(errors)), loads)
    yield _row(name, "18_languages", OURS, "payer_recall", right / paid, paid)


def words(context: Context) -> Iterator[Row]:
    """Competitors that are common words, looked for in texts that are made of common words."""
    listed = files("bonafit.text").joinpath("words.txt").read_text(encoding="utf-8").split()
    common = [word for word in listed if len(word) > 2][:COMMON_WORDS]
    texts = [
        read_post(Post(caption=f"{' '.join(common[i : i + 50])}. #{common[i]}")) for i in range(0, len(common), 50)
    ]
    hits = sum(bool(find_brand(brand_of(word.title()), text)) for word in common for text in texts)
    yield _row("common_words", "as_competitors", OURS, "false_hits", float(hits), len(common))


SUITES: dict[str, Suite] = {
    f"commercial/{INSTAGRAM}/brands_held_out": instagram,
    f"commercial/{TIKTOK}/transfer": tiktok,
    f"commercial/{MATHUR}/by_fold": mathur,
    "commercial/planted_histories/18_languages": histories,
    "commercial/common_words/as_competitors": words,
}
