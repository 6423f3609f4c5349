"""Files beside the creators: small tables such as overlaps and outcomes, and documents that commands wrote."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.formats import FORMATS, Source, sniffed
from bonafit.io.streams import decompressed, named, opened

Path_ = str | os.PathLike[str]
T = TypeVar("T")

# Above any amount that is meant; sums and squares of such figures stay finite.
MAX_AMOUNT = 1e18
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_rows(path: Path_) -> Iterator[tuple[int, dict[str, Any] | RecordError]]:
    """Line and plain object of every row of a small table, JSON Lines, CSV or Parquet by its first bytes and name.

    Cells of CSV are texts. Raises InputError where the file cannot be read at all.
    """
    source = Source(name=named(path), path=path)
    with opened(path) as raw:
        stream = decompressed(raw, source.name)
        format_name = sniffed(stream.peek(4096), path)
        for line, row in FORMATS[format_name].module.rows(stream, source):
            if isinstance(row, dict) and any(_is_broken(cell) for pair in row.items() for cell in pair):
                reason = "found text with a lone surrogate, expected valid Unicode; export the row again"
                yield line, RecordError(reason, line=line)
            else:
                yield line, row


def read_document(path: Path_, kind: type[T], content: str) -> T:
    """A JSON document that a command wrote, as `kind`. what : how messages call it. Raises InputError."""
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=kind)
    except OSError as error:
        raise InputError(f"{named(path)}: cannot be read ({error.strerror or error}); expected {content}") from error
    # a UnicodeDecodeError for bytes that are not UTF-8
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{named(path)}: is no {content} ({error})") from error


def _is_broken(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.isascii() and _SURROGATE.search(cell) is not None
