"""The MLflow model's signature, made from the record types so that it cannot fall behind them."""

from __future__ import annotations

from typing import Any

import msgspec
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema
from mlflow.types.schema import AnyType, Array, Object, Property
from msgspec import inspect

from bonafit.records import Brief, Creator, Post
from bonafit.results import HEADS

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
    """Inputs: the fields of Creator, posts and other lists nested. Params: the brief as JSON.

    Texts are typed; counts, flags and times are `any`, because MLflow turns a column with one missing count into
    floats and refuses it, and because its own message for a wrong nested value does not say where the value stands:
    bonafit checks these and names the path (`posts[3].likes`).
    """
    info = inspect.type_info(Creator)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    inputs = Schema([ColSpec(_type(f.type), name=f.encode_name, required=f.required) for f in fields])
    outputs = Schema(
        [
            ColSpec(DataType.string, name="creator_id", required=False),
            *[ColSpec(DataType.double, name=name, required=False) for name in ("score", *HEADS)],
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
    row = {k: v for k, v in msgspec.to_builtins(EXAMPLE).items() if v not in (None, (), [], {})}
    row["posts"] = [{k: v for k, v in post.items() if v not in (None, (), [], "")} for post in row["posts"]]
    return [row], {"brief": msgspec.json.encode(EXAMPLE_BRIEF).decode()}


def _type(info: inspect.Type) -> Any:
    if isinstance(info, inspect.UnionType):
        info = next(t for t in info.types if not isinstance(t, inspect.NoneType))
    if isinstance(info, inspect.VarTupleType):
        return Array(_type(info.item_type))
    if isinstance(info, inspect.StructType):
        return Object([Property(f.encode_name, _leaf(f.type), required=False) for f in info.fields])
    return DataType.string if isinstance(info, inspect.StrType) else AnyType()


def _leaf(info: inspect.Type) -> Any:
    found = _type(info)
    return AnyType() if isinstance(found, DataType) else found
