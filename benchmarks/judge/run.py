"""`make judge`: the judgement contract over invented creators, rule by rule, mean and worst case.

usage: python benchmarks/judge/run.py [--bundle DIR] [--bases N] [--orders N] [--seed N] [--rules 3,6] [--strict]
"""

from __future__ import annotations

import argparse
import hashlib
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
from benchmarks.judge.changes import UNSAFE, Change, changes, with_captions  # noqa: E402
from benchmarks.judge.rules import Outcome, Row, outcome, table  # noqa: E402
from benchmarks.judge.texts import EXCLUDED, NICHES, UNRELATED, caption_plan, rendered, sentence  # noqa: E402

from bonafit import Brief, Creator, CreatorScore, Scorer  # noqa: E402
from bonafit.bundle.manifest import Manifest  # noqa: E402
from bonafit.bundle.resolve import newest_bundle  # noqa: E402
from bonafit_training.publishing.judged import put_judgement  # noqa: E402

# What the newest bundle kept when it was published: `make judge TABLE=yes` writes it anew, and the bundle's card.
TABLE = Path(__file__).with_name("table.json")
TITLES = {
    0: "Known orders", 1: "Spelling is not evidence", 2: "What costs nothing proves nothing",
    3: "Engagement that does not hang together", 4: "Real interest never hurts", 5: "Hiding never pays", 6: "Growth",
    7: "Audience sample", 8: "Comments", 9: "Machines", 10: "Not judgeable is not average", 11: "Fraud never pays",
    12: "Invariance", 13: "Fit means what the brand means", 14: "Any language the encoder reads",
    15: "Two commands never contradict", 16: "Safety stands outside the average",
}  # fmt: skip
# Changes that give every post another text are asked of every third base or so only: encoding is most of the time.
SPARSE = {"hashtags: six a post": 3, "hashtags alone": 3, "emoji alone": 3, "hashtags: none": 3}
SPARSE_SPELLING = 8
SPARSE_LANGUAGE = 7


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a run found. build/judge.json holds one; the card is written from it.

    tables : digest of the bundle's tables, which its card is no part of.
    """

    bundle: str
    tables: str
    bases: int
    orders: int
    seed: int
    rows: tuple[Outcome, ...]


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
    wanted = wanted_changes(rows, {**changes(), "unrelated": unrelated})
    values: list[list[float | None]] = [[] for _ in rows]
    by_brief: dict[Brief, list[Base]] = {}
    for base in some:
        by_brief.setdefault(base.brief, []).append(base)
    for brief, group in by_brief.items():
        answers: dict[int, dict[str, CreatorScore | None]] = {base.number: dict.fromkeys(wanted) for base in group}
        excluding = msgspec.structs.replace(brief, excluded_topics=EXCLUDED)
        for asked, names in ((brief, wanted.keys() - UNSAFE), (excluding, wanted.keys() & UNSAFE)):
            cases = [
                (base, name, change(base))
                for base in group
                for name, change in wanted.items()
                if name in names and applies(name, base)
            ]
            results = iter(runner.score([creator for _, _, creator in cases if creator is not None], asked))
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
    asked = _Asked()
    nobody = bases(1, 0)[0]
    for row in rows:
        row.measure(nobody, asked)
    return {name: change for name, change in known.items() if name in asked.names}


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


def tables_digest(manifest: Manifest) -> str:
    """Hex sha256 of what answers: the tables' hashes, without card and plots."""
    named = sorted((name, digest) for name, digest in manifest.files.items() if name.endswith(".npz"))
    return hashlib.sha256(msgspec.json.encode(named)).hexdigest()


def no_longer(report: Report, committed: Report) -> list[str]:
    """Rows that hold in the committed table and fail in this run."""
    held = {(row.rule, row.name, row.figure) for row in committed.rows if row.holds}
    return [
        f"{row.rule}. {row.name}, {row.figure}"
        for row in report.rows
        if not row.holds and (row.rule, row.name, row.figure) in held
    ]


def printed(report: Report) -> str:
    """The table: every row of every rule, failing rows marked."""
    lines = [
        f"{report.bundle}: {report.bases} bases, {report.orders} known orders, seed {report.seed}",
        "X: does not hold. share: of the bases that keep the bounds (95 % must, or every base), as the mean must",
    ]
    for rule in sorted({row.rule for row in report.rows}):
        rows = [row for row in report.rows if row.rule == rule]
        held = sum(row.holds for row in rows)
        lines += ["", f"{rule or 'orders'}. {TITLES[rule]}: {held} of {len(rows)} rows hold"]
        width = max(len(row.name) for row in rows)
        for row in rows:
            mean = "     -" if row.mean is None else f"{row.mean:+6.3f}"
            worst = "     -" if row.worst is None else f"{row.worst:+6.3f}"
            mark = "  " if row.holds else "X "
            unjudged = f", {row.unjudged} not judged" if row.unjudged else ""
            lines.append(
                f"  {mark}{row.name:<{width}}  {row.figure:<6} mean {mean}  worst {worst}  share {row.share:4.0%} "
                f"of {row.n}{unjudged}  ({row.bound})"
            )
    held = sum(row.holds for row in report.rows)
    lines += ["", f"{held} of {len(report.rows)} rows hold"]
    return "\n".join(lines)


def in_short(report: Report) -> str:
    """The card's section: rules with their rows that hold, then known orders and verdicts row by row."""
    lines = [
        f"`make judge`: {report.bases} invented honest creators, every change of the judgement contract applied to "
        f"each, {report.orders} known orders (seed {report.seed}). A row holds where the mean and 95 % of the "
        "creators keep its bound, or every creator where the contract says never.",
        "", "| rule | rows that hold | of |", "|---|---|---|",
    ]  # fmt: skip
    for rule in sorted({row.rule for row in report.rows if row.rule}):
        rows = [row for row in report.rows if row.rule == rule]
        lines.append(f"| {rule}. {TITLES[rule]} | {sum(row.holds for row in rows)} | {len(rows)} |")
    lines += ["", "| known orders and verdicts | mean | worst | bound | holds |", "|---|---|---|---|---|"]
    for row in report.rows:
        if not row.rule:
            mean, worst = ("-" if v is None else f"{v:.3f}" for v in (row.mean, row.worst))
            lines.append(f"| {row.name} | {mean} | {worst} | {row.bound} | {'yes' if row.holds else 'no'} |")
    return "\n".join(lines)


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
    asked = rules or frozenset(TITLES)
    out = judged(Part(bundle, cache, n_bases, seed, asked, NICHES), jobs)
    runner = Runner(bundle, cache, jobs)
    some = bases(n_bases, seed)
    if 1 in asked:
        out += studies.formats(runner.score, some[:4])
    if 13 in asked:
        out += studies.fit_orders(runner.score, seed)
    if 14 in asked:
        out += studies.languages(runner.score, seed)
    if 0 in asked:
        out += known_orders(runner, n_orders, seed)
    if 15 in asked:
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
