"""`bonafit ledger`: every usual engagement rate of each creator, and a vendor's figure beside the same definition."""

from __future__ import annotations

import argparse
import sys
from typing import get_args

import msgspec

from bonafit.cli.command import Command, told
from bonafit.cli.options import read_options, reading_options
from bonafit.errors import DefinitionError
from bonafit.heads.engagement_quality.ledger import (
    STATED,
    WINDOWS,
    Definition,
    Denominator,
    Interactions,
    Rate,
    Statistic,
    find_rate,
    vendor_rate,
)
from bonafit.io.read import Reject, read_creators
from bonafit.records import Creator

EXAMPLES = """
examples:
  bonafit ledger creators.jsonl
  bonafit ledger creators.csv --posts posts.csv --figure 2.5 --unit percent --vendor modash
  bonafit ledger creators.jsonl --figure 2.5 --unit percent --vendor ours \\
      --interactions likes --denominator followers --statistic median --window days_60
"""
STAMP = ("interactions", "denominator", "statistic", "window")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="INPUT", help="creators in any format; - is stdin")
    reading_options(parser)
    parser.add_argument("--figure", type=float, metavar="RATE", help="a vendor's figure to set beside each creator's")
    parser.add_argument("--unit", choices=("percent", "fraction"), help="unit of the figure; never guessed")
    parser.add_argument(
        "--vendor", default="vendor", metavar="NAME", help=f"who states the figure; how is known of {', '.join(STATED)}"
    )
    parser.add_argument("--interactions", choices=get_args(Interactions), help="only rates that count these")
    parser.add_argument("--denominator", choices=get_args(Denominator), help="only rates over these")
    parser.add_argument("--statistic", choices=get_args(Statistic), help="only rates put together so")
    parser.add_argument("--window", choices=[name for name, _, _ in WINDOWS], help="only rates over these posts")


def _vendor(arguments: argparse.Namespace, platform: str | None) -> Rate | None:
    """The vendor's figure with its stamp, as given or as the vendor states it for the platform; None without either.

    Raises DefinitionError where the unit is missing, or the stamp of a vendor that states none.
    """
    if arguments.figure is None:
        return None
    stated = STATED.get(arguments.vendor.casefold(), {})
    given = {name: getattr(arguments, name) for name in STAMP if getattr(arguments, name) is not None}
    missing = [name for name in STAMP if name not in given]
    if missing and platform is not None and platform in stated:
        given = msgspec.to_builtins(stated[platform]) | given
    lacking = [] if arguments.unit else ["--unit"]
    lacking += [f"--{name}" for name in missing] if not stated else []
    if lacking:
        raise DefinitionError(
            f"--figure {arguments.figure} without {', '.join(lacking)}; say how the vendor defines it"
        )
    if len(given) < len(STAMP):
        return None
    return vendor_rate(arguments.figure, unit=arguments.unit, definition=Definition(**given), vendor=arguments.vendor)


def _line(creator: Creator, rate: Rate, **more: float | str | None) -> bytes:
    stamp = {"definition": str(rate.definition), **msgspec.to_builtins(rate.definition)}
    figures = {"value": rate.value, "n": rate.n, "hidden_share": rate.hidden_share, "source": rate.source}
    return msgspec.json.encode({"creator_id": creator.creator_id, **stamp, **figures, **more})


def _run(arguments: argparse.Namespace) -> int:
    # it needs numpy, and help does not
    from bonafit.heads.engagement_quality.rates import creator_ledger

    _vendor(arguments, None)
    stamp = {name: getattr(arguments, name) for name in STAMP if getattr(arguments, name) is not None}
    rejects: list[Reject] = []
    without = undefined = 0
    for _, creator in read_creators(
        arguments.input,
        format=arguments.format,
        posts=arguments.posts,
        on_reject=rejects.append,
        options=read_options(arguments),
        careful=True,
    ):
        rates = creator_ledger(creator)
        without += not rates
        vendor = _vendor(arguments, creator.platform)
        undefined += arguments.figure is not None and vendor is None
        if vendor is not None:
            own = find_rate(rates, vendor.definition)
            ratio = None if own is None or not own.value else vendor.ratio_to(own)
            line = _line(creator, vendor, own_value=None if own is None else own.value, ratio_to_own=ratio)
            sys.stdout.write(line.decode() + "\n")
        for rate in rates if arguments.figure is None else ():
            if all(getattr(rate.definition, name) == value for name, value in stamp.items()):
                sys.stdout.write(_line(creator, rate).decode() + "\n")
    if without:
        print(
            f"{without} creators without a rate: no posts with counts, or neither followers nor views", file=sys.stderr
        )
    if undefined:
        print(f"{undefined} creators are on platforms for which {arguments.vendor} states no rate", file=sys.stderr)
    return told(rejects)


COMMAND = Command(
    name="ledger",
    help="print every usual engagement rate of creators, each with its definition",
    description="One JSON line a rate, stamped with what it counts. A vendor's figure is compared with the creator's\n"
    "rate of the same definition and with no other." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
