"""What each record holds, derived from its type: the shape of every field, and which fields hold records."""

from __future__ import annotations

import msgspec
from msgspec import inspect

from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post

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
