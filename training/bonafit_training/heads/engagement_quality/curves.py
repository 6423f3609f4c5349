"""Expected curves, peers' levels by language and category, usual comment shares, and the standing of a lift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bonafit.heads.engagement_quality.channels import FEW, FEW_LIKES, ChannelNorm
from bonafit.heads.engagement_quality.columns import INDEX
from bonafit.heads.engagement_quality.expected import Curve
from bonafit.tables.arrays import FloatArray
from bonafit.tables.calibration import CalibrationMap

KNOTS = 25
# Creators' worth of evidence that pulls slope and curvature towards a flat curve, and a group's mean towards zero.
CURVE_PRIOR = 30.0
GROUP_PRIOR = 10.0
LEAST_GROUP = 5
# Creators, and likes of their typical post, from which the usual comments or views for likes are learned.
LEAST_CREATORS, LEAST_LIKES = 100, 10


def fit_curve(size: FloatArray, y: FloatArray) -> Curve:
    """Smooth expected log rate over log size.

    size, y : (n,) one creator each, y their median log rate; size NaN where unknown.
    Quadratic in log size; slope and curvature are shrunk to flat by CURVE_PRIOR creators' worth of evidence, and their
    signs are learned. The spread is a quadratic of the same kind through the log of absolute residuals.
    """
    ok = ~np.isnan(size)
    typical = float(np.median(y))
    if np.sum(ok) < 3:
        flat, spread = np.full(2, typical), np.full(2, float(np.std(y)))
        return Curve(np.array([0.0, 40.0]), flat, spread, typical)
    x = size[ok]
    centre, scale = float(np.mean(x)), float(np.std(x)) or 1.0
    low, high = np.quantile(x, [0.005, 0.995])
    knots = np.linspace(low, high, KNOTS)
    coefficients = _shrunk_quadratic((x - centre) / scale, y[ok])
    residual = y[ok] - _basis((x - centre) / scale) @ coefficients
    # E log|z| of a standard normal is -0.635
    logs = _shrunk_quadratic((x - centre) / scale, np.log(np.maximum(np.abs(residual), 0.01)) + 0.635)
    at = _basis((knots - centre) / scale)
    return Curve(knots, at @ coefficients, np.exp(at @ logs), typical)


def _basis(z: FloatArray) -> FloatArray:
    return np.stack([np.ones_like(z), z, z**2 - 1], axis=1)


def _shrunk_quadratic(z: FloatArray, y: FloatArray) -> FloatArray:
    B = _basis(z)
    return np.asarray(np.linalg.solve(B.T @ B + CURVE_PRIOR * np.diag([0.0, 1.0, 1.0]), B.T @ y))


def group_levels(groups: Sequence[str | None], lift: FloatArray) -> dict[str, float]:
    """Mean lift of the creators of each group, shrunk to zero; small groups are left out."""
    members: dict[str, list[float]] = {}
    for group, value in zip(groups, lift, strict=True):
        if group is not None:
            members.setdefault(group.casefold(), []).append(float(value))
    return {
        group: round(sum(values) / (len(values) + GROUP_PRIOR), 4)
        for group, values in sorted(members.items())
        if len(values) >= LEAST_GROUP
    }


def held_out_levels(groups: Sequence[str | None], lift: FloatArray) -> FloatArray:
    """Level of each creator's group by the other four fifths of the creators, (n,); NaN without a group.

    What a model is trained on must not know the creator's own lift by way of its group.
    """
    fold = np.arange(len(lift)) % 5
    out = np.full(len(lift), np.nan)
    for test_fold in range(5):
        rest = [group if f != test_fold else None for group, f in zip(groups, fold.tolist(), strict=True)]
        levels = group_levels(rest, lift)
        for i in np.flatnonzero(fold == test_fold).tolist():
            group = groups[i]
            if group is not None:
                out[i] = levels.get(group.casefold(), 0.0)
    return out


def with_held_out_levels(
    given: Sequence[FloatArray], groups: Mapping[str, Sequence[str | None]], lift: FloatArray
) -> None:
    """Put held-out levels into the `<group>_level` columns of every creator's rows, in place.

    given : (n_posts, k) or (k,) of each creator.
    """
    for name, of_creator in groups.items():
        for rows, level in zip(given, held_out_levels(of_creator, lift).tolist(), strict=True):
            rows[..., INDEX[f"{name}_level"]] = level


def fit_channel_norm(likes: FloatArray, counts: FloatArray, size: FloatArray) -> ChannelNorm | None:
    """Usual count of a channel for each like, None where fewer than 100 creators show both.

    likes, counts : (n,) medians over each creator's posts, NaN where hidden. size : (n,) log followers, NaN unknown.
    """
    ok = ~np.isnan(likes) & ~np.isnan(counts) & (likes >= LEAST_LIKES)
    if np.sum(ok) < LEAST_CREATORS:
        return None
    share = np.log((counts[ok] + FEW) / (likes[ok] + FEW_LIKES))
    known = ~np.isnan(size[ok])
    middle = float(np.mean(size[ok][known])) if np.any(known) else 0.0
    x = np.where(known, size[ok], middle)
    slope, intercept = np.polyfit(x, share, 1) if np.ptp(x) > 0 else (0.0, float(np.mean(share)))
    residual = share - (intercept + slope * x)
    assumed = float(np.median(counts[ok] / likes[ok]))
    return ChannelNorm(float(intercept), float(slope), middle, float(np.std(residual)), assumed)


def fit_standing(lift: FloatArray) -> CalibrationMap:
    """Percentile of a lift among creators: the distribution function of their lifts, 99 knots, open ends linear."""
    share = np.arange(1, 100) / 100
    knots, first = np.unique(np.quantile(lift, share), return_index=True)
    low, high = knots[0] - 1.0, knots[-1] + 1.0
    return CalibrationMap(np.concatenate([[low], knots, [high]]), np.concatenate([[0.0], share[first], [1.0]]))
