"""Readers of the public safety sets: texts with what is known of them, by category of bonafit.heads.safety.

What a set does not judge is absent from a text's labels: a tweet marked offensive may or may not be hateful. Sets whose
licence forbids commercial use, and those made to test, are measures (`MEASURES`) and train nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bonafit_training.data.niche_fit import read_rows

# Texts read of one set, drawn over its classes alike: encoding is nearly all of the time that training takes.
MOST_TEXTS = 1_200
# Lists of obscene words in many languages.
OBSCENE = "profanity_words"
# Classes of the Portuguese tweets that are hate where two of three people say so.
_TOLD_HATE = ("homophobia", "racism", "misogyny", "xenophobia")
_AGREED = 2
# Topics of the Russian set by category; the others (religion, suicide, shaming ...) are in none.
RUSSIAN_TOPICS = {
    "drugs": ("drugs",),
    "gambling": ("gambling",),
    "adult": ("pornography", "prostitution"),
    "terrorism": ("terrorism",),
    "arms": ("weapons",),
    "politics": ("politics",),
    "crime": ("offline_crime", "online_crime"),
}


@dataclass(frozen=True)
class LabelledText:
    """A text of a public set. labels : by category, whether it is of it; categories not judged are absent.

    kind : the set's own class, by which texts are drawn and results are sliced.
    """

    dataset: str
    language: str
    text: str
    labels: Mapping[str, bool]
    kind: str


Reader = Callable[[Sequence[Mapping[str, Any]]], Iterator[tuple[str, str, dict[str, bool], str]]]


def _davidson(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    labels = {
        "hate": {"hate": True},
        "offensive": {"hate": False, "profanity": True},
        "neither": {"hate": False, "profanity": False},
    }
    for row in rows:
        yield "en", row["text"], labels[row["label"]], row["label"]


def _surge(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        yield "en", row["text"], {"profanity": bool(row["toxic"])}, f"toxic {row['toxic']}"


def _germeval(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    labels = {
        "abuse": {"hate": True},
        "insult": {"profanity": True},
        "profanity": {"hate": False, "profanity": True},
        "other": {"hate": False, "profanity": False},
    }
    for row in rows:
        yield "de", row["text"], labels[row["kind"]], row["kind"]


def _told(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        if not row["toxic"]:
            yield "pt", row["text"], {"hate": False, "profanity": False}, "none"
        elif any(row[kind] >= _AGREED for kind in _TOLD_HATE):
            yield "pt", row["text"], {"hate": True}, "hate"
        elif row["obscene"] >= _AGREED or row["insult"] >= _AGREED:
            yield "pt", row["text"], {"profanity": True}, "offensive"


def _korean(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    labels = {"hate": {"hate": True}, "offensive": {"profanity": True}, "none": {"hate": False, "profanity": False}}
    for row in rows:
        yield "ko", row["text"], labels[row["label"]], row["label"]


def _mlma(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        if row["lang"] == "en":  # its English labels are noise (.57 by its own words)
            continue
        if not row["toxic"]:
            yield row["lang"], row["text"], {"hate": False}, f"{row['lang']} normal"
        elif "hateful" in row["kind"]:
            yield row["lang"], row["text"], {"hate": True}, f"{row['lang']} hateful"


def _judol(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        yield "id", row["text"], {"gambling": bool(row["gambling"])}, f"gambling {row['gambling']}"


def _janitr(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        labels = {
            "crypto": bool(row["crypto"]),
            "scams": bool(row["fraud"]),
            "politics": bool(row["politics"]),
            "gambling": bool(row["gambling"]),
        }
        yield "en", row["text"], labels, "+".join(name for name, is_so in labels.items() if is_so) or "none"


# By name in bonafit_training.data.catalogue.
TRAINING: dict[str, Reader] = {
    "davidson_2017": _davidson,
    "surge_toxicity_2022": _surge,
    "germeval_2018": _germeval,
    "told_br_2020": _told,
    "korean_beep_2020": _korean,
    "mlma_2019": _mlma,
    "judol_2026_comments": _judol,
    "janitr_2026_posts": _janitr,
}


def _hatecheck(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        hateful = bool(row["hateful"])
        yield row["lang"], row["text"], {"hate": hateful}, f"{row['lang']} {'hateful' if hateful else 'not hateful'}"


def _binary(language: str, category: str, column: str) -> Reader:
    def read(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
        for row in rows:
            if row.get(column) is not None and not row.get("in_train"):
                yield language, row["text"], {category: bool(row[column])}, f"{column} {row[column]}"

    return read


def _openai(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        columns = {"adult": "sexual", "hate": "hate", "injury": "violence"}
        labels = {name: bool(row[column]) for name, column in columns.items() if row[column] is not None}
        yield "en", row["text"], labels, "+".join(name for name, is_so in labels.items() if is_so) or "none"


def _russian(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, dict[str, bool], str]]:
    for row in rows:
        labels = {name: any(row[column] for column in columns) for name, columns in RUSSIAN_TOPICS.items()}
        yield "ru", row["text"], labels, "+".join(name for name, is_so in labels.items() if is_so) or "none"


MEASURES: dict[str, Reader] = {
    "hatecheck": _hatecheck,
    "tweeteval_hate_2019": _binary("en", "hate", "label"),
    "tweeteval_offensive_2019": _binary("en", "profanity", "label"),
    "hatebr_2022": _binary("pt", "profanity", "offensive"),
    "indonesian_hate_2019": _binary("id", "hate", "hs"),
    "openai_moderation_2022": _openai,
    "sensitive_topics_ru": _russian,
}


def read_safety(data: Path, name: str, *, seed: int, most: int = MOST_TEXTS) -> list[LabelledText]:
    """At most `most` distinct texts of one set of TRAINING or MEASURES, of its classes as many each as there are.

    Raises KeyError for another name and InputError where the set is not there.
    """
    reader = {**TRAINING, **MEASURES}[name]
    classes: dict[str, dict[str, LabelledText]] = {}
    for language, text, labels, kind in reader(read_rows(data / "safety" / f"{name}.parquet")):
        if text and text.strip():
            classes.setdefault(kind, {}).setdefault(text, LabelledText(name, language, text, labels, kind))
    rng = random.Random(f"{seed} {name}")
    drawn: list[LabelledText] = []
    # the smallest class first: what it leaves goes to the others
    for done, kind in enumerate(sorted(classes, key=lambda kind: (len(classes[kind]), kind))):
        texts = list(classes[kind].values())
        drawn += rng.sample(texts, min(len(texts), (most - len(drawn)) // (len(classes) - done)))
    return drawn


def read_obscene_words(data: Path) -> list[str]:
    """Single words of the public lists of obscene words, sorted. Raises InputError where they are not there."""
    rows = read_rows(data / "safety" / f"{OBSCENE}.parquet")
    return sorted({row["word"].lower() for row in rows if row["word"] and " " not in row["word"]})
