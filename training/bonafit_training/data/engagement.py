"""Readers of the published engagement sets, as creators with posts.

Every post says when its counts were read, so that posts still growing are told from settled ones: the sets of one crawl
take its end (their newest post) for all, youtube_charts_2026 the first snapshot of each video.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bonafit.errors import InputError
from bonafit.records import Creator, Post
from bonafit.tables.arrays import FloatArray


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected the public sets laid out as their README says")
    return list(pq.read_table(path).to_pylist())


def _with_posts(folder: Path, post_of: Any) -> list[Creator]:
    posts: dict[str, list[Post]] = {}
    rows = _rows(folder / "posts.parquet")
    end = max(row["posted_at"] for row in rows if row["posted_at"] is not None)
    for row in rows:
        posts.setdefault(row["creator_id"], []).append(post_of(row, end))
    return [
        Creator(
            creator_id=row["creator_id"],
            platform=row["platform"],
            bio=row["bio"] or None,
            followers=row["followers"],
            following=row.get("following"),
            posts_count=row["posts_count"],
            category=row["category"],
            verified=row["verified"],
            posts=tuple(posts.get(row["creator_id"], ())),
        )
        for row in _rows(folder / "creators.parquet")
    ]


def read_tiktok_2020(data: Path) -> list[Creator]:
    """1,783 creators with their posts, likes, comments, views and shares."""

    def post(row: dict[str, Any], end: datetime) -> Post:
        return Post(
            post_id=row["post_id"], posted_at=row["posted_at"], caption=row["caption"] or "", likes=row["likes"],
            comments=row["comments"], views=row["views"], shares=row["shares"], kind=row["media_type"], counted_at=end,
        )  # fmt: skip

    return _with_posts(data / "engagement" / "tiktok_2020", post)


def read_instagram_2017(data: Path) -> list[Creator]:
    """973 creators with their posts; likes only, comments are not in the set."""

    def post(row: dict[str, Any], end: datetime) -> Post:
        return Post(
            post_id=row["post_id"], posted_at=row["posted_at"], caption=row["caption"] or "", likes=row["likes"],
            kind=row["media_type"], is_sponsored=row["is_sponsored"], counted_at=end,
        )  # fmt: skip

    return _with_posts(data / "fit" / "instagram_2017", post)


def read_instafake_series(data: Path) -> list[Creator]:
    """700 genuine Instagram accounts with likes and comments of their posts; non-commercial: benchmark only."""
    rows = _rows(data / "engagement" / "instafake_2019_genuine_post_series.parquet")
    end = datetime.fromtimestamp(max(max(row["mediaUploadTimes"], default=0) for row in rows), UTC)
    creators = []
    for i, row in enumerate(rows):
        posts = [
            Post(
                posted_at=datetime.fromtimestamp(at, UTC), likes=likes, comments=comments, counted_at=end,
                location="given" if located else None,
            )
            for at, likes, comments, located in zip(
                row["mediaUploadTimes"], row["mediaLikeNumbers"], row["mediaCommentNumbers"],
                row["mediaHasLocationInfo"], strict=True,
            )
        ]  # fmt: skip
        creators.append(
            Creator(
                creator_id=f"instafake-{i}", platform="instagram", followers=row["userFollowerCount"],
                following=row["userFollowingCount"], posts_count=row["userMediaCount"], posts=tuple(posts),
            )
        )  # fmt: skip
    return creators


def read_youtube_charts(data: Path) -> list[Creator]:
    """9,538 channels with their charting videos as first counted; hidden likes, stored as 0, are None.

    The source gives category and languages by video; a channel's are the most frequent.
    """
    videos: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(data / "engagement" / "youtube_charts_2026" / "videos.parquet"):
        videos.setdefault(row["channel_id"], []).append(row)
    return [
        Creator(
            creator_id=channel,
            platform="youtube",
            category=_commonest([row["category_name"] for row in rows]),
            language=_commonest([row["audio_language"] or row["default_language"] for row in rows]),
            posts=tuple(_video(row) for row in rows),
        )
        for channel, rows in videos.items()
    ]


def _video(row: dict[str, Any]) -> Post:
    tags = tuple(tag.strip()[:100] for tag in (row["tags"] or "").split(",") if tag.strip())
    return Post(
        post_id=row["video_id"],
        posted_at=row["published_at"],
        title=row["title"] or "",
        tags=tags,
        likes=row["likes"] or None,
        comments=row["comments"],
        views=row["views"],
        kind="video",
        counted_at=row["fetched_at"],
        duration_seconds=float(row["duration"]),
    )


def _commonest(values: list[str | None]) -> str | None:
    known = Counter(v.casefold() for v in values if v)
    return min(known, key=lambda v: (-known[v], v)) if known else None


@dataclass(frozen=True)
class Profiles:
    """Creators without posts and what their videos got. y : (n,) log of likes a video for each follower."""

    creators: list[Creator]
    y: FloatArray


def read_tides_2024(data: Path) -> Profiles:
    """5,000 TikTok profiles; total likes and videos make the target and appear nowhere else."""
    rows = _rows(data / "engagement" / "tides_2024_tiktok_creators.parquet")
    creators = [
        Creator(
            creator_id=row["creator_id"], platform="tiktok", bio=row["bio"] or None, followers=row["followers"],
            following=row["following"], verified=row["verified"], country=(row["region"] or "").lower() or None,
            language=(row["language"] or "").lower() or None, category=row["commerceCategory"],
            extra={"continent": row["continent"], "commerce": row["commerceUser"]},
        )
        for row in rows
    ]  # fmt: skip
    likes = np.array([row["total_likes"] / row["total_videos"] / row["followers"] for row in rows], dtype=np.float64)
    return Profiles(creators, np.log(likes))
