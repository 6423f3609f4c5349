"""Encoders: texts to unit vectors."""

from __future__ import annotations

from bonafit.encoders.cached import CachedEncoder, default_cache_path
from bonafit.encoders.card import EncoderCard, EncoderFile, find_encoder, read_card
from bonafit.encoders.onnx import OnnxEncoder
from bonafit.encoders.store import CacheWarning

__all__ = [
    "CacheWarning",
    "CachedEncoder",
    "EncoderCard",
    "EncoderFile",
    "OnnxEncoder",
    "default_cache_path",
    "find_encoder",
    "read_card",
]
