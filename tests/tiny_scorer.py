"""A scorer of stand-in heads over the hashing encoder: every field of a result filled, nothing learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.bundle.manifest import Bundle, EncoderReference, Manifest
from bonafit.heads import HEADS
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.results import Component, Evidence, Reason
from bonafit.scorer.panel import Panel
from bonafit.scorer.scorer import Scorer
from tests.tiny import HashEncoder


class StandIn:
    """Value: how near the creator's texts are to the brief's; abstains without texts."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> StandIn:
        return cls(str(section["name"]))

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        return [self._one(one, brief) for one in creators]

    def _one(self, one: Prepared, brief: PreparedBrief) -> Component:
        if not one.units:
            return Component(name=self.name, status="insufficient", value=None, interval=None, sufficiency=0.0)
        near = float(np.max(one.vectors @ brief.vectors.T))
        value = 0.5 + 0.4 * min(1.0, max(-1.0, near))
        reason = Reason(feature="near", seen=near, effect=near, points=value, text="near the brief", usual=None)
        return Component(
            name=self.name,
            status="ok",
            value=value,
            interval=(max(0.0, value - 0.1), min(1.0, value + 0.1)),
            sufficiency=1.0,
            reasons=(reason,),
            evidence=(Evidence(kind="unit", text=one.units[0].raw, weight=near),),
            flags=("far",) if near < 0.1 else (),
            detail={"near": near, "whole": 1.0, "count": 1, "nested": {"units": [len(one.units), None]}},
        )


def tiny_scorer() -> Scorer:
    encoder = HashEncoder()
    manifest = Manifest(
        schema=1,
        name="tiny",
        created="2026-01-01T00:00:00+00:00",
        commit="unknown",
        seed=7,
        encoder=EncoderReference(folder="hash", digest=encoder.digest, precision="none", width=encoder.width),
        datasets=(),
        heads={name: {"name": name} for name in HEADS},
        libraries={},
        metrics=(),
        files={},
        invented=True,
    )
    bundle = Bundle(path="tiny", manifest=manifest, digest="1" * 64, tables={})
    return Scorer(Panel(bundle, {name: StandIn(name) for name in HEADS}, encoder, brief_free=()))
