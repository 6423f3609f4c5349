"""What is planted in the invented sample is what the published authenticity head sees there."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.io.read import read_creators
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief
from bonafit.results import Component
from bonafit.scorer.load import load_heads
from bonafit.text.units import creator_units

pytestmark = pytest.mark.slow

Judged = dict[str | None, list[Component]]


@pytest.fixture(scope="module")
def judged(repository: Path) -> Judged:
    """The head's answers by what is planted; it reads no vectors."""
    labels = json.loads((repository / "examples" / "planted.json").read_text(encoding="utf-8"))["labels"]
    creators = [c for _, c in read_creators(repository / "examples" / "creators.jsonl", on_reject=_never)]
    nothing = np.empty((0, 0), dtype=np.float32)
    head = load_heads(read_bundle(newest_bundle(repository / "models")))["authenticity"]
    prepared = [Prepared(creator, creator_units(creator), nothing) for creator in creators]
    answers = head.score(prepared, PreparedBrief(Brief(brand="b", description="d"), (), nothing))
    out: Judged = {}
    for creator, answer in zip(creators, answers, strict=True):
        out.setdefault(labels[creator.creator_id]["planted"], []).append(answer)
    return out


def _never(reject: object) -> None:
    raise AssertionError(f"the sample has a bad row: {reject}")


def values(answers: list[Component]) -> list[float]:
    return [answer.value for answer in answers if answer.value is not None]


def test_bought_followers_are_seen_by_their_jump_and_their_shells(judged: Judged) -> None:
    bought = judged["bought_followers"]
    assert max(values(bought)) < 0.15
    for flag in ("unexplained_follower_jump", "suspicious_audience"):
        assert all(flag in answer.flags for answer in bought)


def test_bought_likes_and_machines_are_seen(judged: Judged) -> None:
    honest = median(values(judged[None]))
    assert median(values(judged["bought_likes"])) < honest - 0.1
    # three to eight times a usual count is not beyond what every honest creator has; some of it is
    flagged = {kind: ["implausible_engagement" in answer.flags for answer in judged[kind]] for kind in judged}
    assert np.mean(flagged["bought_likes"]) > 0.1 > np.mean(flagged[None])
    assert all("posting_looks_automated" in answer.flags for answer in judged["machine_posting"])
    assert median(values(judged["machine_posting"])) < honest


def test_honest_creators_of_the_sample_are_believed(judged: Judged) -> None:
    honest = judged[None]
    assert sum(value < 0.5 for value in values(honest)) <= 0.05 * len(honest)
    signals = {"unexplained_follower_jump", "implausible_engagement", "posting_looks_automated", "repeated_comments"}
    assert sum(bool(signals & set(answer.flags)) for answer in honest) <= 0.05 * len(honest)
