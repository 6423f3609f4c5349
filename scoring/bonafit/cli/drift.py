"""`bonafit drift`: whether creators, scores or calibration are not what they were."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from bonafit.campaign.drift import LEVEL, Drift, drift
from bonafit.campaign.outcomes import read_outcomes
from bonafit.cli.campaign_options import table
from bonafit.cli.command import DRIFTED, OK, Command
from bonafit.errors import InputError
from bonafit.io.stored_results import read_results
from bonafit.io.write import check_output

EXAMPLES = """
examples:
  bonafit drift january.jsonl february.jsonl
  bonafit drift january.jsonl february.jsonl --outcomes outcomes.csv --out drift.json
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="BEFORE", help="results as `bonafit score --out scores.jsonl` wrote them")
    parser.add_argument("after", metavar="AFTER", help="results of other creators, or of the same ones later")
    parser.add_argument(
        "--level", type=float, default=LEVEL, metavar="P", help=f"probability of any false alarm, default {LEVEL}"
    )
    parser.add_argument("--outcomes", metavar="FILE", help="next posts of AFTER's creators, to test calibration")
    parser.add_argument("--out", metavar="FILE", help="the whole answer as JSON; - is stdout in place of the page")


def _run(arguments: argparse.Namespace) -> int:
    if not 0 < arguments.level < 1:
        raise InputError(f"--level {arguments.level:g}: expected a probability between 0 and 1")
    if arguments.out not in (None, "-"):
        check_output(arguments.out, arguments.before, arguments.after, arguments.outcomes)
    outcomes = [] if arguments.outcomes is None else read_outcomes(arguments.outcomes)[0]
    found = drift(
        read_results(arguments.before), read_results(arguments.after), level=arguments.level, outcomes=outcomes
    )
    document = msgspec.json.format(msgspec.json.encode(found), indent=1)
    if arguments.out == "-":
        print(document.decode())
    else:
        if arguments.out is not None:
            Path(arguments.out).write_bytes(document + b"\n")
        print("\n".join(drift_page(found)))
    return DRIFTED if found.drifted else OK


def drift_page(found: Drift) -> list[str]:
    """What drifted, as lines of text."""
    lines = [
        f"{found.n_before:,} creators before, {found.n_after:,} after, {len(found.columns)} tests; probability of any "
        f"false alarm at most {found.level:.0%}"
    ]
    if not found.drifted:
        nearest = found.columns[0] if found.columns else None
        lines.append(
            "nothing drifted"
            + (f"; nearest: {nearest.kind} {nearest.name}, adjusted p {nearest.adjusted:.2f}" if nearest else "")
        )
    else:
        rows = [
            (c.kind, c.name, c.test, c.before, c.after, f"{c.size:.2f}", f"{c.adjusted:.2g}") for c in found.drifted
        ]
        lines += [
            "",
            *table([("kind", "column", "what", "before", "after", "apart", "adjusted p"), *rows], right=(5, 6)),
        ]
    if found.skipped:
        lines += [
            "",
            f"too few values to compare: {', '.join(found.skipped[:8])}" + (" ..." if len(found.skipped) > 8 else ""),
        ]
    return lines


COMMAND = Command(
    name="drift",
    help="say whether creators, scores or calibration are not what they were",
    description="Inputs, scores and, with outcomes, calibration of two files of results, each column tested and false\n"
    "alarms held over all of them. Exit code 4 where something drifted, so that a nightly job can stop.\n"
    "Needs bonafit[campaign]." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
