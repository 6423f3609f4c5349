"""A campaign against a control: the difference in differences of units that were, and were not, reached."""

from __future__ import annotations

import math
import os

import msgspec
import numpy as np

from bonafit.errors import InputError, RecordError
from bonafit.io.side_files import MAX_AMOUNT, read_rows
from bonafit.io.streams import named

GROUPS, PERIODS = ("treated", "control"), ("before", "after")
# 95 % quantiles of Student's t by degrees of freedom; the normal's beyond the last.
T95 = {1: 6.314, 2: 2.920, 3: 2.353, 4: 2.132, 5: 2.015, 6: 1.943, 7: 1.895, 8: 1.860, 9: 1.833, 10: 1.812, 12: 1.782,
       15: 1.753, 20: 1.725, 30: 1.697, 60: 1.671, 120: 1.658}  # fmt: skip
NORMAL = 1.645


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What the campaign changed, for each unit and period, in units of the control table's value.

    value : change of the treated minus change of the control. low, high : 90 % interval, None with a single unit in a
    group, since nothing then says how much units differ by chance.
    """

    value: float
    low: float | None
    high: float | None
    treated_change: float
    control_change: float
    n_treated: int
    n_control: int


def read_control(path: str | os.PathLike[str]) -> Effect:
    """The effect from a table: unit, group (treated or control), period (before or after), value.

    A unit is a region, a shop, a product; several rows of one unit and period are averaged. Raises InputError for a
    word that is none of these, and for a unit that lacks a period or stands in both groups.
    """
    values: dict[tuple[str, str], list[float]] = {}
    group_of: dict[str, str] = {}
    for line, row in read_rows(path):
        where = f"{named(path)}, line {line}"
        if isinstance(row, RecordError):
            raise InputError(f"{where}: {row.reason}")
        unit = str(row.get("unit", "")).strip()
        group, period = (str(row.get(name, "")).strip().casefold() for name in ("group", "period"))
        if not unit or group not in GROUPS or period not in PERIODS:
            raise InputError(
                f"{where}: found unit {unit[:40]!r}, group {group[:20]!r}, period {period[:20]!r}; expected a unit, "
                "treated or control, before or after"
            )
        try:
            value = float(str(row.get("value", "")))
        except ValueError:
            value = math.nan
        if not abs(value) <= MAX_AMOUNT:
            raise InputError(f"{where}: value {str(row.get('value'))[:40]!r}, expected a number")
        if group_of.setdefault(unit, group) != group:
            raise InputError(f"{where}: unit {unit} stands in both groups; expected each in one")
        values.setdefault((unit, period), []).append(value)
    return difference_in_differences(values, group_of, named(path))


def difference_in_differences(
    values: dict[tuple[str, str], list[float]], group_of: dict[str, str], name: str
) -> Effect:
    """Mean change of treated units minus that of control units, with Welch's interval over units.

    Holds where both groups would have changed alike without the campaign; no figure can show that.
    """
    changes: dict[str, list[float]] = {group: [] for group in GROUPS}
    for unit, group in group_of.items():
        if any((unit, period) not in values for period in PERIODS):
            raise InputError(f"{name}: unit {unit} lacks a period; expected before and after of each")
        before, after = (float(np.mean(values[unit, period])) for period in PERIODS)
        changes[group].append(after - before)
    if any(not rows for rows in changes.values()):
        raise InputError(f"{name}: expected units in both groups, treated and control")
    treated, control = (np.array(changes[group]) for group in GROUPS)
    value = float(treated.mean() - control.mean())
    low = high = None
    if min(len(treated), len(control)) > 1:
        parts = [float(np.var(group, ddof=1) / len(group)) for group in (treated, control)]
        squared = math.fsum(parts)
        if squared > 0:
            pieces = (part**2 / (len(group) - 1) for part, group in zip(parts, (treated, control), strict=True))
            half = _t95(squared**2 / math.fsum(pieces)) * math.sqrt(squared)
            low, high = value - half, value + half
        else:
            low = high = value
    return Effect(
        value=value,
        low=low,
        high=high,
        treated_change=float(treated.mean()),
        control_change=float(control.mean()),
        n_treated=len(treated),
        n_control=len(control),
    )


def _t95(freedom: float) -> float:
    """95 % quantile of Student's t, of the next lower degrees of freedom in the table."""
    known = [k for k in T95 if k <= max(freedom, 1.0)]
    return NORMAL if freedom > 2 * max(T95) else T95[max(known)]
