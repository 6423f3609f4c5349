"""Encoders: texts to unit vectors."""

from __future__ import annotations

from bonafit.encoders.card import EncoderCard, EncoderFile, find_encoder, read_card
from bonafit.encoders.onnx import OnnxEncoder

__all__ = ["EncoderCard", "EncoderFile", "OnnxEncoder", "find_encoder", "read_card"]
