"""What creators post about at large: the niches that a brief's own is set against."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from bonafit.encoders.encoder import Encoder
from bonafit.tables.arrays import Vectors
from bonafit.text.clean import clean


def niche_vectors(encoder: Encoder) -> Vectors:
    """(n, width) float32, a row a niche of niches.toml."""
    raw = files("bonafit_training.heads.niche_fit").joinpath("niches.toml").read_text(encoding="utf-8")
    lines: list[str] = tomllib.loads(raw)["niches"]
    return encoder.encode([clean(line) for line in lines])
