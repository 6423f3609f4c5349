"""`bonafit convert`: any file as creators in bonafit's own fields, and two files about the same creators beside each
other."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping

from bonafit.cli.command import OK, REJECTS, Command
from bonafit.cli.options import read_options, reading_options
from bonafit.io.printable import printable
from bonafit.io.read import OnReject, ReadReport, read_creators
from bonafit.io.rows.identity import join_key
from bonafit.io.write import check_output, rejects_file, write_creators
from bonafit.records import Creator

EXAMPLES = """
examples:
  bonafit convert export.xlsx -o creators.jsonl
  bonafit convert posts.json -o creators.parquet
  bonafit convert modash.json -o creators.jsonl --compare hypeauditor.json
"""
# Facts that two vendors both state of a creator.
COMPARED = (
    "handle", "display_name", "bio", "followers", "following", "posts_count",
    "verified", "is_private", "country", "language", "category"
)  # fmt: skip


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="INPUT", help="creators or posts in any format; - is stdin")
    parser.add_argument(
        "-o", "--out", metavar="FILE", default="-", help="JSONL, CSV or Parquet by its name; - is stdout"
    )
    reading_options(parser)
    parser.add_argument(
        "--compare",
        metavar="FILE",
        help="another file about the same creators; print where the two disagree, on stderr",
    )


def _run(arguments: argparse.Namespace) -> int:
    check_output(arguments.out, arguments.input, arguments.posts, arguments.compare)
    compared = {} if arguments.compare is None else _by_person(arguments)
    report = ReadReport()
    disagreements = 0
    n_both = 0

    def creators(on_reject: OnReject) -> Iterator[Creator]:
        nonlocal disagreements, n_both
        rows = read_creators(
            arguments.input,
            format=arguments.format,
            posts=arguments.posts,
            on_reject=on_reject,
            report=report,
            options=read_options(arguments),
            careful=True,
        )
        for _, creator in rows:
            other = same_person(creator, compared)
            if other is not None:
                n_both += 1
                for line in differences(creator, other):
                    disagreements += 1
                    print(printable(line), file=sys.stderr)
            yield creator

    with rejects_file(arguments.out) as on_reject:
        written = write_creators(arguments.out, creators(on_reject))
    for line in (*report.made_of_it(), *report.lines(), *report.commonest_causes()):
        print(line, file=sys.stderr)
    if arguments.compare is not None:
        print(f"{n_both:,} creators in both files, {disagreements:,} disagreements", file=sys.stderr)
    print(f"{report.rows:,} rows in = {written:,} written + {report.rejected:,} rejected", file=sys.stderr)
    return REJECTS if report.rejected + report.post_rows_rejected else OK


def _names(creator: Creator) -> list[str]:
    return [join_key(name) for name in (creator.handle, creator.creator_id) if name is not None]


def _by_person(arguments: argparse.Namespace) -> dict[str, list[Creator]]:
    """The other file's creators by handle and id."""
    people: dict[str, list[Creator]] = {}
    for _, creator in read_creators(arguments.compare, on_reject=lambda reject: None, careful=True):
        for name in dict.fromkeys(_names(creator)):
            people.setdefault(name, []).append(creator)
    return people


def same_person(creator: Creator, candidates: Mapping[str, list[Creator]]) -> Creator | None:
    """The one of the other file's creators with this handle or id, on this platform or where either names none; None
    where there is none, or several."""
    for name in _names(creator):
        people = [
            other
            for other in candidates.get(name, ())
            if creator.platform is None or other.platform is None or creator.platform == other.platform
        ]
        if people:
            return people[0] if len(people) == 1 else None
    return None


def differences(creator: Creator, other: Creator) -> Iterator[str]:
    """Facts that both state and state otherwise, one a line."""
    who = creator.handle or creator.creator_id
    for name in COMPARED:
        a, b = getattr(creator, name), getattr(other, name)
        if a is not None and b is not None and a != b:
            yield f"{who}: {name} {a!r} here, {b!r} there"


COMMAND = Command(
    name="convert",
    help="write any file as creators in bonafit's own fields",
    description="Read a file as `score` would and write what was understood, with posts and comments in their places."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
