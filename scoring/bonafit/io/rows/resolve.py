"""Which step a key takes: what the user says, the vendor's own table, then the names of `rows.names`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

import msgspec

from bonafit.io.rows.context import RowContext
from bonafit.io.rows.fields import NESTED, SHAPES
from bonafit.io.rows.lists import Container, Records
from bonafit.io.rows.names import (
    MOST_NAMES,
    core,
    field_of,
    lists_by_name,
    owners,
    plain,
    words_of,
    wrappers,
)
from bonafit.io.rows.nesting import decoded
from bonafit.io.rows.platform_columns import platform_and_rest
from bonafit.io.rows.rates import is_engagement_rate
from bonafit.io.rows.steps import Field, Ignored, Into, Node, Rate, Step
from bonafit.io.rows.wrappings import NOT_OWNED, OTHERS, OWNED
from bonafit.records import AudienceAccount, Comment, Creator, Post

# What a name found inside a wrapping object, an unknown object or an unknown list counts less than one outside.
DEEPER, GUESSED = 100, 1_000
# fields that records do not have, by what their values are
_PSEUDO = {
    "profile_url": "text",
    "account": "text",
    "first_name": "text",
    "last_name": "text",
    "read_at": "time",
    "hides_followers": "flag",
    "no_picture": "flag",
    "pinned": "flag",
    "hides_likes": "flag",
    "hides_ratings": "flag",
    "hides_comments": "flag",
    "is_video": "flag",
}
_LIST_KINDS: dict[str, type[msgspec.Struct]] = {"comment_sample": Comment, "thread": Comment}


def shape_of(kind: type[msgspec.Struct], name: str) -> str:
    """The shape of a field, own or made up."""
    if name in ("handle", "author"):
        return "handle" if name == "handle" else "text"
    return SHAPES[kind].get(name) or _PSEUDO[name]


def resolved(node: Node, key: str, value: Any, reader: RowContext) -> Step:
    """The step for a key of a node, by its first value. Equal for equal files: nothing but the arguments decides."""
    target = reader.options.target(node.path + key, key)
    if target is not None:
        return _as_told(node, key, target)
    if key in reader.set_aside and not node.path:
        return Step(node, key)
    if key == reader.who_column and not node.path:
        return Field(node, key, "account", "text", 0)
    text, value = value, decoded(value)
    vendor = reader.vendor.field(node.kind, (*node.inside, plain(key))) if reader.vendor is not None else None
    if vendor is not None:
        if vendor == "":
            return Ignored(node, key)
        if vendor.startswith("owner."):
            owner = Node(Creator, node.path, node.where, node.inside, owner=True)
            name = vendor.removeprefix("owner.")
            return Field(owner, key, name, shape_of(Creator, name), -1, to_owner=True)
        if not isinstance(value, list) or vendor not in NESTED[node.kind]:
            # wherever it stands, it is the vendor's name for the field
            return Field(node, key, vendor, shape_of(node.kind, vendor), -1 - node.rank)
    if isinstance(value, Mapping):
        return _object(node, key, value, reader)
    if isinstance(value, list | tuple):
        return _list(node, key, value, reader)
    if key in NESTED[node.kind] and (reader.strict or (isinstance(text, str) and text.lstrip()[:1] in ("[", "{"))):
        # a list that cannot be parsed is told as one
        return Records(node, key, key, _inner(node, key, key, NESTED[node.kind][key]), 0)
    return _scalar(node, key, reader)


def _as_told(node: Node, key: str, target: str) -> Step:
    """The step that the user's mapping asks for: a field, `posts.likes`, or nothing for an ignored column."""
    if not target:
        return Ignored(node, key)
    name = target.removeprefix("posts.").removeprefix("creator.")
    kind = node.kind
    if target.startswith("creator.") or (kind is Post and name in SHAPES[Creator] and name not in SHAPES[Post]):
        owner = Node(Creator, node.path, node.where)
        return Field(owner, key, name, shape_of(Creator, name), -2, to_owner=kind is Post)
    if name in NESTED[kind]:
        return Records(node, key, name, _inner(node, key, name, NESTED[kind][name]), -2)
    return Field(node, key, name, shape_of(kind, name), -2)


def _inner(node: Node, key: str, name: str, kind: type[msgspec.Struct]) -> Node:
    return Node(kind, f"{node.path}{key}[].", f"{node.where}{name}[].")


def _scalar(node: Node, key: str, reader: RowContext) -> Step:
    kind = node.kind
    if kind is Creator and not node.owner and not reader.strict and is_engagement_rate(key):
        return Rate(node, key)
    field = field_of(kind, key)
    if (
        field is None
        and kind is Creator
        and ("caption" in plain(key) or "text" in plain(key))
        and lists_by_name(kind).get(plain(key), ("",))[0] == "posts"
    ):
        # `Recent captions`: texts in one cell
        return Records(node, key, "posts", _inner(node, key, "posts", Post), GUESSED)
    if field is None and kind is Creator and reader.platform_prefix:
        # `Instagram Followers` in a list that has no other platform's columns
        prefix, rest = platform_and_rest(key)
        if prefix == reader.platform_prefix:
            field = field_of(kind, rest)
    if kind is Post and (owned := _owned(node, key, field)) is not None:
        return owned
    if field is None and kind is Creator:
        # `userFollowerCount` of a row that is the user
        words = words_of(key)
        own = field_of(kind, " ".join(words[1:])) if len(words) > 1 and words[0] in owners() else None
        if own is not None:
            field = own[0], own[1] + DEEPER // 2
    if field is None or (field[0] in NESTED[kind] or field[0] == "extra"):
        if kind is Creator and key == "extra":
            return Field(node, key, "extra", "object", 0)
        return Step(node, key)
    return Field(node, key, field[0], shape_of(kind, field[0]), field[1])


def _owned(node: Node, key: str, field: tuple[str, int] | None) -> Step | None:
    """The step of a post's column that speaks of its owner: `channel_follower_count`, `Account username`,
    `followers`."""
    words = words_of(key)
    owner = Node(Creator, node.path, node.where, node.inside, owner=True, rank=node.rank)
    whole = field_of(Creator, key)
    if whole is not None and whole[0] == "handle" and whole[1] < DEEPER // 2 and plain(key) not in NOT_OWNED:
        # `User Name`, of which `Name` would be the display name
        return Field(owner, key, whole[0], "handle", whole[1], to_owner=True)
    for length in (2, 1):
        prefix, rest = "".join(words[:length]), " ".join(words[length:])
        if prefix in owners() and rest:
            name = field_of(Creator, rest)
            if name is not None and name[0] not in NESTED[Creator] and name[0] != "read_at":
                return Field(owner, key, name[0], shape_of(Creator, name[0]), name[1], to_owner=True)
    if field is not None:
        return None
    if "".join(words) in owners():
        return Field(owner, key, "account", "text", DEEPER, to_owner=True)
    name = field_of(Creator, key)
    short = core(words) or plain(key)
    if name is None or plain(key) in NOT_OWNED or short in NOT_OWNED:
        return None
    if name[0] in OWNED or name[0] in ("account", "profile_url"):
        return Field(owner, key, name[0], shape_of(Creator, name[0]), name[1] + DEEPER, to_owner=True)
    return None


def _object(node: Node, key: str, value: Mapping[str, Any], reader: RowContext) -> Step:
    kind, name = node.kind, plain(key)
    if kind is Creator and key == "extra" and not node.inside:
        return Field(node, key, "extra", "object", 0)
    lists = lists_by_name(kind)
    holds_list = any(isinstance(value.get(holder), list) for holder in Container.HOLDERS)
    if name in lists and (holds_list or all(k.isdecimal() for k in value) or "count" in value):
        return _container(node, key, *lists[name])
    if name in wrappers(kind):
        return Into(node, key, _child(node, key, DEEPER))
    if kind is Post and name in owners():
        return Into(node, key, Node(Creator, f"{node.path}{key}.", node.where, (), owner=True, rank=DEEPER))
    field = field_of(kind, key)
    if field is not None and field[0] not in NESTED[kind]:
        return Field(node, key, field[0], shape_of(kind, field[0]), field[1])
    if kind is Post and (owned := _owned(node, key, None)) is not None:
        return owned
    if kind in (Creator, Post) and len(node.inside) < 4 and not OTHERS.search(name) and _speaks_of(kind, value):
        return Into(node, key, _child(node, key, GUESSED))
    return Step(node, key)


def _child(node: Node, key: str, rank: int) -> Node:
    return Node(
        node.kind,
        f"{node.path}{key}.",
        node.where,
        (*node.inside, plain(key)),
        owner=node.owner,
        rank=node.rank + rank,
    )


_STRONG = {
    Creator: frozenset(("followers", "bio", "handle", "posts_count")),
    Post: frozenset(("likes", "views", "comments", "caption", "posted_at")),
}


def _speaks_of(kind: type[msgspec.Struct], value: Mapping[str, Any]) -> bool:
    """Whether an unknown object holds facts that only such a record has: two of them."""
    keys = islice((key for key in value if isinstance(key, str)), MOST_NAMES)
    field = {name[0] for key in keys if (name := field_of(kind, key)) and name[1] < 10}
    return len(field & _STRONG[kind]) >= 2


def _container(node: Node, key: str, name: str, rank: int) -> Step:
    kind = node.kind
    inner = _LIST_KINDS.get(name) or NESTED[kind][name]
    records = Records(node, key, name, _inner(node, key, name, inner), rank, sponsored="sponsor" in plain(key))
    count = ("posts_count", 0) if name == "posts" else field_of(kind, key)
    counted = None
    if count is not None and count[0] in SHAPES[kind] and shape_of(kind, count[0]) == "count":
        counted = Field(node, key, count[0], "count", count[1])
    return Container(node, key, records, counted)


def _list(node: Node, key: str, value: Any, reader: RowContext) -> Step:
    kind, name = node.kind, plain(key)
    objects = [item for item in value if isinstance(item, Mapping)]
    lists = lists_by_name(kind)
    of_texts = kind is Creator and "caption" in name and all(isinstance(item, str) for item in value)
    if name in lists and (objects or not value or of_texts or key in NESTED[kind]):
        return _container(node, key, *lists[name])
    field = field_of(kind, key)
    if field is not None and field[0] not in NESTED[kind]:
        shape = shape_of(kind, field[0])
        # a count given as a list, as of accounts followed, is told where nothing may be lost
        if shape in ("names", "text", "code", "handle") or reader.strict:
            return Field(node, key, field[0], shape, field[1])
    if name in wrappers(kind) and len(objects) == len(value) == 1:
        return Into(node, key, _child(node, key, DEEPER))
    if kind is Creator and objects and not OTHERS.search(name) and _speaks_of(Post, _flat(objects[0])):
        return Records(node, key, "posts", _inner(node, key, "posts", Post), GUESSED)
    if kind is Creator and objects and "follower" in name and "sample" in name:
        return Records(node, key, "audience", _inner(node, key, "audience", AudienceAccount), GUESSED)
    return Step(node, key)


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """An object with the fields of its objects beside its own."""
    out: dict[str, Any] = {}
    for key, value in item.items():
        if isinstance(value, Mapping):
            out.update({k: v for k, v in value.items() if isinstance(k, str)})
        out[key] = value
    return out
