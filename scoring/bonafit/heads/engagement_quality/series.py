"""A creator's posts as arrays in time order: what was counted, over what, and what was left out."""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec
import numpy as np

from bonafit.prepared import Prepared
from bonafit.records import Creator, Post
from bonafit.tables.arrays import FloatArray, IntArray

# Counts younger than this are still growing: on tiktok_2020 posts of the last day stand at a third of the creator's
# median, of the second at 0.7, of the third at 0.87, and level out from there; instagram_2017 likewise within a day.
SETTLED_DAYS = 3.0
# Posts of a creator that are read, the newest; older ones are another account's history in all but name.
MAX_POSTS = 500
# A history longer than this without follower counts of its time is flagged: the audience then is not the one now.
LONG_HISTORY_DAYS = 540.0
_EPOCH = datetime(2005, 1, 1, tzinfo=UTC)
_REACH = re.compile(r"#?(?:fyp|foryou|viral|explore|xyzbca|parati|trending)", re.IGNORECASE)
PICTOGRAPH = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_MOVING = frozenset(("video", "reel", "short", "live", "clip", "igtv"))


class Basis(msgspec.Struct, frozen=True):
    """What a platform's model predicts: log((interactions + 1) / denominator).

    interactions : `likes` or `likes_comments`. denominator : `followers` or `views`.
    settled_days : posts younger when counted are not read as history.
    """

    interactions: Literal["likes", "likes_comments"]
    denominator: Literal["followers", "views"]
    settled_days: float = SETTLED_DAYS


@dataclass(frozen=True)
class Left:
    """Posts that were not read, by reason."""

    hidden: int = 0
    future: int = 0
    unsettled: int = 0
    undated: int = 0
    older: int = 0


@dataclass(frozen=True)
class Series:
    """Arrays over the posts read, (n,) each, oldest first.

    post : index into creator.posts. day : days since 2005, NaN where undated. age : days from posting to counting.
    y : log rate. size : log denominator at the time. likes, comments, views, shares : NaN where hidden.
    size_now : log of followers now; NaN where unknown, and by views, where no public set states followers as well.
    left : what was not read.
    normalised : whether followers at the time were known.
    comments_assumed : comments are hidden where the rate counts them.
    """

    basis: Basis
    post: IntArray
    day: FloatArray
    age: FloatArray
    y: FloatArray
    size: FloatArray
    likes: FloatArray
    comments: FloatArray
    views: FloatArray
    shares: FloatArray
    size_now: float
    left: Left
    normalised: bool
    comments_assumed: bool

    def __len__(self) -> int:
        return len(self.post)

    @property
    def days_covered(self) -> float:
        """Days from the first post to the last, 0 where fewer than two are dated."""
        dated = self.day[~np.isnan(self.day)]
        return float(dated[-1] - dated[0]) if len(dated) > 1 else 0.0


def days(at: datetime) -> float:
    """Days since 2005-01-01 UTC."""
    return (at - _EPOCH).total_seconds() / 86_400


def read_at(creator: Creator) -> datetime | None:
    """When the counts were read, as far as the record says: the newest reading of a post or of the followers."""
    counted = [p.counted_at for p in creator.posts if p.counted_at is not None]
    counted += [point.at for point in creator.follower_history]
    return max(counted, default=None)


def as_of(creator: Creator) -> datetime | None:
    """When the record was true: the newest reading of counts, else the newest comment or post.

    Never the clock: the same record gives the same bytes tomorrow.
    """
    counted = read_at(creator)
    if counted is not None:
        return counted
    days = [p.posted_at for p in creator.posts if p.posted_at is not None]
    days += [c.posted_at for c in creator.comments if c.posted_at is not None]
    return max(days, default=None)


class FollowersThen:
    """Followers at an instant, log-linear between the points of a history; None outside it by over 45 days.

    What a step adds beyond JUMP counts twice, up to the whole step, for the posts before it as well: the followers that
    came in one step are those of the next posts, and rates at the fewer followers of before would not say what these
    get for each of them.
    Growth between points further apart than REACH_DAYS is not called a step.
    """

    REACH_DAYS = 45.0
    # Log of the growth in one step below which nothing is made of it (judgement contract, rule 6: +40 %).
    JUMP = math.log(1.4)

    def __init__(self, creator: Creator) -> None:
        points = sorted((days(p.at), p.followers) for p in creator.follower_history if p.followers > 0)
        read = as_of(creator)
        if points and creator.followers and read is not None and creator.followers > points[-1][1]:
            # what the profile says is the newest reading
            points.append((max(days(read), points[-1][0]), creator.followers))
        self._at = [at for at, _ in points]
        log = np.log([float(f) for _, f in points])
        rise = np.diff(log)
        carried = np.minimum(2 * np.maximum(rise - self.JUMP, 0.0), np.maximum(rise, 0.0))
        beyond = np.where(np.diff(self._at) <= self.REACH_DAYS, carried, 0.0)
        self._log: list[float] = (log + np.append(np.cumsum(beyond[::-1])[::-1], 0.0)[: len(log)]).tolist()

    def log_at(self, day: float) -> float | None:
        """Log of followers on that day, None where the history does not reach."""
        if not self._at or np.isnan(day):
            return None
        i = bisect.bisect_left(self._at, day)
        if i == 0 or i == len(self._at):
            nearest = 0 if i == 0 else -1
            return self._log[nearest] if abs(self._at[nearest] - day) <= self.REACH_DAYS else None
        share = (day - self._at[i - 1]) / max(self._at[i] - self._at[i - 1], 1e-9)
        return self._log[i - 1] + share * (self._log[i] - self._log[i - 1])


def read_series(creator: Creator, basis: Basis, *, comment_share: float = 0.0, keep_unsettled: bool = False) -> Series:
    """The posts of a creator whose rate can be stated, oldest first.

    comment_share  : comments for each like assumed where comments are hidden and the rate counts them.
    keep_unsettled : keep posts whose counts are still growing; they are kept anyway where nothing else is left.
    """
    end, counting = as_of(creator), read_at(creator)
    then = FollowersThen(creator)
    rows: list[tuple[float, int, float, float, float, bool, bool]] = []
    counts = {"hidden": 0, "future": 0, "unsettled": 0, "undated": 0}
    now = creator.followers or _newest_followers(creator)
    unsettled: list[tuple[float, int, float, float, float, bool, bool]] = []
    for i, post in enumerate(creator.posts):
        at = post.posted_at
        if at is not None and end is not None and at > end:
            counts["future"] += 1
            continue
        day = np.nan if at is None else days(at)
        log_then = then.log_at(float(day)) if basis.denominator == "followers" else None
        size = _size(post, basis, now, log_then)
        engaged, assumed = _engaged(post, basis, comment_share)
        if engaged is None or size is None:
            counts["hidden"] += 1
            continue
        # where nothing tells, the age is unknown: the newest post of a file is not as old as the file
        counted = post.counted_at or counting
        age = np.nan if at is None or counted is None else max((counted - at).total_seconds() / 86_400, 0.0)
        counts["undated"] += at is None
        row = (float(day), i, float(age), float(np.log(engaged + 1) - size), size, log_then is not None, assumed)
        (unsettled if not keep_unsettled and age < basis.settled_days else rows).append(row)
    if not rows:
        rows = unsettled
    else:
        counts["unsettled"] = len(unsettled)
    # undated posts stand before dated ones, in the order given: the source's newest-first order is not known
    rows.sort(key=lambda r: (-np.inf if np.isnan(r[0]) else r[0], r[1]))
    older = max(len(rows) - MAX_POSTS, 0)
    rows = rows[older:]
    column = [np.array([r[k] for r in rows], dtype=np.float64) for k in range(5)]
    posts = [creator.posts[r[1]] for r in rows]
    views = _counts([p.views for p in posts])
    return Series(
        basis=basis,
        post=column[1].astype(np.int64),
        day=column[0],
        age=column[2],
        y=column[3],
        size=column[4],
        likes=_counts([p.likes for p in posts]),
        comments=_counts([p.comments for p in posts]),
        views=views,
        shares=_counts([p.shares for p in posts]),
        size_now=float(np.log(now)) if now and basis.denominator == "followers" else np.nan,
        left=Left(older=older, **counts),
        normalised=any(r[5] for r in rows),
        comments_assumed=any(r[6] for r in rows),
    )


def _newest_followers(creator: Creator) -> int | None:
    """Followers at the newest point of the history, None without one."""
    newest = max(creator.follower_history, key=lambda point: point.at, default=None)
    return None if newest is None else newest.followers


def _size(post: Post, basis: Basis, followers: int | None, log_then: float | None) -> float | None:
    if basis.denominator == "views":
        return float(np.log(post.views)) if post.views else None
    if log_then is not None:
        return log_then
    return float(np.log(followers)) if followers else None


def _engaged(post: Post, basis: Basis, comment_share: float) -> tuple[float | None, bool]:
    """Interactions counted by the basis, and whether comments were assumed. Likes beyond views are not believed."""
    if post.likes is None:
        return None, False
    likes = float(post.likes if post.views is None or post.views == 0 else min(post.likes, post.views))
    if basis.interactions == "likes":
        return likes, False
    if post.comments is None:
        return likes * (1 + comment_share), True
    return likes + post.comments, False


def _counts(values: Sequence[int | None]) -> FloatArray:
    return np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)


def post_values(post: Post, *, age: float) -> list[float]:
    """The columns of features.engagement.POST that need no model, in order, for one post; NaN where unknown."""
    text = f"{post.title} {post.caption}" if post.title else post.caption
    kind = post.kind
    nan = np.nan
    at = post.posted_at
    start = text[:300]
    letters = sum(map(str.isalpha, start))
    return [
        float(np.log1p(len(text))),
        float(text.count("#") + len(post.tags)),
        float(text.count("@") if "@" in text else len(post.mentions)),
        float(len(PICTOGRAPH.findall(text))),
        float("?" in text),
        float(text.count("!")),
        float(_REACH.search(text) is not None),
        sum(map(str.isupper, start)) / letters if letters else nan,
        nan if at is None else float(at.hour),
        nan if at is None else float(at.weekday()),
        nan if post.is_sponsored is None else float(post.is_sponsored),
        float(post.location is not None),
        nan if kind is None else float(kind in ("carousel", "album", "sidecar")),
        nan if kind is None else float(kind in _MOVING),
        nan if post.duration_seconds is None else float(np.log1p(post.duration_seconds)),
        float(np.log(min(age, 30.0) + 0.02)) if not np.isnan(age) else nan,
    ]


def text_rows(prepared: Prepared, kind: str) -> dict[int, int]:
    """Row of the unit of this kind for each post that has one, exact repetitions included."""
    posts = prepared.creator.posts
    key = (lambda p: p.title) if kind == "title" else (lambda p: (p.caption, p.tags))
    first = {
        key(posts[unit.post]): row
        for row, unit in enumerate(prepared.units)
        if unit.kind == kind and unit.post is not None
    }
    return {i: first[key(post)] for i, post in enumerate(posts) if key(post) in first}
