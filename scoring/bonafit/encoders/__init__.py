"""Encoders: texts to unit vectors."""

from __future__ import annotations

from bonafit.encoders.byte_store import CacheWarning
from bonafit.encoders.cached import CachedEncoder, default_cache_path
from bonafit.encoders.card import EncoderCard, EncoderFile, find_encoder, read_card
from bonafit.encoders.deferred import DeferredEncoder
from bonafit.encoders.load import load_encoder
from bonafit.encoders.mapped import MappedEncoder
from bonafit.encoders.onnx import OnnxEncoder
from bonafit.encoders.routed import RoutedEncoder
from bonafit.encoders.static import StaticEncoder

__all__ = [
    "CacheWarning",
    "CachedEncoder",
    "DeferredEncoder",
    "EncoderCard",
    "EncoderFile",
    "MappedEncoder",
    "OnnxEncoder",
    "RoutedEncoder",
    "StaticEncoder",
    "default_cache_path",
    "find_encoder",
    "load_encoder",
    "read_card",
]
