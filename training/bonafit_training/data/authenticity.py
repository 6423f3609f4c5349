"""Readers of the published authenticity sets: counts and further traits of accounts by name, and labels.

Each reader gives the rows as published, in order, as dictionaries of named values; what the set does not know is
absent. Rates are shares, never percent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from bonafit.errors import InputError
from bonafit.heads.authenticity.account_columns import Values
from bonafit.tables.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Accounts:
    """One set of labelled accounts.

    rows  : base values of each account. fake : (n,) 1 for fake, bought or automated, as `what` says.
    other : further columns of the set, (n,) each, by name.
    """

    name: str
    rows: list[Values]
    fake: IntArray
    other: dict[str, FloatArray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


def read_table(data: Path, name: str) -> dict[str, list[object]]:
    """Columns of one parquet file of the public sets. Raises InputError where it is absent."""
    path = data / f"{name}.parquet"
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected the public sets laid out as their README says")
    return {k: list(v) for k, v in pq.read_table(path).to_pydict().items()}


def floats(table: dict[str, list[object]], column: str) -> list[float]:
    """One column as floats."""
    return [float(v) for v in table[column]]  # type: ignore[arg-type]


def _rows(table: dict[str, list[object]], names: dict[str, str]) -> list[Values]:
    columns = {name: floats(table, column) for name, column in names.items()}
    n = len(next(iter(columns.values())))
    return [{name: values[i] for name, values in columns.items()} for i in range(n)]


def _labels(table: dict[str, list[object]], column: str) -> IntArray:
    return np.array(floats(table, column)).astype(np.int64)


def read_purba(data: Path) -> Accounts:
    """48,948 Instagram accounts, half bought from sellers; other: `published_test`.

    Rates of accounts without posts are zeros in the file and absent here.
    """
    table = read_table(data, "authenticity/purba_2020_accounts")
    names = {
        "followers": "followers", "following": "following", "posts_count": "posts", "bio_length": "bio_length",
        "has_picture": "has_pic", "has_url": "has_url", "like_rate": "er_like_pct", "comment_rate": "er_comment_pct",
    }  # fmt: skip
    rows = _rows(table, names)
    for row in rows:
        for name in ("like_rate", "comment_rate"):
            value = row[name]
            known = value is not None and row["posts_count"] and row["followers"]
            row[name] = value / 100 if known and value is not None else None
    other = {"published_test": np.array(floats(table, "published_test"))}
    return Accounts("purba_2020_accounts", rows, _labels(table, "fake"), other)


def read_srf(data: Path) -> Accounts:
    """975 followers of Swiss influencers labelled by hand, 98 fake."""
    table = read_table(data, "authenticity/srf_2017_followers")
    names = {"followers": "followers", "following": "following", "posts_count": "posts", "has_picture": "has_pic"}
    return Accounts("srf_2017_followers", _rows(table, names), _labels(table, "fake"))


def read_instafake_accounts(data: Path) -> Accounts:
    """1,194 Instagram accounts, 200 fake, exact duplicates kept as published; non-commercial: benchmark only."""
    table = read_table(data, "authenticity/instafake_2019_accounts")
    names = {
        "followers": "userFollowerCount", "following": "userFollowingCount", "posts_count": "userMediaCount",
        "bio_length": "userBiographyLength", "has_picture": "userHasProfilPic",
    }  # fmt: skip
    return Accounts("instafake_2019_accounts", _rows(table, names), _labels(table, "isFake"))


def read_kaggle(data: Path) -> Accounts:
    """576 Instagram accounts, half fake, the published train part."""
    table = read_table(data, "authenticity/kaggle_2019_fake_spammer_train")
    names = {
        "followers": "#followers", "following": "#follows", "posts_count": "#posts",
        "bio_length": "description length", "has_picture": "profile pic", "has_url": "external URL",
    }  # fmt: skip
    return Accounts("kaggle_2019_fake_spammer_train", _rows(table, names), _labels(table, "fake"))


@dataclass(frozen=True)
class Comments:
    """Labelled comments: texts, (n,) spam labels, and the video each stands under."""

    texts: list[str]
    spam: IntArray
    video: list[str]


def read_youtube_spam(data: Path) -> Comments:
    """1,956 comments under five videos, 1,005 spam."""
    table = read_table(data, "authenticity/youtube_spam_2015_comments")
    return Comments([str(t) for t in table["comment"]], _labels(table, "is_spam"), [str(v) for v in table["video"]])


@dataclass(frozen=True)
class Series:
    """One account's genuine posts, oldest first: counts (n,), NaN where unknown, and times in hours (n,).

    followers : NaN where the set does not publish them.
    """

    followers: float
    likes: FloatArray
    comments: FloatArray
    views: FloatArray
    hours: FloatArray


def read_instafake_series(data: Path) -> list[Series]:
    """700 genuine Instagram accounts with their posts; non-commercial: benchmark only."""
    table = read_table(data, "engagement/instafake_2019_genuine_post_series")
    columns = ("mediaLikeNumbers", "mediaCommentNumbers", "mediaUploadTimes")
    followers = floats(table, "userFollowerCount")
    out = []
    for f, *parts in zip(followers, *(table[c] for c in columns), strict=True):
        likes, comments, times = (np.asarray(part, dtype=np.float64) for part in parts)
        out.append(_series(f, likes, comments, np.full(len(likes), np.nan), times))
    return out


def read_tiktok_series(data: Path) -> list[Series]:
    """1,783 TikTok creators of 2020 with their posts, all taken as genuine (unlabelled; see the model card)."""
    followers = read_table(data, "engagement/tiktok_2020/creators")
    posts = read_table(data, "engagement/tiktok_2020/posts")
    sizes = dict(zip(followers["creator_id"], followers["followers"], strict=True))
    return _grouped(posts, ("creator_id", "posted_at", "likes", "comments", "views"), sizes)


def read_youtube_series(data: Path) -> list[Series]:
    """9,538 YouTube channels of the charts of 2026 with their videos, all taken as genuine; subscribers unknown."""
    videos = read_table(data, "engagement/youtube_charts_2026/videos")
    columns = ("channel_id", "published_at", "likes_last", "comments_last", "views_last")
    return _grouped(videos, columns, {})


def _grouped(
    posts: dict[str, list[object]], columns: tuple[str, str, str, str, str], sizes: dict[object, object]
) -> list[Series]:
    """Series of each owner, from the columns of owner, time, likes, comments and views; in the order of first posts."""
    rows: dict[object, list[tuple[object, ...]]] = {}
    for owner, *row in zip(*(posts[name] for name in columns), strict=True):
        if row[0] is not None:
            rows.setdefault(owner, []).append(tuple(row))
    out = []
    for owner, owned in rows.items():
        seconds = np.array([row[0].timestamp() for row in owned])  # type: ignore[attr-defined]
        likes, comments, views = (np.array([_number(row[k]) for row in owned]) for k in (1, 2, 3))
        out.append(_series(_number(sizes.get(owner)), likes, comments, views, seconds))
    return out


def _number(value: object) -> float:
    return float("nan") if value is None else float(value)  # type: ignore[arg-type]


def _series(followers: float, likes: FloatArray, comments: FloatArray, views: FloatArray, times: FloatArray) -> Series:
    order = np.argsort(times, kind="stable")
    return Series(followers, likes[order], comments[order], views[order], times[order] / 3600)


def read_tides(data: Path) -> list[Values]:
    """Counts of the 5,000 TikTok creators of tides_2024, 1,000 a tier, all taken as genuine."""
    table = read_table(data, "engagement/tides_2024_tiktok_creators")
    names = {"followers": "followers", "following": "following", "posts_count": "total_videos"}
    return _rows(table, names)


def read_instagram_2017(data: Path) -> list[Values]:
    """Counts of the 973 Instagram creators of 2017, all taken as genuine; accounts followed are not published."""
    table = read_table(data, "fit/instagram_2017/creators")
    return [
        {"followers": _known(f), "posts_count": _known(p)}
        for f, p in zip(table["followers"], table["posts_count"], strict=True)
    ]


def _known(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
