"""JSON: one object a line, or one document that holds them: a list, or objects around one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.encodings import in_utf8
from bonafit.io.flat_rows import sparse
from bonafit.io.formats import Source
from bonafit.io.formats.frames import rows_of_frame
from bonafit.io.formats.grid import Plain
from bonafit.io.rows.accounts import holds_accounts
from bonafit.io.rows.names import field_of, lists_by_name, plain, wrappers
from bonafit.io.streams import BOM, CHUNK, MAX_ROW, Peekable, lines
from bonafit.records import Creator, Post
from bonafit.records.messages import shown

# A document is held whole: a list of 100,000 creators of ten posts has some 400 MB.
MAX_DOCUMENT = 1 << 30
# Commas and brackets of one row, and so its values, at most: each takes up to 100 bytes once it is decoded.
# 10,000 posts of forty fields have half as many.
MAX_VALUES = 1_000_000
# A line that does not parse may still show whose it is.
_ID = re.compile(rb'"(?:creator_id|id|username|handle)"\s*:\s*"([^"\\]{1,300})"')
# Objects around a list of rows, and what such a list is called; deeper than this has not been seen.
_HOLDERS = frozenset(map(plain, (
    "items", "data", "results", "result", "creators", "influencers", "accounts", "users", "profiles", "channels",
    "videos", "posts", "media", "records", "rows", "hits", "list", "response", "docs", "lookalikes", "edges",
    "nodes", "entries", "elements", "content", "contents", "tweets", "reels", "payload", "body", "output", "value",
    "values", "search_results", "publications", "item_list", "aweme_list", "user_list", "users_list", "creator_list",
    "influencer_list", "video_list", "post_list",
)))  # fmt: skip
_UNWRAP_DEPTH = 4

Raw = tuple[int, bytes | RecordError]


def rows(stream: Peekable, source: Source) -> Iterator[Plain]:
    """Line (or number in the document) and plain object, or the error that makes it a reject.

    Raises InputError where the input is a document that cannot be parsed or held.
    """
    for number, line in raw_rows(stream, source):
        try:
            yield number, line if isinstance(line, RecordError) else row_of(line, number)
        except RecordError as error:
            yield number, error


def raw_rows(stream: Peekable, source: Source) -> Iterator[Raw]:
    """As `rows`, with the bytes of each object."""
    stream, encoding = in_utf8(stream)
    # JSON is UTF-8; a line that is not is a reject of its own
    source.facts["encoding"] = "utf-8" if encoding in ("ascii", "utf-8") else encoding
    if _is_lines(stream.peek(CHUNK)):
        source.facts["layout"] = "one object a line"
        yield from _lines(stream, source)
    else:
        yield from _document(stream, source)


def row_of(line: bytes, number: int) -> dict[str, Any]:
    """The object of one line. Raises RecordError with what is wrong with it, and the id if it can be made out."""
    obj = object_of(line, number)
    if not isinstance(obj, dict):
        raise RecordError(
            f"found {shown(obj)}, expected an object; write one object a line", line=number, found=shown(obj)
        )
    return obj


def object_of(line: bytes, number: int) -> Any:
    """The JSON of one line. Raises RecordError."""
    try:
        return msgspec.json.decode(line)
    except UnicodeDecodeError as error:
        reason = f"found bytes that are not UTF-8 ({error.reason}); save the file as UTF-8"
        raise _unreadable(reason, line, number) from error
    except msgspec.DecodeError as error:
        # Python writes NaN and Infinity for absent numbers, and reads numbers beyond a double
        try:
            return json.loads(line, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            pass
        reason = f"found text that is not JSON ({error}), expected one object on this line; export the row again"
        raise _unreadable(reason, line, number) from error
    except RecursionError as error:
        raise _unreadable("found lists nested too deep, expected one creator", line, number) from error


def values_of(row: bytes) -> int:
    """An upper bound of the values of a row of JSON, without decoding it: commas and opening brackets, in texts too."""
    return row.count(b",") + row.count(b"[") + row.count(b"{")


def too_many(row: bytes, number: int) -> RecordError:
    """The error of a row of more than MAX_VALUES values."""
    reason = f"found {values_of(row):,} values or commas, expected at most {MAX_VALUES:,}; split the row"
    return _unreadable(reason, row, number)


def _unreadable(reason: str, line: bytes, number: int) -> RecordError:
    match = _ID.search(line[:CHUNK])
    who = match[1].decode(errors="replace") if match else None
    return RecordError(reason, line=number, creator_id=who, found=shown(line))


def _is_lines(head: bytes) -> bool:
    """Whether the first line is an object of its own, or is followed by one at the start of a line."""
    text = head.removeprefix(BOM).lstrip()
    if not text.startswith(b"{"):
        return not text.startswith(b"[")
    first, _, rest = text.partition(b"\n")
    try:
        msgspec.json.decode(first)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return rest.lstrip(b"\r\n").startswith(b'{"') or not rest
    # one object alone may be a document around a list of rows
    return bool(rest.strip()) or len(head) == CHUNK or not _holds_rows(first)


def _holds_rows(text: bytes) -> bool:
    try:
        document = msgspec.json.decode(text)
        return not any(row is document for row in _unwrapped(document, 0))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _lines(stream: Peekable, source: Source) -> Iterator[Raw]:
    for number, line in lines(stream):
        if line is None:
            reason = f"found a line longer than {MAX_ROW:,} bytes, expected one object a line; split the row"
            yield number, RecordError(reason, line=number)
        elif not line.strip():
            source.blank_lines += 1
        elif len(line) > MAX_VALUES and values_of(line) > MAX_VALUES:
            yield number, too_many(line, number)
        else:
            yield number, line


def _document(stream: Peekable, source: Source) -> Iterator[Raw]:
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_DOCUMENT:
            raise InputError(
                f"{source.name}: one JSON document above {MAX_DOCUMENT >> 30} GB, expected less, or one object a line; "
                "export it as JSON Lines"
            )
    objects = _objects(b"".join(parts).removeprefix(BOM), source)
    parts.clear()
    number = 0
    for document in objects:
        for obj in _unwrapped(document, 0):
            number += 1
            try:
                yield number, msgspec.json.encode(obj)
            except (RecursionError, UnicodeEncodeError, ValueError, OverflowError):
                reason = (
                    "found values that no text can hold (lone surrogates, or nested too deep); export the row again"
                )
                yield number, RecordError(reason, line=number)
    source.facts["layout"] = "one document"


def _objects(text: bytes, source: Source) -> list[Any]:
    """The documents of a file: one, or several one after another."""
    try:
        return [msgspec.json.decode(text)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error) or "nested too deep"
    decoder = json.JSONDecoder(parse_constant=lambda _: None)
    found: list[Any] = []
    try:
        rest = text.decode()
        place = 0
        while place < len(rest):
            if rest[place] in " \t\r\n,":
                place += 1
                continue
            obj, place = decoder.raw_decode(rest, place)
            found.append(obj)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{source.name}: found text that is neither one object a line nor one JSON document ({problem}); "
            "export it again"
        ) from error
    return found


def _unwrapped(obj: Any, depth: int) -> Iterable[Any]:
    """The rows of a document: of a list its items, of an object around a list those of the list, else the object."""
    if depth == 0 and (table := rows_of_frame(obj)) is not None:
        return table
    if isinstance(obj, list):
        if len(obj) == 1 and isinstance(obj[0], list):
            return _unwrapped(obj[0], depth + 1)
        return [row for item in obj for row in _paged(item)]
    if not isinstance(obj, Mapping) or depth >= _UNWRAP_DEPTH or _names_somebody(obj) or holds_accounts(obj):
        return [obj]
    holders = [value for key, value in obj.items() if isinstance(key, str) and plain(key) in _HOLDERS]
    lists = [value for value in holders if isinstance(value, list) and any(isinstance(item, Mapping) for item in value)]
    if lists:
        return _unwrapped(max(lists, key=len), depth + 1)
    inner = [value for value in holders if isinstance(value, Mapping)]
    if len(inner) == 1 and not _names_somebody(inner[0]):
        return _unwrapped(inner[0], depth + 1)
    around = wrappers(Creator)
    named = [
        (key, value)
        for key, value in obj.items()
        if isinstance(value, Mapping) and _names_facts(value) and plain(key) not in around
    ]
    if len(named) >= 2 and len(named) >= len(obj) - 1:
        # an object of creators by their handles
        return [value if _identifies(value) else {"handle": key, **value} for key, value in named]
    return [obj]


def _paged(item: Any) -> Iterable[Any]:
    """An item of a list that is itself a page of rows: answers of an interface, one after another."""
    return _unwrapped(item, 1) if isinstance(item, Mapping) else [item]


def _fields(obj: Mapping[str, Any]) -> set[str]:
    return {found[0] for key in obj if isinstance(key, str) and (found := field_of(Creator, key)) and found[1] < 60}


def _identifies(obj: Mapping[str, Any]) -> bool:
    return bool(_fields(obj) & {"creator_id", "handle"})


def _names_facts(obj: Mapping[str, Any]) -> bool:
    return bool(_fields(obj) & {"followers", "bio"})


def _names_somebody(obj: Mapping[str, Any]) -> bool:
    """Whether an object is a creator, or a post, itself and no wrapping."""
    scalars = {key: value for key, value in obj.items() if not isinstance(value, list | Mapping)}
    fields = _fields(scalars)
    posts = {f[0] for key in scalars if isinstance(key, str) and (f := field_of(Post, key)) and f[1] < 40}
    has_posts = "posts" in {lists_by_name(Creator).get(plain(key), ("", 0))[0] for key in obj}
    by_name = "creator_id" in fields and not {plain(key) for key in scalars} <= {"id", "pk", "status", "count", "total"}
    return (
        bool(fields & {"followers", "bio", "handle"})
        or by_name
        or ("creator_id" in fields and has_posts)
        or len(posts & {"caption", "likes", "views", "comments", "posted_at"}) >= 2
        or (has_posts and _profile_beside(obj))
    )


def _profile_beside(obj: Mapping[str, Any]) -> bool:
    """Whether an object beside a list of posts is a profile, so that both together are one creator."""
    return any(isinstance(value, Mapping) and _names_facts(value) for value in obj.values())


@contextmanager
def written(sink: Any, kind: type, columns: Callable[[Any], dict[str, Any]]) -> Iterator[Callable[[Any], object]]:
    """One object a line; of creators without the fields that hold their default."""
    encode = msgspec.json.encode
    if kind is Creator:
        yield lambda record: sink.write(encode(sparse(record)) + b"\n")
    else:
        yield lambda record: sink.write(encode(record) + b"\n")
