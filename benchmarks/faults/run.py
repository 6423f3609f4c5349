"""`make faults`: what was tried against readers, runs, indexes, caches, bundles and outputs, and what was lost.

usage: python benchmarks/faults/run.py [--bundle DIR] [--minutes N] [--scale F] [--seed N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

# The checkout is the import root: `benchmarks` is no part of the distribution.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.faults import readers, stores, verbs
from benchmarks.faults.count import Count

MEMORY = Path("/dev/shm")


def counts(folder: Path, *, bundle: Path, seconds: float, scale: float, seed: int) -> Iterator[Count]:
    """Every class of faults. seconds : for mutated files. scale : times the usual numbers of all others."""

    def place(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    def n(usual: int) -> int:
        return max(2, int(usual * scale))

    yield stores.kills_of_runs(place("runs"), limit=n(200))
    yield stores.kills_of_indexes(place("indexes"), limit=n(100))
    yield stores.kills_of_caches(place("caches"), limit=n(40))
    yield stores.kills_of_publishing(place("publishing"), limit=n(30))
    yield stores.corrupted_indexes(place("damaged-index"), limit=n(1_000))
    yield stores.corrupted_caches(place("damaged-cache"), limit=n(500))
    yield stores.full_disks(place("full"), limit=n(20))
    yield stores.attacked_bundles(bundle, place("bundles"), limit=n(300))
    yield verbs.fuzz(bundle, place("verbs"), limit=n(60))
    yield from readers.fuzz(place("readers"), seconds=seconds, seed=seed)


def table(rows: list[Count]) -> str:
    """The rows as a table of Markdown, the losses below it."""
    lines = ["| class | tried | survived | of them refused in words | lost |", "|---|---:|---:|---:|---:|"]
    lines += [f"| {r.name} | {r.tried:,} | {r.survived:,} | {r.refused:,} | {r.lost:,} |" for r in rows]
    losses = [f"- {row.name}: {loss}" for row in rows for loss in row.losses]
    return "\n".join([*lines, *([""] if losses else []), *losses])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12.0, help="for mutated files, default 12")
    parser.add_argument("--scale", type=float, default=1.0, help="times the usual numbers of the other classes")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="an empty folder in which files that were lost stay")
    arguments = parser.parse_args()
    began, rows = time.monotonic(), []
    # in memory, where there is such a place: processes are killed and not machines, so that syncing is not tried
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = arguments.keep or Path(temporary)
        for count in counts(folder, bundle=arguments.bundle, seconds=60 * arguments.minutes, scale=arguments.scale,
                            seed=arguments.seed):  # fmt: skip
            rows.append(count)
            told = f"{time.monotonic() - began:5.0f} s  {count.name}: {count.tried:,} tried, {count.lost:,} lost"
            print(told, file=sys.stderr, flush=True)
    print(table(rows))
    return 1 if any(row.lost for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
