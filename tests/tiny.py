"""Tiny, deterministic stand-ins: an encoder and a bundle that tests can build in milliseconds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bonafit.encoders.encoder import Encoder
from bonafit.records import Brief, Creator, Post
from bonafit.text.language import untagged


class HashEncoder(Encoder):
    """Texts to unit vectors from their words' digests: equal words give near vectors. For tests only."""

    name = "hash"
    digest = "0" * 64
    width = 32

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        out = np.zeros((len(texts), self.width), dtype=np.float32)
        for i, text in enumerate(texts):
            for word in untagged(text).casefold().split() or [""]:
                seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                out[i] += np.random.default_rng(seed).normal(size=self.width).astype(np.float32)
            out[i] /= np.linalg.norm(out[i])
        return out


BRIEF = Brief(
    brand="Invented Skin",
    description="Gentle skincare for sensitive skin. Sunscreen and serum.",
    keywords=("sunscreen",),
)


def creators(n: int = 5) -> list[Creator]:
    """n invented creators, each with a bio and three captions."""
    topics = (
        "sunscreen and serum routine",
        "mountain bike trails",
        "sourdough bread at home",
        "indie game review",
    )
    return [
        Creator(
            creator_id=f"c{i:03d}",
            platform="instagram",
            bio=f"{topics[i % 4]} every day {i}",
            followers=1_000 * (i + 1),
            following=300 + i,
            posts_count=50 + i,
            posts=tuple(
                Post(caption=f"my {topics[(i + k) % 4]} number {k}", likes=40 * (i + 1) + k, comments=3 + k)
                for k in range(3)
            ),
        )
        for i in range(n)
    ]
