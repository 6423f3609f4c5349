"""`bonafit explain`: everything behind one creator's score."""

from __future__ import annotations

import argparse
import sys

import msgspec

from bonafit.cli.command import OK, Command
from bonafit.cli.options import input_options, load_scorer, scorer_options
from bonafit.cli.render import explanation
from bonafit.errors import InputError
from bonafit.io.brief import read_brief
from bonafit.io.read import Reject, read_creators

EXAMPLES = """
example:
  bonafit explain cr-0001 creators.jsonl --brief brief.toml --bundle models/2026.3
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("creator_id", metavar="CREATOR_ID", help="id of the creator in INPUT")
    input_options(parser)
    scorer_options(parser)
    parser.add_argument("--json", action="store_true", help="print the full result as JSON instead of text")


def _run(arguments: argparse.Namespace) -> int:
    brief = read_brief(arguments.brief)
    rejected: list[Reject] = []
    creators = read_creators(arguments.input, format=arguments.format, posts=arguments.posts, on_reject=rejected.append)
    creator = next((c for _, c in creators if c.creator_id == arguments.creator_id), None)
    if creator is None:
        mine = [r for r in rejected if r.creator_id == arguments.creator_id]
        why = f"its row is rejected, {mine[0].field}: {mine[0].reason}" if mine else "no row has this id"
        raise InputError(f"{arguments.input}: creator {arguments.creator_id}: {why}")
    with load_scorer(arguments) as scorer:
        result = scorer.score([creator], brief)[0]
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        print(explanation(result))
    return OK


COMMAND = Command(
    name="explain",
    help="print every reason and signal behind one creator's score",
    description="Print what was seen, what is usual for such creators, and how much each signal moved the score."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
