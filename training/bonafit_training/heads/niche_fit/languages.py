"""The same sentences in several languages: what levels are taken from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.levels import Levels
from bonafit.tables.arrays import Vectors
from bonafit.text.clean import clean
from bonafit.text.language import tagged
from bonafit_training.encoders.behind import encoder_languages

# Sentences of sib200's training part a language, and how far a language's level is drawn to the mean of all: one set of
# sentences tells little of what a language has of its own (Portuguese captions lie elsewhere than Portuguese news).
# On invented captions in eight languages off the niche of a native line, .2 were above .6 at either .25 or .5.
SIB_SENTENCES, SHRINK = 200, 0.5
ENGLISH = "en"


def encoded(texts: list[str], language: str, encoder: Encoder) -> Vectors:
    """Vectors of texts that are known to be in a language."""
    return encoder.encode([tagged(clean(text), language) for text in texts])


def fit_levels(encoder: Encoder, data: Path) -> Levels | None:
    """What each language's texts have in common, from sentences of sib200; None for an encoder without languages.

    Invented sentences beside them, over twelve topics, took less off captions they were not made of.
    """
    own = encoder_languages(encoder)
    if ENGLISH not in own:
        return None
    rows = [row for row in pq.read_table(data / "topics" / "sib200.parquet").to_pylist() if row["split"] == "train"]
    numbers = sorted({row["sentence"] for row in rows})[:SIB_SENTENCES]
    texts: dict[str, dict[int, str]] = {}
    for row in rows:
        texts.setdefault(row["lang"], {})[row["sentence"]] = row["text"]
    means = {
        code: encoded([of[i] for i in numbers], code, encoder).mean(axis=0, dtype=np.float64)
        for code, of in texts.items()
    }
    languages = tuple(code for code in means if code not in own)
    apart = np.array([means[code] - means[ENGLISH] for code in languages])
    common = apart.mean(axis=0)
    shifts = np.vstack([(1 - SHRINK) * apart + SHRINK * common, common])
    return Levels(languages, own, shifts.astype(np.float32))
