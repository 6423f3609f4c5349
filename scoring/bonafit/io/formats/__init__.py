"""One file a format, reading and writing, and the table of them.

A format's module has `rows(stream, source)`, which yields line (or row) number and plain object of every row, or the
RecordError that makes it a reject; and, where it is written, `written(sink, kind, columns)`, a context
manager that gives a function writing one record.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from bonafit.errors import InputError
from bonafit.io.streams import BOM, CODECS, MAX_ROW, PACKED, named

Source_ = str | os.PathLike[str]


@dataclass(frozen=True)
class Format:
    """A format: its names' endings, the first bytes that only it has, whether it is written and streams to a pipe."""

    name: str
    suffixes: tuple[str, ...]
    what: str
    magic: tuple[bytes, ...] = ()
    writes: bool = True
    pipes: bool = True

    @property
    def module(self) -> Any:
        """Its module, loaded where it is needed."""
        return import_module(f"{__name__}.{self.name}")


FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        Format(
            "jsonl", (".jsonl", ".ndjson", ".json"), "one object a line, or one document: a list, an object around one"
        ),
        Format("csv", (".csv", ".tsv", ".txt"), "one line a row; comma, semicolon, tab or bar between cells"),
        Format(
            "html",
            (".html", ".htm", ".xml"),
            "one row a row of a table in HTML or Excel's XML",
            writes=False,
        ),
        Format(
            "parquet", (".parquet", ".pq"), "one row a row; nested columns, or JSON text", magic=(b"PAR1",), pipes=False
        ),
        Format(
            "workbook",
            (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
            "one row a row of a sheet (needs bonafit[excel])",
            magic=(b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),
            writes=False,
            pipes=False,
        ),
    )
}
SUFFIXES = {suffix: format.name for format in FORMATS.values() for suffix in format.suffixes}
WRITTEN = tuple(format.name for format in FORMATS.values() if format.writes)


@dataclass
class Source:
    """What a format's reader is told of its input, and tells of it.

    name  : for messages. path : of the file, `-` for standard input. kind : record type that rows are likely to be,
    None for
    creators or posts. sheet : asked for. max_row : bytes of a line, beyond which it is a
    reject. facts : what is found out: encoding, separator, line of the header, sheet.
    blank : is called for every blank line.
    """

    name: str
    path: Source_
    kind: type | None = None
    sheet: str | None = None
    max_row: int = MAX_ROW
    facts: dict[str, Any] = field(default_factory=dict)
    blank_lines: int = 0
    rows_known: int | None = None
    row: int = 0


def suffix_of(path: Source_) -> str:
    """The ending of a name that says the format, lower case, without that of a compression."""
    name = Path(path)
    return (Path(name.stem).suffix if name.suffix.lower() in PACKED else name.suffix).lower()


def format_of(path: Source_) -> str | None:
    """The format of an output by its name; None for standard output. Raises InputError where the name says none."""
    if os.fspath(path) == "-":
        return None
    suffix = suffix_of(path)
    name = SUFFIXES.get(suffix)
    if name is None or not FORMATS[name].writes:
        written = [ending for format in FORMATS.values() if format.writes for ending in format.suffixes]
        raise InputError(
            f"{named(path)}: the name ends in {suffix or 'no extension'!r}, expected {', '.join(written)}, "
            f"with or without {' or '.join(CODECS)}; name the output after a format"
        )
    return name


# What else people have, by its first bytes or those at a place behind them.
_OTHERS = (
    (0, b"%PDF", "a PDF"),
    (0, b"{\\rtf", "a document (RTF)"),
    (257, b"ustar", "a tar archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"SQLite format 3", "a database (SQLite)"),
    (0, b"\x89PNG", "a picture"),
    (0, b"\xff\xd8\xff", "a picture"),
    (0, b"ARROW1", "an Arrow file"),
    (0, b"Obj\x01", "an Avro file"),
    (0, b"ORC", "an ORC file"),
)


def refuse_others(head: bytes, name: str) -> None:
    """Raise InputError for a file that is known to be no table, or is no text."""
    for place, magic, kind_of_file in _OTHERS:
        if head[place : place + len(magic)] == magic:
            remedy = (
                "unpack it and name one file" if "archive" in kind_of_file else "save its table as XLSX, CSV or Parquet"
            )
            raise InputError(f"{name}: is {kind_of_file}, expected a table; {remedy}")


def sniffed(head: bytes, path: Source_) -> str:
    """The format of an input: by its first bytes, and by its name where text may be either.

    An empty input is JSON Lines without rows.
    """
    for format in FORMATS.values():
        if head.startswith(format.magic):
            return format.name
    named_as = SUFFIXES.get(suffix_of(path))
    text = head.removeprefix(BOM).replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    if named_as == "parquet" or not text:
        return named_as or "jsonl"
    if text[:1] == b"<":
        return "html"
    refuse_others(head, named(path))
    if text[:1] == b"{" or (text[:1] == b"[" and named_as != "csv"):
        return "jsonl"
    return "jsonl" if named_as == "jsonl" else "csv"
