"""An index's creators as one Parquet file: vectors as lists of fixed size, which every vector store and Arrow read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bonafit.errors import IndexIncompatibleError
from bonafit.heads.niche_fit.summary import SUMMARY
from bonafit.index.layout import IndexManifest
from bonafit.index.segment import UNKNOWN, IndexRow
from bonafit.index.store import View, open_view
from bonafit.io.write import beside

if TYPE_CHECKING:
    import pyarrow as pa

# Rows of one row group: 100 MB of float32 vectors at the published width.
GROUP = 16_384


def export(index: Path, out: Path) -> int:
    """Write every live creator of an index to a Parquet file, whole or not at all; returns how many.

    Columns: creator_id, platform, language, country, followers, authenticity (null where nobody can be judged), the
    head's inputs, and a column for each summary vector (`centre`, `bio`, ...), null where there is none. Vectors are
    float32 of unit length up to what the index's own storage lost. The file's metadata names bundle and encoder.
    Raises CreatorIndexError where there is no index or it is damaged.
    """
    import pyarrow.parquet as pq

    view = open_view(index)
    if view.manifest.vectors != len(SUMMARY):
        raise IndexIncompatibleError(
            f"{index}: {view.manifest.vectors} vectors a creator, this version knows {len(SUMMARY)}; build it again"
        )
    schema = _schema(view.manifest)
    n = 0
    with beside(out) as (file, keep):
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for rows in _groups(view):
                writer.write_table(_table(rows, schema, view.manifest))
                n += len(rows)
        keep(True)
    return n


def _groups(view: View) -> Iterator[list[IndexRow]]:
    rows = view.rows()
    while some := list(islice(rows, GROUP)):
        yield some


def _schema(manifest: IndexManifest) -> pa.Schema:
    import pyarrow as pa

    named = [(name, pa.string()) for name in ("creator_id", "platform", "language", "country")]
    numbers = [("followers", pa.int64()), ("authenticity", pa.float32())]
    inputs = [(name, pa.float32()) for name in manifest.inputs]
    vectors = [(name, pa.list_(pa.float32(), manifest.width)) for name in SUMMARY]
    about = {"bonafit.bundle": manifest.bundle, "bonafit.encoder": manifest.encoder, "bonafit.stored": manifest.dtype}
    return pa.schema([*named, *numbers, *inputs, *vectors], metadata=about)


def _table(rows: Sequence[IndexRow], schema: pa.Schema, manifest: IndexManifest) -> pa.Table:
    import pyarrow as pa

    columns: list[pa.Array] = []
    columns += [pa.array([getattr(row, name) for row in rows], schema.field(name).type) for name in schema.names[:4]]
    columns.append(pa.array([None if row.followers == UNKNOWN else row.followers for row in rows], pa.int64()))
    authenticity = [None if np.isnan(row.authenticity) else row.authenticity for row in rows]
    columns.append(pa.array(authenticity, pa.float32()))
    inputs = np.array([row.inputs for row in rows], dtype=np.float32)
    columns += [pa.array(inputs[:, i]) for i in range(len(manifest.inputs))]
    vectors = np.array([row.vectors for row in rows], dtype=np.float32)
    for i in range(len(SUMMARY)):
        absent = ~vectors[:, i].any(axis=1)
        values = pa.array(vectors[:, i].ravel())
        mask = pa.array(absent) if absent.any() else None
        columns.append(pa.FixedSizeListArray.from_arrays(values, manifest.width, mask=mask))
    return pa.Table.from_arrays(columns, schema=schema)
