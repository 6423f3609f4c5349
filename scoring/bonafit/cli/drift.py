"""`bonafit drift`: whether creators, scores or calibration are not what they were."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec
import numpy as np

from bonafit.campaign.drift import LEVEL, Drift, drift
from bonafit.campaign.outcomes import read_outcomes
from bonafit.cli.campaign_options import table
from bonafit.cli.command import DRIFTED, OK, Command
from bonafit.cli.options import bundle_option
from bonafit.errors import InputError
from bonafit.io.read import read_creators
from bonafit.io.stored_results import read_results
from bonafit.io.write import check_output
from bonafit.tables.arrays import FloatArray

EXAMPLES = """
examples:
  bonafit drift january.jsonl february.jsonl
  bonafit drift january.jsonl february.jsonl --outcomes outcomes.csv --out drift.json
  bonafit drift january.jsonl february.jsonl --texts creators-january.jsonl creators-february.jsonl
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="BEFORE", help="results as `bonafit score --out scores.jsonl` wrote them")
    parser.add_argument("after", metavar="AFTER", help="results of other creators, or of the same ones later")
    parser.add_argument(
        "--level", type=float, default=LEVEL, metavar="P", help=f"probability of any false alarm, default {LEVEL}"
    )
    parser.add_argument("--outcomes", metavar="FILE", help="next posts of AFTER's creators, to test calibration")
    parser.add_argument(
        "--texts", nargs=2, metavar=("BEFORE", "AFTER"),
        help="the creators of both, with their posts inside: what they write about is compared as well, as the "
        "bundle's encoder reads it",
    )  # fmt: skip
    bundle_option(parser)
    parser.add_argument("--out", metavar="FILE", help="the whole answer as JSON; - is stdout in place of the page")


def _run(arguments: argparse.Namespace) -> int:
    if not 0 < arguments.level < 1:
        raise InputError(f"--level {arguments.level:g}: expected a probability between 0 and 1")
    if arguments.out not in (None, "-"):
        check_output(arguments.out, arguments.before, arguments.after, arguments.outcomes)
    outcomes = [] if arguments.outcomes is None else read_outcomes(arguments.outcomes)[0]
    answer = drift(
        read_results(arguments.before),
        read_results(arguments.after),
        level=arguments.level,
        outcomes=outcomes,
        texts=None if arguments.texts is None else _texts(*arguments.texts, bundle=arguments.bundle),
    )
    document = msgspec.json.format(msgspec.json.encode(answer), indent=1)
    if arguments.out == "-":
        print(document.decode())
    else:
        if arguments.out is not None:
            Path(arguments.out).write_bytes(document + b"\n")
        print("\n".join(drift_page(answer)))
    return DRIFTED if answer.drifted else OK


def _texts(before: str, after: str, *, bundle: str | None) -> tuple[FloatArray, FloatArray]:
    """The mean vector of each creator's texts, (n, width) of each file; NaN where somebody has none."""
    # most runs compare no texts, and need no scorer
    from bonafit.encoders import default_cache_path
    from bonafit.scorer.scorer import Scorer

    with Scorer.load(bundle, cache=default_cache_path(), deferred=True) as scorer:
        sides = []
        for path in (before, after):
            creators = [creator for _, creator in read_creators(path, on_reject=lambda _: None)]
            if not creators:
                raise InputError(f"{path}: holds no creator that can be read; expected the file that was scored")
            vectors = [prepared.vectors for prepared in scorer.prepare(creators)]
            width = vectors[0].shape[1]
            means = [of.mean(axis=0) if len(of) else np.full(width, np.nan) for of in vectors]
            sides.append(np.array(means, dtype=np.float64))
    return sides[0], sides[1]


def drift_page(answer: Drift) -> list[str]:
    """What drifted, as lines of text."""
    lines = [
        f"{answer.n_before:,} creators before, {answer.n_after:,} after, {len(answer.columns)} tests; probability of "
        f"any false alarm at most {answer.level:.0%}"
    ]
    if not answer.drifted:
        nearest = answer.columns[0] if answer.columns else None
        lines.append(
            "nothing drifted"
            + (f"; nearest: {nearest.kind} {nearest.name}, adjusted p {nearest.adjusted:.2f}" if nearest else "")
        )
    else:
        rows = [
            (c.kind, c.name, c.test, c.before, c.after, f"{c.size:.2f}", f"{c.adjusted:.2g}") for c in answer.drifted
        ]
        lines += [
            "",
            *table([("kind", "column", "what", "before", "after", "apart", "adjusted p"), *rows], right=(5, 6)),
        ]
    if answer.skipped:
        lines += [
            "",
            f"too few values to compare: {', '.join(answer.skipped[:8])}" + (" ..." if len(answer.skipped) > 8 else ""),
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
