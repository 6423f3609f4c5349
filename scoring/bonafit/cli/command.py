"""What a command is: parse its arguments, call the library, print."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

# Exit codes of every command.
OK, FAILED, USAGE, REJECTS = 0, 1, 2, 3


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
