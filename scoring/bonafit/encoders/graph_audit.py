"""What an ONNX graph may hold: plain operators over weights of its own. Checked before a session is made of it.

A graph from a stranger can loop for ever, run code of a library that happens to be registered, or read files beside it.
The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding) is walked just as far as these questions
go; field numbers are those of onnx.proto3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bonafit.errors import EncoderError

# The standard operators and ONNX Runtime's own, fused attention and quantised matrices among them.
DOMAINS = frozenset({b"", b"ai.onnx", b"com.microsoft"})
# The one operator that may hold graphs of its own: a branch ends, a loop need not. Traced encoders have it.
BRANCH = b"If"
# Field numbers of ModelProto, GraphProto, NodeProto, AttributeProto and TensorProto.
_MODEL_GRAPH, _MODEL_FUNCTIONS = 7, 25
_GRAPH_NODE, _GRAPH_INITIALIZER = 1, 5
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPHS = 5, (6, 11)
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14

Buffer: TypeAlias = bytes | npt.NDArray[np.uint8]
Field = tuple[int, int | memoryview]


def audit_graph(raw: Buffer) -> None:
    """Check a serialised ModelProto.

    Raises EncoderError where it holds a loop (any graph but a branch's), a function, an operator of another domain, or
    weights in another file.
    """
    try:
        for number, model_field in _fields(memoryview(raw) if isinstance(raw, bytes) else raw.data):
            if number == _MODEL_FUNCTIONS:
                raise EncoderError("graph: holds functions of its own; expected plain operators, export it again")
            if number == _MODEL_GRAPH:
                _audit(_message(model_field))
    except (IndexError, ValueError) as error:
        raise EncoderError(f"graph: not an ONNX model ({error}); restore the encoder's files") from None


def _audit(graph: memoryview) -> None:
    for number, field in _fields(graph):
        if number == _GRAPH_INITIALIZER:
            _audit_tensor(_message(field))
        elif number == _GRAPH_NODE:
            _audit_node(_message(field))


def _audit_node(node: memoryview) -> None:
    operator = next((bytes(_message(field)) for number, field in _fields(node) if number == _NODE_OPERATOR), b"")
    for number, field in _fields(node):
        if number == _NODE_DOMAIN and (domain := bytes(_message(field))) not in DOMAINS:
            raise EncoderError(f"graph: an operator of domain {domain!r}; expected standard ones, export it again")
        if number == _NODE_ATTRIBUTE:
            for kind, value in _fields(_message(field)):
                if kind in _ATTRIBUTE_GRAPHS:
                    if operator != BRANCH:
                        raise EncoderError(f"graph: {operator!r} holds a graph of its own; expected no loop")
                    _audit(_message(value))
                if kind == _ATTRIBUTE_TENSOR:
                    _audit_tensor(_message(value))


def _audit_tensor(tensor: memoryview) -> None:
    for number, field in _fields(tensor):
        if number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and field != 0):
            raise EncoderError("graph: weights in a file outside it; expected them inside, export it again")


def _message(field: int | memoryview) -> memoryview:
    if isinstance(field, int):
        raise ValueError("a number where a message is expected")
    return field


def _fields(message: memoryview) -> Iterator[Field]:
    """Number and value of each field: an integer of a varint, the bytes of a message or string, no bytes of others."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        if wire == 2:
            length, place = _varint(message, place)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if place + length > len(message):
            raise ValueError("cut short")
        yield number, message[place : place + length] if wire == 2 else message[:0]
        place += length


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ValueError("a number of more than ten bytes")
