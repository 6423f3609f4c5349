"""What a record must satisfy beyond its types; the one place, for files, services and tables alike."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.readers.report import shown
from bonafit.records import EARLIEST, MAX_COUNT, Creator

# Clocks and time zones of exports are off by up to a day; a later stamp is a mistake or a scheduled post.
SLACK = timedelta(days=1)


def latest_instant(now: datetime | None = None) -> datetime:
    """The last believable instant: a day after `now`, or after the clock."""
    return (datetime.now(UTC) if now is None else now) + SLACK


def check_creator(creator: Creator, *, latest: datetime) -> Creator:
    """The creator, unchanged, if its values are believable.

    Counts of at most MAX_COUNT (msgspec lets integers above 64 bits pass its bounds), instants in UTC between
    EARLIEST and `latest`, finite price, codes in lower case. Types and lengths are taken as checked.
    Raises RecordError.
    """
    price = creator.price
    if price is not None and not math.isfinite(price):
        raise _wrong("price", price, "a finite number")
    for name in ("followers", "following", "posts_count"):
        _count(getattr(creator, name), name)
    for name in ("platform", "country", "language"):
        code = getattr(creator, name)
        if code is not None and code != code.lower():
            raise _wrong(name, code, "lower case")
    # written out and not looped by name: this is the only Python code a row of a clean file meets
    for i, post in enumerate(creator.posts):
        at = post.posted_at
        if at is not None and (at.tzinfo is not UTC or not EARLIEST <= at <= latest):
            _instant(at, f"posts[{i}].posted_at", latest)
        if post.counted_at is not None:
            _instant(post.counted_at, f"posts[{i}].counted_at", latest)
        kind = post.kind
        if kind is not None and kind != kind.lower():
            raise _wrong(f"posts[{i}].kind", kind, "lower case")
        likes, comments, views = post.likes, post.comments, post.views
        if (
            (likes is not None and not 0 <= likes <= MAX_COUNT)
            or (comments is not None and not 0 <= comments <= MAX_COUNT)
            or (views is not None and not 0 <= views <= MAX_COUNT)
            or post.shares is not None
            or post.saves is not None
        ):
            for name in ("likes", "comments", "views", "shares", "saves"):
                _count(getattr(post, name), f"posts[{i}].{name}")
        for j, reply in enumerate(post.replies):
            _instant(reply.posted_at, f"posts[{i}].replies[{j}].posted_at", latest)
            _count(reply.likes, f"posts[{i}].replies[{j}].likes")
    for i, comment in enumerate(creator.comments):
        _instant(comment.posted_at, f"comments[{i}].posted_at", latest)
        _count(comment.likes, f"comments[{i}].likes")
    for i, account in enumerate(creator.audience):
        _count(account.followers, f"audience[{i}].followers")
        _count(account.following, f"audience[{i}].following")
        _count(account.posts_count, f"audience[{i}].posts_count")
    for i, point in enumerate(creator.follower_history):
        _instant(point.at, f"follower_history[{i}].at", latest)
        _count(point.followers, f"follower_history[{i}].followers")
    return creator


def validate_creator(creator: Creator, *, now: datetime | None = None) -> Creator:
    """A creator that a program built, held to everything that a file's rows are held to.

    Constructors do not check; this does: types, ranges, lengths, valid Unicode, believable times. Returns an equal
    creator with instants in UTC and codes in lower case. Raises RecordError with the field's path.
    """
    from bonafit.readers.convert import creator_from_dict

    if not isinstance(creator, Creator):
        raise RecordError(f"found {type(creator).__name__}, expected Creator; see creator_from_dict for plain objects")
    plain: dict[str, Any] = msgspec.to_builtins(creator, builtin_types=(datetime,))
    checked = creator_from_dict(plain, now=now)
    try:
        msgspec.json.encode(checked)
    except UnicodeEncodeError as error:
        raise RecordError(
            f"text with a lone surrogate at character {error.start}, expected valid Unicode; "
            "decode the source as UTF-8",
            creator_id=checked.creator_id,
            found=ascii(error.object[error.start : error.end]),
        ) from error
    return checked


def _count(value: int | None, path: str) -> None:
    if value is not None and not 0 <= value <= MAX_COUNT:
        raise _wrong(path, value, f"a count from 0 to {MAX_COUNT:,}")


def _instant(at: datetime | None, path: str, latest: datetime) -> None:
    if at is None:
        return
    if at.tzinfo is not UTC:
        raise _wrong(path, at, "a time in UTC")
    if at < EARLIEST:
        raise _wrong(path, at.isoformat(), f"a time from {EARLIEST:%Y-%m-%d} on, when the first platform opened")
    if at > latest:
        raise _wrong(path, at.isoformat(), f"a time at most {SLACK.days} day ahead of now")


def _wrong(path: str, value: Any, expected: str) -> RecordError:
    return RecordError(
        f"found {shown(value)}, expected {expected}; correct it or leave the field out",
        field=path,
        found=shown(value),
    )
