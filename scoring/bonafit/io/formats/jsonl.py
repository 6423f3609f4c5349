"""JSON: one object a line, or one document that holds them: a list, or objects around one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.encodings import in_utf8
from bonafit.io.flat_rows import sparse
from bonafit.io.formats import Source
from bonafit.io.formats.documents import documents_of, rows_in, without_script
from bonafit.io.formats.grid import Plain
from bonafit.io.streams import BOM, CHUNK, Peekable, lines
from bonafit.records import Creator
from bonafit.records.messages import shown

# A document is held whole: a list of 100,000 creators of ten posts has some 400 MB.
MAX_DOCUMENT = 1 << 30
# Commas and brackets of one row, and so its values, at most: each takes up to 100 bytes once it is decoded.
# 10,000 posts of forty fields have half as many.
MAX_VALUES = 1_000_000
# A line that does not parse may still show whose it is.
_ID = re.compile(rb'"(?:creator_id|id|username|handle)"\s*:\s*"([^"\\]{1,300})"')
_DECODER = json.JSONDecoder()
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
    head = stream.peek(CHUNK)
    if not _is_lines(head):
        yield from _document(stream, source)
    elif _holds_rows(_first_line(head)):
        source.facts["layout"] = "a page of rows a line"
        for number, line in _lines(stream, source):
            yield from ((number, row) for row in _of_page(line, number))
    else:
        source.facts["layout"] = "one object a line"
        yield from _lines(stream, source)


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
        bare = without_script(text[:4096].decode("utf-8", "replace"))
        return not bare.startswith(("[", "{")) or text.startswith(b"\x1e")
    first, _, rest = text.partition(b"\n")
    try:
        msgspec.json.decode(_bare(first))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return rest.lstrip(b"\r\n").startswith(b'{"') or not rest
    # one object alone may be a document around a list of rows
    return bool(rest.strip()) or len(head) == CHUNK or not _holds_rows(first)


def _first_line(head: bytes) -> bytes:
    return head.removeprefix(BOM).lstrip().partition(b"\n")[0]


def _holds_rows(text: bytes) -> bool:
    try:
        document = msgspec.json.decode(_bare(text))
        return not any(row is document for row in rows_in(document, 0))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _bare(line: bytes) -> bytes:
    """A line without the comma behind it, and the separator of records before it."""
    line = line.removeprefix(b"\x1e").rstrip()
    return line[:-1] if line.endswith(b"},") else line


def _of_page(line: bytes | RecordError, number: int) -> Iterator[bytes | RecordError]:
    """The rows of one line."""
    if isinstance(line, RecordError):
        yield line
        return
    try:
        document = object_of(line, number)
    except RecordError as error:
        yield error
        return
    yield from map(_encoded, rows_in(document, 0), repeat(number))


def _lines(stream: Peekable, source: Source) -> Iterator[Raw]:
    for number, line in lines(stream, limit=source.max_row):
        if line is None:
            reason = f"found a line longer than {source.max_row:,} bytes, expected one object a line; split the row"
            yield number, RecordError(reason, line=number)
        elif not line.strip():
            source.blank_lines += 1
        elif len(line) > MAX_VALUES and values_of(line) > MAX_VALUES:
            yield number, too_many(line, number)
        elif b"}{" in line or b"} {" in line:
            yield from ((number, part) for part in _apart(line))
        else:
            yield number, line if line[:1] == b"{" and line[-1:] == b"}" else _bare(line)


def _apart(line: bytes) -> list[bytes]:
    """The objects of a line that holds several one after another; the line itself where it is one or no JSON."""
    try:
        text = _bare(line).decode()
        parts, place = [], 0
        while place < len(text):
            end = _DECODER.raw_decode(text, place)[1]
            parts.append(text[place:end].encode())
            place = end + len(text[end:]) - len(text[end:].lstrip(" \t,"))
    except (ValueError, RecursionError):
        return [_bare(line)]
    return parts


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
    objects = documents_of(b"".join(parts).removeprefix(BOM), source.name)
    parts.clear()
    number = 0
    for document in objects:
        for obj in rows_in(document, 0):
            number += 1
            yield number, _encoded(obj, number)
    source.facts["layout"] = "one document"


def _encoded(obj: Any, number: int) -> bytes | RecordError:
    if isinstance(obj, RecordError):
        return obj
    try:
        return msgspec.json.encode(obj)
    except (RecursionError, UnicodeEncodeError, ValueError, OverflowError):
        reason = "found values that no text can hold (lone surrogates, or nested too deep); export the row again"
        return RecordError(reason, line=number)


@contextmanager
def written(sink: Any, kind: type, columns: Callable[[Any], dict[str, Any]]) -> Iterator[Callable[[Any], object]]:
    """One object a line; of creators without the fields that hold their default."""
    encode = msgspec.json.encode
    if kind is Creator:
        yield lambda record: sink.write(encode(sparse(record)) + b"\n")
    else:
        yield lambda record: sink.write(encode(record) + b"\n")
