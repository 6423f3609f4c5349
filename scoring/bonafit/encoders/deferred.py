"""An encoder that is read when it is needed: a job whose texts are all known never pays for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from bonafit.encoders.card import EncoderCard, read_card
from bonafit.encoders.encoder import Encoder
from bonafit.tables.arrays import Vectors


class DeferredEncoder(Encoder):
    """The encoder of a directory, of which only the card is read until a text is to be encoded."""

    def __init__(self, folder: Path, card: EncoderCard, *, precision: str, threads: int | None) -> None:
        self.name = card.name
        self.width = card.width
        self.digest = card.digest(precision)
        self._folder = folder
        self._precision = precision
        self._threads = threads
        self._encoder: Encoder | None = None
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: str | Path, *, precision: str = "int8", threads: int | None = None) -> DeferredEncoder:
        """As load_encoder; a file that is absent or differs from its hash is met at the first text.

        Raises EncoderError where the card cannot be read.
        """
        return cls(Path(path), read_card(Path(path)), precision=precision, threads=threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, width) float32, unit length, row i is texts[i]. Raises EncoderError where the files cannot be used."""
        with self._lock:
            if self._encoder is None:
                # onnxruntime and the graph: 0.2 s of a process that may have no text to encode
                from bonafit.encoders.load import load_encoder

                self._encoder = load_encoder(self._folder, precision=self._precision, threads=self._threads)
        return self._encoder.encode(texts)
