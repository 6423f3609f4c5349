"""One creator's posts as a model reads them: what was expected of each, and the own level after each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bonafit.heads.engagement_quality.level import Level, LevelParameters, own_levels
from bonafit.heads.engagement_quality.series import Series
from bonafit.tables.arrays import FloatArray


@dataclass(frozen=True)
class Known:
    """One creator's posts as a model reads them. given : (n, N_GIVEN) profile and post columns of the posts read.

    expected : (n,) log rate expected of each post. lift : (n,) log rate minus that. levels : n + 1, before any and
    after each post. scores : topic and words score by unit row.
    """

    series: Series
    given: FloatArray
    expected: FloatArray
    lift: FloatArray
    levels: list[Level]
    scores: Mapping[int, tuple[float, float]]


def known(
    series: Series,
    given: FloatArray,
    expected: FloatArray,
    scores: Mapping[int, tuple[float, float]],
    parameters: LevelParameters,
) -> Known:
    """Level of a creator after each post, against the expected."""
    lift = series.y - expected
    return Known(series, given, expected, lift, own_levels(lift, series.day, parameters), scores)
