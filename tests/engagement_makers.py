"""Invented creators whose engagement follows a known law, and a head fitted on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from bonafit.encoders.encoder import Encoder
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator, Post
from bonafit.text.units import creator_units

END = datetime(2026, 3, 31, 12, tzinfo=UTC)
WIDTH = 16
TOPICS = ("cat food", "slow travel", "home coffee", "trail running")
BRIEF = PreparedBrief(Brief(brand="x", description="y"), (), np.zeros((0, WIDTH), dtype=np.float32))


class LetterEncoder(Encoder):
    """Unit vectors of letter counts; enough for a text to have a direction."""

    name, digest, width = "letters", "0" * 64, WIDTH

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.ones((len(texts), WIDTH), dtype=np.float32)
        for i, text in enumerate(texts):
            for letter in text:
                rows[i, ord(letter) % WIDTH] += 1
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def prepared(creator: Creator) -> Prepared:
    units = creator_units(creator)
    return Prepared(creator, units, LetterEncoder().encode([unit.text for unit in units]))


def creator_of(
    seed: int,
    *,
    platform: str = "tiktok",
    n_posts: int = 12,
    level: float | None = None,
    followers: int | None = None,
    comment_share: float | None = 0.02,
    spread: float = 0.4,
) -> Creator:
    """A creator whose log rate is -2 - 0.1 log(followers) + level + noise of `spread`; a post every two days."""
    rng = np.random.default_rng(seed)
    size = followers if followers is not None else int(np.exp(rng.uniform(np.log(1_000), np.log(500_000))))
    own = rng.normal(0, 0.8) if level is None else level
    posts = []
    for i in range(n_posts):
        rate = np.exp(-2 - 0.1 * np.log(size) + own + rng.normal(0, spread))
        likes = max(int(rate * size), 0)
        # drawn whether used or not, so that creators with and without comments are alike in everything else
        talk = rng.normal(0, 0.3)
        posts.append(
            Post(
                post_id=f"{seed}-{i}",
                posted_at=END - timedelta(days=2 * (n_posts - i) + 4, hours=int(rng.integers(0, 12))),
                caption=f"{TOPICS[(seed + i) % 4]} day {i} #{TOPICS[seed % 4].split()[0]}",
                likes=likes,
                comments=None if comment_share is None else int(likes * comment_share * np.exp(talk)),
                views=likes * 12 + 50,
                kind="video",
                counted_at=END,
            )
        )
    return Creator(
        creator_id=f"invented-{seed}", platform=platform, followers=size, posts_count=n_posts * 3,
        bio=f"all about {TOPICS[seed % 4]}", posts=tuple(posts),
    )  # fmt: skip
