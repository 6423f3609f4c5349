"""How far the trees are believed of one creator: by what they would have said of the creator's newest known posts.

Trees know how creators of the training sets went on. Of a creator of another collection they may be wrong in one
direction; the creator's own past tells. The weight is the posterior probability that the trees' correction is right
rather than none at all, for the median of the newest posts, with normal errors around both.
"""

from __future__ import annotations

import numpy as np

from bonafit.heads.engagement_quality.history import compared_values, history_values, median
from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.level import LevelParameters, own_levels
from bonafit.heads.engagement_quality.rows import N_PROFILE
from bonafit.tables.arrays import FloatArray
from bonafit.tables.logistic import logit, sigmoid

# Known posts from which a back-test is made, the share of them it predicts, and at most so many.
LEAST_KNOWN, TESTED_SHARE, MOST_TESTED = 4, 0.25, 8
# Variance of a median of n normal values is pi / 2 times that of their mean.
MEDIAN_VARIANCE = np.pi / 2


class Backtest:
    """The trees' question about a creator's newest known posts, and the answer.

    row : (len(COLUMNS),) of those posts. error : log lift they had beyond the own level before them. variance : of it.
    """

    def __init__(self, row: FloatArray, error: float, variance: float) -> None:
        self.row, self.error, self.variance = row, error, variance


def backtest_of(known: Known, parameters: LevelParameters, *, start: int, cut: int) -> Backtest | None:
    """The back-test over the posts `start` to `cut`; None where too few are known."""
    n = cut - start
    if n < LEAST_KNOWN:
        return None
    tested = min(max(int(n * TESTED_SHARE), 1), MOST_TESTED)
    middle = cut - tested
    series, lift = known.series, known.lift
    level = (
        known.levels[middle] if start == 0 else own_levels(lift[start:middle], series.day[start:middle], parameters)[-1]
    )
    content = known.given[:, N_PROFILE:]
    history = history_values(series, lift, content, level, slice(start, middle))
    days = series.day[middle:cut] - series.day[middle - 1]
    days = days[~np.isnan(days)]
    # the post in the middle of those tested stands for them
    place = middle + tested // 2
    ahead = compared_values(
        content[place],
        history,
        steps_ahead=tested // 2 + 1,
        days_ahead=median(days) if len(days) else np.nan,
        expected=float(known.expected[place]),
        known=known.expected[start:middle],
    )
    error = median(lift[middle:cut]) - level.mean
    variance = level.variance + parameters.noise * MEDIAN_VARIANCE / tested
    return Backtest(np.concatenate([known.given[place], history, ahead]), error, variance)


def share_of_trees(foreseen: FloatArray, error: FloatArray, variance: FloatArray, *, prior: float) -> FloatArray:
    """Share in [0, 1] of the trees' correction that is taken, (n,).

    foreseen : what the trees say of the back-tested posts beyond the level, NaN where there was no back-test.
    prior    : probability that the trees are right of a creator of whom nothing is known: the share without back-test.
    """
    evidence = (np.square(error) - np.square(error - foreseen)) / (2 * variance)
    odds = logit(np.float64(prior)) + np.where(np.isnan(evidence), 0.0, evidence)
    return sigmoid(np.clip(odds, -30.0, 30.0))
