"""`bonafit tiers`: where a follower count falls under every tier scheme."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence

from bonafit.cli.command import OK, Command, told
from bonafit.cli.options import read_options, reading_options
from bonafit.errors import InputError
from bonafit.io.printable import printable
from bonafit.io.read import Reject, read_creators
from bonafit.tiers import TIER_SCHEMES, Tier, TierRow, custom_scheme, tier_table

EXAMPLES = """
examples:
  bonafit tiers --followers 9800 52000
  bonafit tiers creators.jsonl --near 0.05
  bonafit tiers --followers 9800 --custom 5000 80000
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="INPUT", nargs="?", help="creators in any format; - is stdin")
    parser.add_argument("--followers", type=int, nargs="+", metavar="N", help="follower counts instead of a file")
    reading_options(parser)
    parser.add_argument(
        "--near",
        type=float,
        metavar="SHARE",
        help="only creators whose verdict flips under some scheme with this relative change of followers, such as 0.1",
    )
    parser.add_argument(
        "--custom",
        type=int,
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="a scheme of your own: micro from LOW to HIGH followers",
    )


def _schemes(custom: Sequence[int] | None) -> dict[str, tuple[Tier, ...]]:
    """The named schemes, and the one given."""
    if custom is None:
        return TIER_SCHEMES
    low, high = custom
    if not 0 <= low <= high:
        raise InputError(f"--custom {low} {high}: expected 0 <= LOW <= HIGH")
    return {**TIER_SCHEMES, "custom": custom_scheme(low, high)}


def _print(label: str, followers: int, near: float | None, schemes: dict[str, tuple[Tier, ...]]) -> None:
    rows = tier_table(followers, schemes=schemes)
    if near is not None and not any(abs(row.to_flip) <= near for row in rows):
        return
    verdicts = {row.is_micro for row in rows}
    agreed = "all schemes agree" if len(verdicts) == 1 else "the schemes disagree"
    print(f"{printable(label)}: {followers:,} followers, {agreed}")
    for row in rows:
        print(f"  {row.scheme:<14} {row.tier:<6} {_bounds(row):<20} {_flip(row)}")


def _bounds(row: TierRow) -> str:
    return f"from {row.lower:,}" if row.upper is None else f"{row.lower:,} to {row.upper - 1:,}"


def _flip(row: TierRow) -> str:
    verdict = "micro" if row.is_micro else "not micro"
    return verdict if math.isinf(row.to_flip) else f"{verdict}; flips at {row.to_flip:+.1%} followers"


def _run(arguments: argparse.Namespace) -> int:
    if (arguments.input is None) == (arguments.followers is None):
        raise InputError("tiers takes either INPUT or --followers; expected exactly one of them")
    schemes = _schemes(arguments.custom)
    if arguments.followers is not None:
        if negative := [n for n in arguments.followers if n < 0]:
            raise InputError(f"--followers {negative[0]}: expected a count of 0 or more")
        for n in arguments.followers:
            _print("count", n, arguments.near, schemes)
        return OK
    rejects: list[Reject] = []
    unknown = 0
    for _, creator in read_creators(
        arguments.input,
        format=arguments.format,
        posts=arguments.posts,
        on_reject=rejects.append,
        options=read_options(arguments),
        careful=True,
    ):
        if creator.followers is None:
            unknown += 1
        else:
            _print(creator.creator_id, creator.followers, arguments.near, schemes)
    if unknown:
        print(f"{unknown} creators without a follower count have no tier", file=sys.stderr)
    return told(rejects)


COMMAND = Command(
    name="tiers",
    help="show where creators fall under each tier scheme, and where a verdict would flip",
    description="Tier schemes are labels only: no score depends on one. The sources disagree, and this shows where."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
