"""What a record must satisfy beyond its types; the one place, for files, services and tables alike."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import is_not
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.rows.codes import country_code, kind_code, language_code, platform_code
from bonafit.io.rows.identity import ROUNDED, of_link, seen
from bonafit.io.rows.nesting import is_deep
from bonafit.io.rows.pages import page_description
from bonafit.io.rows.times import instant
from bonafit.records import EARLIEST, Creator, Post, is_absent
from bonafit.records.messages import shown

# Clocks and time zones of exports are off by up to a day; a later stamp is a mistake or a scheduled post.
SLACK = timedelta(days=1)
# Ids and handles in which nothing can be unseen, nearly all of them.
_BARE = re.compile(r"[!-~]*")
CODES: dict[str, Callable[[str], str | None]] = {
    "platform": platform_code,
    "country": country_code,
    "language": language_code,
}


def latest_instant(now: datetime | None = None) -> datetime:
    """The last believable instant: a day after `now`, or after the clock."""
    return (datetime.now(UTC) if now is None else now) + SLACK


def check_creator(creator: Creator, *, latest: datetime) -> Creator:
    """The creator, if its values are spelt as records spell them and believable; times become UTC.

    Codes as bonafit.io.rows.codes has them, handles without @, ids that no spreadsheet has
    rounded, instants between EARLIEST and `latest`, finite price. Types, bounds and lengths are taken as checked, as
    decoding and msgspec.convert check them. Raises RecordError; what is merely spelt otherwise RowReader reads.
    """
    changed: dict[str, Any] = {}
    price = creator.price
    if price is not None and not math.isfinite(price):
        raise _wrong("price", price, "a finite number")
    for name, code_of in CODES.items():
        code = getattr(creator, name)
        if code is not None and code_of(code) != code:
            raise _wrong(name, code, "a code")
    if ROUNDED.fullmatch(creator.creator_id) or is_absent(creator.creator_id):
        raise _wrong("creator_id", creator.creator_id, "an id, and none that a spreadsheet has rounded")
    if "/" in creator.creator_id and of_link(creator.creator_id) != (None, None):
        raise _wrong("creator_id", creator.creator_id, "an id, or a link whose handle is given")
    if _BARE.fullmatch(creator.creator_id) is None and creator.creator_id != seen(creator.creator_id):
        raise _wrong("creator_id", creator.creator_id, "an id without spaces around it and unseen marks in it")
    handle = creator.handle
    if handle is not None and (
        "@" in handle or "/" in handle or (_BARE.fullmatch(handle) is None and handle != seen(handle))
    ):
        raise _wrong("handle", handle, "a handle without @, link, spaces around it and unseen marks")
    bio = creator.bio
    if bio is not None and bio[:1].isdigit() and page_description(bio) is not None:
        raise _wrong("bio", bio, "a profile text, not the page's description")
    posts = creator.posts
    checked = tuple(check_post(post, i, latest) for i, post in enumerate(posts))
    # by identity: a post whose times became UTC is equal to what it was
    if any(map(is_not, checked, posts)):
        changed["posts"] = checked
    for name, at in (("comments", "posted_at"), ("follower_history", "at")):
        records = getattr(creator, name)
        if records and (timed := _timed(records, at, name, latest)) is not records:
            changed[name] = timed
    if creator.extra and not _is_plain(creator.extra):
        raise _wrong("extra", creator.extra, "columns with values")
    return msgspec.structs.replace(creator, **changed) if changed else creator


def _is_plain(extra: dict[str, Any]) -> bool:
    return not is_deep(extra) and not any(
        value is None or (isinstance(value, str) and is_absent(value)) for value in extra.values()
    )


def check_post(post: Post, index: int | None, latest: datetime) -> Post:
    """The post as check_creator leaves it. index : its place among the creator's, for the error's path.

    All the Python that the posts of a clean file meet: 3 us for ten.
    """
    changed: dict[str, Any] = {}
    at, counted_at, kind, replies = post.posted_at, post.counted_at, post.kind, post.replies
    if at is not None and (at.tzinfo is not UTC or not EARLIEST <= at <= latest):
        changed["posted_at"] = _instant(at, f"{_under(index)}posted_at", latest)
    if counted_at is not None and (counted_at.tzinfo is not UTC or not EARLIEST <= counted_at <= latest):
        changed["counted_at"] = _instant(counted_at, f"{_under(index)}counted_at", latest)
    if kind is not None and kind_code(kind) != kind:
        raise _wrong(f"{_under(index)}kind", kind, "a kind of post")
    if replies and (timed := _timed(replies, "posted_at", f"{_under(index)}replies", latest)) is not replies:
        changed["replies"] = timed
    return msgspec.structs.replace(post, **changed) if changed else post


def _under(index: int | None) -> str:
    return "" if index is None else f"posts[{index}]."


def _timed(records: tuple[Any, ...], name: str, path: str, latest: datetime) -> tuple[Any, ...]:
    """The records with the time called `name` in UTC; the same tuple where it was."""
    out: list[Any] = []
    same = True
    for i, record in enumerate(records):
        at = getattr(record, name)
        if at is not None and (at.tzinfo is not UTC or not EARLIEST <= at <= latest):
            out.append(msgspec.structs.replace(record, **{name: _instant(at, f"{path}[{i}].{name}", latest)}))
            same = False
        else:
            out.append(record)
    return records if same else tuple(out)


def _instant(at: datetime, path: str, latest: datetime) -> datetime:
    """The instant in UTC. Raises RecordError where it is not believable."""
    at = instant(at, path)
    if at < EARLIEST:
        raise _wrong(path, at.isoformat(), f"a time from {EARLIEST:%Y-%m-%d} on, when the first platform opened")
    if at > latest:
        raise _wrong(path, at.isoformat(), f"a time at most {SLACK.days} day ahead of now")
    return at


def _wrong(path: str, value: Any, expected: str) -> RecordError:
    return RecordError(
        f"found {shown(value)}, expected {expected}; correct it or leave the field out",
        field=path,
        found=shown(value),
    )
