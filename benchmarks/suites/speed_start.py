"""How long the command line takes to say its help, beside Python that does nothing."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.speed.paired import in_turns, row

from bonafit_training.contracts import Context, Row

ROUNDS = 15
COMMANDS = {"bonafit": ("-m", "bonafit", "--help"), "python": ("-c", "pass")}


def _cpu_ms(arguments: tuple[str, ...]) -> float:
    """Processor time of one run, which neighbours on the machine move less than they move the clock."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def start(context: Context) -> Iterator[Row]:
    """Milliseconds of `bonafit --help` and of an empty Python, by the clock and of processor time; medians."""
    spent: dict[str, list[float]] = {name: [] for name in COMMANDS}
    work = {
        name: lambda name=name, arguments=arguments: spent[name].append(_cpu_ms(arguments))
        for name, arguments in COMMANDS.items()
    }
    clock = in_turns(work, rounds=ROUNDS)
    for name in COMMANDS:
        other = name != "bonafit"
        for slice, values in (("cpu", spent[name]), ("clock", [1000 * value for value in clock[name]])):
            yield row(
                "none", "start", "milliseconds", statistics.median(values), ROUNDS, method=name, slice=slice,
                baseline=other,
            )  # fmt: skip


SUITES = {"speed/none/start": start}
