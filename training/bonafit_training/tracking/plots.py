"""Plots that a run keeps: how probabilities hold, and what each signal does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bonafit.tables.additive import AdditiveModel, Term
from bonafit.tables.arrays import FloatArray
from bonafit_training.contracts import HeadArtifact, HeldOut

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# Main effects drawn of one model: beyond these an effect is a few hundredths of a log-odd.
MOST_EFFECTS = 12
BINS = 15


def reliability_points(held_out: HeldOut, *, bins: int = BINS) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean probability, observed share and its standard error of equal-count bins; (n_bins,) each.

    The standard error is of a binomial share with one success and one failure added (Agresti & Coull, 1998), so
    that a bin without failures still shows doubt.
    """
    order = np.argsort(held_out.p, kind="stable")
    weight = np.ones(len(order)) if held_out.weight is None else held_out.weight
    parts = [part for part in np.array_split(order, bins) if len(part) and weight[part].sum() > 0]
    mean = np.array([np.average(held_out.p[part], weights=weight[part]) for part in parts])
    share = np.array([np.average(held_out.y[part], weights=weight[part]) for part in parts])
    # cases of unequal weight are worth fewer of equal weight: Kish, Survey Sampling, 1965
    n = np.array([weight[part].sum() ** 2 / (weight[part] ** 2).sum() for part in parts])
    padded = (share * n + 1) / (n + 2)
    return mean, share, np.sqrt(padded * (1 - padded) / (n + 2))


def reliability_figure(held_out: HeldOut) -> Figure:
    """Observed shares against stated probabilities, with 95 % bars and the diagonal that a calibrated head follows."""
    from matplotlib.figure import Figure

    mean, share, error = reliability_points(held_out)
    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    axes.errorbar(mean, share, yerr=1.96 * error, fmt="o-", markersize=4, capsize=2)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="stated probability", ylabel="observed share")
    axes.set_title(f"{held_out.title}, n = {len(held_out.y):,}", fontsize=10)
    return figure


def additive_models(artifact: HeadArtifact) -> Iterator[tuple[str, AdditiveModel, list[str]]]:
    """Every additive model among a head's tables: prefix, model, names of its columns."""
    for key in artifact.tables:
        if not key.endswith(".cut_counts"):
            continue
        prefix = key.removesuffix(".cut_counts")
        width = int(artifact.tables[f"{prefix}.features"].max(initial=-1)) + 1
        names = _column_names(artifact.section, prefix.split("."), width)
        yield prefix, AdditiveModel.from_tables(artifact.tables, prefix, n_columns=len(names)), names


def _column_names(section: Mapping[str, Any], parts: Sequence[str], width: int) -> list[str]:
    """Names of the columns that the section states for a model, nearest to the model first."""
    nearest: Any = section.get("columns")
    inner: Any = section
    for part in parts:
        inner = inner.get(part) if isinstance(inner, Mapping) else None
        if isinstance(inner, Mapping) and "columns" in inner:
            nearest = inner["columns"]
    names = [str(column["name"]) for column in nearest or ()]
    return names if len(names) >= width else [f"column {i}" for i in range(width)]


def effects_figure(title: str, model: AdditiveModel, names: Sequence[str]) -> Figure | None:
    """Main effects over their signals' values, widest first, with two standard deviations; None without any."""
    from matplotlib.figure import Figure

    single = [term for term in model.terms if len(term.features) == 1 and len(term.cuts[0])]
    single.sort(key=lambda term: -float(np.ptp(term.scores)))
    shown = single[:MOST_EFFECTS]
    if not shown:
        return None
    rows = -(-len(shown) // 3)
    figure = Figure(figsize=(11, 2.4 * rows), layout="constrained")
    for i, axes in enumerate(figure.subplots(rows, 3, squeeze=False).flat):
        axes.set_visible(i < len(shown))
        if i < len(shown):
            _draw_effect(axes, shown[i])
            axes.set_title(names[shown[i].features[0]], fontsize=9)
    figure.suptitle(f"{title}: effect on the linear predictor", fontsize=10)
    return figure


def _draw_effect(axes: Any, term: Term) -> None:
    """One effect as steps between its cut points; the open ends are drawn a tenth of the range wide."""
    cuts = term.cuts[0]
    margin = float(np.ptp(cuts)) / 10 or 1.0
    edges = np.concatenate([[cuts[0] - margin], cuts, [cuts[-1] + margin]])
    scores, spread = term.scores[1:], term.spread[1:]
    axes.stairs(scores + 2 * spread, edges, baseline=scores - 2 * spread, fill=True, alpha=0.2)
    axes.stairs(scores, edges, baseline=None)
    axes.axhline(0, color="grey", linewidth=0.8)
