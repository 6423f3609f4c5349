"""Rows of an input as they stand: unpacked, its format sniffed, each an object, the bytes of one, or an error."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.formats import FORMATS, SUFFIXES, Source, Source_, sniffed, suffix_of
from bonafit.io.formats.jsonl import raw_rows, row_of
from bonafit.io.rows.reader import MAX_KEYS
from bonafit.io.streams import CHUNK, ZIP, Peekable, decompressed

Plain = tuple[int, bytes | Mapping[str, Any] | RecordError]


def plain_rows(raw: BinaryIO, source: Source, format: str | None) -> Iterator[Plain]:
    """Every row of an input as bytes of an object, plain object, or error."""
    stream = decompressed(raw, source.name)
    if format is None and stream.peek(len(ZIP)) == ZIP:
        yield from _zipped(stream, source)
        return
    format_name = format or sniffed(stream.peek(4096), source.path)
    source.facts["format"] = format_name
    yield from raw_rows(stream, source) if format_name == "jsonl" else FORMATS[format_name].module.rows(stream, source)


def _zipped(stream: Peekable, source: Source) -> Iterator[Plain]:
    """Rows of a workbook, or of the one file in an archive."""
    with tempfile.TemporaryFile() as spool:
        while chunk := stream.read(CHUNK):
            spool.write(chunk)
        spool.seek(0)
        try:
            archive = zipfile.ZipFile(spool)
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise InputError(f"{source.name}: a damaged archive ({error}); copy or export the file again") from error
        if ("[Content_Types].xml" in names and "word/document.xml" not in names) or "mimetype" in names:
            source.facts["format"] = "workbook"
            spool.seek(0)
            yield from FORMATS["workbook"].module.rows(Peekable(spool), source)
            return
        if "word/document.xml" in names or "Index/Document.iwa" in names:
            raise InputError(f"{source.name}: is a document, expected a table; save its table as XLSX or CSV")
        files = sorted(_of_data(names))
        if not files or len({suffix_of(name) for name in files}) > 1:
            raise InputError(
                f"{source.name}: an archive of {len(files)} files ({', '.join(files[:8])}), expected one, or parts "
                "of one table; unpack it and name one"
            )
        source.facts["archive"] = files[0] if len(files) == 1 else None
        source.path = "-"
        yield from _rows_of_parts([Part(name, partial(archive.open, name)) for name in files], source)


class Part(msgspec.Struct, frozen=True):
    """A file of an input of several: its name there, how it is opened, what its folders say of all its rows."""

    name: str
    open: Callable[[], AbstractContextManager[Any]]
    partition: dict[str, str] = {}


def folder_rows(path: Source_, source: Source, format: str | None) -> Iterator[Plain]:
    """Rows of a folder of files that are parts of one table, as Spark, DuckDB and scripts write them, in the order of
    their names; folders called `platform=tiktok` say so of the rows below. Raises InputError for other folders."""
    root = Path(path)
    files = sorted(file for file in root.rglob("*") if file.is_file())
    files = [file for file in files if not any(part[0] in "._" for part in file.relative_to(root).parts)]
    endings = {suffix_of(file) for file in files}
    if len(endings) != 1 or not endings <= set(SUFFIXES):
        names = ", ".join(sorted(endings)) or "nothing"
        raise InputError(
            f"{source.name}: is a folder that holds {names}, expected parts of one table ({', '.join(SUFFIXES)}); "
            "name a file"
        )
    parts = []
    for file in files:
        steps = file.relative_to(root).parts
        partition = dict(step.split("=", 1) for step in steps[:-1] if "=" in step)
        parts.append(Part("/".join(steps), partial(file.open, "rb"), partition))
    yield from _rows_of_parts(parts, source, format, root)


def _rows_of_parts(
    parts: Sequence[Part], source: Source, format: str | None = None, root: Path | None = None
) -> Iterator[Plain]:
    """Rows of all parts, numbered through. root : the folder of the parts, None in an archive.

    Raises InputError where a part has other columns than the first.
    """
    number = 0
    first: set[str] = set()
    for part in parts:
        name = f"{source.name}/{part.name}" if len(parts) > 1 or root is not None else source.name
        inner = Source(name, "-" if root is None else root / part.name, source.kind, source.sheet, source.max_row)
        with part.open() as raw:
            stream = decompressed(raw, name)
            part_format = format or sniffed(stream.peek(4096), part.name)
            inner.facts["format"] = part_format
            read = (
                raw_rows(stream, inner) if part_format == "jsonl" else FORMATS[part_format].module.rows(stream, inner)
            )
            for place, (line, row) in enumerate(read):
                number = line if len(parts) == 1 else number + 1
                if place == 0 and len(parts) > 1:
                    first = _same_columns(first, row, part, source)
                yield number, row if len(parts) == 1 and not part.partition else _of_part(row, part, number)
        source.blank_lines += inner.blank_lines
        for fact, value in inner.facts.items():
            source.facts.setdefault(fact, value)
    if len(parts) > 1:
        source.facts["files"] = len(parts)


def _of_part(row: bytes | Mapping[str, Any] | RecordError, part: Part, number: int) -> Any:
    """A row with what its folders say of it; an error with the name of its file."""
    if isinstance(row, RecordError):
        return RecordError(f"{part.name}: {row.reason}", line=number, creator_id=row.creator_id, found=row.found)
    plain = decoded(row, number) if part.partition else row
    return {**part.partition, **plain} if part.partition and isinstance(plain, Mapping) else plain


def _same_columns(
    first: set[str], row: bytes | Mapping[str, Any] | RecordError, part: Part, source: Source
) -> set[str]:
    """The names of the first part's first row. Raises InputError where this part's are mostly others."""
    plain = decoded(row, 1)
    names = set() if isinstance(plain, RecordError) else {key for key in plain if isinstance(key, str)}
    if first and names and len(first & names) * 2 < len(first | names):
        raise InputError(
            f"{source.name}: {part.name} has other columns ({', '.join(sorted(names))[:120]}) than the files before; "
            "name one of them, posts with --posts"
        )
    return first or names


# What archives hold beside a table.
_BESIDE = (".md", ".pdf", ".html", ".htm", ".png", ".jpg", ".jpeg", ".webp", ".mp4", ".docx", ".rtf", ".sig", ".sha256")


def _of_data(names: Sequence[str]) -> list[str]:
    """The files of an archive that can be the table: without what systems and vendors put beside it."""
    files = [name for name in names if not name.startswith("__MACOSX/") and not name.rsplit("/", 1)[-1].startswith(".")]
    tables = [
        name
        for name in files
        if not name.lower().endswith(_BESIDE)
        and not name.rsplit("/", 1)[-1].lower().startswith(("readme", "licen", "about", "terms"))
    ]
    return tables if len(tables) == 1 else files


def share_read(source: Source, number: int, raw: BinaryIO | None, size: int | None) -> float | None:
    """How much of an input is read at a row: of its rows where their number is known, else of its bytes."""
    if source.rows_known:
        return min(1.0, number / source.rows_known)
    return raw.tell() / size if size and raw is not None else None


def readable_rows(head: Sequence[Plain]) -> list[Mapping[str, Any]]:
    """The rows of the look that are objects, and not wider than a row may be."""
    rows: list[Mapping[str, Any]] = []
    for number, row in head:
        try:
            plain = decoded(row, number)
        except RecordError:
            continue
        if isinstance(plain, Mapping) and len(plain) <= MAX_KEYS:
            rows.append(plain)
    return rows


def decoded(row: bytes | Mapping[str, Any] | RecordError, number: int) -> Mapping[str, Any] | RecordError:
    """A row as a plain object, or the error that it is none."""
    if not isinstance(row, bytes):
        return row
    try:
        return row_of(row, number)
    except RecordError as error:
        return error
