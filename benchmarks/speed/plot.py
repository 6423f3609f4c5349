"""Draws the scaling curves of build/benchmark.json into docs/speed.svg.

usage: python benchmarks/speed/plot.py [--rows FILE] [--out FILE]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from bonafit_training.contracts import Row

ROOT = Path(__file__).resolve().parent.parent.parent
# Split of the rows, what the curve is against, its title.
CURVES = (
    ("rank_by_creators", "creators in the index", "rank, int8, 100 best"),
    ("rank_by_facets", "facets of the brief", "rank, 100,000 creators"),
    ("fast_path_by_creators", "creators in the file", "fast path, whole job"),
    ("one_creator_by_captions", "captions of a creator", "one fresh creator"),
)


def curve(rows: list[Row], split: str) -> list[tuple[int, float]]:
    """Points of a split: number and seconds."""
    points = [row for row in rows if row.split == split and row.metric == "seconds" and row.slice.isdigit()]
    return sorted((int(row.slice), row.value) for row in points)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=str(ROOT / "build" / "benchmark.json"))
    parser.add_argument("--out", default=str(ROOT / "docs" / "speed.svg"))
    arguments = parser.parse_args()
    import matplotlib as mpl

    mpl.use("svg")
    # The same rows give the same file.
    mpl.rcParams.update({"svg.hashsalt": "bonafit", "font.size": 8})
    from matplotlib import pyplot as plt
    from matplotlib import ticker

    rows = [r for r in msgspec.json.decode(Path(arguments.rows).read_bytes(), type=list[Row]) if r.suite == "speed"]
    exponents = {row.split: row.value for row in rows if row.metric == "exponent"}
    figure, axes = plt.subplots(1, len(CURVES), figsize=(11, 2.6), layout="constrained")
    for axis, (split, along, title) in zip(axes, CURVES, strict=True):
        points = curve(rows, split)
        if points:
            axis.loglog([n for n, _ in points], [s for _, s in points], "o-", color="#335577", markersize=3, lw=1)
            axis.set_xticks([n for n, _ in points], labels=[f"{n:,}" for n, _ in points])
            axis.minorticks_off()
            # Without points the axis is linear, and a logarithmic locator raises on it.
            axis.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 3, 5, 7)))
            axis.yaxis.set_major_formatter(ticker.FuncFormatter(lambda seconds, _: f"{seconds:,g}"))
        slope = f"\nexponent {exponents[split]:.2f}" if split in exponents else ""
        axis.set(title=title + slope, xlabel=along, ylabel="seconds")
        axis.grid(alpha=0.3, which="major")
    figure.savefig(arguments.out, metadata={"Date": None})
    print(f"curves in {arguments.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
