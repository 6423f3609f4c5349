"""Does a training reproduce a published bundle? Figure by figure, within a stated tolerance.

    python -m bonafit_training.publishing.reproduce models/2026.3 build/models/2026.3

On one machine with one seed all tables are equal to the last bit; other processors and thread counts add floating-point
numbers in another order, which moves figures by less than the tolerance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from bonafit.bundle.manifest import Bundle, read_bundle
from bonafit.errors import BonafitError
from bonafit_training.contracts import Row

# Of figures in [0, 1] as they are, of others relative to the published one.
TOLERANCE = 0.005


def figures_of(bundle: Bundle) -> dict[str, float]:
    """Figures of the manifest by their keys."""
    rows: list[Row] = msgspec.convert(bundle.manifest.metrics, list[Row])
    return {row.key: row.value for row in rows}


def differences(published: Bundle, trained: Bundle, *, tolerance: float = TOLERANCE) -> list[str]:
    """What differs beyond the tolerance, a line each; empty where the training reproduces the bundle."""
    trained_figures, published_figures = figures_of(trained), figures_of(published)
    lines = [
        f"{key}: only in the published bundle" for key in sorted(published_figures.keys() - trained_figures.keys())
    ]
    lines += [f"{key}: only in the trained bundle" for key in sorted(trained_figures.keys() - published_figures.keys())]
    for key in sorted(trained_figures.keys() & published_figures.keys()):
        scale = max(1.0, abs(published_figures[key]))
        if not abs(trained_figures[key] - published_figures[key]) <= tolerance * scale:
            lines.append(f"{key}: {published_figures[key]:.4f} published, {trained_figures[key]:.4f} trained")
    for name, actual, expected in (
        ("seed", trained.manifest.seed, published.manifest.seed),
        ("encoder", trained.manifest.encoder.digest, published.manifest.encoder.digest),
        ("data", _data(trained), _data(published)),
    ):
        if actual != expected:
            lines.append(f"{name}: trained with {actual}, published with {expected}")
    return lines


def _data(bundle: Bundle) -> Any:
    return {dataset.name: dataset.sha256[:12] for dataset in bundle.manifest.datasets}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", help="folder of the published bundle")
    parser.add_argument("trained", help="folder of the bundle trained again")
    parser.add_argument("--tolerance", type=float, default=TOLERANCE)
    arguments = parser.parse_args(argv)
    try:
        published, trained = (read_bundle(Path(p)) for p in (arguments.published, arguments.trained))
    except BonafitError as error:
        print(f"reproduce: {error}", file=sys.stderr)
        return 1
    lines = differences(published, trained, tolerance=arguments.tolerance)
    print("\n".join(lines))
    same = ", the same tables to the last bit" if published.digest == trained.digest else ""
    print(f"{len(figures_of(published))} figures, {len(lines)} differences beyond {arguments.tolerance}{same}")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
