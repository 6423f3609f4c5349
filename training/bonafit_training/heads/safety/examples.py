"""What the safety head is trained on: invented posts, public sets that may train, captions and news at large."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bonafit.encoders.encoder import Encoder
from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.post_model import STANCES
from bonafit.heads.safety.words import WordColumns
from bonafit.tables.arrays import FloatArray, Vectors
from bonafit.text.clean import clean
from bonafit.text.language import guess_language, tagged
from bonafit_training.data.niche_fit import INSTAGRAM, read_instagram, read_rows
from bonafit_training.data.safety import TRAINING, LabelledText, read_safety
from bonafit_training.data.sentences import sentences
from bonafit_training.heads.safety.texts import Invented, invented, labels_of, languages

# Captions at large that train, and news sentences of each language; the other half of the creators is measured.
CAPTIONS, NEWS = 3_000, 40
NEWS_SET, INVENTED, EVERYDAY = "sib200", "invented", "everyday"
# Categories that public sets judge: what a text is of is what it does, a hateful text or a promoted casino.
PROMOTED = frozenset(("hate", "profanity", "gambling", "scams"))
UNKNOWN = -1


@dataclass(frozen=True)
class Examples:
    """Labelled texts. vectors : (n, width). about, promotes : (n, categories) of 1, 0 and UNKNOWN; stance : (n,) places
    of STANCES or UNKNOWN. group : (n,) texts that are held out together. language, source : (n,). near : (n,) the
    category that an invented text is about or sounds like, "" of all others.
    """

    texts: list[str]
    vectors: Vectors
    about: npt.NDArray[np.int8]
    promotes: npt.NDArray[np.int8]
    stance: npt.NDArray[np.int8]
    group: list[str]
    language: list[str]
    source: list[str]
    near: list[str]

    def __len__(self) -> int:
        return len(self.texts)

    def rows(self, mask: npt.NDArray[np.bool_]) -> Examples:
        """Those rows alone."""
        places = np.flatnonzero(mask).tolist()
        given = (self.texts, self.group, self.language, self.source, self.near)
        texts, group, language, source, near = ([values[i] for i in places] for values in given)
        return Examples(
            texts, self.vectors[mask], self.about[mask], self.promotes[mask], self.stance[mask],
            group, language, source, near,
        )  # fmt: skip


def encoded(encoder: Encoder, texts: Sequence[str], spoken: Sequence[str | None]) -> Vectors:
    """(n, width) vectors of cleaned texts, as of a creator who posts in these languages."""
    given = [
        text if language is None or guess_language(text) == language else tagged(text, language)
        for text, language in zip(texts, spoken, strict=True)
    ]
    distinct = list(dict.fromkeys(given))
    known = dict(zip(distinct, encoder.encode(distinct), strict=True))
    return np.stack([known[text] for text in given])


def training_captions(data: Path, *, seed: int) -> list[str]:
    """Captions of every second creator of the Instagram set, cleaned; the other creators are measured."""
    creators = sorted(read_instagram(data).creators, key=lambda creator: creator.creator_id)[::2]
    captions = list(dict.fromkeys(text for c in creators for post in c.posts if (text := clean(post.caption))))
    return random.Random(f"{seed} {INSTAGRAM}").sample(captions, min(CAPTIONS, len(captions)))


def news(data: Path, *, seed: int) -> list[tuple[str, str]]:
    """(language, sentence) at large of the languages with invented texts."""
    by_language: dict[str, list[str]] = {name: [] for name in languages()}
    for row in read_rows(data / "topics" / f"{NEWS_SET}.parquet"):
        if row["lang"] in by_language and row["topic"] != "politics":
            by_language[row["lang"]].append(clean(row["text"]))
    rng = random.Random(f"{seed} {NEWS_SET}")
    return [(name, text) for name, texts in by_language.items() for text in rng.sample(texts, min(NEWS, len(texts)))]


def everyday() -> list[tuple[str, str]]:
    """(language, sentence) about harmless subjects and brands, for and against, of the languages with invented texts.

    Captions at large are English: without these, whole creators on house plants, running and knitting who write Arabic,
    Japanese or Korean were taken to promote drugs.
    """
    return [(name, clean(sentence.text)) for name in languages() for sentence in sentences(name)]


def read_examples(
    data: Path, encoder: Encoder, words: WordColumns, *, seed: int, but: frozenset[str] = frozenset()
) -> Examples:
    """Everything that trains. but : names of public sets that are left out."""
    own = invented(seed=seed)
    public = [item for name in TRAINING if name not in but for item in read_safety(data, name, seed=seed)]
    large = [("en", text, INSTAGRAM) for text in training_captions(data, seed=seed)]
    large += [(language, text, NEWS_SET) for language, text in news(data, seed=seed)]
    large += [(language, text, EVERYDAY) for language, text in everyday()]
    texts = [clean(item.text) for item in own] + [clean(item.text) for item in public] + [text for _, text, _ in large]
    spoken = [*(item.language for item in own), *(item.language for item in public), *(name for name, *_ in large)]
    sources = [*(INVENTED for _ in own), *(item.dataset for item in public), *(source for *_, source in large)]
    near = [*(item.category or "" for item in own), *("" for _ in texts[len(own) :])]
    groups = [*(item.group for item in own), *(f"text {i}" for i in range(len(own), len(texts)))]
    named = [frozenset(words.named(text)) for text in texts]
    about = np.full((len(texts), len(NAMES)), UNKNOWN, dtype=np.int8)
    promotes, stance = about.copy(), np.full(len(texts), UNKNOWN, dtype=np.int8)
    for i, item in enumerate(own):
        _invented(item, named[i], about[i], promotes[i], stance[i : i + 1])
    for i, given in enumerate(public, start=len(own)):
        _public(given, about[i], promotes[i])
    # a caption at large without a word of a category is taken not to be about it
    for i in range(len(own) + len(public), len(texts)):
        for j, name in enumerate(NAMES):
            if name not in named[i]:
                about[i, j] = promotes[i, j] = 0
    vectors = encoded(encoder, texts, spoken)
    return Examples(texts, vectors, about, promotes, stance, groups, spoken, sources, near)


def _invented(
    item: Invented,
    named: frozenset[str],
    about: npt.NDArray[np.int8],
    promotes: npt.NDArray[np.int8],
    stance: npt.NDArray[np.int8],
) -> None:
    is_about, does_promote, does = labels_of(item, named)
    _fill(about, is_about)
    _fill(promotes, does_promote)
    if does is not None:
        stance[0] = STANCES.index(does)


def _public(item: LabelledText, about: npt.NDArray[np.int8], promotes: npt.NDArray[np.int8]) -> None:
    _fill(about, item.labels)
    _fill(promotes, {name: is_so for name, is_so in item.labels.items() if name in PROMOTED or not is_so})


def _fill(row: npt.NDArray[np.int8], labels: Mapping[str, bool]) -> None:
    for name, is_so in labels.items():
        row[NAMES.index(name)] = int(is_so)


def moments(vectors: Vectors) -> tuple[FloatArray, FloatArray]:
    """(width,) mean and (width, width) covariance of vectors."""
    values = vectors.astype(np.float64)
    return values.mean(axis=0), np.cov(values, rowvar=False)
