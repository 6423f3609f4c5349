"""What a run of the judgement contract found: held against the committed table, printed, and in short for the card."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from benchmarks.judge.measures import Outcome

from bonafit.bundle.manifest import Manifest

# What the newest bundle kept when it was published: `make judge TABLE=yes` writes it anew, and the bundle's card.
TABLE = Path(__file__).with_name("table.json")
TITLES = {
    0: "Known orders", 1: "Spelling is not evidence", 2: "What costs nothing proves nothing",
    3: "Engagement that does not hang together", 4: "Real interest never hurts", 5: "Hiding never pays", 6: "Growth",
    7: "Audience sample", 8: "Comments", 9: "Machines", 10: "Not judgeable is not average", 11: "Fraud never pays",
    12: "Invariance", 13: "Fit means what the brand means", 14: "Any language the encoder reads",
    15: "Two commands never contradict", 16: "Safety stands outside the average",
}  # fmt: skip


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


def tables_digest(manifest: Manifest) -> str:
    """Hex sha256 of what answers: the tables' hashes, without card and plots."""
    named = sorted((name, digest) for name, digest in manifest.files.items() if name.endswith(".npz"))
    return hashlib.sha256(msgspec.json.encode(named)).hexdigest()


def no_longer(report: Report, committed: Report) -> list[str]:
    """Rows that hold in the committed table and fail in this run."""
    held_before = {(row.rule, row.name, row.figure) for row in committed.rows if row.holds}
    return [
        f"{row.rule}. {row.name}, {row.figure}"
        for row in report.rows
        if not row.holds and (row.rule, row.name, row.figure) in held_before
    ]


def printed(report: Report) -> str:
    """The table: every row of every rule, failing rows marked."""
    lines = [
        f"{report.bundle}: {report.bases} bases, {report.orders} known orders, seed {report.seed}",
        "X: does not hold. share: of the bases that keep the bounds (95 % must, or every base), as the mean must",
    ]
    for rule in sorted({row.rule for row in report.rows}):
        rows = [row for row in report.rows if row.rule == rule]
        n_held = sum(row.holds for row in rows)
        lines += ["", f"{rule or 'orders'}. {TITLES[rule]}: {n_held} of {len(rows)} rows hold"]
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
    n_held = sum(row.holds for row in report.rows)
    lines += ["", f"{n_held} of {len(report.rows)} rows hold"]
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
