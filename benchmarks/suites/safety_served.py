"""Safety on the full path: what it costs beside the same path without it, and whether its answers stand alone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from benchmarks.registry import Suite
from benchmarks.speed.paired import ratio
from benchmarks.speed.population import briefs, invented, newest_bundle

from bonafit import Creator, CreatorScore, Scorer
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.results import Component
from bonafit_training.contracts import Cases, Context, Row

CREATORS, CAPTIONS, ROUNDS = 60, 40, 7
BATCHES = (1, 7, CREATORS)


class Silent:
    """Stands where the safety head stands and answers nothing."""

    name = "safety"

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        return [Component(name=self.name, status="insufficient", value=None, interval=None, sufficiency=0.0)] * len(
            creators
        )


def _row(split: str, metric: str, value: float, n: int) -> Row:
    return Cases("safety", "invented", split, "all").row(metric, value, n)


def _processor_seconds(scorer: Scorer, people: list[Creator]) -> float:
    began = time.process_time()
    scorer.score(people, briefs(1)[0])
    return time.process_time() - began


def cost(context: Context) -> Iterator[Row]:
    """Processor time of scoring with and without safety, in pairs that take turns; nothing is remembered."""
    people = list(invented(CREATORS, captions=CAPTIONS))
    with Scorer.load(newest_bundle(), threads=1, remember=0) as scorer:
        head, times = scorer.heads["safety"], {"with": [], "without": []}
        scorer.score(people[:2], briefs(1)[0])
        for turn in range(ROUNDS):
            for name in ("with", "without") if turn % 2 else ("without", "with"):
                scorer.heads["safety"] = head if name == "with" else Silent()
                times[name].append(_processor_seconds(scorer, people))
    yield _row("served", "ratio", ratio(times["with"], times["without"]), ROUNDS)
    yield _row(
        "served", "worst_ratio", max(a / b for a, b in zip(times["with"], times["without"], strict=True)), ROUNDS
    )
    yield _row("served", "ms_per_creator", 1e3 * float(np.median(times["with"])) / CREATORS, CREATORS)


def determinism(context: Context) -> Iterator[Row]:
    """Share of creators whose safety has the same bytes alone, in batches of any size, backwards and once more."""
    people = list(invented(CREATORS, captions=12))
    brief = msgspec.structs.replace(briefs(1)[0], excluded_topics=("gambling", "fur coats"))
    with Scorer.load(newest_bundle(), threads=1, remember=0) as scorer:

        def safety(results: Sequence[CreatorScore]) -> list[bytes]:
            return [msgspec.json.encode(result.safety) for result in results]

        first = safety(scorer.score(people, brief))
        reversed_results = [safety(scorer.score(people[::-1], brief))[::-1]]
        for size in BATCHES:
            reversed_results.append(
                [
                    answer
                    for at in range(0, CREATORS, size)
                    for answer in safety(scorer.score(people[at : at + size], brief))
                ]
            )
    same = [all(other[i] == answer for other in reversed_results) for i, answer in enumerate(first)]
    yield _row("served", "same_bytes", float(np.mean(same)), len(people))


SUITES: dict[str, Suite] = {"safety/served/cost": cost, "safety/served/determinism": determinism}
