"""What each record holds, derived from its type, and the other names its fields go by."""

from __future__ import annotations

import msgspec
from msgspec import inspect

from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post

# Names that exports of the platforms' own interfaces and of common scrapers use. Short on purpose: a guess that is
# wrong changes a score, an unknown column is reported and can be renamed.
ALIASES: dict[type, dict[str, str]] = {
    Creator: {
        "id": "creator_id",
        "username": "handle",
        "full_name": "display_name",
        "name": "display_name",
        "biography": "bio",
        "follower_count": "followers",
        "followers_count": "followers",
        "following_count": "following",
        "media_count": "posts_count",
        "is_verified": "verified",
    },
    Post: {
        "id": "post_id",
        "timestamp": "posted_at",
        "created_at": "posted_at",
        "text": "caption",
        "like_count": "likes",
        "comment_count": "comments",
        "comments_count": "comments",
        "view_count": "views",
        "share_count": "shares",
        "media_type": "kind",
    },
    Comment: {"id": "comment_id", "timestamp": "posted_at", "username": "author", "like_count": "likes"},
    AudienceAccount: {
        "id": "account_id",
        "username": "handle",
        "full_name": "display_name",
        "biography": "bio",
        "follower_count": "followers",
        "following_count": "following",
        "media_count": "posts_count",
        "is_verified": "verified",
    },
    FollowerPoint: {"date": "at", "timestamp": "at", "follower_count": "followers"},
}
IDENTIFIERS = frozenset(("creator_id", "post_id", "comment_id", "account_id", "reply_to"))
# Codes are compared, so they have one spelling: lower case.
CODES = frozenset(("platform", "country", "language", "kind"))

# what a field's type is called below
_CALLED: dict[type, str] = {
    inspect.IntType: "count",
    inspect.FloatType: "number",
    inspect.BoolType: "flag",
    inspect.DateTimeType: "time",
    inspect.DictType: "object",
    inspect.StrType: "text",
}


def _shape(kind: type[msgspec.Struct]) -> dict[str, str]:
    info = inspect.type_info(kind)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    return {field.name: _called(field.name, field.type) for field in fields}


def _called(name: str, info: inspect.Type) -> str:
    if isinstance(info, inspect.UnionType):
        info = next(part for part in info.types if not isinstance(part, inspect.NoneType))
    if isinstance(info, inspect.VarTupleType):
        return "records" if isinstance(info.item_type, inspect.StructType) else "names"
    if name in IDENTIFIERS:
        return "id"
    return "code" if name in CODES else _CALLED[type(info)]


# kind -> field -> id, code, text, count, number, flag, time, object, names or records
SHAPES: dict[type, dict[str, str]] = {
    kind: _shape(kind) for kind in (Creator, Post, Comment, AudienceAccount, FollowerPoint)
}
# Fields that are empty, not None, where absent; among them required ones.
NEVER_NONE = frozenset(
    field.name for kind in SHAPES for field in msgspec.structs.fields(kind) if field.default is not None
)
NESTED: dict[type, dict[str, type]] = {
    Creator: {"posts": Post, "comments": Comment, "audience": AudienceAccount, "follower_history": FollowerPoint},
    Post: {"replies": Comment},
    Comment: {},
    AudienceAccount: {},
    FollowerPoint: {},
}
