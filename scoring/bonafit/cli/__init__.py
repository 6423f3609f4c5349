"""The command line: `bonafit <verb>`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

from bonafit.cli import (
    bundle,
    convert,
    explain,
    forecast,
    index,
    inspect,
    ledger,
    money,
    pods,
    portfolio,
    report,
    score,
    tiers,
)
from bonafit.cli.command import FAILED, Command
from bonafit.errors import BonafitError

BUILT_IN = (
    score.COMMAND,
    report.COMMAND,
    inspect.COMMAND,
    convert.COMMAND,
    explain.COMMAND,
    ledger.COMMAND,
    money.COMMAND,
    portfolio.COMMAND,
    forecast.COMMAND,
    tiers.COMMAND,
    pods.COMMAND,
    index.COMMAND,
    bundle.COMMAND,
)
GROUP = "bonafit.commands"


def commands() -> list[Command]:
    """Built-in commands, then those that installed distributions add under the entry point group `bonafit.commands`."""
    added: list[Command] = [entry.load() for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)]
    return [*BUILT_IN, *added]


def build_parser() -> argparse.ArgumentParser:
    """The whole command line as one parser."""
    parser = argparse.ArgumentParser(
        prog="bonafit",
        description="Scores creators for a brand: genuine, fitting, and with an audience that responds.",
        epilog="Exit codes: 0 all rows scored, 1 failed, 2 wrong usage, 3 scored with rejects.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for command in commands():
        sub = verbs.add_parser(
            command.name,
            help=command.help,
            description=command.description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. An expected error is one line on stderr and code 1."""
    arguments = build_parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except BonafitError as error:
        print(f"bonafit: {error}", file=sys.stderr)
        return FAILED
    except FileNotFoundError as error:
        print(f"bonafit: {error.filename}: no such file or folder; make it first or name another", file=sys.stderr)
        return FAILED
    except PermissionError as error:
        print(f"bonafit: {error.filename}: not allowed; choose a place that can be written", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; nothing more can be said to it.
        sys.stderr.close()
        return FAILED
    except OSError as error:
        # disk full, a folder for a file, a name too long, a closed stream: the old file is as it was
        place = f"{error.filename}: " if error.filename is not None else ""
        print(f"bonafit: {place}{error.strerror or error}; nothing was put in its place", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("bonafit: interrupted; go on with --resume where the command has it", file=sys.stderr)
        return FAILED
    return code
