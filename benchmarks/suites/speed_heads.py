"""Speed of scoring itself: an additive head against its own library, one creator, eight threads, a cold process."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
from benchmarks.speed.paired import in_turns, quantile, ratio, row, seconds
from benchmarks.speed.population import ROOT, briefs, invented, newest_bundle

from bonafit import CreatorScore, Scorer
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.logistic import sigmoid
from bonafit_training.contracts import Context, Row
from bonafit_training.heads.additive import to_additive

ROWS, COLUMNS, PAIRS_OF_COLUMNS = 100_000, 17, 10
# The library explains row by row in Python: so many rows stand for all.
EXPLAINED = 10_000
CREATORS, CAPTIONS = 60, 12
IMPORTS = 9
LIMIT_MS = 3


def explain(context: Context) -> Iterator[Row]:
    """One explainable boosting machine answering 100,000 rows with every reason: ours, and interpret's own two ways."""
    from interpret.glassbox import ExplainableBoostingClassifier

    rng = np.random.default_rng(context.seed)
    X = rng.standard_normal((ROWS, COLUMNS))
    X[rng.random(X.shape) < 0.05] = np.nan
    y = (np.nan_to_num(X[:, :4]).sum(axis=1) + rng.standard_normal(ROWS) > 0).astype(int)
    machine = ExplainableBoostingClassifier(
        interactions=PAIRS_OF_COLUMNS, outer_bags=2, max_rounds=200, n_jobs=1, random_state=context.seed
    ).fit(X[:20_000], y[:20_000])
    model = to_additive(machine)
    effects, _ = model.effects(X[:2_000])
    worst = float(np.abs(model.total(effects) - machine.decision_function(X[:2_000])).max())
    few = X[:EXPLAINED]
    times = in_turns(
        {
            "ours": lambda: _with_reasons(model, X),
            "terms": lambda: (machine.predict_proba(X), machine.eval_terms(X)),
            "explain": lambda: (machine.predict_proba(few), machine.explain_local(few)),
        },
        rounds=5,
    )
    times["explain"] = [seconds * ROWS / EXPLAINED for seconds in times["explain"]]
    yield row("random", "heads", "seconds", statistics.median(times["ours"]), ROWS)
    yield row("random", "heads", "ratio", ratio(times["explain"], times["ours"]), 5)
    yield row("random", "heads", "ratio_to_eval_terms", ratio(times["terms"], times["ours"]), 5)
    yield row("random", "heads", "largest_difference", worst, 2_000)
    yield row(
        "random",
        "heads",
        "seconds",
        statistics.median(times["explain"]),
        EXPLAINED,
        method="interpret predict + explain_local",
        baseline=True,
    )
    yield row(
        "random",
        "heads",
        "seconds",
        statistics.median(times["terms"]),
        ROWS,
        method="interpret predict + eval_terms",
        baseline=True,
    )


def _with_reasons(model: AdditiveModel, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    effects, _ = model.effects(X)
    return sigmoid(model.total(effects)), effects


def one_creator(context: Context) -> Iterator[Row]:
    """Milliseconds for one creator of a bio and 12 captions and one brief: fresh, cached, and in a limited time."""
    prepared_brief = briefs(1)[0]
    people = [
        creator
        for creator in itertools.islice(invented(4 * CREATORS, captions=CAPTIONS), 4 * CREATORS)
        if creator.posts and creator.bio
    ]
    with Scorer.load(newest_bundle()) as scorer:
        scorer.warm()
        brief = scorer.prepare_brief(prepared_brief)
        fresh = [seconds(lambda c=c: scorer.score([c], prepared_brief)) for c in people[:CREATORS]]
        again = [seconds(lambda c=c: scorer.score([c], prepared_brief)) for c in people[:CREATORS]]
        ready = [scorer.prepare([c]) for c in people[:CREATORS]]
        heads = [seconds(lambda p=p: scorer.score_prepared(p, brief)) for p in ready]
        each = {}
        for name, head in scorer.heads.items():
            each[name] = [seconds(lambda p=p, h=head: h.score(p, brief)) for p in ready]
    for name, times in (("fresh", fresh), ("cached", again), ("heads alone", heads)):
        yield row("invented", "one_creator", "p50_ms", 1e3 * quantile(times, 0.5), len(times), slice=name)
        yield row("invented", "one_creator", "p99_ms", 1e3 * quantile(times, 0.99), len(times), slice=name)
    for name, times in each.items():
        yield row("invented", "one_creator", "p50_ms", 1e3 * quantile(times, 0.5), len(times), slice=f"head {name}")
    with Scorer.load(newest_bundle(), budget_ms=LIMIT_MS) as scorer:
        scorer.warm()
        times, fast, whole = [], 0, 0
        for creator in people[CREATORS : 3 * CREATORS]:
            answers: list[CreatorScore] = []
            times.append(seconds(lambda c=creator, a=answers: a.extend(scorer.score([c], prepared_brief))))
            fast += "niche_fit:fast_encoder" in answers[0].flags
            whole += answers[0].authenticity.status == "ok"
    # The first requests teach the scorer its own pace.
    times = times[CREATORS:]
    limit = f"limit {LIMIT_MS} ms"
    yield row("invented", "one_creator", "p50_ms", 1e3 * quantile(times, 0.5), len(times), slice=limit)
    yield row("invented", "one_creator", "p99_ms", 1e3 * quantile(times, 0.99), len(times), slice=limit)
    yield row("invented", "one_creator", "share_by_fast_encoder", fast / (2 * CREATORS), 2 * CREATORS, slice=limit)
    yield row("invented", "one_creator", "share_with_other_heads", whole / (2 * CREATORS), 2 * CREATORS, slice=limit)


def threads(context: Context) -> Iterator[Row]:
    """Eight threads on one scorer against one thread: throughput and equal bytes, cached and uncached."""
    brief = briefs(1)[0]
    people = list(invented(CREATORS, captions=CAPTIONS))

    def total(scorer: Scorer, n: int, count: int) -> tuple[float, set[bytes]]:
        parts = [people[i::n] for i in range(n)]
        encoded: list[bytes] = []

        def work(part: list[object]) -> None:
            encoded.extend(msgspec.json.encode(scorer.score([creator], brief)[0]) for creator in part)  # type: ignore[list-item]

        began = time.perf_counter()
        with ThreadPoolExecutor(n) as pool:
            list(pool.map(work, [part * count for part in parts]))
        return time.perf_counter() - began, set(encoded)

    # A cached answer takes a fraction of a millisecond: asked so often, starting the threads does not count.
    passes = {"fresh": 1, "cached": 60}
    losses: dict[str, list[float]] = {state: [] for state in passes}
    same = 0
    for _ in range(3):
        answers = []
        times = {}
        for n in (1, 8):
            with Scorer.load(newest_bundle()) as scorer:
                scorer.warm()
                for state, count in passes.items():
                    times[state, n], last = total(scorer, n, count)
                    answers.append(last)
        same += all(answer == answers[0] for answer in answers)
        for state, values in losses.items():
            values.append(times[state, 1] / times[state, 8])
    for state, values in losses.items():
        yield row("invented", "threads", "throughput_8_over_1", statistics.median(values), 3, slice=state)
    yield row("invented", "threads", "share_identical", same / 3, 3)


FIRST = """
import sys, time
began = time.perf_counter()
from bonafit import Brief, Creator, Post, Scorer
scorer = Scorer.load(sys.argv[1])
posts = tuple(Post(caption=f"my gentle evening routine, part {i}") for i in range(12))
scorer.score([Creator(creator_id="a", bio="skincare", followers=9000, posts=posts)],
             Brief(brand="b", description="Gentle skincare."))
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        print(int(line.split()[1]) / 1024)
"""


def cold(context: Context) -> Iterator[Row]:
    """Whole processes: `import bonafit` over bare Python; from nothing to the first score, and its peak memory."""
    bare, imported, first, memory = [], [], [], []
    for _ in range(IMPORTS):
        bare.append(seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)))
        imported.append(seconds(lambda: subprocess.run([sys.executable, "-c", "import bonafit"], check=True, cwd=ROOT)))
        out: list[str] = []

        def run(out: list[str] = out) -> None:
            command = [sys.executable, "-c", FIRST, str(newest_bundle())]
            out.append(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        first.append(seconds(run))
        memory.append(float(out[0]))
    yield row(
        "none", "cold", "import_seconds", statistics.median(a - b for a, b in zip(imported, bare, strict=True)), IMPORTS
    )
    yield row("none", "cold", "first_score_seconds", statistics.median(first), IMPORTS)
    yield row("none", "cold", "peak_mb", statistics.median(memory), IMPORTS)


SUITES = {
    "speed/heads/explain": explain,
    "speed/one_creator/latency": one_creator,
    "speed/threads/throughput": threads,
    "speed/cold/process": cold,
}
