"""The MLflow model's signature, made from the record types so that it cannot fall behind them."""

from __future__ import annotations

from typing import Any

import msgspec
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema
from mlflow.types.schema import AnyType, Array, Object, Property
from msgspec import inspect

from bonafit.io.write import sparse
from bonafit.records import Brief, Creator, Post
from bonafit.results import COMPONENTS

# An example that says what a row looks like; nobody of this name exists.
EXAMPLE = Creator(
    creator_id="example",
    platform="instagram",
    bio="Gentle skincare, honest reviews.",
    followers=8_200,
    posts=(Post(caption="My sunscreen routine", likes=310, comments=12, tags=("skincare",)),),
)
EXAMPLE_BRIEF = Brief(brand="Example", description="Gentle skincare for sensitive skin.")


def signature() -> ModelSignature:
    """Inputs: the fields of Creator, posts nested. Params: the brief as JSON.

    Texts are typed; counts, flags and times are `any`, because MLflow turns a column with one missing count into
    floats and refuses it, and because its own message for a wrong nested value does not say where the value stands:
    bonafit checks these and names the path (`posts[3].likes`). The other lists are `any` too: a typed list must be
    in every row of a request, if only as null.
    """
    info = inspect.type_info(Creator)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    inputs = Schema(
        [
            ColSpec(_posts() if f.encode_name == "posts" else _type(f.type), name=f.encode_name, required=f.required)
            for f in fields
        ]
    )
    outputs = Schema(
        [
            ColSpec(DataType.string, name="creator_id", required=False),
            *[ColSpec(DataType.double, name=name, required=False) for name in ("score", *COMPONENTS)],
            ColSpec(Array(DataType.string), name="flags", required=False),
            ColSpec(DataType.string, name="result", required=False),
            ColSpec(DataType.string, name="reject", required=False),
        ]
    )
    params = ParamSchema(
        [ParamSpec("brief", DataType.string, default=""), ParamSpec("rejects", DataType.string, default="refuse")]
    )
    return ModelSignature(inputs=inputs, outputs=outputs, params=params)


def example() -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Rows and params of a request that scores."""
    # through JSON, which knows no tuples: neither do MLflow's arrays
    row: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(sparse(EXAMPLE)))
    return [row], {"brief": msgspec.json.encode(EXAMPLE_BRIEF).decode()}


def _type(info: inspect.Type) -> Any:
    if isinstance(info, inspect.UnionType):
        info = next(t for t in info.types if not isinstance(t, inspect.NoneType))
    return DataType.string if isinstance(info, inspect.StrType) else AnyType()


def _posts() -> Any:
    return Array(Object([Property(name, AnyType(), required=False) for name in Post.__struct_fields__]))
