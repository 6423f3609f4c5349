"""What every feature of a bundle does to its head's answer, as curves read from the bundle's own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.bundle.manifest import Bundle
from bonafit.heads.columns import Column, columns_from
from bonafit.heads.engagement_quality.columns import COLUMNS
from bonafit.heads.engagement_quality.expected import Curve
from bonafit.heads.engagement_quality.rows import N_GIVEN
from bonafit.report.charts import Mark, Scale, path
from bonafit.report.texts import percent1, short_count
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.arrays import FloatArray
from bonafit.tables.trees import BoostedTrees

Tables = Mapping[str, npt.NDArray[np.generic]]
# Points of a curve; a table of thousands of cells is drawn at as many of them.
POINTS = 48
# Effects of trees on the engagement foreseen below this are named, not drawn.
LEAST = 0.02
BOX = (6, 154, 62, 8)  # left, right, bottom, top
WIDE = (40, 328, 104, 10)


@dataclass(frozen=True)
class Shape:
    """One feature. line : path. zero : height of no effect. low, high : effects at the ends of the vertical axis.

    start, end : values at the ends of the horizontal one, in the feature's unit. missing : effect where it is unknown.
    """

    title: str
    unit: str
    line: str
    zero: float
    low: str
    high: str
    start: str
    end: str
    missing: str | None


@dataclass(frozen=True)
class Shapes:
    """The features of one model. said : in which unit effects are. flat : features that are as good as not used."""

    title: str
    said: str
    shapes: list[Shape]
    flat: list[str]


@dataclass(frozen=True)
class Expected:
    """Expected engagement by size of one platform, with the range of half of all creators."""

    title: str
    line: str
    band: str
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    summary: str


def effect_shapes(bundle: Bundle) -> list[Shapes]:
    """Every model of the bundle whose features can be drawn one by one, in the order of heads."""
    out = []
    for name, section in bundle.manifest.heads.items():
        tables = bundle.tables.get(name, {})
        if name == "engagement_quality":
            out += _of_trees(section, tables)
        for title, prefix, columns, sign in _additive(name, section, tables):
            model = AdditiveModel.from_tables(tables, prefix, n_columns=len(columns))
            out.append(_of_additive(title, model, columns, sign))
    return [shapes for shapes in out if shapes.shapes]


def _additive(name: str, section: Mapping[str, Any], tables: Tables) -> list[tuple[str, str, Sequence[Column], float]]:
    """(title, prefix of its tables, columns, factor on its scores) of each additive model of a head."""
    models: list[tuple[str, str, Sequence[Column], float]] = []
    if "model.features" in tables and "columns" in section:
        models.append((name, "model", columns_from(section["columns"]), 1.0))
    for pattern, part in section.get("accounts", {}).items():
        if isinstance(part, Mapping) and f"account.{pattern}.features" in tables:
            # the model scores fake accounts; the head adds the same with the other sign, sloped by its calibration
            title = f"{name}: the account, where {pattern.replace('_', ' and ')} are known"
            models.append((title, f"account.{pattern}", columns_from(part["columns"]), -float(part["calibration"][1])))
    return models


def _of_additive(title: str, model: AdditiveModel, columns: Sequence[Column], sign: float) -> Shapes:
    shapes, used = [], set()
    for term in model.terms:
        if len(term.features) != 1:
            continue
        column, cuts, scores = columns[term.features[0]], term.cuts[0], sign * term.scores
        used.add(column.name)
        if not len(cuts):
            continue
        picked = np.unique(np.linspace(0, len(cuts) - 1, POINTS).astype(int))
        x, y = cuts[picked], scores[2:][picked]
        x, y = np.concatenate([[cuts[0]], x]), np.concatenate([[scores[1]], y])
        missing = f"{scores[0]:+.2f}" if abs(scores[0]) > 1e-9 else None
        shapes.append(_shape(column, x, y, missing))
    flat = [column.description for column in columns if column.name not in used]
    return Shapes(title, "added to the log-odds", shapes, flat)


def _of_trees(section: Mapping[str, Any], tables: Tables) -> list[Shapes]:
    """Trees of each platform, every column alone with the others unknown."""
    out = []
    for platform, part in section.get("platforms", {}).items():
        for name in part["trees"]:
            width = N_GIVEN if name == "content" else len(COLUMNS)
            trees = BoostedTrees.from_tables(tables, f"{platform}.{name}", n_columns=width)
            features, thresholds = trees.feature, trees.threshold
            shapes, flat = [], []
            base = float(trees.predict(np.full((1, width), np.nan))[0])
            for i in range(width):
                cuts = np.unique(thresholds[features == i])
                cuts = cuts[np.isfinite(cuts)]
                if not len(cuts):
                    continue
                x = cuts[np.unique(np.linspace(0, len(cuts) - 1, POINTS).astype(int))]
                rows = np.full((len(x), width), np.nan)
                rows[:, i] = x
                y = trees.predict(rows) - base
                if float(np.max(np.abs(y))) < LEAST:
                    flat.append(COLUMNS[i].description)
                else:
                    shapes.append(_shape(COLUMNS[i], x, y, None))
            label = "what a post of this content gets" if name == "content" else "correction of the own level"
            out.append(
                Shapes(f"engagement_quality, {platform}: {label}", "on the log of the engagement, alone", shapes, flat)
            )
    return out


def _shape(column: Column, x: FloatArray, y: FloatArray, missing: str | None) -> Shape:
    left, right, bottom, top = BOX
    is_log = bool(x[0] >= 0 and x[-1] > 1000)
    across = Scale(
        float(max(x[0], 1.0)) if is_log else float(x[0]), float(max(x[-1], x[0] + 1e-9)), left, right, log=is_log
    )
    low, high = min(float(np.min(y)), 0.0), max(float(np.max(y)), 0.0)
    up = Scale(low, max(high, low + 1e-9), bottom, top)
    return Shape(
        title=column.description,
        unit=column.unit,
        line=path([(across(float(a)), up(float(b))) for a, b in zip(x, y, strict=True)]),
        zero=up(0.0),
        low=f"{low:+.2f}",
        high=f"{high:+.2f}",
        start=_value(float(x[0])),
        end=_value(float(x[-1])),
        missing=missing,
    )


def _value(value: float) -> str:
    return short_count(value) if abs(value) >= 1000 else f"{value:.3g}"


def expected_curves(bundle: Bundle) -> list[Expected]:
    """Expected engagement by followers, of the platforms whose rates are by followers."""
    section = bundle.manifest.heads.get("engagement_quality", {})
    tables = bundle.tables.get("engagement_quality", {})
    out = []
    for platform, part in section.get("platforms", {}).items():
        if part["basis"]["denominator"] != "followers" or platform.startswith("profile:"):
            continue
        curve = Curve.from_tables(tables, f"{platform}.curve")
        middle, spread = curve.centre, curve.spread
        left, right, bottom, top = WIDE
        x = Scale(float(np.exp(curve.size[0])), float(np.exp(curve.size[-1])), left, right, log=True)
        ends = np.exp(np.concatenate([middle - spread, middle + spread]))
        y = Scale(float(np.min(ends)), float(np.max(ends)), bottom, top, log=True)
        at = [x(float(size)) for size in np.exp(curve.size)]
        heights = [[y(float(v)) for v in np.exp(middle + k * spread)] for k in (-1, 0, 1)]
        first, last = percent1(float(np.exp(middle[0]))), percent1(float(np.exp(middle[-1])))
        out.append(
            Expected(
                title=f"{platform}: {part['basis']['interactions'].replace('_', ' and ')} by followers",
                line=path(list(zip(at, heights[1], strict=True))),
                band=path([*zip(at, heights[2], strict=True), *list(zip(at, heights[0], strict=True))[::-1]]) + "Z",
                x_marks=tuple(Mark(x(tick), short_count(tick)) for tick in x.ticks()),
                y_marks=tuple(Mark(y(tick), percent1(tick)) for tick in y.ticks()),
                summary=f"From {first} at {short_count(x.low)} followers to {last} at {short_count(x.high)}; "
                "the band is one standard deviation of creators.",
            )
        )
    return out
