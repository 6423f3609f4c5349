"""A ledger of engagement rates: every usual definition from the same posts, each stamped, none compared across.

A rate is a number only together with its definition: which interactions, divided by what, put together how, over which
posts. Formulas and who uses which: docs/methods/engagement.md.
"""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bonafit.errors import DefinitionError
from bonafit.records import Post

Interactions = Literal["likes", "likes_comments", "all"]
Denominator = Literal["followers", "views", "reach", "impressions"]
Statistic = Literal["mean", "median", "pooled"]


class Definition(msgspec.Struct, frozen=True, order=True):
    """What a rate counts.

    interactions : `likes`; `likes_comments`; `all` is likes, comments, shares and saves, those the source gives.
    denominator  : followers when the post went up where known, views of the post, or a vendor's reach, impressions.
    statistic    : `mean` or `median` of the posts' rates; `pooled` is interactions in sum over denominators in sum.
    window       : `last_12`, `last_30`, `days_60`, `days_90`, `all`; a vendor's own for its figures.
    """

    interactions: Interactions
    denominator: Denominator
    statistic: Statistic
    window: str

    def __str__(self) -> str:
        return f"{self.statistic} of {self.interactions} by {self.denominator}, {self.window}"


# What vendors state of the rates that they publish, by platform; sources in docs/methods/engagement.md. Where they
# state a range of posts or none, the window is the nearest of ours.
STATED: Mapping[str, Mapping[str, Definition]] = {
    "modash": {
        "instagram": Definition("likes", "followers", "median", "days_60"),
        "tiktok": Definition("likes", "views", "pooled", "days_60"),
        "youtube": Definition("likes", "views", "pooled", "days_60"),
    },
    "infludata": {
        "instagram": Definition("likes_comments", "followers", "mean", "last_12"),
        "tiktok": Definition("likes_comments", "views", "mean", "last_12"),
    },
    "stellar": {
        "instagram": Definition("likes_comments", "followers", "mean", "days_90"),
        "tiktok": Definition("all", "followers", "mean", "days_90"),
    },
}


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """An engagement rate with its stamp.

    value        : a fraction, never percent; may exceed 1 on platforms that show posts to non-followers.
    n            : posts it is over; 0 for a vendor's figure that does not say.
    hidden_share : share in [0, 1] of the window's posts left out because a count it needs is hidden.
    source       : `posts`, or the vendor's name.
    """

    value: float
    definition: Definition
    n: int
    hidden_share: float
    source: str = "posts"

    def ratio_to(self, other: Rate) -> float:
        """This rate as a multiple of `other`; NaN where `other` is 0.

        Raises DefinitionError where the two are defined differently.
        """
        if self.definition != other.definition:
            raise DefinitionError(
                f"{self.definition} ({self.source}) against {other.definition} ({other.source}); expected one "
                "definition; compute both from the same posts"
            )
        return self.value / other.value if other.value else math.nan

    def __lt__(self, other: Rate) -> bool:
        return self.ratio_to(other) < 1 if other.value else self.value < other.value


WINDOWS: tuple[tuple[str, int | None, int | None], ...] = (
    ("last_12", 12, None),
    ("last_30", 30, None),
    ("days_60", None, 60),
    ("days_90", None, 90),
    ("all", None, None),
)
INTERACTIONS: tuple[Interactions, ...] = ("likes", "likes_comments", "all")
DENOMINATORS: tuple[Denominator, ...] = ("followers", "views")
STATISTICS: dict[Statistic, Callable[[Sequence[tuple[int, int]]], float]] = {
    "mean": lambda pairs: math.fsum([e / d for e, d in pairs]) / len(pairs),
    "median": lambda pairs: statistics.median([e / d for e, d in pairs]),
    "pooled": lambda pairs: sum(e for e, _ in pairs) / sum(d for _, d in pairs),
}


def interactions_of(post: Post, kind: Interactions) -> int | None:
    """Interactions of one post, None where a count they need is hidden.

    `all` needs likes and comments; shares and saves are added where the platform gives them.
    """
    if post.likes is None:
        return None
    if kind == "likes":
        return post.likes
    if post.comments is None:
        return None
    total = post.likes + post.comments
    return total if kind == "likes_comments" else total + (post.shares or 0) + (post.saves or 0)


def engagement_ledger(
    posts: Sequence[Post],
    *,
    followers: int | None,
    as_of: datetime | None = None,
    followers_then: Callable[[Post], int | None] | None = None,
) -> tuple[Rate, ...]:
    """Every usual rate of these posts, in a fixed order; empty where none can be computed.

    followers      : followers now; None or 0 leaves the rates by followers out.
    as_of          : posts dated later are left out (scheduled or wrongly dated); windows in days end here. Without it
                     windows end at the newest post.
    followers_then : followers when a post went up, None where unknown; default is `followers` for every post.
    """
    known = [post for post in posts if as_of is None or post.posted_at is None or post.posted_at <= as_of]
    windows = [(name, tuple(places)) for name, places in _windows(known, as_of)]
    rates: list[Rate] = []
    for kind in INTERACTIONS:
        counts = [interactions_of(post, kind) for post in known]
        for denominator in DENOMINATORS:
            pairs = [
                (count, size) if count is not None and size else None
                for count, size in zip(counts, _sizes(known, denominator, followers, followers_then), strict=True)
            ]
            # with a dozen posts most windows hold the same ones
            values: dict[tuple[int, ...], tuple[int, float, list[float]]] = {}
            for window, places in windows:
                if places not in values:
                    found_pairs = [pair for i in places if (pair := pairs[i]) is not None]
                    hidden = 1 - len(found_pairs) / len(places) if places else 0.0
                    combined = [combine(found_pairs) for combine in STATISTICS.values()] if found_pairs else []
                    values[places] = len(found_pairs), hidden, combined
                n, hidden, combined = values[places]
                for statistic, value in zip(STATISTICS, combined, strict=False):
                    definition = _definition(kind, denominator, statistic, window)
                    rates.append(Rate(value=value, definition=definition, n=n, hidden_share=hidden))
    return tuple(rates)


@functools.cache
def _definition(kind: Interactions, denominator: Denominator, statistic: Statistic, window: str) -> Definition:
    """One of the ninety definitions of the ledger."""
    return Definition(kind, denominator, statistic, window)


def _windows(posts: Sequence[Post], as_of: datetime | None) -> Iterator[tuple[str, Sequence[int]]]:
    """Indices of each window's posts, newest first; undated ones are in `all` alone: nobody knows where they stand."""
    dated = [(post.posted_at, i) for i, post in enumerate(posts) if post.posted_at is not None]
    dated.sort(key=lambda pair: (pair[0], -pair[1]), reverse=True)
    end = as_of or (dated[0][0] if dated else None)
    for name, count, days in WINDOWS:
        if count is not None:
            yield name, [i for _, i in dated[:count]]
        elif days is not None:
            yield name, [i for at, i in dated if end is not None and at > end - timedelta(days=days)]
        else:
            yield name, range(len(posts))


def _sizes(
    posts: Sequence[Post],
    denominator: Denominator,
    followers: int | None,
    then: Callable[[Post], int | None] | None,
) -> list[int | None]:
    if denominator == "views":
        return [post.views for post in posts]
    return [followers if then is None else (then(post) or followers) for post in posts]


def find_rate(rates: Sequence[Rate], definition: Definition) -> Rate | None:
    """The rate of exactly this definition, None where the ledger has none."""
    return next((rate for rate in rates if rate.definition == definition), None)


def vendor_rate(
    figure: float,
    *,
    unit: Literal["percent", "fraction"],
    definition: Definition,
    vendor: str,
    n: int = 0,
    hidden_share: float = 0.0,
) -> Rate:
    """A vendor's figure as a stamped rate. The unit is never guessed: 2.5 is 2.5 % or 250 %, and both occur.

    Raises DefinitionError for a figure that is negative or not finite, or a unit that is neither.
    """
    if unit not in ("percent", "fraction"):
        raise DefinitionError(f"{vendor}: unit {unit!r}; expected `percent` or `fraction`")
    if not math.isfinite(figure) or figure < 0:
        raise DefinitionError(f"{vendor}: engagement rate {figure}; expected a finite figure of 0 or more")
    value = figure / 100 if unit == "percent" else figure
    return Rate(value=value, definition=definition, n=n, hidden_share=hidden_share, source=vendor)
