"""`make judge`: the judgement contract over invented creators, rule by rule, mean and worst case.

usage: python benchmarks/judge/run.py [--bundle DIR] [--bases N] [--orders N] [--seed N] [--rules 3,6] [--strict]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent.parent
# The checkout is the import root: `benchmarks` is no part of the distribution.
sys.path.insert(0, str(ROOT))

from benchmarks.judge import orders, studies  # noqa: E402
from benchmarks.judge.bases import Base, bases  # noqa: E402
from benchmarks.judge.changes import changes  # noqa: E402
from benchmarks.judge.edits import Change  # noqa: E402
from benchmarks.judge.measures import Outcome, Row, outcome  # noqa: E402
from benchmarks.judge.report import TABLE, TITLES, Report, in_short, no_longer, printed, tables_digest  # noqa: E402
from benchmarks.judge.rewritten import UNSAFE, with_captions  # noqa: E402
from benchmarks.judge.rules import table  # noqa: E402
from benchmarks.judge.texts import EXCLUDED, NICHES, UNRELATED, caption_plan, rendered, sentence  # noqa: E402

from bonafit import Brief, Creator, CreatorScore, Scorer  # noqa: E402
from bonafit.bundle.resolve import newest_bundle  # noqa: E402
from bonafit_training.publishing.judged import put_judgement  # noqa: E402

# Changes that give every post another text are asked of every third base or so only: encoding is most of the time.
SPARSE = {"hashtags: six a post": 3, "hashtags alone": 3, "emoji alone": 3, "hashtags: none": 3}
SPARSE_SPELLING = 8
SPARSE_LANGUAGE = 7


class Runner:
    """Scores creators with one Scorer, each brief's together."""

    def __init__(self, bundle: str, cache: Path | None, threads: int) -> None:
        self.scorer = Scorer.load(bundle, cache=cache, threads=threads, remember=0)
        self.scored = 0

    def score(self, creators: Sequence[Creator], brief: Brief) -> list[CreatorScore]:
        self.scored += len(creators)
        return self.scorer.score(creators, brief)


def applies(name: str, base: Base) -> bool:
    """Whether a change is asked of this base."""
    if name.startswith("in "):
        return base.number % SPARSE_LANGUAGE == 0
    if ": " in name and name.rsplit(": ", 1)[1].startswith(("'", '"')):
        return base.number % SPARSE_SPELLING == 0
    return base.number % SPARSE.get(name, 1) == 0


def measured(runner: Runner, some: Sequence[Base], rows: Sequence[Row]) -> list[list[float | None]]:
    """What the rows measure on every base: for each row, one number a base; every change is scored once a base."""
    changes_asked = wanted_changes(rows, {**changes(), "unrelated": unrelated})
    values: list[list[float | None]] = [[] for _ in rows]
    by_brief: dict[Brief, list[Base]] = {}
    for base in some:
        by_brief.setdefault(base.brief, []).append(base)
    for brief, group in by_brief.items():
        answers: dict[int, dict[str, CreatorScore | None]] = {
            base.number: dict.fromkeys(changes_asked) for base in group
        }
        excluding = msgspec.structs.replace(brief, excluded_topics=EXCLUDED)
        for brief_asked, names in ((brief, changes_asked.keys() - UNSAFE), (excluding, changes_asked.keys() & UNSAFE)):
            cases = [
                (base, name, change(base))
                for base in group
                for name, change in changes_asked.items()
                if name in names and applies(name, base)
            ]
            results = iter(runner.score([creator for _, _, creator in cases if creator is not None], brief_asked))
            for base, name, creator in cases:
                answers[base.number][name] = None if creator is None else next(results)
        for base in group:
            for row, column in zip(rows, values, strict=True):
                column.append(row.measure(base, answers[base.number]))
    return values


@dataclass(frozen=True)
class Part:
    """The bases of some niches, for one process."""

    bundle: str
    cache: Path | None
    n_bases: int
    seed: int
    rules: frozenset[int]
    niches: tuple[str, ...]


def measured_part(part: Part) -> list[list[float | None]]:
    """As `measured`, in a process with a scorer of its own."""
    runner = Runner(part.bundle, part.cache, threads=1)
    some = [base for base in bases(part.n_bases, part.seed) if base.niche in part.niches]
    try:
        return measured(runner, some, [row for row in table() if row.rule in part.rules])
    finally:
        runner.scorer.close()


def judged(part: Part, jobs: int) -> list[Outcome]:
    """The rows over all bases, the niches shared out among so many processes."""
    parts = [replace(part, niches=NICHES[i::jobs]) for i in range(jobs)]
    if jobs == 1:
        measured = [measured_part(parts[0])]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            measured = list(pool.map(measured_part, parts))
    rows = [row for row in table() if row.rule in part.rules]
    return [outcome(row, [v for some in measured for v in some[i]]) for i, row in enumerate(rows)]


class _Asked(dict[str, None]):
    """Notes which changes a measure looks at."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> None:
        self.names.add(name)


def wanted_changes(rows: Sequence[Row], known: dict[str, Change]) -> dict[str, Change]:
    """The changes that these rows look at, told by asking them with no answers at all."""
    questions = _Asked()
    nobody = bases(1, 0)[0]
    for row in rows:
        row.measure(nobody, questions)
    return {name: change for name, change in known.items() if name in questions.names}


def unrelated(base: Base) -> Creator:
    """The creator with the posts of a niche that has nothing to do with the brief."""
    rng = base.rng("unrelated")
    other = UNRELATED[base.niche]
    captions = rendered(caption_plan(rng, other, 20, on_niche=0.85), base.language)
    return with_captions(base, captions, bio=sentence(rng, "bios", other).render(base.language))


def known_orders(runner: Runner, n: int, seed: int) -> list[Outcome]:
    """Whether the total finds the known orders, and how often the verdict errs on their members."""
    rows = [
        Row(0, "Spearman of the total", "T", _unasked, low=0.9),
        Row(0, "manipulated in the top half", "count", _unasked, high=0.0, every=True),
        Row(0, "verdict: honest on the niche, passed over", "share", _unasked, high=0.05),
        Row(0, "verdict: honest on the niche, shortlisted", "share", _unasked, low=0.5),
        Row(0, "verdict: off the niche, shortlisted", "share", _unasked, high=0.0),
        Row(0, "verdict: manipulated, shortlisted", "share", _unasked, high=0.0),
    ]
    values: list[list[float | None]] = [[] for _ in rows]
    for order in orders.orders(n, seed):
        results = runner.score([member.creator for member in order.members], order.brief)
        outcomes = (
            orders.agreement(order, results),
            float(orders.manipulated_above(order, results)),
            orders.verdict_share(order, results, "honest", "pass"),
            orders.verdict_share(order, results, "honest", "shortlist"),
            orders.verdict_share(order, results, "off", "shortlist"),
            orders.verdict_share(order, results, "manipulated", "shortlist"),
        )
        for column, value in zip(values, outcomes, strict=True):
            column.append(value)
    return [outcome(row, column) for row, column in zip(rows, values, strict=True)]


def _unasked(base: Base, answers: object) -> float | None:
    """The measure of rows whose numbers come from more than one creator."""
    return None


def judge(
    bundle: str,
    *,
    n_bases: int,
    n_orders: int,
    seed: int,
    rules: frozenset[int],
    cache: Path | None,
    jobs: int,
) -> Report:
    """One run over the rules named; all where none is."""
    rule_numbers = rules or frozenset(TITLES)
    out = judged(Part(bundle, cache, n_bases, seed, rule_numbers, NICHES), jobs)
    runner = Runner(bundle, cache, jobs)
    some = bases(n_bases, seed)
    if 1 in rule_numbers:
        out += studies.formats(runner.score, some[:4])
    if 13 in rule_numbers:
        out += studies.fit_orders(runner.score, seed)
    if 14 in rule_numbers:
        out += studies.languages(runner.score, seed)
    if 0 in rule_numbers:
        out += known_orders(runner, n_orders, seed)
    if 15 in rule_numbers:
        out += studies.commands(runner.score, some[:12], bundle, cache or ROOT / "build" / "judge-vectors")
    tables = tables_digest(runner.scorer.bundle.manifest)
    runner.scorer.close()
    out.sort(key=lambda row: row.rule)
    name = Path(bundle).name
    return Report(bundle=name, tables=tables, bases=n_bases, orders=n_orders, seed=seed, rows=tuple(out))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", default=str(newest_bundle(ROOT / "models")))
    parser.add_argument("--bases", type=int, default=64)
    parser.add_argument("--orders", type=int, default=orders.ORDERS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rules", default="", help="only these rules, such as 3,6,11; 0 is the known orders")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "judge-vectors")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes, default one a core")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "judge.json")
    parser.add_argument(
        "--publish",
        action="store_true",
        help="keep what was found as the table to hold, and first in the bundle's card",
    )
    parser.add_argument("--strict", action="store_true", help="exit 1 where a row fails that the card says holds")
    arguments = parser.parse_args()
    began = time.monotonic()
    rules = frozenset(int(rule) for rule in arguments.rules.split(",") if rule)
    report = judge(
        arguments.bundle, n_bases=arguments.bases, n_orders=arguments.orders, seed=arguments.seed, rules=rules,
        cache=arguments.cache, jobs=min(arguments.jobs, len(NICHES)),
    )  # fmt: skip
    print(printed(report))
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    if arguments.publish:
        TABLE.write_bytes(arguments.out.read_bytes())
        put_judgement(Path(arguments.bundle), in_short(report))
    if not arguments.strict:
        return 0
    lost = no_longer(report, msgspec.json.decode(TABLE.read_bytes(), type=Report))
    print("\n".join(f"no longer holds: {row}" for row in lost), file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
