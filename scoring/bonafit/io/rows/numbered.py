"""Posts in numbered columns of a creator's row: `post1_likes`, `Likes 1`, `Reel 2 Views`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bonafit.io.rows.names import field_of, words_of
from bonafit.records import Post, is_absent

# Nobody keeps more posts a row in columns.
_MOST = 200
_TOKEN = re.compile(r"[0-9]+|[^0-9]+")
# Words that only say that a post is meant. Not `top`: the best posts are no sample.
_POST = frozenset((
    "post", "posts", "beitrag", "video", "reel", "publication", "publicacion", "publicacao", "pubblicazione",
    "postingan", "konten", "content", "media", "tweet", "short", "latest", "recent", "last", "letzter",
))  # fmt: skip
_FIELDS = frozenset((
    "post_id", "posted_at", "caption", "title", "tags", "likes", "comments", "views", "shares", "saves", "kind",
    "location", "is_sponsored", "duration_seconds",
))  # fmt: skip
# What says that numbered columns are posts, where no word does.
_EVIDENCE = frozenset(("caption", "likes", "views"))
LIST = "latestPosts"


def post_columns(keys: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Column -> the post's number and the name within it, "" for a post in one cell; empty where there are none."""
    columns: dict[str, tuple[int, str]] = {}
    fields: set[str] = set()
    n_worded = 0
    for key in keys:
        if key == LIST:
            return {}
        pieces = _taken_apart(key)
        if pieces is None:
            continue
        number, name, worded = pieces
        field = field_of(Post, name) if name else ("caption", 0)
        if field is None or field[0] not in _FIELDS or (not name and not worded):
            continue
        columns[key] = (number, name)
        fields.add(field[0])
        n_worded += worded
    numbers = {number for number, _ in columns.values()}
    worded = n_worded == len(columns)
    several = len(numbers) >= 2 or (worded and len(fields) >= 2)
    evident = bool(fields & _EVIDENCE) or (worded and "comments" in fields)
    return columns if several and evident and min(numbers) <= 1 else {}


def _taken_apart(key: str) -> tuple[int, str, bool] | None:
    """Number, the rest of the name, and whether a word says that it is a post; None for a name without one number."""
    if len(key) > 80 or not any(c.isdecimal() for c in key):
        return None
    tokens = [token for word in words_of(key) for token in _TOKEN.findall(word)]
    numbers = [i for i, token in enumerate(tokens) if token.isdecimal()]
    if len(numbers) != 1 or int(tokens[numbers[0]][:9]) > _MOST:
        return None
    before, after = tokens[: numbers[0]], tokens[numbers[0] + 1 :]
    rest_before = [token for token in before if token not in _POST]
    rest_after = [token for token in after if token not in _POST]
    if rest_before and rest_after:
        return None
    worded = len(rest_before) + len(rest_after) < len(before) + len(after)
    return int(tokens[numbers[0]]), " ".join(rest_before or rest_after), worded


def with_posts(row: Mapping[str, Any], columns: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    """The row with its numbered columns as a list of posts, in the order of their numbers; empty ones are none."""
    out: dict[str, Any] = {}
    posts: dict[int, dict[str, Any]] = {}
    for key, value in row.items():
        place = columns.get(key)
        if place is None:
            out[key] = value
        elif value is not None and not (isinstance(value, str) and is_absent(value)):
            number, name = place
            posts.setdefault(number, {})[name or ("url" if _is_link(value) else "caption")] = value
    if posts:
        out[LIST] = [posts[number] for number in sorted(posts)]
    return out


def _is_link(value: Any) -> bool:
    return isinstance(value, str) and " " not in value.strip() and ("://" in value or value.startswith("www."))
