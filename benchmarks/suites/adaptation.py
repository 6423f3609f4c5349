"""What contrastive adaptation of the encoder gains on held-out brands: some minutes of training, then both encoders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.registry import Suite

from bonafit_training.artifact import Context, Row
from bonafit_training.encoder_adapt import Adaptation
from bonafit_training.niche_fit.adaptation import choose_encoder

BUILD = Path(__file__).resolve().parent.parent.parent / "build"


def adaptation(context: Context) -> Iterator[Row]:
    """The default settings, with the serving encoder as it is beside them; plain cosine, TF-IDF and chance too."""
    _, rows = choose_encoder(
        context, Adaptation(), BUILD / "encoders" / "adaptation", cache=BUILD / "vectors", precision="int8"
    )
    yield from rows


SUITES: dict[str, Suite] = {"encoder_adaptation/default": adaptation}
