"""Training in seconds for tests: heads read from the published bundle, some of them spoilt on request.

What is rehearsed is everything around the fit: runs, publishing, registering, promotion, serving. The fits have tests
of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from bonafit.bundle.manifest import Bundle, read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit_training.contracts import Context, HeadArtifact, HeldOut, Row
from bonafit_training.pipeline.train import FITS, TrainingConfig

ROOT = Path(__file__).resolve().parent.parent


def published() -> Path:
    """The newest published bundle."""
    return newest_bundle(ROOT / "models")


def quick_fits() -> dict[str, Callable[[Context], HeadArtifact]]:
    """A fit for every head. Option `turn` multiplies the scores of its additive models: -1 turns a head round."""
    bundle = read_bundle(published())
    return {name: _fit_of(name, bundle) for name in FITS if name in bundle.manifest.heads}


def _fit_of(name: str, bundle: Bundle) -> Callable[[Context], HeadArtifact]:
    def fit(context: Context) -> HeadArtifact:
        turn = float(context.config.get("turn", 1.0))
        tables = {
            key: table * turn if key.endswith((".scores", ".intercept")) else table
            for key, table in bundle.tables[name].items()
        }
        rng = np.random.default_rng(context.seed)
        p = rng.uniform(size=200)
        y = (rng.uniform(size=200) < p).astype(np.int64)
        row = Row(
            suite=name, dataset="invented>set", split="cv2", slice="1k+", method="bonafit", metric="recall@10",
            value=float(p.mean()), n=200,
        )  # fmt: skip
        return HeadArtifact(
            name=name,
            section=bundle.manifest.heads[name],
            tables=tables,
            metrics=[row],
            card=f"## {name}\n",
            datasets=(),
            folds={f"fold {i}": [row] for i in range(2)},
            held_out=(HeldOut("invented", y, p),),
        )

    return fit


def quick_config(folder: Path, name: str, **options: dict[str, float]) -> TrainingConfig:
    """A configuration whose every path lies below the folder, with the encoder of the published bundle."""
    (folder / "models").mkdir(parents=True, exist_ok=True)
    encoders = folder / "models" / "encoders"
    if not encoders.exists():
        encoders.symlink_to(ROOT / "models" / "encoders")
    encoder = read_bundle(published()).manifest.encoder
    return TrainingConfig(
        name=name,
        encoder=str(encoders / encoder.folder),
        precision=encoder.precision,
        data=str(folder),
        out=str(folder / "models"),
        store=str(folder / "store"),
        cache=str(folder / "vectors"),
        options=dict(options),
    )
