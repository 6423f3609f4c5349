"""Fit the safety head for a bundle."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.metrics import roc_auc_score

from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.floors import Captions
from bonafit.heads.safety.head import SafetyHead
from bonafit.heads.safety.words import WordColumns
from bonafit.tables.arrays import FloatArray
from bonafit.tables.logistic import sigmoid
from bonafit_training.contracts import OURS, Cases, Context, HeadArtifact, HeldOut, Row
from bonafit_training.data.niche_fit import INSTAGRAM
from bonafit_training.data.safety import OBSCENE, TRAINING, read_obscene_words
from bonafit_training.encoders.behind import encoder_languages
from bonafit_training.heads.safety.card import card
from bonafit_training.heads.safety.examples import INVENTED, NEWS_SET, UNKNOWN, Examples, moments, read_examples
from bonafit_training.heads.safety.model import fit_model
from bonafit_training.heads.safety.texts import languages, word_columns

DATASETS = (*TRAINING, OBSCENE, INSTAGRAM, NEWS_SET)


def fit(context: Context) -> HeadArtifact:
    """The head, its figures out of fold and its card."""
    words = word_columns(read_obscene_words(context.data))
    examples = read_examples(context.data, context.encoder, words, seed=context.seed)
    model, out_of_fold = fit_model(examples, words, seed=context.seed)
    at_large = np.array([source == INSTAGRAM for source in examples.source])
    mean, spread = moments(examples.vectors[at_large])
    own = encoder_languages(context.encoder)
    head = SafetyHead(model=model, captions=Captions(mean, spread), own=own, measured=languages())
    section, tables = head.to_bundle()
    rows = list(_rows(examples, out_of_fold, words))
    invented = np.array([source == INVENTED for source in examples.source])
    known = (examples.promotes != UNKNOWN) & invented[:, None]
    y = examples.promotes[known].astype(np.int64)
    held_out = HeldOut("safety, invented posts held out: promotes", y, sigmoid(out_of_fold[known]))
    return HeadArtifact("safety", section, tables, rows, card(rows), DATASETS, held_out=(held_out,))


def _rows(examples: Examples, out_of_fold: FloatArray, words: WordColumns) -> Iterator[Row]:
    """Per category, of invented posts held out: AUC beside that of its words alone, posts found, false alarms."""
    invented = np.array([source == INVENTED for source in examples.source])
    named = words.matrix(examples.texts)
    for j, name in enumerate(NAMES):
        known = invented & (examples.promotes[:, j] != UNKNOWN)
        y, says = examples.promotes[known, j] == 1, out_of_fold[known, j] > 0
        figures = (
            (OURS, "auc", roc_auc_score(y, out_of_fold[known, j])),
            ("words", "auc", roc_auc_score(y, named[known, j])),
            (OURS, "recall", says[y].mean()),
            (OURS, "false_alarms", says[~y].mean()),
        )
        for method, metric, value in figures:
            yield Cases("safety", INVENTED, "posts_and_frames_out", name).row(metric, value, int(known.sum()), method)
