"""`make faults`: what was tried against readers, runs, indexes, caches, bundles and outputs, and what was lost.

usage: python benchmarks/faults/run.py --bundle DIR [--minutes N] [--scale F] [--seed N] [--only CLASS] [--sum FILE]

A long run goes in pieces: with --sum FILE each adds its counts to those that the file holds, and prints the sums. A
piece needs a seed of its own, else it tries the same again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

# The checkout is the import root: `benchmarks` is no part of the distribution.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.faults import damage, readers, stores, verbs
from benchmarks.faults.count import Count

MEMORY = Path("/dev/shm")


def counts(folder: Path, arguments: argparse.Namespace) -> Iterator[Count]:
    """Every class of faults that was asked for, in a folder of its own."""
    bundle, scale = arguments.bundle, arguments.scale
    classes: dict[str, Callable[[Path], Iterable[Count]]] = {
        "runs": lambda place: [stores.kills_of_runs(place, limit=n(200))],
        "indexes": lambda place: [stores.kills_of_indexes(place, limit=n(100))],
        "caches": lambda place: [stores.kills_of_caches(place, limit=n(40))],
        "publishing": lambda place: [stores.kills_of_publishing(place, limit=n(30))],
        "damaged-indexes": lambda place: [damage.corrupted_indexes(place, limit=n(1_000))],
        "damaged-caches": lambda place: [damage.corrupted_caches(place, limit=n(500))],
        "full-disks": lambda place: [damage.full_disks(place, limit=n(20))],
        "bundles": lambda place: [damage.attacked_bundles(bundle, place, limit=n(300))],
        "verbs": lambda place: [verbs.fuzz(bundle, place, limit=n(60))],
        "readers": lambda place: readers.fuzz(place, seconds=60 * arguments.minutes, seed=arguments.seed),
    }

    def n(usual: int) -> int:
        return max(2, int(usual * scale))

    for name, work in classes.items():
        if arguments.only in ("", name):
            (folder / name).mkdir()
            yield from work(folder / name)


def added(rows: list[Count], file: Path) -> list[Count]:
    """The counts with those that a file holds of earlier pieces; the file holds the sums afterwards."""
    sums = {row.name: row for row in msgspec.json.decode(file.read_bytes(), type=list[Count])} if file.exists() else {}
    for row in rows:
        sums[row.name] = row if row.name not in sums else sums[row.name].plus(row)
    file.write_bytes(msgspec.json.encode(list(sums.values())))
    return list(sums.values())


def table(rows: list[Count]) -> str:
    """The rows as a table of Markdown, the losses below it."""
    lines = ["| class | tried | survived | of them refused in words | lost |", "|---|---:|---:|---:|---:|"]
    lines += [f"| {r.name} | {r.tried:,} | {r.survived:,} | {r.refused:,} | {r.lost:,} |" for r in rows]
    if files := [row for row in rows if row.name.startswith(readers.MUTATED)]:
        tried, lost, refused = (sum(getattr(row, name) for row in files) for name in ("tried", "lost", "refused"))
        lines.append(f"| all mutated files | {tried:,} | {tried - lost:,} | {refused:,} | {lost:,} |")
    losses = [f"- {row.name}: {loss}" for row in rows for loss in row.losses]
    return "\n".join([*lines, *([""] if losses else []), *losses])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12.0, help="for mutated files, default 12")
    parser.add_argument("--scale", type=float, default=1.0, help="times the usual numbers of the other classes")
    parser.add_argument("--seed", type=int, default=7, help="of mutated files")
    parser.add_argument("--only", default="", help="one class: runs, indexes, caches, publishing, readers and so on")
    parser.add_argument("--sum", type=Path, help="a file to which the counts are added")
    parser.add_argument("--keep", type=Path, help="an empty folder in which files that were lost stay")
    arguments = parser.parse_args()
    began, rows = time.monotonic(), []
    # in memory, where there is such a place: processes are killed and not machines, so that syncing is not tried
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = arguments.keep or Path(temporary)
        for count in counts(folder, arguments):
            rows.append(count)
            line = f"{time.monotonic() - began:5.0f} s  {count.name}: {count.tried:,} tried, {count.lost:,} lost"
            print(line, file=sys.stderr, flush=True)
    if arguments.sum is not None:
        rows = added(rows, arguments.sum)
    print(table(rows))
    return 1 if any(row.lost for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
