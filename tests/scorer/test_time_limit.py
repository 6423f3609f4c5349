"""Scoring by a deadline: what was read in time, what the fast encoder says of the rest, and that it is told."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.encoders import CachedEncoder
from bonafit.errors import EncoderError
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Weights
from bonafit.results import Component
from bonafit.scorer.load import FastPath
from bonafit.scorer.panel import Panel
from bonafit.scorer.scorer import Scorer
from bonafit.scorer.time_limit import CUT
from bonafit.tables.arrays import Vectors
from tests.tiny import BRIEF, HashEncoder, creators
from tests.tiny_scorer import StandIn, tiny_scorer


class SlowEncoder(HashEncoder):
    """The hashing encoder, some milliseconds a text."""

    def __init__(self, seconds: float = 0.005) -> None:
        self.seconds = seconds
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(self.seconds * len(texts))
        self.read += texts
        return super().encode(texts)


def limited(fast: HashEncoder | None = None, seconds: float = 0.005) -> tuple[Scorer, SlowEncoder]:
    plain, full = tiny_scorer(), SlowEncoder(seconds)
    quick = None if fast is None else FastPath(fast, StandIn("niche_fit"))
    return Scorer(Panel(plain.bundle, plain.heads, full), fast=quick), full


def test_enough_time_gives_the_usual_bytes() -> None:
    scorer, _ = limited(seconds=0)
    people = creators(9)
    assert scorer.score(people, BRIEF, budget_ms=60_000) == scorer.score(people, BRIEF)
    assert scorer.score([], BRIEF, budget_ms=5) == []


def test_too_little_time_is_told_and_the_likeliest_are_read_first() -> None:
    scorer, _ = limited(HashEncoder())
    people = creators(40)
    whole = {s.creator_id: s for s in tiny_scorer().score(people, BRIEF)}
    began = time.perf_counter()
    found = scorer.score(people, BRIEF, budget_ms=600)
    assert time.perf_counter() - began < 1.5
    assert [s.creator_id for s in found] == [c.creator_id for c in people]
    cut = [s for s in found if CUT in s.flags]
    read = [s for s in found if s not in cut]
    assert cut
    assert read
    assert all(s == whole[s.creator_id] for s in read), "a creator read whole has the usual bytes"
    # The stand-in's fast answer is the full one's, on all texts, and says whose it is.
    assert all(s.niche_fit.value == whole[s.creator_id].niche_fit.value for s in cut)
    assert all("niche_fit:fast_encoder" in s.flags and s.niche_fit.detail["encoder"] == "hash" for s in cut)
    # Every fourth creator's bio is of the brief's subject: ten in all.
    fitting = [int(s.creator_id[1:]) % 4 == 0 for s in read]
    assert all(fitting) or sum(fitting) == 10


def test_no_time_at_all_still_gives_a_fit_by_the_fast_encoder() -> None:
    scorer, full = limited(HashEncoder())
    (result,) = scorer.score(creators(1), BRIEF, budget_ms=0)
    assert not full.read
    assert result.niche_fit.status == "ok"
    for name in ("authenticity", "engagement_quality"):
        part = getattr(result, name)
        assert (part.status, part.flags) == ("insufficient", ("not_in_time",))
        assert f"{name}:not_in_time" in result.flags
    assert result.flags[-1] == CUT
    # With time for the other heads, and none for texts, they answer from what is not text.
    scorer.time_limit.pace.free, scorer.time_limit.pace.heads = 0.0, 60.0
    scorer.heads["authenticity"] = scorer.heads["engagement_quality"] = Counted()
    (result,) = scorer.score(creators(1), BRIEF, budget_ms=5_000)
    assert result.authenticity.value == result.engagement_quality.value == 0.25


class Counted(StandIn):
    """Answers without texts, as the brief-free heads do."""

    def __init__(self) -> None:
        super().__init__("counted")

    def _one(self, one: Prepared, brief: PreparedBrief) -> Component:
        assert not one.units
        return Component(name=self.name, status="ok", value=0.25, interval=(0.2, 0.3), sufficiency=1.0)


def test_without_a_head_for_the_fast_encoder_the_fit_is_absent_and_says_why() -> None:
    scorer, _ = limited()
    (result,) = scorer.score(creators(1), BRIEF, budget_ms=0)
    assert result.niche_fit.flags == ("texts_not_read_in_time",)
    assert result.niche_fit.value is None


def test_texts_that_are_remembered_need_no_time() -> None:
    plain, full = tiny_scorer(), SlowEncoder()
    scorer = Scorer(Panel(plain.bundle, plain.heads, CachedEncoder(full, None), brief_free=()))
    people, other = creators(3), msgspec.structs.replace(BRIEF, weights=Weights(niche_fit=2.0))
    scorer.score(people, BRIEF)
    before = len(full.read)
    scorer.time_limit.pace.heads = 0.0
    assert scorer.score(people, other, budget_ms=1_000) == tiny_scorer().score(people, other)
    assert len(full.read) == before


def test_the_limit_of_the_scorer_holds_where_a_call_names_none() -> None:
    plain = tiny_scorer()
    scorer = Scorer(Panel(plain.bundle, plain.heads, SlowEncoder(), brief_free=()), budget_ms=1)
    assert CUT in scorer.score(creators(20), BRIEF)[-1].flags


def test_only_a_fast_encoder_of_the_same_reference_is_taken(repository: Path, tmp_path: Path) -> None:
    from bonafit.encoders import StaticEncoder, find_encoder, read_card
    from bonafit.scorer.load import find_fast_encoder

    root = repository / "models" / "encoders"
    (full,) = (p for p in root.iterdir() if p.is_dir() and read_card(p).kind == "onnx")
    fast = StaticEncoder.load(find_fast_encoder(full, read_card(full).digest("int8")))
    assert np.isfinite(fast.encode(["gentle skincare"])).all()
    assert find_encoder(root, full.name[-12:]) == full
    with pytest.raises(EncoderError, match="no fast encoder fitted to ffff"):
        find_fast_encoder(full, "f" * 64)
