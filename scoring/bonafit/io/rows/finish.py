"""From what was read of a row to one valid record: who it is of, its posts, and one bad value losing one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bonafit.io.rows.context import RowContext
from bonafit.io.rows.conversion import converted
from bonafit.io.rows.fields import SHAPES
from bonafit.io.rows.identity import is_link_to_post, join_key, of_link
from bonafit.io.rows.naming import identify
from bonafit.io.rows.pages import page_description
from bonafit.io.rows.traces import collected, future_left_out, without_old_pins
from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post
from bonafit.records.messages import shown

if TYPE_CHECKING:
    from bonafit.io.rows.steps import Out

# What scrapers put into the row of somebody whom they could not read.
_FAILURES = ("error", "errorDescription", "error_message", "errorMessage", "exception")
_EVIDENCE = frozenset(("bio", "followers", "posts", "posts_count", "following"))
_KINDS: dict[str, type[msgspec.Struct]] = {
    "posts": Post,
    "comments": Comment,
    "audience": AudienceAccount,
    "follower_history": FollowerPoint,
}


def creator_of(out: Out, reader: RowContext) -> Creator:
    """The creator of a row. Raises RecordError where it names nobody."""
    failure = next((out.extra[name] for name in _FAILURES if isinstance(out.extra.get(name), str)), None)
    if failure is not None and not _EVIDENCE & set(out.values):
        reason = "the export says that it could not read this account; fetch it again"
        raise reader.rejected(reason, field="error", value=shown(failure)[:120])
    plain = _plain_creator(out, reader)
    creator: Creator = converted(plain, Creator, reader)
    return collected(creator, reader.note)


class OwnedPost(msgspec.Struct, frozen=True):
    """One row of a file of posts: who made it, the post, comments under it, whether it is pinned."""

    owner: Creator
    post: Post
    comments: tuple[Comment, ...]
    pinned: bool


def post_of(out: Out, reader: RowContext) -> OwnedPost:
    """Who made a post, the post, and the comments under it. Raises RecordError where it names nobody or is to come."""
    owner = out.owner
    if owner is None:
        owner = _owner_by_link(out, reader)
    if owner is None:
        reason = reader.lost_id or "creator_id is missing; every post needs it, or a handle, to find its creator"
        which = out.values.get("post_id") or out.values.get("caption") or ""
        raise reader.rejected(reason, field="creator_id", value=shown(which)[:120] if which else "")
    reader.in_owner = True
    creator: Creator = converted(_plain_creator(owner, reader), Creator, reader)
    comments: list[dict[str, Any]] = []
    plain = _plain_post(out, reader, creator.handle, comments)
    if plain.get("posted_at") is not None and plain["posted_at"] > reader.latest:
        raise reader.rejected(
            "found a post of the future (scheduled), expected a time at most 1 day ahead", field="posted_at"
        )
    post: Post = converted(plain, Post, reader)
    sample = tuple(converted(comment, Comment, reader) for comment in comments)
    return OwnedPost(creator, post, sample, bool(plain.get("pinned", False)))


def _owner_by_link(out: Out, reader: RowContext) -> Out | None:
    """Whose a post is by its link, where nothing else says so: `https://www.tiktok.com/@mara/video/1`."""
    links = (out.values.get("post_id"), *(value for value in reader.row.values() if is_link_to_post(value)))
    named = (of_link(link) for link in links if isinstance(link, str))
    handle, platform = next((whose for whose in named if whose[0] is not None), (None, None))
    if handle is None:
        return None
    owner = type(out)()
    owner.values.update({"handle": handle, "platform": platform})
    reader.note("posts: whose they are is read from their links")
    return owner


def _plain_creator(out: Out, reader: RowContext) -> dict[str, Any]:
    values = out.values
    identify(values, out, reader)
    _of_page(values, reader)
    read_at = values.pop("read_at", None)
    if read_at is not None and reader.read_at is None:
        reader.read_at = read_at
    if values.pop("hides_followers", False) and "followers" in values:
        del values["followers"]
        reader.note("followers: the platform hides them, read as absent")
    no_picture = values.pop("no_picture", None)
    if no_picture is not None:
        values.setdefault("has_picture", not no_picture)
    if "price" in values and reader.currency is not None:
        if reader.currency == "JPY" and values.get("country") == "cn":
            reader.currency = "CNY"
        values.setdefault("currency", reader.currency)
    comments = [_record(item, Comment) for item in values.get("comments", ())]
    if "posts" in values:
        values["posts"] = _posts(values["posts"], values, comments, reader)
    if comments:
        values["comments"] = comments
    for name in ("audience", "follower_history"):
        if name in values:
            values[name] = [_record(item, _KINDS[name]) for item in values[name]]
    extra = {key: value for key, value in out.extra.items() if isinstance(key, str)}
    if extra or "extra" in values:
        values["extra"] = {**values.get("extra", {}), **extra}
    if reader.kind is Creator and (facts := _facts(out, reader)):
        values["extra"] = {**values.get("extra", {}), "vendor_facts": facts}
    return values


def _facts(out: Out, reader: RowContext) -> list[dict[str, Any]]:
    """The vendor's own figures, and the engagement rates that a row states, in one unit."""
    vendor = reader.vendor
    facts = [] if vendor is None else vendor.facts_of(reader.row)
    named = {fact["name"]: fact for fact in facts}
    for path, fraction in out.rates.items():
        if path not in named:
            named[path] = {"vendor": "" if vendor is None else vendor.name, "name": path}
            facts.append(named[path])
        elif "as given" not in named[path]["definition"]:
            continue
        named[path] |= {"value": fraction, "definition": "engagement rate as stated, a fraction"}
    return facts


def _of_page(values: dict[str, Any], reader: RowContext) -> None:
    """What a page's description says, as scrapers give it for the profile text: its counts, and the text it quotes."""
    page = None if reader.strict or values.get("bio") is None else page_description(values["bio"])
    if page is None:
        return
    del values["bio"]
    for name, value in page.items():
        values.setdefault(name, value)
    reader.note("bio: the page's description (8,400 Followers, 390 Following, ...), read as its counts and quoted text")


def _posts(items: list[Out], creator: dict[str, Any], comments: list[dict[str, Any]], reader: RowContext) -> list[Any]:
    """The creator's own posts as plain objects; others' and long pinned ones are left out and told."""
    own = [item for item in items if not _of_somebody_else(item, creator)]
    # an account renamed since has all its posts under the old name
    if own or not items:
        _note_n(reader, len(items) - len(own), "posts: of somebody else (shared or tagged), left out")
    else:
        own = items
    plain = [_plain_post(item, reader, creator.get("handle"), comments) for item in own]
    plain = future_left_out(plain, reader.latest, reader.note)
    pinned = [bool(post.pop("pinned", False)) for post in plain]
    return without_old_pins(plain, [post.get("posted_at") for post in plain], pinned, reader.note)


def _of_somebody_else(item: Out, creator: dict[str, Any]) -> bool:
    owner = item.owner.values if item.owner is not None else {}
    owner_name = owner.get("handle") or owner.get("account")
    handle = creator.get("handle") or creator.get("creator_id")
    if isinstance(owner_name, str) and isinstance(handle, str):
        return join_key(owner_name) != join_key(handle) and join_key(owner_name) != join_key(
            str(creator.get("creator_id", ""))
        )
    return False


def _note_n(reader: RowContext, n: int, treatment: str) -> None:
    for _ in range(n):
        reader.note(treatment)


def _plain_post(out: Out, reader: RowContext, handle: str | None, comments: list[dict[str, Any]]) -> dict[str, Any]:
    values = out.values
    hides_likes, hides_ratings = values.pop("hides_likes", False), values.pop("hides_ratings", False)
    if hides_likes or hides_ratings:
        for name in ("likes", "views") if hides_likes else ("likes",):
            if values.pop(name, None) is not None:
                reader.note(f"{name}: hidden by the creator, read as absent")
    if values.pop("hides_comments", False) and values.get("comments") == 0:
        del values["comments"]
        reader.note("comments: switched off by the creator, read as absent")
    if values.pop("is_video", False):
        values.setdefault("kind", "video")
    sample = [_record(item, Comment) for item in values.pop("comment_sample", ())]
    replies = [_record(item, Comment) for item in values.get("replies", ())]
    for comment in sample:
        if "text" not in comment:
            continue
        if (
            handle is not None
            and isinstance(comment.get("author"), str)
            and join_key(comment["author"]) == join_key(handle)
        ):
            replies.append(comment)
            continue
        if "post_id" in values:
            comment.setdefault("post_id", values["post_id"])
        comments.append(comment)
    if replies:
        values["replies"] = replies
    return values


def _record(out: Out, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """A nested record as a plain object with the fields of its kind alone."""
    if "no_picture" in out.values:
        out.values.setdefault("has_picture", not out.values["no_picture"])
    return {name: value for name, value in out.values.items() if name in SHAPES[kind]}
