"""The command line's reference: every help text as one Markdown page (`python -m bonafit.cli.reference`)."""

from __future__ import annotations

import argparse
import os
import sys

from bonafit.cli import build_parser

INTRODUCTION = """\
# Command line

stdout is data, stderr is for people. Exit codes: 0 all rows scored, 1 failed, 2 wrong usage, 3 scored with rejects.
This page is every `--help`, written by `make docs`; a test compares them.
"""


def _parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """A parser and all its subparsers, depth first."""
    parsers = [parser]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                parsers += _parsers(sub)
    return parsers


def reference() -> str:
    """The page. The width is fixed, so that it does not depend on the terminal."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "100"
    try:
        parts = [f"## {p.prog}\n\n```\n{p.format_help().rstrip()}\n```\n" for p in _parsers(build_parser())]
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    return INTRODUCTION + "\n" + "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(reference())
