"""The command line: `bonafit <verb>`."""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from bonafit.cli.command import FAILED, Command
from bonafit.errors import BonafitError
from bonafit.io.printable import printable


@dataclass(frozen=True)
class Verb:
    """A built-in verb as `bonafit --help` lists it; its module is imported where the verb is asked for."""

    name: str
    help: str

    def load(self) -> Command:
        """The command, whose module has the verb's name."""
        command: Command = import_module(f"{__name__}.{self.name}").COMMAND
        return command


# In the order in which they are listed; a test compares each help with its command's own.
VERBS = {
    verb.name: verb
    for verb in (
        Verb("score", "score creators for a brief"),
        Verb("brief", "write a brief by answering questions; show how one is understood"),
        Verb("report", "make a page of results to read, weigh and send"),
        Verb("inspect", "print what a file is taken for, and what is not understood"),
        Verb("convert", "write any file as creators in bonafit's own fields"),
        Verb("explain", "say on one screen why one creator has their score"),
        Verb("ledger", "print every usual engagement rate of creators, each with its definition"),
        Verb("money", "say what creators cost for what they are foreseen to bring, and what could be offered"),
        Verb("portfolio", "choose whom to book for a budget, with what every wish costs"),
        Verb("forecast", "seal what a list will get, and score it afterwards beside simpler rules"),
        Verb("measure", "say what a campaign brought for its money, against what was promised and a control"),
        Verb("diff", "say what moved between two scorings, and whether data, bundle or brief did it"),
        Verb("drift", "say whether creators, scores or calibration are not what they were"),
        Verb("tiers", "show where creators fall under each tier scheme, and where a verdict would flip"),
        Verb("pods", "list creators of a file who comment on each other, as leads for review"),
        Verb("index", "build, change and ask a creator index"),
        Verb("forget", "remove a creator from caches, indexes and results, and look whether anything is left"),
        Verb("bundle", "list, show or verify bundles"),
        Verb("doctor", "say whether everything is here that scoring needs, and what else could be installed"),
        Verb("completion", "print a script with which a shell completes commands"),
    )
}
GROUP = "bonafit.commands"
# What a command says of an error that nobody foresaw, and the variable that prints it in full.
INTERNAL, TRACEBACK = "a fault of bonafit's own", "BONAFIT_TRACEBACK"


def added_commands(name: str | None = None) -> list[Command]:
    """Commands that installed distributions add under the entry point group `bonafit.commands`, by name.

    name : the one command that is loaded, where there is one of that name; None for all.
    """
    # looking through the installed distributions takes as long as starting Python
    from importlib.metadata import entry_points

    entries = entry_points(group=GROUP) if name is None else entry_points(group=GROUP, name=name)
    return [entry.load() for entry in sorted(entries, key=lambda entry: entry.name)]


def build_parser(only_verb: str | None = None) -> argparse.ArgumentParser:
    """The command line as one parser.

    only_verb : the one verb that is read with its arguments, "" for none of them; None for all, added ones included.
    """
    parser = argparse.ArgumentParser(
        prog="bonafit",
        description="Scores creators for a brand: genuine, fitting, and with an audience that responds.",
        epilog="Exit codes: 0 all rows scored, 1 failed, 2 wrong usage, 3 scored with rejects.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in VERBS.values():
        if only_verb in (None, verb.name):
            _add(verbs, verb.load())
    for command in added_commands(only_verb) if only_verb != "" and only_verb not in VERBS else ():
        _add(verbs, command)
    return parser


def listing_parser() -> argparse.ArgumentParser:
    """The command line with the names of its verbs alone: all that help and a mistyped verb need."""
    parser = build_parser("")
    (verbs,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    listed: list[Verb | Command] = [*VERBS.values(), *added_commands()]
    for verb in listed:
        verbs.add_parser(verb.name, help=verb.help)
    return parser


def _add(verbs: argparse._SubParsersAction[argparse.ArgumentParser], command: Command) -> None:
    sub = verbs.add_parser(
        command.name,
        help=command.help,
        description=command.description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.arguments(sub)
    sub.set_defaults(run=command.run)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments; a verb is loaded alone, and whatever asks for no verb in particular loads none."""
    if argv and not argv[0].startswith("-") and (argv[0] in VERBS or added_commands(argv[0])):
        return build_parser(argv[0]).parse_args(argv)
    listing_parser().parse_args(argv)
    return build_parser().parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. An expected error is one line on stderr and code 1."""
    if sys.stdout is None:
        # closed by the caller: what is written to it fails, and is not lost unsaid
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: SIM115
    arguments = _parse(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal that knows fewer letters shows the others escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code: int = arguments.run(arguments)
        # a full disk behind standard output is told here, and not while Python ends
        sys.stdout.flush()
    except BonafitError as error:
        print(f"bonafit: {printable(str(error))}", file=sys.stderr)
        return FAILED
    except ModuleNotFoundError as error:
        from bonafit.cli.extras import missing_extra

        extra = missing_extra(error)
        if extra is None:
            raise
        print(f"bonafit: {extra}", file=sys.stderr)
        return FAILED
    except FileNotFoundError as error:
        print(f"bonafit: {_place(error)}no such file or folder; make it first or name another", file=sys.stderr)
        return FAILED
    except PermissionError as error:
        print(f"bonafit: {_place(error)}not allowed; choose a place that can be written", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; nothing more can be said to it.
        sys.stderr.close()
        return FAILED
    except OSError as error:
        # disk full, a folder for a file, a name too long, a closed stream: the old file is as it was
        print(f"bonafit: {_place(error)}{error.strerror or error}; nothing was put in its place", file=sys.stderr)
        _drop_output()
        return FAILED
    except KeyboardInterrupt:
        print("bonafit: interrupted; go on with --resume where the command has it", file=sys.stderr)
        return FAILED
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        message = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
        print(
            f"bonafit: {INTERNAL}: {printable(message[:300])}; please report it, with the traceback that "
            f"{TRACEBACK}=1 in the environment prints",
            file=sys.stderr,
        )
        return FAILED
    return code


def _drop_output() -> None:
    """What cannot be written to standard output goes nowhere, else Python says so a second time while it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _place(error: OSError) -> str:
    return "" if error.filename is None else f"{printable(str(error.filename))}: "
