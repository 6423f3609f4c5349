"""How likely a post without a label is an ad, by its wording alone: a table of numbers learned from posts with labels.

The words of labels, codes and links are masked where the table is learned (bonafit_training.commercial), so that it
knows how ads are written and not how they are marked.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import pairwise

import numpy as np

from bonafit.commercial.hints import Hint
from bonafit.commercial.reading import Reading, key_of
from bonafit.tables.arrays import FloatArray
from bonafit.text.hashtags import split_hashtag

TABLE = "likelihood.npz"
# Places of the table that words and pairs of words share.
BUCKETS = 1 << 13
KINDS = ("discount", "shop", "giveaway", "launch", "thanks", "received", "partner", "code", "affiliate")
# The columns beside the words. Counts are cut so that a wall of hashtags is no stronger sign than a few.
COLUMNS = (
    "mentions_1", "mentions_2", "mentions_3", "link", "tags_1", "tags_4", "tags_10", "words_10", "words_30", "words_80",
    "mention_in_tag", "tag_of_two_words", "price", "exclamation", "question", "you", "we", "new_line",
    *(f"hint_{kind}" for kind in KINDS),
)  # fmt: skip
_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:[$€£¥₹]|eur\b|usd\b|kr\b|zl\b|rp\b)")
_YOU = re.compile(
    r"\b(?:you|your|du|dein\w*|euch|ihr|tu|vous|votre|voce|seu|sua|tuo|jij|jouw|jullie|twoj\w*|kamu|kalian)\b"
)
_WE = re.compile(r"\b(?:my|our|mein\w*|unser\w*|mon|mes|mi|mis|meu|minha|mio|mia|mijn|moj\w*|ku|aku)\b")
_WORD = re.compile(r"[^\W\d_]+|[@~%]")


@dataclass(frozen=True)
class Table:
    """The learned numbers.

    words : (BUCKETS,) float64 of words and pairs. columns : (len(COLUMNS),) float64. bias : of the linear predictor.
    threshold : linear predictor from which a post of a declared campaign is called likely.
    precision : share of such posts of the training set, their labels masked, that declare themselves.
    """

    words: FloatArray
    columns: FloatArray
    bias: float
    threshold: float
    precision: float


@lru_cache(maxsize=1)
def table() -> Table:
    """The published table."""
    with as_file(files("bonafit.commercial").joinpath(TABLE)) as path, np.load(path, allow_pickle=False) as stored:
        return Table(
            words=stored["words"].astype(np.float64) * float(stored["scale"]),
            columns=stored["columns"].astype(np.float64),
            bias=float(stored["bias"]),
            threshold=float(stored["threshold"]),
            precision=float(stored["precision"]),
        )


def buckets_of(reading: Reading, masked: Sequence[tuple[int, int]] = ()) -> list[int]:
    """Places in the table of a post's words and pairs of words, each once.

    A handle is read as @ and a link as ~, whoever they are; numbers are left out.

    masked : stretches of the folded text that are not read.
    """
    text = _blanked(reading, masked)
    words = _WORD.findall(text)[:400]
    for tag in reading.tags:
        if tag.at < len(text) and text[tag.at : tag.at + 1] == "#":
            words.extend(("#", *split_hashtag(tag.text).split()[:4]))
    terms = {*words, *(f"{a} {b}" for a, b in pairwise(words))}
    return sorted({zlib.crc32(term.encode("utf-8", "replace")) % BUCKETS for term in terms})


def _blanked(reading: Reading, masked: Sequence[tuple[int, int]]) -> str:
    """The folded text with a sign for each handle and link, without what is masked; every place stays where it is."""
    text = reading.folded
    cut = [(piece.at, piece.at + len(piece.text) + 1, "@") for piece in reading.mentions if piece.at < len(text)]
    cut += [(piece.at, piece.at + len(piece.text), "~") for piece in reading.links]
    for at, end, sign in (*cut, *((at, end, " ") for at, end in masked)):
        text = text[:at] + sign.ljust(end - at) + text[end:]
    return text


def columns_of(reading: Reading, hints: Iterable[Hint], masked: Sequence[tuple[int, int]] = ()) -> FloatArray:
    """The columns beside the words, (len(COLUMNS),) of 0 and 1. masked : stretches whose hashtags are not counted."""
    shown = [tag for tag in reading.tags if not any(at <= tag.at < end for at, end in masked)]
    n_mentions, n_tags = len(reading.mentions), len(shown)
    n_words = len(reading.words) - (len(reading.tags) - n_tags)
    tags = [key_of(tag.text) for tag in shown]
    keys = [key_of(piece.text) for piece in reading.mentions]
    kinds = {hint.kind for hint in hints}
    folded = reading.folded
    return np.array(
        [
            n_mentions == 1, n_mentions == 2, n_mentions >= 3, bool(reading.links),
            n_tags >= 1, n_tags >= 4, n_tags >= 10, n_words >= 10, n_words >= 30, n_words >= 80,
            any(len(key) >= 4 and key in tag for key in keys for tag in tags),
            any(re.search(r"[a-z][A-Z]", tag.text) for tag in shown),
            bool(_PRICE.search(folded)), "!" in folded, "?" in folded,
            bool(_YOU.search(folded)), bool(_WE.search(folded)),
            "\n" in folded, *(kind in kinds for kind in KINDS),
        ],
        dtype=np.float64,
    )  # fmt: skip


def predictor(reading: Reading, hints: Iterable[Hint], masked: Sequence[tuple[int, int]] = ()) -> float:
    """Linear predictor of a post by the published table: higher, the more it is written like an ad."""
    learned = table()
    places = buckets_of(reading, masked)
    of_words = float(learned.words[places].sum()) / max(1.0, len(places)) ** 0.5
    return float(learned.bias + of_words + learned.columns @ columns_of(reading, hints, masked))
