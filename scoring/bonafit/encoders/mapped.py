"""A door into another encoder's space: a multilingual graph whose vectors a linear map brings there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bonafit.encoders.card import EncoderCard, checked_path, read_card, read_checked
from bonafit.encoders.onnx import OnnxEncoder, usable_cores
from bonafit.encoders.tokenizer import load_pieces, storable
from bonafit.errors import EncoderError
from bonafit.tables.archive import read_arrays
from bonafit.tables.arrays import Vectors

# How multilingual-e5 was trained to be asked (Wang et al., arXiv 2402.05672); without it every text lies elsewhere.
PREFIX = "query: "


class MappedEncoder(OnnxEncoder):
    """Vectors in the space of another encoder, float32 and of unit length; runs and threads as OnnxEncoder's.

    Tokens come from SentencePiece (250,000 pieces take 75 MB there and 282 MB in `tokenizers`). The map is fitted on
    texts that both encoders read (training: bonafit_training.encoders.door).
    """

    kind = "mapped"

    def __init__(
        self, card: EncoderCard, *, graph: bytes | Path, tokenizer: bytes, mapping: bytes, precision: str, threads: int
    ) -> None:
        super().__init__(card, graph=graph, tokenizer=tokenizer, precision=precision, threads=threads)
        try:
            arrays = read_arrays(mapping)
            self._weight, self._bias = arrays["weight"].astype(np.float32), arrays["bias"].astype(np.float32)
        except Exception as error:  # zipfile, zlib and numpy each have their own
            raise EncoderError(f"{card.name}: map cannot be read ({error}); restore it") from error
        if self._weight.shape != (self.width, self.width) or self._bias.shape != (self.width,):
            raise EncoderError(
                f"{card.name}: map {self._weight.shape} and {self._bias.shape}, expected width {self.width}; restore it"
            )

    @classmethod
    def load(cls, path: str | Path, *, precision: str = "int8", threads: int | None = None) -> MappedEncoder:
        """As OnnxEncoder.load; the map is checked as the other files are."""
        folder = Path(path)
        card = read_card(folder)
        if card.kind != cls.kind or not card.map or not card.target:
            raise EncoderError(f"{folder}: an encoder of kind {card.kind!r}, expected {cls.kind!r}; use load_encoder")
        return cls(
            card,
            graph=checked_path(folder, card.graph(precision)),
            tokenizer=read_checked(folder, card.tokenizer),
            mapping=read_checked(folder, card.map),
            precision=precision,
            threads=threads or usable_cores(),
        )

    def _load_tokenizer(self, raw: bytes) -> Any:
        return load_pieces(raw)

    def _ids(self, text: str) -> list[int]:
        pieces: list[int] = self._tokenizer.encode(PREFIX + storable(text))
        return [self._tokenizer.bos_id(), *pieces[: self.card.max_tokens - 2], self._tokenizer.eos_id()]

    def _encode_one(self, text: str) -> Vectors:
        # Row by column, one text at a time: a vector's bytes do not depend on its neighbours.
        vector: Vectors = super()._encode_one(text) @ self._weight + self._bias
        length = np.sqrt(vector @ vector)
        if not length > 0:
            raise EncoderError(f"{self.name}: a vector without length; restore the map")
        vector /= length
        return vector
