"""The card's front matter, as a model hub reads it."""

from __future__ import annotations

from typing import Any

import pytest

from bonafit.bundle.manifest import DatasetReference
from bonafit_training.publishing.card import front_matter

ROW = {"suite": "niche_fit", "dataset": "own", "split": "cv5", "slice": "all", "metric": "auc", "value": 0.5}


def parsed(*datasets: DatasetReference, invented: bool = False) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the front matter")
    rows = [
        {**ROW, "baseline": False},
        {**ROW, "metric": "ece", "baseline": False},
        {**ROW, "value": 0.9, "baseline": True},
        {**ROW, "slice": "de", "baseline": False},
    ]
    text = front_matter("2026.9: a name", datasets, rows, invented=invented)
    assert text.startswith("---\n")
    assert text.endswith("---\n\n")
    fields: dict[str, Any] = yaml.safe_load(text.removesuffix("---\n\n"))
    return fields


def dataset(name: str, licence: str) -> DatasetReference:
    return DatasetReference(name=name, sha256="0", rows=1, licence=licence)


def test_a_licence_is_named_only_where_every_set_allows_it() -> None:
    free = parsed(dataset("a", "MIT"), dataset("b", "CC BY 4.0"))
    assert free["license"] == "apache-2.0"
    for licence in ("unstated", "CC BY-NC 4.0", "own data"):
        fields = parsed(dataset("a", "MIT"), dataset("b", licence))
        assert fields["license"] == "other"
        assert fields["license_link"] == "#data"
    assert parsed()["license"] == "other"


def test_figures_of_the_heads_are_the_model_index() -> None:
    fields = parsed(dataset("own", "own data"), invented=True)
    assert fields["library_name"] == "bonafit"
    assert fields["datasets"] == ["own"]
    assert "invented-data" in fields["tags"]
    (model,) = fields["model-index"]
    assert model["name"] == "2026.9: a name"
    (result,) = model["results"]
    assert result["dataset"] == {"name": "own", "type": "own", "split": "cv5"}
    assert result["metrics"] == [{"type": "auc", "value": 0.5}, {"type": "ece", "value": 0.5}]
