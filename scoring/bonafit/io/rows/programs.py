"""Creators that programs and services give as plain objects or records, held to what files are held to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.report import ReadReport
from bonafit.io.rows.check import check_creator, latest_instant
from bonafit.io.rows.fields import SHAPES
from bonafit.io.rows.nesting import is_deep
from bonafit.io.rows.reader import MAX_KEYS, RowReader
from bonafit.io.rows.traces import collected
from bonafit.records import Creator, Post


def creator_from_dict(
    obj: Mapping[str, Any],
    *,
    line: int = 0,
    report: ReadReport | None = None,
    now: datetime | None = None,
    strict: bool = True,
) -> Creator:
    """A plain object, as JSON or a service gives it, as a validated Creator.

    Names, spellings and shapes are understood as those of files (docs/formats.md); words for nothing are absent.
    strict : a value that cannot be read raises RecordError with its path; else it alone is lost, as in files.
    now    : what "in the future" is measured against; the clock where None.
    Raises RecordError where the row as a whole is no creator.
    """
    reader = RowReader(report=report, now=now, strict=strict)
    creator = None
    with suppress(msgspec.ValidationError, RecordError, UnicodeEncodeError, AttributeError, RecursionError):
        # the straight path, a twentieth of the other's time: an object that is spelt as records are
        creator = collected(check_creator(msgspec.convert(obj, Creator), latest=latest_instant(now)), reader.note)
    return _in_unicode(creator or _general(reader, obj, line))


def _general(reader: RowReader, obj: Mapping[str, Any], line: int) -> Creator:
    """An object of other names, spellings and shapes. Raises RecordError."""
    try:
        if isinstance(obj, Mapping) and len(obj) <= MAX_KEYS and not is_deep(obj):
            reader.look([obj])
        return reader.creator(obj, line)
    except (TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        # what a program may put into an object and no file can: names that are numbers, objects of its own
        raise RecordError(
            f"found values that JSON cannot hold ({error}); expected texts and numbers", line=line
        ) from error


def validate_creator(creator: Creator, *, now: datetime | None = None) -> Creator:
    """A creator that a program built, held to everything that a file's rows are held to.

    Constructors check types, ranges and lengths; this also valid Unicode, codes and believable times. Returns an equal
    creator with instants in UTC and codes in lower case. Raises RecordError with the field's path.
    """
    if not isinstance(creator, Creator):
        raise RecordError(f"found {type(creator).__name__}, expected Creator; see creator_from_dict for plain objects")
    try:
        plain: dict[str, Any] = msgspec.to_builtins(creator, builtin_types=(datetime,))
    except (TypeError, RecursionError) as error:
        # `extra` alone takes whatever a program puts into it
        raise RecordError(
            f"found a value that JSON cannot hold ({error}); expected numbers, texts, lists and mappings",
            creator_id=creator.creator_id,
            field="extra",
        ) from error
    return _in_unicode(creator_from_dict(plain, now=now))


def _in_unicode(creator: Creator) -> Creator:
    """The creator. Raises RecordError for a text that no result could be written with."""
    try:
        msgspec.json.encode(creator)
    except UnicodeEncodeError as error:
        raise RecordError(
            f"text with a lone surrogate at character {error.start}, expected valid Unicode; "
            "decode the source as UTF-8",
            creator_id=creator.creator_id,
            found=ascii(error.object[error.start : error.end]),
        ) from error
    return creator


def is_field(name: str) -> bool:
    """Whether a mapping may name this field: of a creator, or of a post as `posts.likes`."""
    if name.startswith("posts."):
        return name.removeprefix("posts.") in SHAPES[Post]
    return name.removeprefix("creator.") in SHAPES[Creator]
