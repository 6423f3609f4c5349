"""Files beside the creators: results of an earlier run, and small tables such as overlaps and outcomes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import msgspec

from bonafit.errors import InputError, RecordError
from bonafit.io.formats import FORMATS, Source, sniffed
from bonafit.io.streams import decompressed, lines, named, opened
from bonafit.results import CreatorScore

Path_ = str | os.PathLike[str]


def read_results(path: Path_) -> list[CreatorScore]:
    """Every result of a JSON Lines file that `bonafit score --out` wrote, plain or compressed, in its order.

    Raises InputError naming the line where one is no result: a table of creators, a CSV of results, half a file.
    """
    results: list[CreatorScore] = []
    decoder = msgspec.json.Decoder(CreatorScore)
    first: dict[str, int] = {}
    with opened(path) as raw:
        for number, line in lines(decompressed(raw, named(path))):
            if line is None or not line.strip():
                if line is None:
                    raise InputError(f"{named(path)}, line {number}: longer than a result can be; score again")
                continue
            try:
                result = decoder.decode(line)
            # a UnicodeDecodeError for a text that is not UTF-8
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise InputError(
                    f"{named(path)}, line {number}: no result of `bonafit score` ({error}); expected JSON Lines as "
                    "--out scores.jsonl writes them"
                ) from error
            if result.creator_id in first:
                raise InputError(
                    f"{named(path)}, line {number}: creator {result.creator_id} was in line {first[result.creator_id]} "
                    "already; expected each creator once"
                )
            first[result.creator_id] = number
            results.append(result)
    if not results:
        raise InputError(f"{named(path)}: holds no result; expected JSON Lines as `bonafit score --out` writes them")
    return results


def read_rows(path: Path_) -> Iterator[tuple[int, dict[str, Any] | RecordError]]:
    """Line and plain object of every row of a small table, JSON Lines, CSV or Parquet by its first bytes and name.

    Cells of CSV are texts. Raises InputError where the file cannot be read at all.
    """
    source = Source(name=named(path), path=path)
    with opened(path) as raw:
        stream = decompressed(raw, source.name)
        chosen = sniffed(stream.peek(4096), path)
        yield from FORMATS[chosen].module.rows(stream, source)
