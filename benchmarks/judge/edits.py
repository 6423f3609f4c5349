"""A change of a creator, and the plain ones that others are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.judge.bases import Base
from msgspec.structs import replace

from bonafit import Creator, Post

Change = Callable[[Base], Creator | None]


def scaled(creator: Creator, **factors: float) -> Creator:
    """Counts of every post multiplied: likes=5, comments=2. What rounding takes from one post goes to the next."""
    over = dict.fromkeys(factors, 0.0)

    def fields(post: Post) -> dict[str, int | None]:
        out: dict[str, int | None] = {}
        for name, factor in factors.items():
            value = getattr(post, name)
            if value is not None:
                exact = value * factor + over[name]
                value = max(0, round(exact))
                over[name] = exact - value
            out[name] = value
        return out

    return on_posts(creator, fields)


def on_posts(creator: Creator, fields: Callable[[Post], dict[str, Any]]) -> Creator:
    """Every post with the fields that a function of it gives."""
    return replace(creator, posts=tuple(replace(post, **fields(post)) for post in creator.posts))


def plain(**fields: Any) -> Change:
    """Profile fields set to a value."""
    return lambda base: replace(base.creator, **fields)
