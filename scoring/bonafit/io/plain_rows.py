"""Rows of an input as they stand: unpacked, its format sniffed, each an object, the bytes of one, or an error."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from bonafit.errors import InputError, RecordError
from bonafit.io.formats import FORMATS, Source, sniffed
from bonafit.io.formats.jsonl import raw_rows, row_of
from bonafit.io.streams import CHUNK, ZIP, Peekable, decompressed

Plain = tuple[int, bytes | Mapping[str, Any] | RecordError]


def plain_rows(raw: BinaryIO, source: Source, format: str | None) -> Iterator[Plain]:
    """Every row of an input as bytes of an object, plain object, or error."""
    stream = decompressed(raw, source.name)
    if format is None and stream.peek(len(ZIP)) == ZIP:
        yield from _zipped(stream, source)
        return
    chosen = format or sniffed(stream.peek(4096), source.path)
    source.facts["format"] = chosen
    yield from raw_rows(stream, source) if chosen == "jsonl" else FORMATS[chosen].module.rows(stream, source)


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
        files = _of_data(names)
        if len(files) != 1:
            raise InputError(
                f"{source.name}: an archive of {len(files)} files ({', '.join(files[:8])}), expected one; "
                "unpack it and name one"
            )
        source.facts["archive"] = files[0]
        with archive.open(files[0]) as inner:
            packed = decompressed(inner, source.name)
            chosen = sniffed(packed.peek(4096), files[0])
            source.facts["format"] = chosen
            source.path = "-"
            yield from (raw_rows(packed, source) if chosen == "jsonl" else FORMATS[chosen].module.rows(packed, source))


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


def share_read(source: Source, number: int, raw: BinaryIO, size: int | None) -> float | None:
    """How much of an input is read at a row: of its rows where their number is known, else of its bytes."""
    if source.rows_known:
        return min(1.0, number / source.rows_known)
    return raw.tell() / size if size else None


def readable_rows(head: Sequence[Plain]) -> list[Mapping[str, Any]]:
    """The rows of the look that are objects."""
    rows: list[Mapping[str, Any]] = []
    for number, row in head:
        try:
            plain = decoded(row, number)
        except RecordError:
            continue
        if isinstance(plain, Mapping):
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
