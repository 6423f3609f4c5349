"""`bonafit inspect`: what a file is taken for, before anything is scored."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from bonafit.cli.command import FAILED, OK, REJECTS, Command
from bonafit.cli.options import read_options, reading_options
from bonafit.errors import InputError
from bonafit.io.missed import says_else
from bonafit.io.printable import printable
from bonafit.io.read import ReadReport, read_creators

EXAMPLES = """
examples:
  bonafit inspect export.xlsx
  bonafit inspect creators.csv --posts posts.csv --json
  bonafit inspect creators.csv --write-map names.txt && bonafit score creators.csv --map names.txt ...
"""
# Columns to fix that are named first; the whole report follows.
FIRST = 3


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", metavar="INPUT", help="creators or posts in any format; - is stdin")
    reading_options(parser)
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.add_argument("--write-map", metavar="FILE", help="write a mapping of the columns not read, for --map")


def _run(arguments: argparse.Namespace) -> int:
    report = ReadReport()
    creators = read_creators(
        arguments.input,
        format=arguments.format,
        posts=arguments.posts,
        on_reject=lambda reject: None,
        report=report,
        options=read_options(arguments),
    )
    problem = None
    try:
        for _ in creators:
            pass
    except InputError as error:
        if not report.columns:
            raise
        problem = str(error)
    if arguments.write_map is not None:
        _write_map(Path(arguments.write_map), report)
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(report.document()).decode() + "\n")
    else:
        for line in _lines(report):
            print(line)
    if problem is not None:
        print(f"bonafit: {printable(problem)}", file=sys.stderr)
    if problem is not None or report.problems or not report.accepted:
        return FAILED
    return REJECTS if report.rejected + report.post_rows_rejected else OK


def _lines(report: ReadReport) -> list[str]:
    lines = report.made_of_it()
    lines += [f"problem: {problem}" for problem in dict.fromkeys(report.problems)]
    fixes = to_fix(report)[:FIRST]
    lines += [f"fix first: {fix}" for fix in fixes]
    return [*lines, *report.lines(all_of_it=True), *report.commonest_causes()]


def to_fix(report: ReadReport) -> list[str]:
    """What would tell most if it were read, the first first: columns that stop a run, values lost, columns unknown."""
    fixes = list(dict.fromkeys(report.remedies))
    lost = sorted(report.lost.items(), key=lambda item: (-item[1].n, item[0]))
    fixes += [f"{printable(path)}: {_of(lost.n, 'value')} not read; {_remedy(lost.reason)}" for path, lost in lost]
    # ranks, means and the like are fields of no record
    unknown = sorted(report.unknown.items(), key=lambda item: (says_else(item[0]), -item[1], item[0]))
    fixes += [
        f"{printable(path)}: not known, in {_of(n, 'row')}; name its field with --map if it has one"
        for path, n in unknown
    ]
    return fixes


def _of(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _remedy(reason: str) -> str:
    """What was found, with what to do where the reason does not say it."""
    words = printable(reason)
    return words if ";" in words or "--" in words else f"{words}; correct the cells or leave them empty"


def _write_map(path: Path, report: ReadReport) -> None:
    """Lines of COLUMN=FIELD for what looks like a field, and of every other unknown column, commented out."""
    lines = ["# COLUMN=FIELD, one a line; COLUMN= leaves a column out; docs/formats.md lists the fields"]
    suggested = [fix.removeprefix('--map "').removesuffix('"') for fix in report.remedies if fix.startswith("--map")]
    lines += dict.fromkeys(suggested)
    named = {line.rpartition("=")[0] for line in suggested}
    lines += [f"# {name}=" for name in sorted(report.unknown) if name.removeprefix("posts[].") not in named]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}); name another file") from error


COMMAND = Command(
    name="inspect",
    help="print what a file is taken for, and what is not understood",
    description="Read a file as `score` would and print what was made of it: format, columns, what was assumed and not "
    "read, and the three things to fix first. Exit code 1 where `score` would stop." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
