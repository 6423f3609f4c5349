"""One encoder for every language: each text by the encoder that reads it, in one space."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

import numpy as np

from bonafit.encoders.encoder import Encoder
from bonafit.errors import EncoderError
from bonafit.tables.arrays import Vectors
from bonafit.text.language import language_of


class RoutedEncoder(Encoder):
    """The encoder for the languages it was trained for and for texts that do not tell theirs, the door for all others.

    encoder   : whose space it is. languages : ISO 639-1 codes that it reads.
    door      : a MappedEncoder into that space, or one deferred: its files are read at the first text that needs them.

    A text's language is that of its tag where it has one (bonafit.text.language.tagged), else what the text says. Texts
    in `languages` keep the encoder's own bytes. Safe between threads where both encoders are.
    """

    def __init__(self, encoder: Encoder, door: Encoder, *, languages: Collection[str]) -> None:
        if encoder.width != door.width:
            raise EncoderError(
                f"{door.name}: {door.width} wide, {encoder.name} is {encoder.width} wide; use a door made for it"
            )
        self.encoder = encoder
        self.door = door
        self.name = encoder.name
        self.width = encoder.width
        self.languages = frozenset(languages)
        self.digest = routed_digest(encoder.digest, door.digest)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, width) float32, unit length, row i is texts[i]."""
        elsewhere = [self._is_foreign(text) for text in texts]
        if not any(elsewhere):
            return self.encoder.encode(texts)
        out = np.empty((len(texts), self.width), np.float32)
        mask = np.array(elsewhere)
        for encoder, rows in ((self.encoder, np.flatnonzero(~mask)), (self.door, np.flatnonzero(mask))):
            if len(rows):
                out[rows] = encoder.encode([texts[i] for i in rows.tolist()])
        return out

    def recall(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Vectors of those texts that are remembered by cached encoders, by text; nothing is encoded."""
        known: dict[str, Vectors] = {}
        for encoder, foreign in ((self.encoder, False), (self.door, True)):
            if some := [text for text in texts if self._is_foreign(text) == foreign]:
                known.update(encoder.recall(some))
        return known

    def warm(self) -> None:
        """Pay the encoder's first call now; the door's files are read when a text needs them."""
        self.encoder.warm()

    def close(self) -> None:
        """Close both encoders' stores on disk."""
        for encoder in (self.encoder, self.door):
            encoder.close()

    def _is_foreign(self, text: str) -> bool:
        language = language_of(text)
        return language is not None and language not in self.languages


def routed_digest(encoder: str, door: str) -> str:
    """sha256, in hex, of what decides a text's vector: both encoders' digests."""
    return hashlib.sha256(f"routed\n{encoder}\n{door}".encode()).hexdigest()
