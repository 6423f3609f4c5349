"""Parquet, streamed in small batches whatever the size of its row groups."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from bonafit.errors import InputError
from bonafit.io.formats import Source
from bonafit.io.formats.grid import Plain
from bonafit.io.streams import CHUNK, Peekable, named

if TYPE_CHECKING:
    import pyarrow as pa

# Rows held as Python objects at once; creators of ten posts take some 15 KB each as objects.
BATCH_ROWS = 200
# Every leaf column has one, and a creator has seventy: at 64 KiB each, 100,000 rows in one row group (104 MB) take 234
# MB resident; at 1 MiB each 283 MB, and no faster.
BUFFER = 1 << 16
# Rows of a Parquet row group: 5,000 nested creators are some 30 MB as Python objects, the most a writer holds.
ROW_GROUP = 5_000


def rows(stream: Peekable, source: Source) -> Iterator[Plain]:
    """Row number and plain object of every row. Raises InputError where the file or a page of it cannot be read."""
    from bonafit.io.arrow_rows import plain_rows

    with opened_parquet(source.path, stream) as file:
        source.rows_known = file.metadata.num_rows or None
        number = 0
        for batch in batches(file, source.name):
            for plain in plain_rows(batch):
                number += 1
                source.row = number
                yield number, plain


@contextmanager
def opened_parquet(path: str | os.PathLike[str], stream: Peekable) -> Iterator[Any]:
    """The file as a pyarrow.parquet.ParquetFile. Standard input, or a compressed file, is first copied to a temporary
    one: Parquet is read from its end.

    Raises InputError where it is no Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = os.fspath(path) != "-" and stream.is_raw
    with tempfile.TemporaryFile() as spool:
        source: Any = os.fspath(path) if plain else _spooled(stream, spool)
        try:
            # without pre_buffer and with a small buffer a row group's columns are read page by page
            file = pq.ParquetFile(source, pre_buffer=False, buffer_size=BUFFER)
            file.schema_arrow  # noqa: B018 - a hostile footer shows itself here
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            raise InputError(
                f"{named(path)}: cannot be read as Parquet ({_short(error)}); "
                "the file is cut short or of another format: export it again, or name its format"
            ) from error
        with file:
            yield file


def batches(file: Any, name: str) -> Iterator[pa.RecordBatch]:
    """Record batches of at most BATCH_ROWS rows. Raises InputError where a page is damaged."""
    import pyarrow as pa

    if not file.num_row_groups:  # which pyarrow before 22 takes for damage
        return
    try:
        yield from file.iter_batches(BATCH_ROWS)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            f"{name}: a Parquet page is damaged ({_short(error)}); rows before it were delivered, "
            "rows after it are lost: export the file again"
        ) from error


def _spooled(stream: Peekable, spool: BinaryIO) -> BinaryIO:
    while chunk := stream.read(CHUNK):
        spool.write(chunk)
    spool.seek(0)
    return spool


def _short(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]


@contextmanager
def written(
    sink: Any, kind: type[msgspec.Struct], columns: Callable[[Any], dict[str, Any]]
) -> Iterator[Callable[[Any], object]]:
    """Row groups of ROW_GROUP records, nested as the records are."""
    import pyarrow.parquet as pq

    from bonafit.io.arrow_schema import batch_of, schema_of

    batch: list[Any] = []
    with pq.ParquetWriter(sink, schema_of(kind), compression="zstd") as writer:

        def write(record: Any) -> None:
            batch.append(record)
            if len(batch) == ROW_GROUP:
                writer.write_batch(batch_of(batch, kind))
                batch.clear()

        yield write
        if batch:
            writer.write_batch(batch_of(batch, kind))
