"""What a training run keeps: of each head, and of the bundle they make."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bonafit.bundle.manifest import MANIFEST, read_manifest
from bonafit_training.contracts import HeadArtifact
from bonafit_training.tracking.plots import additive_models, effects_figure, reliability_figure
from bonafit_training.tracking.tracker import Tracker


def flattened(values: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    """Nested settings as one level, `options.niche_fit.rounds`; what is not set is left out."""
    flat: dict[str, object] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{prefix}{key}.")
        elif value is not None:
            flat[f"{prefix}{key}"] = value
    return flat


def log_head(tracker: Tracker, artifact: HeadArtifact) -> None:
    """Figures, folds as nested runs, reliability and effects of one head, in the open run."""
    tracker.metrics(artifact.metrics)
    for name, rows in artifact.folds.items():
        with tracker.run(name):
            tracker.metrics(rows)
    tracker.text(artifact.card, "CARD.md")
    if not tracker.keeps:
        return
    for i, held_out in enumerate(artifact.held_out):
        tracker.figure(reliability_figure(held_out), f"reliability/{i}.png")
    for prefix, model, names in additive_models(artifact):
        figure = effects_figure(f"{artifact.name} {prefix}", model, names)
        if figure is not None:
            tracker.figure(figure, f"effects/{prefix}.png")


def log_bundle(tracker: Tracker, folder: Path) -> str | None:
    """The published bundle: manifest, card, where it comes from, all figures; the version it is registered as."""
    manifest = read_manifest(folder)
    tracker.tags({"commit": manifest.commit, "mlflow.source.git.commit": manifest.commit, "bundle": manifest.name})
    tracker.tags({f"library.{name}": version for name, version in manifest.libraries.items()})
    for dataset in manifest.datasets:
        tracker.params({f"data.{dataset.name}.sha256": dataset.sha256, f"data.{dataset.name}.rows": dataset.rows})
        tracker.tags({f"data.{dataset.name}.licence": dataset.licence})
    tracker.params(flattened({"encoder": msgspec.to_builtins(manifest.encoder)}, "bundle."))
    for name in (MANIFEST, "CARD.md"):
        tracker.text((folder / name).read_text(encoding="utf-8"), name)
    return tracker.bundle(folder)
