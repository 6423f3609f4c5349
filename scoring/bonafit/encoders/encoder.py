"""What an encoder can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bonafit.tables.arrays import Vectors

A_SHORT_TEXT = "A first call."


@runtime_checkable
class Encoder(Protocol):
    """Texts to vectors. A text may stand behind a tag of its language, no part of it (bonafit.text.units).

    An encoder derives from this class and has `encode`; one that remembers or holds files has the others as well.
    """

    name: str
    digest: str
    width: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, width) float32, unit length; a text's bytes do not depend on its neighbours."""
        ...

    def recall(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Vectors of those texts that are remembered, (width,) float32 each, by text; nothing is encoded."""
        return {}

    def warm(self) -> None:
        """Pay the first call's costs now, whatever is remembered."""
        self.encode([A_SHORT_TEXT])

    def close(self) -> None:
        """Release files; the next call opens them again."""
        return
