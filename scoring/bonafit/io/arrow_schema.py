"""Arrow schemas derived from the record types, and records as record batches.

A struct becomes a struct, a tuple a list, None a null; mappings of any content (`extra`, `detail`) become JSON text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def schema_of(kind: type[msgspec.Struct]) -> pa.Schema:
    """The schema of a table whose rows are `kind` records."""
    import pyarrow as pa

    info = inspect.type_info(kind)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{kind.__name__}: expected a msgspec.Struct")
    return pa.schema(_fields(info))


def batch_of(records: Sequence[msgspec.Struct], kind: type[msgspec.Struct]) -> pa.RecordBatch:
    """`kind` records as one record batch with schema_of(kind)."""
    import pyarrow as pa

    json_fields = _json_fields(kind)
    rows = msgspec.to_builtins(records, builtin_types=(datetime,))
    for row in rows:
        _jsonify(row, json_fields)
    return pa.RecordBatch.from_pylist(rows, schema=schema_of(kind))


# path of field names to a mapping, such as ("niche_fit", "detail")
_Paths = tuple[tuple[str, ...], ...]


@cache
def _json_fields(kind: type[msgspec.Struct]) -> _Paths:
    """Paths to mappings in `kind`, following structs but not lists: no record keeps a mapping inside a list."""
    info = inspect.type_info(kind)
    paths: list[tuple[str, ...]] = []
    for field in info.fields if isinstance(info, inspect.StructType) else ():
        if isinstance(field.type, inspect.DictType):
            paths.append((field.name,))
        elif isinstance(field.type, inspect.StructType):
            paths += [(field.name, *rest) for rest in _json_fields(field.type.cls)]
    return tuple(paths)


def _jsonify(row: dict[str, Any], paths: _Paths) -> None:
    for *parents, last in paths:
        holder = row
        for name in parents:
            holder = holder[name]
        # an empty mapping is absent, as it is in the record
        value = holder[last]
        holder[last] = msgspec.json.encode(value).decode() if value else None


def _fields(info: inspect.StructType) -> list[pa.Field]:
    import pyarrow as pa

    out = []
    for field in info.fields:
        inner, nullable = _unwrapped(field.type)
        nullable = nullable or isinstance(inner, inspect.DictType | inspect.VarTupleType)
        out.append(pa.field(field.encode_name, _arrow(inner), nullable=nullable))
    return out


def _unwrapped(info: inspect.Type) -> tuple[inspect.Type, bool]:
    """The type without its `| None`, and whether it had one."""
    if not isinstance(info, inspect.UnionType):
        return info, False
    rest = [t for t in info.types if not isinstance(t, inspect.NoneType)]
    return rest[0], len(rest) < len(info.types)


def _arrow(info: inspect.Type) -> pa.DataType:
    import pyarrow as pa

    if isinstance(info, inspect.StructType):
        return pa.struct(_fields(info))
    if isinstance(info, inspect.VarTupleType):
        return pa.list_(_arrow(_unwrapped(info.item_type)[0]))
    if isinstance(info, inspect.TupleType):
        # Not of fixed size: pyarrow 25 cannot read absent ones back from Parquet.
        return pa.list_(_arrow(info.item_types[0]))
    plain = {
        inspect.IntType: pa.int64(),
        inspect.FloatType: pa.float64(),
        inspect.BoolType: pa.bool_(),
        inspect.StrType: pa.string(),
        inspect.LiteralType: pa.string(),
        inspect.DictType: pa.string(),
        inspect.DateTimeType: pa.timestamp("us", tz="UTC"),
    }
    return plain[type(info)]
