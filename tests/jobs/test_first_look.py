"""The fast path's first stage: the obvious ranking, in bounded memory, whatever the batches."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.jobs import first_look as module
from bonafit.jobs.first_look import BEST, preselect
from bonafit.records import Creator
from bonafit.text.units import brief_facets, creator_units
from tests.tiny import BRIEF, HashEncoder, creators

ENCODER = HashEncoder()


def slowly(people: list[Creator], keep: int) -> list[str]:
    """Every creator alone, every facet alone."""
    facets = [ENCODER.encode([facet.text])[0] for facet in brief_facets(BRIEF)]
    fits = []
    for place, one in enumerate(people):
        vectors = [ENCODER.encode([unit.text])[0] for unit in creator_units(one)]
        best = [sorted((float(v @ f) for v in vectors), reverse=True)[:BEST] for f in facets]
        fits.append((-np.mean(best) if vectors else np.inf, place))
    return [people[place].creator_id for _, place in sorted(fits)[:keep]]


@pytest.mark.parametrize("keep", [0, 1, 7, 100])
def test_it_is_the_obvious_ranking(keep: int, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [*creators(30), Creator(creator_id="silent"), *creators(3)]
    found = [one.creator_id for one in preselect(people, BRIEF, fast=ENCODER, keep=keep)]
    assert found == slowly(people, keep)
    monkeypatch.setattr(module, "BATCH", 4)
    assert [one.creator_id for one in preselect(iter(people), BRIEF, fast=ENCODER, keep=keep)] == found


def test_a_stream_is_not_held() -> None:
    alive = 0
    most = 0

    class Counted:
        def __init__(self) -> None:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def stream() -> object:
        for i in range(4_000):
            yield Creator(creator_id=f"c{i}", bio=f"bio {i % 7}", extra={"held": Counted()})

    assert len(preselect(stream(), BRIEF, fast=ENCODER, keep=5)) == 5  # type: ignore[arg-type]
    assert most <= 2 * module.BATCH + 10
