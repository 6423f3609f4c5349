"""Comments: the probability that one is spam, how much of a sample repeats itself, and how few people wrote it."""

from __future__ import annotations

import html
import math
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.errors import ShapeError
from bonafit.heads.authenticity.account_columns import words
from bonafit.heads.authenticity.account_model import Tables
from bonafit.records import Comment
from bonafit.tables.arrays import FloatArray, IntArray

# Buckets of the hashed n-grams: 2^15 keeps 5,000 comments' collisions below one in five and the table at 128 KB.
BUCKETS = 1 << 15
# Lengths of the n-grams, the field's usual ones; comments from which a sample is read, by rule.
CHARS = (2, 5)
LEAST_COMMENTS = 10
# The public sets show a masked link as [url]; a real one becomes the same mark.
# A name of a host is looked for from the start of a word alone, or behind such a mark: from every character the search
# would be quadratic, and a word in which none begins at its start has none later.
_LINK = re.compile(
    r"\[url\]|(?:https?://|www\.)\S+"
    r"|(?:(?<!\S)|(?<=\[url\]))\S+\.(?:com|net|org|ly|be|tv|co|uk|ru|info|me|gl|io)\b\S*"
)
# To the end where no mark closes it, so that each `<` is looked at once; `clean` leaves none open.
_TAG = re.compile(r"<[^>]+(?:>|\Z)")
_DIGITS = re.compile(r"\d+")
# Characters of a comment that are read: Instagram allows 2,200 and YouTube 10,000, of which the last say nothing new.
MAX_COMMENT = 5_000
LEXICAL = ("log_length", "has_link", "upper_share", "digit_share", "mark_share", "distinct_words")


def clean(text: str) -> str:
    """A comment without markup, as a person reads it."""
    marked, mark, rest = html.unescape(text[:MAX_COMMENT]).rpartition(">")
    return " ".join((_TAG.sub(" ", marked + mark) + rest).replace("\ufeff", "").split())


def normalised(text: str) -> str:
    """Lower case, links and numbers replaced by marks."""
    return _DIGITS.sub("0", _LINK.sub(" urltok ", text.lower()))


def _grams(text: str) -> Counter[int]:
    counts: Counter[int] = Counter()
    for token in text.split():
        padded = f" {token} "
        for n in range(CHARS[0], CHARS[1] + 1):
            if n >= len(padded):
                counts[_bucket("c" + padded)] += 1
                break
            for i in range(len(padded) - n + 1):
                counts[_bucket("c" + padded[i : i + n])] += 1
    return counts


def _word_grams(text: str) -> Counter[int]:
    tokens = words(text)
    counts = Counter(_bucket("w" + w) for w in tokens)
    counts.update(_bucket("w" + a + " " + b) for a, b in pairwise(tokens))
    return counts


def _bucket(gram: str) -> int:
    return zlib.crc32(gram.encode()) % BUCKETS


def hashed(text: str) -> list[tuple[IntArray, FloatArray]]:
    """The cleaned comment's two blocks, character and word n-grams: buckets and sublinear counts 1 + ln(count)."""
    flat = normalised(text)
    blocks = []
    for counts in (_grams(flat), _word_grams(flat)):
        keys = np.array(sorted(counts), dtype=np.int64)
        blocks.append((keys, np.array([1 + math.log(counts[int(k)]) for k in keys])))
    return blocks


def lexical(text: str) -> FloatArray:
    """Six plain traits of a cleaned comment, named in LEXICAL."""
    n = max(len(text), 1)
    tokens = words(text)
    return np.array(
        [
            math.log1p(len(text)),
            float(_LINK.search(text.lower()) is not None),
            sum(c.isupper() for c in text) / n,
            sum(c.isdigit() for c in text) / n,
            sum(not (c.isalnum() or c.isspace()) for c in text) / n,
            len(set(tokens)) / max(len(tokens), 1),
        ]
    )


class SpamModel:
    """A linear model over hashed n-grams and plain traits; log-odds of spam.

    idf, weights : (2, BUCKETS) for the two blocks; each block is scaled to unit length.
    traits       : (3, 6): mean, scale and weight of each plain trait.
    """

    def __init__(self, idf: FloatArray, weights: FloatArray, traits: FloatArray, intercept: float) -> None:
        if idf.shape != (2, BUCKETS) or weights.shape != (2, BUCKETS) or traits.shape != (3, len(LEXICAL)):
            raise ShapeError(f"spam model of shapes {idf.shape}, {weights.shape}, {traits.shape}; retrain the head")
        self.idf = idf
        self.weights = weights
        self.traits = traits
        self.intercept = intercept

    def log_odds(self, text: str) -> float:
        """Log-odds that a comment is spam, at even odds before it is read."""
        text = clean(text)
        total = self.intercept
        for block, (keys, counts) in enumerate(hashed(text)):
            if len(keys):
                values = counts * self.idf[block, keys]
                total += float(np.sum(values * self.weights[block, keys])) / math.sqrt(float(np.sum(values**2)))
        mean, scale, weight = self.traits
        return total + float(np.sum((lexical(text) - mean) / scale * weight))

    def to_bundle(self, prefix: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        return {"intercept": self.intercept}, {
            f"{prefix}.idf": self.idf.astype(np.float16),
            f"{prefix}.weights": self.weights.astype(np.float32),
            f"{prefix}.traits": self.traits,
        }

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables, prefix: str) -> SpamModel:
        idf, weights, traits = (tables[f"{prefix}.{k}"].astype(np.float64) for k in ("idf", "weights", "traits"))
        return cls(idf, weights, traits, float(section["intercept"]))


def letters(text: str) -> str:
    """The letters and digits of a comment, case folded: what is left of it in any script, without marks and emoji."""
    return "".join(char for char in text.casefold() if char.isalnum())


def alike(items: Sequence[str]) -> float:
    """Chance in [0, 1] that two of these, drawn at random, are the same; 0 for fewer than two.

    Of a stock of k phrases it is about 1 / k, however many comments were drawn from it (Simpson, Nature 163, 1949).
    """
    n = len(items)
    return sum(k * (k - 1) for k in Counter(items).values()) / (n * (n - 1)) if n > 1 else 0.0


def phrases(texts: Sequence[str]) -> list[str]:
    """The comments that say anything, by their letters alone."""
    return [flat for text in texts if (flat := letters(text))]


def authors(comments: Sequence[Comment]) -> tuple[list[str], int]:
    """Author of each pair of author and post, and the posts they stand under.

    One person under one post counts once, however long the talk there. Comments without a post count as if each stood
    under its own.
    """
    pairs = sorted(
        {
            (c.author.casefold(), c.post_id if c.post_id is not None else f"comment {i}")
            for i, c in enumerate(comments)
            if c.author
        }
    )
    return [author for author, _ in pairs], len({post for _, post in pairs})


def wordless_share(texts: Sequence[str]) -> float:
    """Share in [0, 1] of comments without any word; reported, never counted against anybody."""
    return sum(not words(clean(text)) for text in texts) / len(texts) if texts else 0.0
