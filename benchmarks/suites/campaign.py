"""Portfolios on public overlap graphs and at scale, and how seldom and how surely drift is said."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow.parquet as pq
from benchmarks.registry import Suite

from bonafit.campaign.answer import Portfolio
from bonafit.campaign.candidates import Candidate, Estimate
from bonafit.campaign.drift import LEVEL, Value, adjusted, compare
from bonafit.campaign.overlap import Pairs
from bonafit.campaign.portfolio import choose
from bonafit.campaign.problem import Problem, counting
from bonafit.campaign.search import search
from bonafit.campaign.solver import Program
from bonafit.campaign.terms import Bound, Terms
from bonafit_training.contracts import OURS, Cases, Context, Row

SUITE = "campaign"
GRAPHS = "twitch_overlap_2021"
# Channels drawn for a problem whose best list can be proven, problems of each date, and channels on a list.
DRAWN, PROBLEMS, LISTED = 40, 12, 8
CANDIDATES = 5_000
NULL_PAIRS, SHIFTED_PAIRS, CREATORS = 500, 100, 300
# Of one of the invented numbers, which have a common part of half a deviation.
DEVIATION = 1.25**0.5


def overlaps(context: Context) -> Iterator[Row]:
    """Lists of LISTED channels by what they reach together, as a share of the best; every list by the same measure.

    Reach is viewers minus what given pairs share (at least so many different people watch the list). Equal prices: the
    dull rule is the most followers. The best is proven on DRAWN channels; `searched` is what large problems get.
    """
    audience = context.data / "audience"
    pairs = pq.read_table(audience / f"{GRAPHS}.parquet").to_pylist()
    channels = pq.read_table(audience / "twitch_channels_2021.parquet").to_pylist()
    rng = np.random.default_rng(context.seed)
    shares: dict[str, list[float]] = {"bonafit": [], "searched": [], "most_followers": []}
    for date in sorted({row["date"] for row in channels}):
        viewers = {row["channel_id"]: row["viewers"] for row in channels if row["date"] == date}
        shared = {(row["source"], row["target"]): row["shared_viewers"] for row in pairs if row["date"] == date}
        largest = sorted(viewers, key=lambda name: (-viewers[name], name))[:400]
        for _ in range(PROBLEMS):
            names = sorted(rng.choice(largest, DRAWN, replace=False).tolist())
            problem = _problem(names, viewers, shared)
            best = Program(problem).solve(gap=1e-6, seconds=20)
            solution = search(problem)
            if best is None or solution is None or not best.proven(1e-3):
                continue
            followers = np.zeros(DRAWN, dtype=np.int64)
            followers[np.argsort(-problem.gain, kind="stable")[:LISTED]] = 1
            for name, posts in (("bonafit", best.posts), ("searched", solution), ("most_followers", followers)):
                shares[name].append(problem.outcome(posts) / best.bound)
    for name, of_rule in shares.items():
        for metric, value in (("share_of_best", np.mean(of_rule)), ("share_of_best_least", np.min(of_rule))):
            yield _row(GRAPHS, f"{LISTED} of {DRAWN}", name, metric, float(value), len(of_rule))


def _problem(names: Sequence[str], viewers: Mapping[str, int], shared: Mapping[tuple[str, str], int]) -> Problem:
    place = {name: i for i, name in enumerate(names)}
    known = [
        (place[a], place[b], float(n))
        for (a, b), n in shared.items()
        if a in place and b in place and place[a] < place[b]
    ]
    a, b, both = np.array(known).reshape(-1, 3).T
    gain = np.array([float(viewers[name]) for name in names])
    return Problem(
        gain, np.ones(len(names)), np.ones(len(names), dtype=np.int64), float(LISTED),
        rules=(counting("size", np.arange(len(names)), len(names), high=LISTED),),
        pairs=Pairs(a.astype(np.int64), b.astype(np.int64), both),
    )  # fmt: skip


def speed(context: Context) -> Iterator[Row]:
    """Seconds for a portfolio of CANDIDATES creators with quotas, assumed groups, frontier and prices of wishes."""
    rng = np.random.default_rng(context.seed)
    platforms, languages = ("instagram", "tiktok", "youtube"), ("en", "de", "fr", "es", "it")
    people = []
    for i in range(CANDIDATES):
        likes = float(np.exp(rng.normal(5, 1)))
        people.append(
            Candidate(
                creator_id=f"c{i}", label=f"c{i}", platform=platforms[rng.integers(3)],
                language=languages[rng.integers(5)], country=None, category=None, tier="micro", followers=10_000,
                verdict="shortlist", score=0.8, price=likes * float(np.exp(rng.normal(0, 0.5))), price_from="invented",
                engagements=Estimate(value=likes, low=likes / 2, high=likes * 2), views=None, counted=("likes",),
                genuine=float(rng.beta(8, 2)), fit=float(rng.beta(5, 2)),
            )
        )  # fmt: skip
    terms = Terms(
        budget=20_000, posts=2, creators_at_most=40, max_share=0.1,
        bounds=(Bound(platform="youtube", at_least=5), Bound(language="de", at_most=6)),
    )  # fmt: skip
    began, used = time.monotonic(), time.process_time()
    answer = choose(people, terms)
    seconds, processor = time.monotonic() - began, time.process_time() - used
    if not isinstance(answer, Portfolio):
        raise TypeError(f"expected a portfolio, found a clash of {answer.clash}")
    yield _row("invented_candidates", f"{CANDIDATES}", OURS, "seconds", seconds, CANDIDATES)
    yield _row("invented_candidates", f"{CANDIDATES}", OURS, "processor_seconds", processor, CANDIDATES)
    yield _row("invented_candidates", f"{CANDIDATES}", OURS, "share_of_bound", answer.brings / answer.bound, CANDIDATES)


def drift_rows(context: Context) -> Iterator[Row]:
    """How often any of 30 columns alarms where nothing changed, and how often a stated shift is found."""
    rng = np.random.default_rng(context.seed)
    alarms = sum(_alarmed(_sides(rng), None) for _ in range(NULL_PAIRS))
    yield _row("invented_columns", "nothing changed", OURS, "false_alarm_rate", alarms / NULL_PAIRS, NULL_PAIRS)
    shifts = {
        "a number by 0.4 deviations": ("number 3", lambda v: float(v) + 0.4 * DEVIATION),
        "a number half as wide again": ("number 3", lambda v: 1.5 * float(v)),
        "a word from 20 % to 40 %": ("word 2", lambda v: "a" if rng.random() < 0.25 else v),
        "missing in 15 % where nothing was": ("number 3", lambda v: None if rng.random() < 0.15 else v),
    }
    for name, (column, change) in shifts.items():
        hits = 0
        for _ in range(SHIFTED_PAIRS):
            old, new = _sides(rng)
            new[f"input/{column}"] = [change(v) for v in new[f"input/{column}"]]
            hits += _alarmed((old, new), column)
        yield _row("invented_columns", name, OURS, "detection_rate", hits / SHIFTED_PAIRS, SHIFTED_PAIRS)


def _sides(rng: np.random.Generator) -> tuple[dict[str, list[Value]], dict[str, list[Value]]]:
    """Two samples of one population: 25 numbers, some of one another's making, and 5 words."""
    sides = []
    for _ in range(2):
        common = rng.normal(size=CREATORS)
        columns: dict[str, list[Value]] = {
            f"input/number {k}": (0.5 * common + rng.normal(size=CREATORS)).tolist() for k in range(25)
        }
        for k in range(5):
            columns[f"input/word {k}"] = rng.choice(["a", "b", "c", "d"], CREATORS, p=[0.2, 0.4, 0.3, 0.1]).tolist()
        sides.append(columns)
    return sides[0], sides[1]


def _alarmed(sides: tuple[Mapping[str, list[Value]], Mapping[str, list[Value]]], column: str | None) -> bool:
    """Whether any column drifted, or the one that is named."""
    columns = adjusted(compare(*sides, n=(CREATORS, CREATORS))[0], LEVEL)
    return any(entry.drifted and column in (None, entry.name) for entry in columns)


def _row(dataset: str, part: str, method: str, metric: str, value: float, n: int) -> Row:
    baseline = method == "most_followers"
    return Cases(SUITE, dataset, "simulated", part).row(metric, value, n, method, baseline=baseline)


SUITES: dict[str, Suite] = {
    f"{SUITE}/{GRAPHS}": overlaps,
    f"{SUITE}/invented_candidates": speed,
    f"{SUITE}/invented_columns": drift_rows,
}
