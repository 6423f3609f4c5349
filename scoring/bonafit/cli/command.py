"""What a command is: parse its arguments, call the library, print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from bonafit.io.printable import printable

if TYPE_CHECKING:
    from bonafit.io.read import Reject

# Exit codes of every command.
OK, FAILED, USAGE, REJECTS, DRIFTED = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Command:
    """One verb of the command line.

    arguments : adds the verb's arguments to its parser.
    run       : does it and returns an exit code; raises BonafitError for the reader to see in one line.
    """

    name: str
    help: str
    description: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def run_of(module: str) -> Callable[[argparse.Namespace], int]:
    """The function `run` of a module, which is imported when the command runs: help needs nothing of what it does."""

    def run(arguments: argparse.Namespace) -> int:
        code: int = import_module(module).run(arguments)
        return code

    return run


def told(rejects: Sequence[Reject]) -> int:
    """Rejects on stderr, a line each, for commands that write no file of them; returns the exit code."""
    for reject in rejects:
        print(printable(f"line {reject.line}: {reject.field}: {reject.reason}"), file=sys.stderr)
    return REJECTS if rejects else OK
