"""Capacity on paper: what 100 million creators take, from the rates that `make benchmark ONLY=platforms` measured.

usage: python benchmarks/capacity.py [--rows FILE] [--creators N] [--price USD] [--cores N ...]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from bonafit_training.contracts import Row

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 3_600


def measured(rows: list[Row], split: str, metric: str) -> dict[str, float]:
    """Value by method of one metric of the platforms suite."""
    return {r.method: r.value for r in rows if (r.suite, r.split, r.metric) == ("platforms", split, metric)}


def report(rows: list[Row], *, creators: int, price: float, cores: list[int]) -> str:
    """Time and price of every kind of run, and bytes of everything that is kept, as two Markdown tables."""
    heads = "".join(f" hours on {n:,} cores |" for n in cores)
    lines = [
        f"| {creators:,} creators | a core-second | core-hours | USD |{heads}",
        "|---|---|---|---|" + "---|" * len(cores),
    ]
    for method, rate in measured(rows, "rates", "rows_per_core_second").items():
        hours = creators / rate / SECONDS
        each = "".join(f" {hours / n:,.1f} |" for n in cores)
        lines.append(f"| {method} | {rate:,.1f} | {hours:,.0f} | {hours * price:,.0f} |{each}")
    lines += ["", f"| kept | bytes a creator | {creators:,} creators |", "|---|---|---|"]
    for method, size in measured(rows, "storage", "bytes_per_creator").items():
        lines.append(f"| {method} | {size:,.0f} | {size * creators / 1e12:,.2f} TB |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=str(ROOT / "build" / "benchmark.json"))
    parser.add_argument("--creators", type=int, default=100_000_000)
    parser.add_argument("--price", type=float, default=0.05, help="USD of one core for one hour")
    parser.add_argument("--cores", type=int, nargs="+", default=[16, 128, 1_024])
    arguments = parser.parse_args()
    rows = msgspec.json.decode(Path(arguments.rows).read_bytes(), type=list[Row])
    print(report(rows, creators=arguments.creators, price=arguments.price, cores=arguments.cores))


if __name__ == "__main__":
    main()
