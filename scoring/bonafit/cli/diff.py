"""`bonafit diff`: what moved between two scorings, and why."""

from __future__ import annotations

import argparse

from bonafit.campaign.changes import Changes, Moved, changes
from bonafit.cli.campaign_options import table
from bonafit.cli.command import OK, Command
from bonafit.io.stored_results import read_results
from bonafit.io.write import check_output, defused, write_records

EXAMPLES = """
examples:
  bonafit diff january.jsonl february.jsonl
  bonafit diff january.jsonl february.jsonl --out moved.csv
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="BEFORE", help="results as `bonafit score --out scores.jsonl` wrote them")
    parser.add_argument("after", metavar="AFTER", help="later results")
    parser.add_argument("--top", type=int, default=10, metavar="N", help="creators to print, default 10")
    parser.add_argument("--out", metavar="FILE", help="everybody who moved: JSONL, CSV or Parquet by its name")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.out is not None:
        check_output(arguments.out, arguments.before, arguments.after)
    answer = changes(read_results(arguments.before), read_results(arguments.after))
    if arguments.out is not None:
        write_records(arguments.out, answer.moved, kind=Moved, columns=_columns)
    if arguments.out != "-":
        print("\n".join(changes_page(answer, arguments.top)))
    return OK


BRIEFS = {
    "same": "the brief is the same",
    "changed": "the brief is another",
    "open": "whether the brief is another cannot be told: no creator has the same input in both",
}


def changes_page(answer: Changes, top: int) -> list[str]:
    """What moved as lines of text."""
    lines = [
        f"{answer.common:,} creators in both: {answer.unchanged:,} as before, {len(answer.moved):,} moved",
        f"{BRIEFS[answer.brief]}; the bundle is {'another' if answer.bundle_changed else 'the same'}",
    ]
    for word, names in (("new", answer.appeared), ("gone", answer.vanished)):
        if names:
            lines.append(f"{len(names):,} {word}: {', '.join(names[:5])}" + (" ..." if len(names) > 5 else ""))
    for entry in answer.moved[:top]:
        lines += ["", _head(entry)]
        lines += [f"    {name}: {change:+.3f}" for name, change in entry.parts.items() if abs(change) >= 0.0005]
        rows = [
            (f"    {reason.after - reason.before:+.3f}", reason.component, reason.text)
            for reason in entry.reasons
            if abs(reason.after - reason.before) >= 0.0005
        ]
        lines += table([("    points", "head", "reason now"), *rows]) if rows else []
    if len(answer.moved) > top:
        lines += ["", f"and {len(answer.moved) - top:,} more, see --out"]
    return lines


def _head(entry: Moved) -> str:
    scores = " -> ".join("no score" if value is None else f"{value:.3f}" for value in (entry.before, entry.after))
    verdict = (
        entry.verdict_after
        if entry.verdict_before == entry.verdict_after
        else f"{entry.verdict_before} -> {entry.verdict_after}"
    )
    causes = " and ".join(entry.causes) or "nothing that the files show"
    return f"{entry.label}: {scores}, {verdict.replace('_', ' ')}; because of {causes}"


def _columns(entry: Moved) -> dict[str, object]:
    return {
        "creator_id": defused(entry.creator_id),
        "label": defused(entry.label),
        "before": entry.before,
        "after": entry.after,
        "verdict_before": entry.verdict_before,
        "verdict_after": entry.verdict_after,
        "causes": " | ".join(entry.causes),
        **{f"{name}_points": change for name, change in entry.parts.items()},
        "reasons": defused(" | ".join(f"{r.after - r.before:+.3f} {r.text}" for r in entry.reasons)),
    }


COMMAND = Command(
    name="diff",
    help="say what moved between two scorings, and whether data, bundle or brief did it",
    description="Creators of two files of results: whose score or verdict moved, by which head and reasons, and\n"
    "whether the creator's data, the bundle or the brief changed." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
