"""Texts as hashed words, for linear scores that need no vocabulary on disk."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from bonafit.text import words_of

# Buckets of words and pairs of words; 2^14 half-precision weights are 32 KB a text kind and platform. On the titles
# and tags of youtube_charts_2026 halving them costs .006 of R², doubling gains .004.
BUCKETS = 1 << 14
# Words read of one text.
MAX_WORDS = 120

FloatArray = npt.NDArray[np.float64]


def hashed_words(text: str) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Buckets and weights of a cleaned text's words and neighbouring pairs; weights have unit length.

    Counts enter as 1 + log(count). Empty arrays for a text without words.
    """
    words = [word.lower() for word in words_of(text)][:MAX_WORDS]
    counts: dict[int, int] = {}
    for token in (*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))):
        bucket = zlib.crc32(token.encode()) % BUCKETS
        counts[bucket] = counts.get(bucket, 0) + 1
    buckets = np.fromiter(sorted(counts), dtype=np.int64, count=len(counts))
    weights = 1 + np.log(np.array([counts[int(b)] for b in buckets], dtype=np.float64))
    norm = float(np.sqrt(np.sum(weights**2))) if len(weights) else 1.0
    return buckets, weights / norm


class TextScore:
    """Linear scores of texts of one kind: by what they are about (vector) and by their words.

    topic : (width,) and words : (BUCKETS,) float64; both in log ratio of the rate, centred on the training texts.
    """

    def __init__(self, topic: FloatArray, topic_centre: float, words: FloatArray, words_centre: float) -> None:
        self.topic, self.topic_centre = topic, topic_centre
        self.words, self.words_centre = words, words_centre

    def score(self, text: str, vector: npt.NDArray[np.float32]) -> tuple[float, float]:
        """Topic score and words score of one text, each a log ratio."""
        topic = float(np.sum(vector.astype(np.float64) * self.topic)) - self.topic_centre
        buckets, weights = hashed_words(text)
        return topic, float(np.sum(self.words[buckets] * weights)) - self.words_centre

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        return {
            f"{prefix}.topic": self.topic.astype(np.float32),
            f"{prefix}.words": self.words.astype(np.float16),
            f"{prefix}.centres": np.array([self.topic_centre, self.words_centre]),
        }

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]], prefix: str) -> TextScore:
        centres = tables[f"{prefix}.centres"].astype(np.float64)
        return cls(
            tables[f"{prefix}.topic"].astype(np.float64), float(centres[0]),
            tables[f"{prefix}.words"].astype(np.float64), float(centres[1]),
        )  # fmt: skip
