"""`bonafit completion`: a script with which a shell completes commands and options."""

from __future__ import annotations

import argparse
import sys

from bonafit.cli.command import OK, Command
from bonafit.errors import InputError

SHELLS = ("bash", "zsh", "tcsh")
EXAMPLES = """
examples:
  bonafit completion bash > ~/.local/share/bash-completion/completions/bonafit
  bonafit completion zsh > "${fpath[1]}/_bonafit"
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell that the script is for")


def _run(arguments: argparse.Namespace) -> int:
    from bonafit.cli import build_parser

    try:
        import shtab
    except ImportError:
        raise InputError("completion needs shtab; pip install 'bonafit[completion]'") from None
    sys.stdout.write(shtab.complete(build_parser(), shell=arguments.shell) + "\n")
    return OK


COMMAND = Command(
    name="completion",
    help="print a script with which a shell completes commands",
    description="Print a completion script made of every command's options (needs bonafit[completion])." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
