"""Readers of the published fit sets, as records.

Ids, handles and contact details in these sets are masked by whoever published them; texts stay as published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bonafit.errors import InputError
from bonafit.records import Brief, Creator, Post
from bonafit.tables.arrays import BoolArray, FloatArray

INSTAGRAM = "instagram_2017"
GAN = "gan_2019"
YOUTUBE = "youtube_2025"
TIDES = "tides_2024_tiktok_creators"
SHARK_TANK = "shark_tank_brands"
# Handles shorter than this are words of their own (gap, asos) more often than names.
LEAST_NAME = 4


@dataclass(frozen=True)
class Pairs:
    """Brands, creators, and which belong together.

    positive : (n_briefs, n_creators) bool.
    made_by  : (brief, creator) to the indices of the posts that made the pair; they must not be read for it.
    """

    name: str
    briefs: list[Brief]
    creators: list[Creator]
    positive: BoolArray
    made_by: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class AccountVectors:
    """Vectors of brands and creators derived from their posts by others, and which belong together.

    brand, creator : dicts of arrays, `topics` (n, 19) that sum to 1 and `concept` (n, 128).
    """

    brand_id: list[str]
    creator_id: list[str]
    brand: dict[str, FloatArray]
    creator: dict[str, FloatArray]
    positive: BoolArray


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Rows of one parquet file. Raises InputError where it is absent."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected the public sets laid out as their README says")
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


def read_instagram(data: Path, *, least: int = 3) -> Pairs:
    """973 creators with captions; brands that at least `least` of them mention, with one-line descriptions."""
    folder = data / "fit" / INSTAGRAM
    posts: dict[str, list[Post]] = {}
    for row in read_rows(folder / "posts.parquet"):
        posts.setdefault(row["creator_id"], []).append(
            Post(
                post_id=row["post_id"],
                posted_at=_utc(row["posted_at"]),
                caption=row["caption"] or "",
                likes=row["likes"],
            )
        )
    creators = [
        Creator(
            creator_id=row["creator_id"],
            platform=row["platform"],
            bio=row["bio"],
            followers=row["followers"],
            posts_count=row["posts_count"],
            posts=tuple(posts.get(row["creator_id"], ())),
        )
        for row in read_rows(folder / "creators.parquet")
    ]
    at = {creator.creator_id: i for i, creator in enumerate(creators)}
    mentions: dict[str, dict[int, set[str]]] = {}
    for row in read_rows(folder / "brand_mentions.parquet"):
        mentions.setdefault(row["brand"], {}).setdefault(at[row["creator_id"]], set()).add(row["post_id"])
    rows = [row for row in read_rows(folder / "brands.parquet") if len(mentions.get(row["brand"], ())) >= least]
    positive = np.zeros((len(rows), len(creators)), dtype=bool)
    made_by = {}
    for b, row in enumerate(rows):
        for c, ids in mentions[row["brand"]].items():
            positive[b, c] = True
            made_by[b, c] = frozenset(i for i, post in enumerate(creators[c].posts) if post.post_id in ids)
    briefs = [Brief(brand=row["name"], description=row["description"]) for row in rows]
    return Pairs(INSTAGRAM, briefs, creators, positive, made_by)


def mask_names(text: str, names: frozenset[str]) -> str:
    """`text` without any stretch of up to four words that spell one of `names` (squashed, lower case)."""
    words = text.split()
    squashed = [re.sub(r"[\W_]", "", word.lower()) for word in words]
    pieces, i = [], 0
    while i < len(words):
        width = next((k for k in (4, 3, 2, 1) if i + k <= len(words) and "".join(squashed[i : i + k]) in names), 0)
        if not width:
            pieces.append(words[i])
        i += max(width, 1)
    return " ".join(pieces)


def read_gan_bios(data: Path, *, masked: bool = True) -> Pairs:
    """Brands and micro-influencers with a bio, and their pairs; absent bios are left out, not read as empty.

    masked : take every brand's name out of every bio.
    """
    folder = data / "fit" / GAN
    accounts = read_rows(folder / "accounts.parquet")
    handles = {re.sub(r"[\W_]", "", r["account_id"][2:].lower()) for r in accounts if r["role"] == "brand"}
    names = frozenset(handle for handle in handles if len(handle) >= LEAST_NAME) if masked else frozenset()
    known = [(row, text) for row in accounts if (text := mask_names(row["bio_tokens"] or "", names))]
    brands = [(row["account_id"], text) for row, text in known if row["role"] == "brand"]
    people = [(row["account_id"], text) for row, text in known if row["role"] != "brand"]
    at_brand = {name: i for i, (name, _) in enumerate(brands)}
    at_creator = {name: i for i, (name, _) in enumerate(people)}
    positive = np.zeros((len(brands), len(people)), dtype=bool)
    for row in read_rows(folder / "pairs.parquet"):
        if row["brand_id"] in at_brand and row["influencer_id"] in at_creator:
            positive[at_brand[row["brand_id"]], at_creator[row["influencer_id"]]] = True
    return Pairs(
        GAN,
        [Brief(brand=name[2:] or name, description=text) for name, text in brands],
        [Creator(creator_id=name, bio=text) for name, text in people],
        positive,
    )


def read_gan_vectors(data: Path, part: str) -> AccountVectors:
    """Given vectors of the published `train` or `test` part. Test labels are those of `published_test`."""
    folder = data / "fit" / GAN
    path = folder / f"post_vectors_{part}.npz"
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected the public sets laid out as their README says")
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    brands, creators = arrays["brand_id"].tolist(), arrays["influencer_id"].tolist()
    at_brand = {name: i for i, name in enumerate(brands)}
    at_creator = {name: i for i, name in enumerate(creators)}
    positive = np.zeros((len(brands), len(creators)), dtype=bool)
    source = "pairs.parquet" if part == "train" else "published_test.parquet"
    for row in read_rows(folder / source):
        if row.get("label", 1) and row["brand_id"] in at_brand and row["influencer_id"] in at_creator:
            positive[at_brand[row["brand_id"]], at_creator[row["influencer_id"]]] = True
    sides = {
        side: {
            "topics": arrays[f"{key}_lda"].astype(np.float64),
            "concept": arrays[f"{key}_concept"].astype(np.float64),
        }
        for side, key in (("brand", "brand"), ("creator", "influencer"))
    }
    return AccountVectors(brands, creators, sides["brand"], sides["creator"], positive)


def read_youtube(data: Path) -> tuple[list[Creator], list[str]]:
    """978 channels with their bios, and the niche of the seed list each came from."""
    rows = read_rows(data / "fit" / YOUTUBE / "creators.parquet")
    creators = [
        Creator(creator_id=r["creator_id"], platform="youtube", bio=r["bio"], followers=r["followers"]) for r in rows
    ]
    return creators, [row["category"] for row in rows]


def read_tides_bios(data: Path) -> list[dict[str, Any]]:
    """TikTok creators with a bio: creator_id, bio, language, followers, commerceCategory."""
    rows = read_rows(data / "engagement" / f"{TIDES}.parquet")
    names = ("creator_id", "bio", "language", "followers", "commerceCategory")
    return [{name: row[name] for name in names} for row in rows if row["bio"]]


def read_shark_tank(data: Path) -> list[dict[str, str]]:
    """495 companies: title, description, category."""
    return read_rows(data / "fit" / f"{SHARK_TANK}.parquet")
