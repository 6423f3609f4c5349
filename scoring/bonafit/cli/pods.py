"""`bonafit pods`: creators of a file who comment on each other."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import msgspec

from bonafit.cli.command import Command, told
from bonafit.cli.options import read_options, reading_options
from bonafit.errors import InputError
from bonafit.io.read import Reject, read_creators
from bonafit.jobs.pods import LEAST_POSTS, groups
from bonafit.records import Creator

EXAMPLES = """
examples:
  bonafit pods creators.jsonl
  bonafit pods creators.jsonl --least-posts 5 > groups.jsonl
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="INPUT", help="creators in any format, with comments; - is stdin")
    reading_options(parser)
    parser.add_argument(
        "--least-posts",
        type=int,
        default=LEAST_POSTS,
        metavar="N",
        help=f"different posts of the other that each must have commented under, default {LEAST_POSTS}",
    )


def _run(arguments: argparse.Namespace) -> int:
    if arguments.least_posts < 1:
        raise InputError(f"--least-posts {arguments.least_posts}: expected 1 or more")
    rejects: list[Reject] = []
    known = 0

    def creators() -> Iterator[Creator]:
        nonlocal known
        for _, creator in read_creators(
            arguments.input,
            format=arguments.format,
            posts=arguments.posts,
            on_reject=rejects.append,
            options=read_options(arguments),
            careful=True,
        ):
            known += any(comment.author for comment in creator.comments)
            yield creator

    for group in groups(creators(), least_posts=arguments.least_posts):
        print(msgspec.json.encode(group).decode())
    print(f"{known} creators have comments with an author", file=sys.stderr)
    return told(rejects)


COMMAND = Command(
    name="pods",
    help="list creators of a file who comment on each other, as leads for review",
    description="Groups of creators tied by mutual comments, a JSON object a line: who, under how many posts, and what "
    "share of each one's comments comes from the group. No score depends on it: friends comment on each other too."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
