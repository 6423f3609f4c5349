"""Any encoder directory, whatever its kind."""

from __future__ import annotations

from pathlib import Path

from bonafit.encoders.card import read_card
from bonafit.encoders.mapped import MappedEncoder
from bonafit.encoders.onnx import OnnxEncoder
from bonafit.encoders.static import StaticEncoder
from bonafit.errors import EncoderError


def load_encoder(
    path: str | Path, *, precision: str = "int8", threads: int | None = None
) -> OnnxEncoder | StaticEncoder:
    """The encoder of this directory. precision and threads as in OnnxEncoder.load; the other kinds have int8 alone.

    Raises EncoderError if the directory is damaged, of an unknown kind or lacks the precision.
    """
    card = read_card(Path(path))
    if card.kind == "onnx":
        return OnnxEncoder.load(path, precision=precision, threads=threads)
    if card.kind == "static":
        card.graph(precision)
        return StaticEncoder.load(path)
    if card.kind == "mapped":
        return MappedEncoder.load(path, precision=precision, threads=threads)
    raise EncoderError(
        f"{path}: kind {card.kind!r}, this version knows onnx, static and mapped; use a matching bonafit"
    )
