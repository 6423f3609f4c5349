"""JSON documents: what scripts put around them, and the rows that they hold in lists, objects and pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.formats.frames import rows_of_frame
from bonafit.io.formats.har import answers_in
from bonafit.io.rows.accounts import holds_accounts
from bonafit.io.rows.identity import join_key
from bonafit.io.rows.names import MOST_NAMES, field_of, lists_by_name, owners, plain, words_of, wrappers
from bonafit.records import Creator, Post
from bonafit.records.messages import shown

# Objects around a list of rows, and what such a list is called; deeper than this has not been seen.
_HOLDERS = frozenset(map(plain, (
    "items", "data", "results", "result", "creators", "influencers", "accounts", "users", "profiles", "channels",
    "videos", "posts", "media", "records", "rows", "hits", "list", "response", "docs", "lookalikes", "edges",
    "nodes", "entries", "elements", "content", "contents", "tweets", "reels", "payload", "body", "output", "value",
    "values", "search_results", "publications", "item_list", "aweme_list", "user_list", "users_list", "creator_list",
    "influencer_list", "video_list", "post_list",
)))  # fmt: skip
_UNWRAP_DEPTH = 4
# What scripts put around JSON: a comment, an assignment, a call.
_SCRIPT = re.compile(r"^(?:\s*//[^\n]*\n)*\s*(?:(?:var|let|const|window\.)?\s*[\w.$]+\s*(?:=|\((?=\s*[\[{]))\s*)?")


def documents_of(text: bytes, name: str) -> list[Any]:
    """The documents of a file: one, or several one after another."""
    try:
        return [msgspec.json.decode(text)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error) or "nested too deep"
    decoder = json.JSONDecoder(parse_constant=lambda _: None)
    names: list[Any] = []
    try:
        rest = without_script(text.decode()).rstrip().rstrip(");")
        is_list = rest.lstrip().startswith("[")
        # items of a list with a comma behind the last, or objects one after another
        place = rest.index("[") + 1 if is_list else 0
        end = rest.rindex("]") if is_list and rest.endswith("]") else len(rest)
        while place < end:
            if rest[place] in " \t\r\n,\x1e":
                place += 1
                continue
            obj, place = decoder.raw_decode(rest, place)
            names.append(obj)
        if is_list and end == len(rest):
            raise ValueError("cut short: the list does not end")
    except (ValueError, RecursionError) as error:
        problem = str(error) if "cut short" in str(error) else problem
        raise InputError(
            f"{name}: found text that is neither one object a line nor one JSON document ({problem}); export it again"
        ) from error
    return [names] if is_list else names


def rows_in(obj: Any, depth: int) -> Iterable[Any]:
    """The rows of a document: of a list its items, of an object around a list those of the list, else the object."""
    if depth == 0 and (table := rows_of_frame(obj)) is not None:
        return table
    if depth == 0 and (answers := answers_in(obj)) is not None:
        return [row for answer in answers for row in rows_in(answer, 1) if _is_row(row)]
    if isinstance(obj, list):
        if len(obj) == 1 and isinstance(obj[0], list):
            return rows_in(obj[0], depth + 1)
        return [row for item in obj for row in _paged(item)]
    if isinstance(obj, Mapping) and isinstance(obj.get("business_discovery"), Mapping):
        # the id beside it is of whoever asked
        return [obj["business_discovery"]]
    if not isinstance(obj, Mapping) or depth >= _UNWRAP_DEPTH or _names_somebody(obj) or holds_accounts(obj):
        return [obj]
    holders = [value for key, value in obj.items() if isinstance(key, str) and plain(key) in _HOLDERS]
    lists = [value for value in holders if isinstance(value, list) and any(isinstance(item, Mapping) for item in value)]
    if len(lists) > 1 and (joined := _with_posts(obj)) is not None:
        return joined
    if lists:
        longest = max(lists, key=len)
        return [*rows_in(longest, depth + 1), *_not_read(obj, longest)]
    inner = [value for value in holders if isinstance(value, Mapping)]
    if len(inner) == 1 and not _names_somebody(inner[0]):
        return rows_in(inner[0], depth + 1)
    around = wrappers(Creator)
    named = [
        (key, value)
        for key, value in obj.items()
        if isinstance(value, Mapping) and (_names_facts(value) or _has_posts(value)) and plain(key) not in around
    ]
    if len(named) >= 2 and len(named) >= len(obj) - 1:
        # an object of creators by their handles
        return [value if _identifies(value) else {"handle": key, **value} for key, value in named]
    return _by_owner(obj) or _deeper(obj, depth) or [obj]


def _not_read(obj: Mapping[str, Any], read: list[Any]) -> Iterator[RecordError]:
    """An error for every other list beside the one that is read whose items say whom they are of."""
    for key, value in obj.items():
        if (
            isinstance(value, list)
            and value is not read
            and value
            and all(_names_of(item, Post) for item in value[:20])
        ):
            reason = f"found {len(value):,} more rows in the list {shown(key)} beside the one that is read"
            yield RecordError(
                f"{reason}; write them to a file of their own", field=str(key)[:100], found=shown(value[0])
            )


def _by_owner(obj: Mapping[str, Any]) -> list[Any]:
    """Creators with their posts, of an object of lists of posts by handle; empty for other objects."""
    lists = {key: value for key, value in obj.items() if isinstance(value, list) and value}
    holders = _HOLDERS | frozenset(lists_by_name(Creator))
    items = [item for value in lists.values() for item in value[:20]]
    if len(lists) < len(obj) or any(plain(key) in holders for key in lists) or not all(map(_is_row, items)):
        return []
    named = any(_names_of(item, Post) for item in items)
    return [] if named else [{"handle": key, "posts": value} for key, value in lists.items()]


def _with_posts(obj: Mapping[str, Any]) -> list[Any] | None:
    """Creators of one list with their posts of another, by id or handle, and an error for each post of nobody's.

    None where the two lists are no such. Raises InputError where no post names one of the creators.
    """
    lists = {key: value for key, value in obj.items() if isinstance(value, list) and all(map(_is_row, value[:20]))}
    of_posts = {
        key: value for key, value in lists.items() if lists_by_name(Creator).get(plain(key), ("",))[0] == "posts"
    }
    of_creators = [value for key, value in lists.items() if key not in of_posts and all(map(_identifies, value[:20]))]
    if len(of_creators) != 1 or len(of_posts) != 1:
        return None
    (key, posts), creators = next(iter(of_posts.items())), of_creators[0]
    by_name: dict[str, list[Any]] = {name: [] for creator in creators for name in _names_of(creator, Creator)}
    orphans = []
    for post in posts:
        names = _names_of(post, Post)
        whose = next((name for name in names if name in by_name), None)
        if whose is not None:
            by_name[whose].append(post)
        else:
            reason = f"found a post of none of the creators in {key}'s document; give both the same ids or handles"
            orphans.append(RecordError(reason, creator_id=names[0] if names else None, field="posts"))
    if len(orphans) == len(posts):
        raise InputError(
            f"{key}: none of {len(posts):,} posts names one of the {len(creators):,} creators beside them; "
            "give both the same ids or handles, or write posts to a file of their own (--posts)"
        )
    return [
        creator | {"posts": next((by_name[name] for name in _names_of(creator, Creator) if by_name[name]), [])}
        for creator in creators
    ] + orphans


def _names_of(obj: Any, kind: type) -> list[str]:
    """What a creator, or the owner of a post, is called: ids and handles as they are compared."""
    if not isinstance(obj, Mapping):
        return []
    names = []
    for key, value in obj.items():
        if isinstance(value, Mapping) and kind is Post and plain(key) in owners():
            names += _names_of(value, Creator)
        elif isinstance(value, str | int) and not isinstance(value, bool) and isinstance(key, str):
            words = words_of(key)
            field = field_of(Creator, key) if kind is Creator or plain(key) not in ("id", "pk") else None
            if field is None and len(words) > 1 and words[0] in owners():
                field = field_of(Creator, " ".join(words[1:]))
            if field is not None and field[0] in ("creator_id", "handle"):
                names.append(join_key(str(value)))
    return names


def _deeper(obj: Mapping[str, Any], depth: int) -> list[Any]:
    """The rows under keys that nobody knows: the longest list whose items are creators or posts; empty without one."""
    if any(isinstance(value, Mapping) and _names_somebody(value) for value in obj.values()):
        return []
    lists = []
    for value in obj.values():
        if isinstance(value, list) and value and all(map(_is_row, value[:20])):
            lists.append(value)
        elif isinstance(value, Mapping) and depth < _UNWRAP_DEPTH:
            lists.append(_deeper(value, depth + 1))
    return max(lists, key=len, default=[])


def _is_row(item: Any) -> bool:
    """Whether an item is a creator or a post, itself or in one object."""
    return isinstance(item, Mapping) and (
        _names_somebody(item) or any(isinstance(value, Mapping) and _names_somebody(value) for value in item.values())
    )


def _paged(item: Any) -> Iterable[Any]:
    """An item of a list that is itself a page of rows: answers of an interface, one after another."""
    return rows_in(item, 1) if isinstance(item, Mapping) else [item]


def _fields(obj: Iterable[Any]) -> set[str]:
    keys = islice((key for key in obj if isinstance(key, str)), MOST_NAMES)
    return {names[0] for key in keys if (names := field_of(Creator, key)) and names[1] < 60}


def _identifies(obj: Mapping[str, Any]) -> bool:
    return bool(_fields(obj) & {"creator_id", "handle"})


def _names_facts(obj: Mapping[str, Any]) -> bool:
    return bool(_fields(obj) & {"followers", "bio"})


def _names_somebody(obj: Mapping[str, Any]) -> bool:
    """Whether an object is a creator, or a post, itself and no wrapping."""
    first = list(islice(obj, MOST_NAMES))
    scalars = [key for key in first if not isinstance(obj[key], list | Mapping)]
    fields = _fields(scalars)
    posts = {f[0] for key in scalars if isinstance(key, str) and (f := field_of(Post, key)) and f[1] < 40}
    has_posts = "posts" in {lists_by_name(Creator).get(plain(key), ("", 0))[0] for key in first}
    by_name = "creator_id" in fields and not {plain(key) for key in scalars} <= {"id", "pk", "status", "count", "total"}
    return (
        bool(fields & {"followers", "bio", "handle"})
        or by_name
        or ("creator_id" in fields and has_posts)
        or len(posts & {"caption", "likes", "views", "comments", "posted_at"}) >= 2
        or (has_posts and _profile_beside(obj))
    )


def _has_posts(obj: Mapping[str, Any]) -> bool:
    """Whether an object holds a list of posts and says who made them."""
    lists = lists_by_name(Creator)
    held = (value for key, value in obj.items() if isinstance(key, str) and lists.get(plain(key), ("",))[0] == "posts")
    return bool(_fields(obj)) and any(isinstance(value, list) and all(map(_is_row, value[:20])) for value in held)


def _profile_beside(obj: Mapping[str, Any]) -> bool:
    """Whether an object beside a list of posts is a profile, so that both together are one creator."""
    around = [value for value in obj.values() if isinstance(value, Mapping)]
    within = [inner for value in around for inner in value.values() if isinstance(inner, Mapping)]
    return any(map(_names_facts, (*around, *within)))


def without_script(text: str) -> str:
    """A text without the comment, assignment or call around its JSON."""
    return _SCRIPT.sub("", text)
