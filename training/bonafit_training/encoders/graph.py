"""A BERT-type sentence encoder as an ONNX graph of fused operators, built straight from its weights.

One input, `input_ids` (texts, tokens) int64, all texts of the same length; one output, `sentence_embedding`
(texts, width) float32 of unit length. There is no attention mask because the runtime encodes one text a call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from bonafit_training.encoders.source import EncoderSource, FloatArray, PackedWords

CONTRIB = "com.microsoft"  # ONNX Runtime's fused transformer operators
INPUT, OUTPUT = "input_ids", "sentence_embedding"


def layer_inputs(source: EncoderSource) -> list[str]:
    """Names of the activations that enter a layer's two wide products: the ones worth smoothing."""
    return [f"{kind}{layer}" for layer in range(source.layers) for kind in ("x", "y")]


def build_graph(
    source: EncoderSource,
    *,
    smoothing: Mapping[str, FloatArray] | None = None,
    for_int8: bool = False,
    outputs: Sequence[str] = (),
) -> onnx.ModelProto:
    """The float32 graph; agrees with sentence-transformers within 1e-5.

    smoothing : for an activation of `layer_inputs`, a positive factor for each channel; the activation is divided by
        it and the product's weights multiplied, which changes nothing until the product is quantised.
    for_int8  : keep word vectors as int8 with a scale a row, and bring each token to [-1, 1] before the product after
        the GELU: its few large tokens would otherwise set the range for all of a text.
    outputs   : activations to return besides the vector, for calibration.
    """
    graph = _Builder()
    weight, smoothing = source.weights, smoothing or {}
    hidden = _embeddings(graph, source, quantised=for_int8)
    for layer in range(source.layers):
        prefix = f"encoder.layer.{layer}."
        heads = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
        qkv = np.concatenate([weight[f"{head}.weight"].T for head in heads], axis=1)
        hidden_in, qkv = _smooth(graph, hidden, qkv, smoothing)
        attended = graph.node(
            "Attention",
            [
                hidden_in,
                graph.const(f"qkv_weight{layer}", qkv),
                graph.const(f"qkv_bias{layer}", np.concatenate([weight[f"{head}.bias"] for head in heads])),
            ],
            f"attended{layer}",
            CONTRIB,
            num_heads=source.heads,
        )
        mixed = graph.matmul(attended, weight[f"{prefix}attention.output.dense.weight"].T, f"mixed{layer}")
        middle = graph.skip_norm(mixed, hidden, source, f"{prefix}attention.output", f"y{layer}")
        middle_in, wide = _smooth(graph, middle, weight[f"{prefix}intermediate.dense.weight"].T, smoothing)
        raised = graph.matmul(middle_in, wide, f"raised{layer}")
        # BiasGelu is the exact erf form that BERT was trained with; FastGelu is the tanh approximation.
        bias = graph.const(f"raised_bias{layer}", weight[f"{prefix}intermediate.dense.bias"])
        active = graph.node("BiasGelu", [raised, bias], f"active{layer}", CONTRIB)
        down = weight[f"{prefix}output.dense.weight"].T
        lowered = (_matmul_by_token if for_int8 else _Builder.matmul)(graph, active, down, f"lowered{layer}")
        hidden = graph.skip_norm(lowered, middle, source, f"{prefix}output", f"x{layer + 1}")
    if source.pooling == "cls":
        pooled = graph.node("Gather", [hidden, graph.const("first", np.array(0, np.int64))], "pooled", axis=1)
    else:
        pooled = graph.node("ReduceMean", [hidden], "pooled", axes=[1], keepdims=0)
    graph.node("LpNormalization", [pooled], OUTPUT, axis=-1, p=2)
    # Four-bit tensors came with version 10 of the format.
    return graph.model([OUTPUT, *outputs], width=source.width, version=8 if source.packed_words is None else 10)


class _Builder:
    """Nodes and constants in the order they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def const(self, name: str, array: npt.NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(
            helper.make_node(operator, inputs, [output], domain=domain, name=f"{output}_node", **attributes)
        )
        return output

    def matmul(self, left: str, right: FloatArray, output: str) -> str:
        return self.node("MatMul", [left, self.const(f"{output}_weight", right)], output)

    def skip_norm(self, value: str, skip: str, source: EncoderSource, prefix: str, output: str) -> str:
        inputs = [
            value,
            skip,
            self.const(f"{output}_gamma", source.weights[f"{prefix}.LayerNorm.weight"]),
            self.const(f"{output}_beta", source.weights[f"{prefix}.LayerNorm.bias"]),
            self.const(f"{output}_bias", source.weights[f"{prefix}.dense.bias"]),
        ]
        return self.node("SkipLayerNormalization", inputs, output, CONTRIB, epsilon=source.epsilon)

    def model(self, outputs: Sequence[str], *, width: int, version: int) -> onnx.ModelProto:
        shapes: list[list[int | str] | None] = [["texts", width], *[None] * (len(outputs) - 1)]
        graph = helper.make_graph(
            self.nodes,
            "sentence_encoder",
            [helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["texts", "tokens"])],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in zip(outputs, shapes, strict=True)
            ],
            self.constants,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, ir_version=version, opset_imports=opsets)


def _embeddings(graph: _Builder, source: EncoderSource, *, quantised: bool) -> str:
    # Every token of a single text is of type 0, so its type vector is part of the position's.
    positions = (
        source.weights["embeddings.position_embeddings.weight"]
        + source.weights["embeddings.token_type_embeddings.weight"][:1]
    )
    if source.packed_words is not None:
        _packed_words(graph, source.packed_words)
    elif quantised:
        words = source.weights["embeddings.word_embeddings.weight"]
        scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), np.float32(1e-12)) / np.float32(127)
        graph.const("words", np.rint(words / scale).astype(np.int8))
        graph.node("Gather", ["words", INPUT], "word_codes")
        graph.node("Cast", ["word_codes"], "word_floats", to=TensorProto.FLOAT)
        graph.node("Gather", [graph.const("word_scale", scale), INPUT], "word_scales")
        graph.node("Mul", ["word_floats", "word_scales"], "word_vectors")
    else:
        graph.node(
            "Gather", [graph.const("words", source.weights["embeddings.word_embeddings.weight"]), INPUT], "word_vectors"
        )
    graph.const("positions", positions[source.first_position :][: source.max_tokens])
    graph.const("start", np.array([0], np.int64))
    graph.node("Shape", [INPUT], "length", start=1)
    graph.node("Slice", ["positions", "start", "length", "start"], "position_vectors")
    # An explicit batch axis: SkipLayerNormalization adds a (1, tokens, width) skip to every text of the call.
    graph.node("Unsqueeze", ["position_vectors", "start"], "position_rows")
    inputs = [
        "word_vectors",
        "position_rows",
        graph.const("embedding_gamma", source.weights["embeddings.LayerNorm.weight"]),
        graph.const("embedding_beta", source.weights["embeddings.LayerNorm.bias"]),
    ]
    return graph.node("SkipLayerNormalization", inputs, "x0", CONTRIB, epsilon=source.epsilon)


def _packed_words(graph: _Builder, packed: PackedWords) -> None:
    """Word vectors as their source packs them: four bits a number, a scale a block."""
    n_words, width = packed.codes.shape
    # Signed codes: without zero points the operator takes unsigned ones from 0. Even places in the low half of a byte.
    halves = (packed.codes.astype(np.int8) & 0xF).astype(np.uint8)
    raw = (halves[:, 0::2] | (halves[:, 1::2] << 4)).tobytes()
    graph.constants.append(helper.make_tensor("words", TensorProto.INT4, (n_words, width), raw, raw=True))
    graph.node(
        "GatherBlockQuantized",
        ["words", INPUT, graph.const("word_scales", packed.scales)],
        "word_halves",
        CONTRIB,
        block_size=width // packed.scales.shape[1],
        gather_axis=0,
        quantize_axis=1,
    )
    graph.node("Cast", ["word_halves"], "word_vectors", to=TensorProto.FLOAT)


def _smooth(
    graph: _Builder, value: str, weight: FloatArray, smoothing: Mapping[str, FloatArray]
) -> tuple[str, FloatArray]:
    if value not in smoothing:
        return value, weight
    factor = smoothing[value]
    inverse = graph.const(f"{value}_inverse", (1 / factor).astype(np.float32))
    return graph.node("Mul", [value, inverse], f"{value}_smooth"), weight * factor[:, None]


def _matmul_by_token(graph: _Builder, value: str, weight: FloatArray, output: str) -> str:
    graph.node("Abs", [value], f"{value}_abs")
    peak = graph.node("ReduceMax", [f"{value}_abs"], f"{value}_peak", axes=[-1], keepdims=1)
    unit = graph.node("Div", [value, peak], f"{value}_unit")
    product = graph.matmul(unit, weight, f"{output}_unit")
    return graph.node("Mul", [product, peak], output)
