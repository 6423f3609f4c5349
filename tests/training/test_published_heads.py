"""Heads of an earlier bundle go into a new one unchanged, with their figures, card and plots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bonafit.bundle.manifest import EncoderReference, read_bundle
from bonafit.errors import BundleIncompatibleError, InputError
from bonafit_training.contracts import HeadArtifact, HeldOut, PublishedHead, Row
from bonafit_training.pipeline.train import TrainingConfig, train
from bonafit_training.publishing.heads import TRAINED_ON, head_of
from bonafit_training.publishing.publish import Contents, Origin, publish

ENCODER = EncoderReference(folder="tiny-000", digest="0" * 64, precision="int8", width=32)
HELD_OUT = HeldOut("a set", np.array([0, 1] * 50), np.array([0.4, 0.6] * 50))


def artifact(name: str, value: float) -> HeadArtifact:
    row = Row(suite=name, dataset="d", split="cv5", slice="all", method="bonafit", metric="auc", value=value, n=10)
    return HeadArtifact(
        name=name, section={"k": value}, tables={"t": np.full(3, value)}, metrics=[row], card=f"Head {name}, {value}.",
        datasets=("d",), held_out=(HELD_OUT,),
    )  # fmt: skip


def bundle(out: Path, name: str, artifacts: list[HeadArtifact], *, kept: Sequence[PublishedHead] = ()) -> Path:
    contents = Contents(encoder=ENCODER, datasets=[], artifacts=artifacts, kept=kept)
    return publish(out, name, contents, Origin(seed=1, commit="c", invented=True))


def test_a_head_of_the_base_is_taken_unchanged(tmp_path: Path) -> None:
    first = bundle(tmp_path, "first", [artifact("niche_fit", 0.1), artifact("authenticity", 0.2)])
    base = read_bundle(first)
    second = bundle(tmp_path, "second", [artifact("authenticity", 0.7)], kept=[head_of(base, "niche_fit")])
    bundles = [read_bundle(first), read_bundle(second)]
    assert list(bundles[1].manifest.heads) == list(bundles[0].manifest.heads)
    assert bundles[1].manifest.heads["niche_fit"] == bundles[0].manifest.heads["niche_fit"]
    assert bundles[1].manifest.heads["niche_fit"][TRAINED_ON] == ["d"]
    np.testing.assert_array_equal(bundles[1].tables["niche_fit"]["t"], [0.1] * 3)
    np.testing.assert_array_equal(bundles[1].tables["authenticity"]["t"], [0.7] * 3)
    assert [row["value"] for row in bundles[1].manifest.metrics] == [0.1, 0.7]
    card = (second / "CARD.md").read_text()
    assert "Head niche_fit, 0.1." in card
    assert "Head authenticity, 0.7." in card
    assert "0.2" not in card
    assert card.count("reliability_niche_fit_1.svg") == 1
    plot = "reliability_niche_fit_1.svg"
    assert (first / plot).read_bytes() == (second / plot).read_bytes()


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    base = read_bundle(bundle(tmp_path, "first", [artifact("niche_fit", 0.1)]))
    with pytest.raises(BundleIncompatibleError, match="no head authenticity; it has niche_fit; train authenticity too"):
        head_of(base, "authenticity")
    config = TrainingConfig(name="x", encoder="e", data=str(tmp_path))
    with pytest.raises(InputError, match="name it by --base"):
        train(config, heads=["niche_fit"])
    with pytest.raises(InputError, match="expected names among niche_fit, authenticity"):
        train(config, heads=["nichefit"], base=base)
