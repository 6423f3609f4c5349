"""What collecting leaves behind in posts, and counts that platforms hide: none of it evidence about the creator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, TypeVar

import msgspec

from bonafit.io.rows.identity import post_key
from bonafit.records import Creator, Post

Note = Callable[[str], None]
P = TypeVar("P")

COUNTS = ("likes", "comments", "views", "shares", "saves")
# Instagram's private interface gives 3 likes where the creator hides them (instagrapi #2010), others 0.
PLACEHOLDERS = (0, 3)
# Comments under posts with a placeholder for likes that say that somebody liked them: somebody who comments on three
# photographs of ten without a single like among all readers has not been seen in the public sets.
HIDDEN_FROM = 4
# A profile pins at most three posts on Instagram and TikTok.
MAX_PINS = 3
POST_TEXTS = ("caption", "title", "transcript")


def collected(creator: Creator, note: Note) -> Creator:
    """The creator without what collecting left behind: posts twice, placeholders for hidden counts, zero followers
    beside
    many views. Equal for a creator whose posts have no such traces, and then the same object.

    note : is told once for every value or post that was left out.
    """
    changed: dict[str, Any] = {}
    posts = creator.posts
    if posts:
        remaining = _unrepeated(posts, note)
        remaining = _without_pins_by_place(remaining, note)
        remaining = _with_hidden(remaining, note)
        if remaining is not posts:
            changed["posts"] = remaining
    if creator.followers == 0 and _is_seen(changed.get("posts", posts)):
        changed["followers"] = None
        note("followers: 0 beside posts that many saw, hidden, read as absent")
    return msgspec.structs.replace(creator, **changed) if changed else creator


def without_long_texts(creator: Creator, limit: int, note: Note) -> Creator:
    """The creator without the texts that have more than `limit` characters; the same object where none has."""

    def fits(text: str | None) -> bool:
        if text is None or len(text) <= limit:
            return True
        note(f"texts: of more than {limit:,} characters (--max-text), not read")
        return False

    posts = tuple(
        msgspec.structs.replace(post, **{name: "" for name in POST_TEXTS if not fits(getattr(post, name))})
        if max(len(post.caption), len(post.title), len(post.transcript)) > limit
        else post
        for post in creator.posts
    )
    comments = tuple(comment for comment in creator.comments if fits(comment.text))
    bio = creator.bio if fits(creator.bio) else None
    if bio == creator.bio and posts == creator.posts and len(comments) == len(creator.comments):
        return creator
    return msgspec.structs.replace(creator, bio=bio, posts=posts, comments=comments)


def future_left_out(posts: list[dict[str, Any]], latest: datetime, note: Note) -> list[dict[str, Any]]:
    """Plain posts without scheduled ones."""
    remaining = [post for post in posts if post.get("posted_at") is None or post["posted_at"] <= latest]
    for _ in range(len(posts) - len(remaining)):
        note("posts: of the future (scheduled), left out")
    return remaining


def without_old_pins(
    posts: Sequence[P], times: Sequence[datetime | None], pinned: Sequence[bool], note: Note
) -> list[P]:
    """Posts without pinned ones that are older than all others: they are there because they did well."""
    free = [at for at, is_pinned in zip(times, pinned, strict=True) if at is not None and not is_pinned]
    if not free or not any(pinned):
        return list(posts)
    oldest = min(free)
    remaining = [
        post
        for post, at, is_pinned in zip(posts, times, pinned, strict=True)
        if not (is_pinned and at is not None and at < oldest)
    ]
    for _ in range(len(posts) - len(remaining)):
        note("posts: pinned and older than all others, left out")
    return remaining


def _without_pins_by_place(posts: tuple[Post, ...], note: Note) -> tuple[Post, ...]:
    """Posts without pinned ones that nothing marks: up to three at the front of a list that otherwise goes from new to
    old, each older than all the others by more than a month."""
    times = [post.posted_at for post in posts]
    if len(posts) < MAX_PINS + 4 or times[0] is None or times[-1] is None or times[0] >= times[-1]:
        return posts
    if any(at is None for at in times):
        return posts
    for n in range(1, MAX_PINS + 1):
        rest = [at for at in times[n:] if at is not None]
        if all(a >= b for a, b in pairwise(rest)):
            if all(at is not None and at < rest[-1] - timedelta(days=30) for at in times[:n]):
                for _ in range(n):
                    note("posts: first in the list and older than all others (pinned), left out")
                return posts[n:]
            return posts
    return posts


def _unrepeated(posts: tuple[Post, ...], note: Note) -> tuple[Post, ...]:
    """Posts without repetitions, by id, else by time and caption; the newest counts are kept."""
    places: dict[Any, int] = {}
    remaining: list[Post] = []
    for post in posts:
        keys: list[Any] = [post_key(post.post_id)] if post.post_id is not None else []
        if post.posted_at is not None and (post.caption or post.title):
            keys.append((post.posted_at, post.caption, post.title))
        place = next((places[key] for key in keys if key in places), None)
        if place is not None and len(keys) == 2 and place != places.get(keys[0]):
            # the same words at the same second under another id are another post
            earlier = remaining[place].post_id
            place = None if earlier is not None and post_key(earlier) != keys[0] else place
        if place is None:
            places.update((key, len(remaining)) for key in keys if key not in places)
            remaining.append(post)
        else:
            remaining[place] = _newer(remaining[place], post)
            places.update((key, place) for key in keys if key not in places)
            note("posts: twice in the file, read once with the newest counts")
    return posts if len(remaining) == len(posts) else tuple(remaining)


def _newer(first: Post, second: Post) -> Post:
    """The one of two readings of a post that is newer, filled up from the other."""
    old, new = (second, first) if _age(first) > _age(second) else (first, second)
    fill = {
        name: getattr(old, name)
        for name in Post.__struct_fields__
        if getattr(new, name) in (None, "", ()) and getattr(old, name) not in (None, "", ())
    }
    return msgspec.structs.replace(new, **fill) if fill else new


def _age(post: Post) -> tuple[datetime, int]:
    """What grows with the time at which counts were read: that time, else the counts."""
    return post.counted_at or datetime.min.replace(tzinfo=UTC), sum(getattr(post, name) or 0 for name in COUNTS)


def _with_hidden(posts: tuple[Post, ...], note: Note) -> tuple[Post, ...]:
    """Posts whose placeholders for hidden counts are absent."""
    if not any(post.likes in PLACEHOLDERS or post.views == 0 for post in posts):
        return posts
    likes = [post.likes for post in posts if post.likes is not None]
    constant = len(likes) >= 3 and len(set(likes)) == 1 and likes[0] in PLACEHOLDERS
    usual = [n for n in likes if n not in PLACEHOLDERS]
    many = bool(usual) and median(usual) >= 50
    out: list[Post] = []
    for post in posts:
        changed: dict[str, None] = {}
        least_likes = max(post.comments or 0, (post.views or 0) // 100)
        if post.likes in PLACEHOLDERS and (
            (constant and _median_comments(posts) >= HIDDEN_FROM) or (many and least_likes >= HIDDEN_FROM)
        ):
            changed["likes"] = None
            note(f"likes: {post.likes} beside normal comments, hidden, read as absent")
        if post.views == 0 and (
            post.kind in ("image", "carousel") or (post.likes or 0) > 0 or (post.comments or 0) > 0
        ):
            changed["views"] = None
            note("views: 0 where the platform counts none, read as absent")
        out.append(msgspec.structs.replace(post, **changed) if changed else post)
    return tuple(out) if any(a is not b for a, b in zip(out, posts, strict=True)) else posts


def _median_comments(posts: tuple[Post, ...]) -> float:
    counts = [post.comments for post in posts if post.comments is not None]
    return median(counts) if counts else 0.0


def _is_seen(posts: tuple[Post, ...]) -> bool:
    """Whether posts have been seen by more than an account without any follower could expect."""
    return any((post.likes or 0) >= 50 or (post.views or 0) >= 1_000 for post in posts)
