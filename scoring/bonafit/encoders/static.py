"""The fast encoder: a table of token vectors, added up; numpy and a tokenizer, no network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.encoders.card import EncoderCard, read_card, read_checked
from bonafit.encoders.encoder import Encoder
from bonafit.encoders.tokenizer import load_pieces, load_tokenizer, storable
from bonafit.encoders.word_tokens import WordTokens, by_words
from bonafit.errors import EncoderError
from bonafit.tables.archive import read_arrays
from bonafit.tables.arrays import Vectors

TABLE_FILE = "vectors.npz"
# Below this many texts the calling thread tokenises alone: no thread pool to start, none to survive a fork badly.
_PARALLEL_FROM = 256
# Texts whose tokens are held at a time.
_CHUNK = 1_024


class StaticEncoder(Encoder):
    """Sums of token vectors, float32 and of unit length: a first look, two orders of magnitude faster than the graph.

    Fitted so that its cosines follow those of a reference encoder (training: bonafit_training.encoders.static); its
    vectors live in a space of their own and are compared only with each other. The special tokens are part of the sum,
    so an empty text has a vector too. A text's bytes do not depend on its neighbours.
    """

    precision = "int8"

    def __init__(self, card: EncoderCard, *, table: bytes, tokenizer: bytes) -> None:
        self.card = card
        self.name = card.name
        self.width = card.width
        self.digest = card.digest(self.precision)
        self._pieces = load_pieces(tokenizer) if card.tokenizer.file.endswith(".model") else None
        self._tokenizer = None if self._pieces else load_tokenizer(tokenizer, max_tokens=card.max_tokens)
        # Those of a piece model are split by it: a word's pieces depend on nothing but the word there, too.
        by_word = self._pieces is None and by_words(tokenizer)
        self._words = WordTokens(tokenizer, max_tokens=card.max_tokens) if by_word else None
        self._vectors = _read_table(table, card)

    @classmethod
    def load(cls, path: str | Path) -> StaticEncoder:
        """Load an encoder directory, checking every byte read against `encoder.json`.

        Raises EncoderError if a file is absent, differs from its hash or is of another kind.
        """
        folder = Path(path)
        card = read_card(folder)
        if card.kind != "static":
            raise EncoderError(f"{folder}: an encoder of kind {card.kind!r}, expected 'static'; use load_encoder")
        table = read_checked(folder, card.graph(cls.precision))
        return cls(card, table=table, tokenizer=read_checked(folder, card.tokenizer))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, width) float32, unit length, row i is texts[i]."""
        out = np.empty((len(texts), self.width), np.float32)
        clean = [storable(text) for text in texts]
        for start in range(0, len(clean), _CHUNK):
            for row, ids in enumerate(self._tokens(clean[start : start + _CHUNK]), start):
                # One text at a time: its rows stay in the core's nearest cache, a fifth of the time of a reduceat.
                self._vectors.take(ids, axis=0).sum(axis=0, out=out[row])
        out /= np.sqrt(np.square(out).sum(axis=1, keepdims=True))
        return out

    def _tokens(self, texts: list[str]) -> list[list[int]]:
        if self._words is not None:
            return self._words(texts)
        if self._pieces is not None:
            first, most = self._pieces.bos_id(), self.card.max_tokens - 1
            return [[first, *ids[:most]] for ids in self._pieces.encode(texts)]
        encoded: list[Any]
        if self._tokenizer is None:
            raise EncoderError(f"{self.name}: has neither words, pieces nor a tokenizer; restore it")
        if len(texts) < _PARALLEL_FROM:
            encoded = [self._tokenizer.encode(text) for text in texts]
        else:
            encoded = self._tokenizer.encode_batch_fast(texts)
        return [text.ids for text in encoded]


def _read_table(raw: bytes, card: EncoderCard) -> npt.NDArray[np.float32]:
    """Token vectors (tokens, width) float32 from their int8 codes and a scale a token."""
    try:
        arrays = read_arrays(raw)
        codes, scale = arrays["codes"], arrays["scale"]
    except Exception as error:  # zipfile, zlib and numpy each have their own
        raise EncoderError(f"{card.name}: table cannot be read ({error}); restore it") from error
    if codes.ndim != 2 or codes.shape[1] != card.width or scale.shape != (len(codes), 1):
        raise EncoderError(
            f"{card.name}: codes {codes.shape} and scales {scale.shape}, expected width {card.width}; restore the table"
        )
    table: npt.NDArray[np.float32] = codes.astype(np.float32) * scale.astype(np.float32)
    if not np.isfinite(table).all():
        raise EncoderError(f"{card.name}: token vectors that are not finite; restore the table")
    return table
