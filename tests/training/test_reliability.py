"""Reliability plots of the card: points where the data put them, named in the card, part of the bundle's hashes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from bonafit.bundle.manifest import EncoderReference, read_bundle
from bonafit.errors import BundleCorruptError
from bonafit_training.contracts import HeadArtifact, HeldOut
from bonafit_training.publishing.publish import Contents, Origin, publish
from bonafit_training.publishing.reliability import MARGIN, SIDE, reliability_svg

HELD_OUT = HeldOut("set <a>, pair", np.array([0, 1] * 500 + [1] * 1000), np.array([0.5] * 1000 + [1.0] * 1000))


def _share(y: float) -> float:
    return 1 - (y - MARGIN) / SIDE


def test_points_lie_where_the_data_put_them() -> None:
    root = ET.fromstring(reliability_svg(HELD_OUT))
    circles = [
        ((float(c.attrib["cx"]) - MARGIN) / SIDE, _share(float(c.attrib["cy"])))
        for c in root.iter("{http://www.w3.org/2000/svg}circle")
    ]
    assert min(circles)[0] == pytest.approx(0.5, abs=0.01)
    assert min(circles)[1] == pytest.approx(0.5, abs=0.02)
    assert max(circles) == pytest.approx((1.0, 1.0), abs=0.01)
    assert "set <a>, pair, n = 2,000" in "".join(root.itertext())


def test_the_card_shows_them_and_the_bundle_checks_them(tmp_path: Path) -> None:
    artifact = HeadArtifact(
        name="niche_fit", section={}, tables={"t": np.zeros(2)}, metrics=[], card="A head.", datasets=(),
        held_out=(HELD_OUT, HELD_OUT),
    )  # fmt: skip
    encoder = EncoderReference(folder="tiny-000", digest="0" * 64, precision="int8", width=32)
    path = publish(tmp_path, "b", Contents(encoder, [], [artifact]), Origin(seed=1, commit="c"))
    shown = re.findall(r"!\[reliability, [^]]*\]\(([^)]*)\)", (path / "CARD.md").read_text())
    assert shown == ["reliability_niche_fit_1.svg", "reliability_niche_fit_2.svg"]
    assert set(shown) <= set(read_bundle(path).manifest.files)
    (path / shown[0]).write_text("<svg/>")
    with pytest.raises(BundleCorruptError, match=r"reliability_niche_fit_1\.svg"):
        read_bundle(path)
