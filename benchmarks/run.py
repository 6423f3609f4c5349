"""`make benchmark`: runs the accuracy suites, prints their tables, writes build/benchmark.json.

usage: python benchmarks/run.py [--data DIR] [--only SUBSTRING] [--out FILE] [--publish BUNDLE]
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
# The checkout is the import root: `benchmarks` is no part of the distribution.
sys.path.insert(0, str(ROOT))

from benchmarks.registry import Suite  # noqa: E402

from benchmarks import leave_one_set_out, suites  # noqa: E402
from bonafit.encoders import read_card  # noqa: E402
from bonafit.scorer.load import find_door, open_encoder  # noqa: E402
from bonafit_training.contracts import Context, Row  # noqa: E402
from bonafit_training.pipeline.train import read_config  # noqa: E402
from bonafit_training.publishing.card import metric_table  # noqa: E402
from bonafit_training.publishing.judged import put_left_out  # noqa: E402

# Suite of the rows that a card shows beside the judgement.
LEFT_OUT = "leave_one_set_out"


def all_suites() -> dict[str, Suite]:
    """Every suite of benchmarks/suites and benchmarks/leave_one_set_out by key, in the order of keys."""
    suites_by_key: dict[str, Suite] = {}
    for package in (suites, leave_one_set_out):
        for module in pkgutil.iter_modules(package.__path__):
            suites_by_key.update(importlib.import_module(f"{package.__name__}.{module.name}").SUITES)
    return dict(sorted(suites_by_key.items()))


def chosen(suites_by_key: dict[str, Suite], only: str) -> dict[str, Suite]:
    """Suites that can produce a row whose key contains `only`."""
    return {key: suite for key, suite in suites_by_key.items() if only in key or only.startswith(key + "/")}


def merge(path: Path, fresh: list[Row]) -> list[Row]:
    """Rows of an earlier run with these in place of those of the same key."""
    earlier = msgspec.json.decode(path.read_bytes(), type=list[Row]) if path.is_file() else []
    rows = {row.key: row for row in earlier}
    rows.update({row.key: row for row in fresh})
    return sorted(rows.values(), key=lambda row: row.key)


def table(rows: list[Row]) -> str:
    """Rows as an aligned table, ours first within each data set, split, slice and metric."""
    ordered = sorted(rows, key=lambda r: (r.dataset, r.split, r.slice, r.metric, r.baseline, r.method))
    cells = [("data set", "split", "slice", "metric", "method", "value", "n")]
    for r in ordered:
        method = f"{r.method} (baseline)" if r.baseline else r.method
        cells.append((r.dataset, r.split, r.slice, r.metric, method, f"{r.value:.4f}", f"{r.n:,}"))
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=str(ROOT.parent / "shared" / "data"))
    parser.add_argument("--only", default="", help="run the suites with a row whose key contains this")
    parser.add_argument("--out", default=str(ROOT / "build" / "benchmark.json"))
    parser.add_argument(
        "--publish", metavar="BUNDLE", help="also write the rows of leave_one_set_out into this bundle's card"
    )
    parser.add_argument("--list", action="store_true", help="print the suites' keys and stop")
    arguments = parser.parse_args()
    selected = chosen(all_suites(), arguments.only)
    if arguments.list:
        print("\n".join(selected))
        return 0
    if not selected:
        print(f"no suite for {arguments.only!r}; expected part of one of: {', '.join(all_suites())}", file=sys.stderr)
        return 2
    if not Path(arguments.data).is_dir():
        print(f"{arguments.data}: no such folder; expected the public sets, set DATA", file=sys.stderr)
        return 1
    published = ROOT / "training" / "published.toml"
    config = read_config(published)
    folder = ROOT / config.encoder
    door = find_door(folder, read_card(folder).digest(config.precision))
    encoder = open_encoder(folder, door, precision=config.precision, cache=ROOT / "build" / "vectors")
    out = Path(arguments.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    for key, suite in selected.items():
        head = key.split("/")[0]
        context = Context(
            data=Path(arguments.data), seed=config.seed, encoder=encoder, config=config.options.get(head, {})
        )
        began = time.monotonic()
        rows = []
        for row in suite(context):
            rows.append(row)
            # Written row by row, so that a run cut short keeps what it measured.
            out.write_bytes(msgspec.json.format(msgspec.json.encode(merge(out, [row])), indent=1) + b"\n")
        print(f"\n## {key} ({time.monotonic() - began:.0f} s)\n\n{table(rows)}", flush=True)
    encoder.close()
    if arguments.publish is not None:
        left_out = [row for row in msgspec.json.decode(out.read_bytes(), type=list[Row]) if row.suite == LEFT_OUT]
        put_left_out(Path(arguments.publish), metric_table(left_out))
    print(f"\nrows in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
