"""Fit what tells posts against a niche: invented sentences against invented and real ones that are not."""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.contempt import Contempt
from bonafit.heads.niche_fit.levels import Levels
from bonafit.heads.niche_fit.stance import ADVERSE_SHARE, Opinion, Stance
from bonafit.prepared import Prepared
from bonafit.tables.arrays import BoolArray, FloatArray, IntArray, Vectors
from bonafit.text.clean import clean
from bonafit.text.units import Unit, for_encoder
from bonafit_training.contracts import OURS, Row
from bonafit_training.data.sentences import read_languages, sentences
from bonafit_training.heads.niche_fit.languages import ENGLISH

ADVERSE = ("against", "mock", "run_down")
# Inverse strength of the ridge: of .3, 1 and 3 the one whose summed evidence tells creators of 40 invented posts, 12 of
# them adverse, best from honest ones at the threshold; for a single post .3 is better by .017 of AUC.
C = 3.0
FOLDS = 5
# Captions of real creators that stand for posts which are not adverse, and creators' share that may be told by mistake.
REAL_CAPTIONS = 4_000
FALSE_ALARMS = 0.01
LEAST_POSTS = 10
# Least evidence for telling a creator: one in a hundred runs down what they post about, and that has to be outweighed.
# At the quantile of English captions alone honest creators in other languages were told, 12 of 136 invented ones.
LEAST_EVIDENCE = math.log(99)


@dataclass(frozen=True)
class Sentences:
    """Levelled vectors, and words : (n,) bool, whether a text has a word of contempt.

    adverse : (n,) bool. niche, template : (n,) numbers, to hold out both; what says the same in several languages
    shares them.
    """

    vectors: Vectors
    words: BoolArray
    adverse: BoolArray
    niche: IntArray
    template: IntArray


def read_texts() -> dict[str, Any]:
    """The invented sentences of this package."""
    raw = files("bonafit_training.heads.niche_fit").joinpath("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


def contempt() -> Contempt:
    """The words of contempt of this package."""
    return Contempt({code: texts["words"] for code, texts in read_languages().items()})


def invented(encoder: Encoder, levels: Levels | None, *, seed: int) -> Sentences:
    """Every template in every niche, with a brand drawn for each, and the sentences of other languages."""
    rows = list(_rows(read_texts(), random.Random(seed)))
    units = tuple(Unit("caption", clean(raw), raw, language=code) for *_, code, raw in rows)
    vectors = encoder.encode([for_encoder(unit) for unit in units])
    return Sentences(
        vectors if levels is None else levels.vectors(units, vectors),
        contempt().of(units),
        np.array([adverse for _, _, adverse, _, _ in rows]),
        np.array([niche for niche, *_ in rows]),
        np.array([template for _, template, *_ in rows]),
    )


def _rows(texts: dict[str, Any], rng: random.Random) -> Iterator[tuple[int, int, bool, str, str]]:
    """Niche, template, whether it is adverse, language and text of each sentence."""
    niches = len(texts["niches"])
    for niche, own in enumerate(texts["niches"]):
        frames = ((kind, frame) for kind, some in texts["stance"].items() for frame in some)
        for template, (kind, frame) in enumerate(frames):
            sentence = frame.format(**own, brand=rng.choice(texts["brands"]))
            yield niche, template, kind in ADVERSE, ENGLISH, sentence[0].upper() + sentence[1:]
    # other languages, each a niche of its own when niches are held out
    for niche, (code, some) in enumerate(texts["other"].items(), start=niches):
        for adverse in (True, False):
            said_so = some["adverse" if adverse else "fair"]
            yield from ((niche, template, adverse, code, text) for template, text in enumerate(said_so))
    # the same in every language
    for code in read_languages():
        yield from (
            (sentence.topic, sentence.frame, sentence.is_against, code, sentence.text) for sentence in sentences(code)
        )


def fit_stance(
    sentences: Sentences, real: Sequence[Prepared], levels: Levels | None, *, seed: int
) -> tuple[Stance, list[Row]]:
    """The stance and its figures: AUC on niches and templates held out, by creator and by post.

    real : creators whose posts stand for the not adverse; every second one trains, the others set the threshold.
    """
    X = _inputs(sentences.vectors, sentences.words)
    creators = [_posts(creator if levels is None else levels.level(creator)) for creator in real]
    creators = [(units, vectors) for units, vectors in creators if len(units) >= LEAST_POSTS]
    rng = np.random.default_rng(seed)
    words = contempt()
    inputs = [_inputs(vectors, words.of(units)) for units, vectors in creators]
    every = np.concatenate(inputs[::2])
    captions = every[np.sort(rng.choice(len(every), min(REAL_CAPTIONS, len(every)), replace=False))]
    out_of_fold = np.zeros(len(sentences.adverse))
    for i in range(FOLDS):
        for j in range(FOLDS):
            test = (sentences.niche % FOLDS == i) & (sentences.template % FOLDS == j)
            train = (sentences.niche % FOLDS != i) & (sentences.template % FOLDS != j)
            weights, bias = _linear(X[train], sentences.adverse[train], captions)
            out_of_fold[test] = X[test] @ weights + bias
    weights, bias = _linear(X, sentences.adverse, captions)
    stance = Stance(weights[:-1], bias, -math.inf, float(weights[-1]), words)
    evidence = [_evidence(stance, units, vectors) for units, vectors in creators[1::2]]
    quantile = float(np.quantile(evidence, 1 - FALSE_ALARMS)) if evidence else 0.0
    stance = replace(stance, threshold=max(quantile, LEAST_EVIDENCE))
    outside = np.concatenate(inputs[1::2]) @ weights + bias if len(inputs) > 1 else np.zeros(0)
    adverse = out_of_fold[sentences.adverse]
    figures = {
        "invented": (sentences.adverse, out_of_fold),
        "real_captions": (np.repeat([True, False], [len(adverse), len(outside)]), np.concatenate([adverse, outside])),
    }
    rows = [
        Row(
            suite="niche_fit", dataset="stance", split="niches_and_templates_out", slice=name, method=OURS,
            metric="auc", value=float(roc_auc_score(y, scores)), n=len(y),
        )
        for name, (y, scores) in figures.items()
        if len(np.unique(y)) == 2
    ]  # fmt: skip
    return stance, rows


def fit_about(encoder: Encoder) -> tuple[FloatArray, Row]:
    """What tells a brief's sentences on what is wanted from those beside it, (width + 1,), and its held-out AUC."""
    texts = read_texts()
    about = [frame.format(**niche, brand="The brand") for niche in texts["niches"] for frame in texts["brief"]["about"]]
    beside = [frame.format(brand="The brand") for frame in texts["brief"]["beside"]]
    X = encoder.encode([clean(text) for text in (*about, *beside)]).astype(np.float64)
    y = np.repeat([True, False], [len(about), len(beside)])
    frames = len(texts["brief"]["about"])
    fold = np.concatenate([np.arange(len(about)) % frames, np.arange(len(beside))]) % FOLDS
    weight = np.where(y, 0.5 / y.sum(), 0.5 / (~y).sum()) * len(y)

    def fitted(rows: npt.NDArray[np.bool_]) -> LogisticRegression:
        return LogisticRegression(C=C, max_iter=3_000).fit(X[rows], y[rows], sample_weight=weight[rows])

    out_of_fold = np.zeros(len(y))
    for i in range(FOLDS):
        out_of_fold[fold == i] = fitted(fold != i).decision_function(X[fold == i])
    model = fitted(np.ones(len(y), dtype=bool))
    row = Row(
        suite="niche_fit", dataset="brief_sentences", split="templates_out", slice="invented", method=OURS,
        metric="auc", value=float(roc_auc_score(y, out_of_fold)), n=len(y),
    )  # fmt: skip
    return np.concatenate([model.coef_[0], model.intercept_]), row


def _posts(creator: Prepared) -> tuple[list[Unit], Vectors]:
    rows = [row for row, unit in enumerate(creator.units) if unit.kind != "bio"]
    return [creator.units[row] for row in rows], creator.vectors[rows]


def _inputs(vectors: Vectors, words: BoolArray) -> FloatArray:
    """(n, width + 1): vectors and whether there is a word of contempt."""
    return np.column_stack([vectors, words]).astype(np.float64)


def _linear(X: FloatArray, adverse: BoolArray, captions: FloatArray) -> tuple[FloatArray, float]:
    """Weights and bias at even prior: adverse sentences count as much as others, invented and real ones half each."""
    y = np.concatenate([adverse, np.zeros(len(captions), dtype=bool)])
    invented_other = np.append(~adverse, np.zeros(len(captions), dtype=bool))
    weight = np.where(y, 1 / y.sum(), 0.5 / max(len(captions), 1))
    weight[invented_other] = 0.5 / invented_other.sum()
    model = LogisticRegression(C=C, max_iter=3_000)
    model.fit(np.concatenate([X, captions]), y, sample_weight=weight * len(y) / weight.sum())
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


def _evidence(stance: Stance, units: Sequence[Unit], vectors: Vectors) -> float:
    opinion: Opinion = stance.opinion(stance.log_odds(units, vectors))
    # log(1 - share + share x odds), from the posterior of each post
    return math.fsum(np.log((1 - ADVERSE_SHARE) / (1 - opinion.adverse)).tolist())
