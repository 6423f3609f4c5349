"""`bonafit explain`: everything behind one creator's score."""

from __future__ import annotations

import argparse
import sys

import msgspec

from bonafit.cli.command import OK, Command
from bonafit.cli.options import brief_as_asked, input_options, load_scorer, read_options, scorer_options
from bonafit.cli.terminal import wants_colour
from bonafit.errors import InputError
from bonafit.io.brief import read_brief
from bonafit.io.printable import printable
from bonafit.io.read import Reject, read_creators
from bonafit.io.rows.identity import join_key
from bonafit.records import Creator

EXAMPLES = """
example:
  bonafit explain cr-0001 creators.jsonl --brief brief.toml
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "creator_id",
        metavar="CREATOR_ID",
        help="id, handle (with or without @, or handle@platform) or name of the creator in INPUT",
    )
    input_options(parser)
    scorer_options(parser)
    parser.add_argument("--full", action="store_true", help="print every term, piece of evidence and figure below")
    parser.add_argument(
        "--commercial",
        action="store_true",
        help="print what the creator sold before: ads with their signs, who paid, competitors, disclosure by market",
    )
    parser.add_argument(
        "--safety", action="store_true", help="print what posts promote or speak of by category of brand safety"
    )
    parser.add_argument("--json", action="store_true", help="print the full result as JSON instead of text")


def _run(arguments: argparse.Namespace) -> int:
    # help needs none of what the answer is told with
    from bonafit.cli.commercial import commercial
    from bonafit.cli.explained import explanation, in_full
    from bonafit.cli.safety import safety

    brief = brief_as_asked(read_brief(arguments.brief), arguments)
    rejected: list[Reject] = []
    creators = read_creators(
        arguments.input,
        format=arguments.format,
        posts=arguments.posts,
        on_reject=rejected.append,
        options=read_options(arguments),
    )
    name = arguments.creator_id
    matching = [creator for _, creator in creators if is_called(creator, name)]
    if not matching:
        rejects = [r for r in rejected if r.creator_id is not None and join_key(r.creator_id) == join_key(name)]
        why = (
            f"its row is rejected, {rejects[0].field}: {rejects[0].reason}"
            if rejects
            else "no row has this id or handle"
        )
        raise InputError(f"{arguments.input}: creator {name}: {why}")
    creator = next((c for c in matching if c.creator_id == name), matching[0])
    if len(matching) > 1:
        namesakes = ", ".join(f"{c.handle or c.creator_id}@{c.platform}" for c in matching if c is not creator)
        who = f"{creator.handle or creator.creator_id}@{creator.platform}"
        print(printable(f"{name} is {who} here; also {namesakes}"), file=sys.stderr)
    with load_scorer(arguments) as scorer:
        for line in scorer.languages.told(brief):
            print(line, file=sys.stderr)
        result = scorer.score([creator], brief)[0]
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        tell = in_full if arguments.full else explanation
        tell = safety if arguments.safety else commercial if arguments.commercial else tell
        print(tell(result, colour=wants_colour(sys.stdout)))
    return OK


def is_called(creator: Creator, wanted_name: str) -> bool:
    """Whether a creator goes by this id, handle, handle@platform, link or name."""
    key = join_key(wanted_name)
    names = [creator.creator_id, creator.handle, creator.display_name]
    if creator.handle is not None and creator.platform is not None:
        names.append(f"{creator.handle}@{creator.platform}")
    return any(name is not None and join_key(name) == key for name in names)


COMMAND = Command(
    name="explain",
    help="say on one screen why one creator has their score",
    description="Say on one screen what was seen, what is usual for such creators, and what it did to the score."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
