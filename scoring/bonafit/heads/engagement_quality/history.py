"""What past posts say beyond their level: the columns of features.engagement.HISTORY and COMPARED."""

from __future__ import annotations

import numpy as np

from bonafit.heads.engagement_quality.columns import COMPARED, HISTORY, POST
from bonafit.heads.engagement_quality.level import Level
from bonafit.heads.engagement_quality.series import Series
from bonafit.tables.arrays import FloatArray

# Posts that a creator's last ones are: as many as the rule to beat reads (decision 012, "own last 8").
RECENT = 8
# Newest posts that the columns look at. Extremes and spreads over a whole history grow with its length, and trees that
# learned from 25 posts a creator were off by a factor of three on 168; the level forgets by itself.
WINDOW = 32
# What stands for the best and the worst post: quantiles, which stay where they are as posts are added.
BEST, WORST = 0.9, 0.1
_POST_AT = {column.name: i for i, column in enumerate(POST)}
# Columns of POST whose usual value over the history is a column of its own, in the order of HISTORY's `usual_*`.
USUAL = ("caption_length", "n_hashtags", "n_mentions", "caption_topic", "caption_words")
_USUAL_AT = [_POST_AT[name] for name in USUAL]
N_USUAL = len(USUAL)


def history_values(series: Series, lift: FloatArray, content: FloatArray, level: Level, span: slice) -> FloatArray:
    """Columns of HISTORY for the posts of `span`, (len(HISTORY),) float64, NaN where too little is known.

    lift : (n,) log rate minus the expected of every post. content : (n, len(POST)). level : own level after the span.
    """
    values = np.full(len(HISTORY), np.nan)
    span = slice(max(span.start, span.stop - WINDOW), span.stop)
    d = lift[span] - level.mean
    n = len(d)
    values[0:3] = np.log1p(n), level.mean, np.sqrt(level.variance)
    if n == 0:
        return values
    near = d[-RECENT:]
    values[3:12] = (
        median(d), mean(d), median(near), mean(d[-3:]), d[-1],
        quantile(d, BEST), quantile(d, WORST), quantile(near, BEST), quantile(near, WORST),
    )  # fmt: skip
    if n > 2:
        values[12:14] = d.std(), near.std()
    if n > 3:
        place = np.arange(n) - (n - 1) / 2
        values[14] = (place * d).sum() / (place**2).sum()
    if n > 4:
        centred = d - mean(d)
        values[15] = mean(centred[1:] * centred[:-1]) / max(mean(centred**2), 1e-3)
    values[16:19] = _cadence(series.day[span])
    values[19:28] = _counts(series, span)
    values[28 : 28 + N_USUAL] = _means(content[span][:, _USUAL_AT])
    return values


def _cadence(day: FloatArray) -> tuple[float, float, float]:
    day = day[~np.isnan(day)]
    if len(day) < 2:
        return np.nan, np.nan, np.nan
    gaps = np.diff(day)
    return (
        float(np.log1p(day[-1] - day[0])),
        float(np.log(median(gaps) + 0.05)),
        float(np.log(median(gaps[-RECENT:]) + 0.05)),
    )


def _counts(series: Series, span: slice) -> list[float]:
    """Ratios between counts; the constants keep a post with a handful of likes from counting as extreme."""
    likes, comments = series.likes[span], series.comments[span]
    views, shares, size = series.views[span], series.shares[span], series.size[span]
    out = np.full(9, np.nan)
    if not np.all(np.isnan(comments)):
        share = np.log((comments + 1) / (likes + 10))
        out[0], out[1] = _mean(share), _mean(share[-RECENT:])
    if not np.all(np.isnan(views)):
        rate = np.log((likes + 1) / (views + 10))
        out[2], out[3] = _mean(rate), _mean(rate[-RECENT:])
        if series.basis.denominator == "followers":
            sized_views = np.log(views + 1) - size
            sized_views = sized_views[~np.isnan(sized_views)]
            middle = median(sized_views)
            out[5:9] = (
                middle,
                median(sized_views[-RECENT:]),
                quantile(sized_views, BEST),
                quantile(sized_views, 0.25) - middle,
            )
    if not np.all(np.isnan(shares)):
        out[4] = _mean(np.log((shares + 1) / (likes + 10))[-RECENT:])
    return [float(v) for v in out]


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return mean(known) if len(known) else np.nan


def _means(matrix: FloatArray) -> list[float]:
    return [_mean(matrix[:, j]) for j in range(matrix.shape[1])]


def compared_values(
    content: FloatArray, history: FloatArray, *, steps_ahead: int, days_ahead: float, expected: float, known: FloatArray
) -> FloatArray:
    """Columns of COMPARED for one predicted post. content : (len(POST),). history : (len(HISTORY),).

    expected : log rate expected of the post. known : (n,) of the known posts.
    """
    values = np.empty(len(COMPARED))
    values[:N_USUAL] = content[_USUAL_AT] - history[28 : 28 + N_USUAL]
    values[N_USUAL] = float(steps_ahead)
    values[N_USUAL + 1] = np.log1p(max(days_ahead, 0.0)) if not np.isnan(days_ahead) else np.nan
    values[N_USUAL + 2] = expected - mean(known) if len(known) else np.nan
    return values


def mean(values: FloatArray) -> float:
    """Mean of one value or more. numpy's own spends ten times the sum on finding out what it was given."""
    return float(np.add.reduce(values)) / len(values)


def median(values: FloatArray) -> float:
    """Median of one value or more, none NaN."""
    ordered = np.sort(values)
    n = len(ordered)
    return float(ordered[(n - 1) // 2] + ordered[n // 2]) / 2


def quantile(values: FloatArray, share: float) -> float:
    """Quantile of one value or more, none NaN; linear between order statistics."""
    ordered = np.sort(values)
    at = (len(ordered) - 1) * share
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (at - below))
