"""Own lifts over the curve: of the rates, and of what comments bear out, by the least favourable reading of the order.

What comments bear out is the level of the comments for each follower or view alone, against the usual comments for the
usual rate. Likes are no part of it, on whichever posts they were bought.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec
import numpy as np

from bonafit.heads.engagement_quality.channels import (
    FEW,
    LEAST_POSTS,
    NORMAL,
    ChannelNorm,
    Lifts,
    below_shown,
    spread_of,
    switched_off,
)
from bonafit.heads.engagement_quality.history import WINDOW
from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.level import Level, LevelParameters, own_levels
from bonafit.heads.engagement_quality.platform_model import PlatformModel
from bonafit.heads.engagement_quality.series import Series
from bonafit.tables.arrays import BoolArray, FloatArray, IntArray

# Days between two posts of whom no date is known, at the most that is usual.
UNKNOWN_GAP = 7.0

# Lift that counts as a deviation of creators at sizes that the curve knows nothing of: genuine accounts of purba_2020
# with 1,000 to 100,000 followers vary by 1.2 around that of instagram_2017, and lie up to 1.6 off it by their size.
OUTSIDE_SPREAD = 2.0


def over_the_curve(model: PlatformModel, known: Known) -> Known:
    """The posts read against the curve alone, where the model expects more or less of their content."""
    if model.content is None:
        return known
    series = known.series
    expected = model.curve(series.size if series.basis.denominator == "followers" else np.full(len(series), np.nan))
    lift = series.y - expected
    levels = own_levels(lift, series.day, level_parameters(model, series))
    return replace(known, expected=expected, lift=lift, levels=levels)


def lifts_of(model: PlatformModel, known: Known, norms: Mapping[str, ChannelNorm]) -> Lifts:
    """Both lifts at the creator's size: the better of followers then and followers of now, log ratios.

    known : as `over_the_curve` gives it. Followers that have left since do not count against a creator, and hiding a
    follower history cannot pay. Where the order of the posts, or how old they were when read, is not known, the reading
    that gives the least counts.
    """
    series, norm = known.series, norms.get("comments")
    if not len(series):
        return Lifts(known.levels[-1].mean, None)
    parameters = level_parameters(model, series)
    sizes = [series.size]
    if series.normalised and not math.isnan(series.size_now):
        sizes.append(np.full(len(series), series.size_now))
    engaged = series.y + series.size
    shown = _shown(series)
    readings, growing = [], 0
    for order, day in _readings(series):
        growing = max(growing, len(series) - len(order))
        own = max(_level(model, engaged, size, parameters, day[order], order).mean for size in sizes)
        shown_order = order[shown[order]]
        if norm is None or len(shown_order) < min(LEAST_POSTS, len(order)):
            readings.append(Lifts(own, None))
            continue
        counts = np.log(series.comments + FEW)
        wider = _of_comments(parameters, spread_of(norm, "comments"))
        levels = [
            _level(model, counts - _usual(norm, series, s), s, wider, day[shown_order], shown_order) for s in sizes
        ]
        best = max(levels, key=lambda level: level.mean)
        hidden = 1 - len(shown_order) / len(order)
        lower = below_shown((counts - series.size)[shown_order][-WINDOW:], hidden, least=math.sqrt(wider.noise))
        readings.append(Lifts(own, best.mean - lower, math.sqrt(best.variance)))
    if any(reading.borne is None for reading in readings):
        return Lifts(min(reading.own for reading in readings), None, growing=growing)
    least = min(readings, key=lambda reading: reading.borne or 0.0)
    return msgspec.structs.replace(least, growing=growing)


def level_of(model: PlatformModel, series: Series, lift: float) -> float:
    """An own lift over the curve in deviations of creators."""
    by_followers = series.basis.denominator == "followers" and not math.isnan(series.size_now)
    if by_followers and not model.curve.covers(series.size_now):
        return lift / OUTSIDE_SPREAD
    return NORMAL.inv_cdf(float(model.standing(np.array([lift]))[0]))


def level_parameters(model: PlatformModel, series: Series) -> LevelParameters:
    """The model's own, with the spread of creators around the curve alone where it expects more of the content."""
    p = model.level
    if model.content is None:
        return p
    between = max(p.between, model.curve.spread_at(series.size_now) ** 2)
    return LevelParameters(p.noise, between, p.drift_day, p.drift_post, p.bound)


def _of_comments(p: LevelParameters, spread: float) -> LevelParameters:
    """Of comments: creators and posts vary in them by what they vary in likes, and again in comments for each like."""
    return LevelParameters(2 * p.noise, p.between + spread**2, p.drift_day, p.drift_post, p.bound)


def _level(
    model: PlatformModel, counts: FloatArray, size: FloatArray, p: LevelParameters, day: FloatArray, order: IntArray
) -> Level:
    """Own level of log counts over the curve at these log sizes, of the posts of `order`. day : of those."""
    by_followers = model.basis.denominator == "followers"
    expected = model.curve(size if by_followers else np.full(len(size), np.nan))
    return own_levels((counts - size - expected)[order], day, p)[-1]


def _usual(norm: ChannelNorm, series: Series, size: FloatArray) -> FloatArray:
    """Usual log share of comments for each post at these log sizes."""
    by_followers = series.basis.denominator == "followers"
    return np.array([norm.usual(at if by_followers else math.nan) for at in size.tolist()])


def _shown(series: Series) -> BoolArray:
    """Which posts show comments, (n,); none where they are switched off."""
    ok = ~np.isnan(series.comments)
    newest = slice(max(len(series) - WINDOW, 0), None)
    if switched_off(series.likes[newest][ok[newest]], series.comments[newest][ok[newest]]):
        ok[:] = False
    return ok


def _readings(series: Series) -> Iterator[tuple[IntArray, FloatArray]]:
    """Orders in which the posts may have come, oldest first, without those that may have been read while they grew;
    each with the days of all posts."""
    every, undated = np.arange(len(series), dtype=np.int64), np.isnan(series.day)
    yield every, series.day
    if np.all(undated):
        # as they stand or the other way round, and so slowly posted that older ones hardly count
        yield every[::-1], series.day
        yield every, UNKNOWN_GAP * every.astype(np.float64)
        yield every[::-1], -UNKNOWN_GAP * every.astype(np.float64)
        return
    if np.any(undated):
        yield np.concatenate([every[undated][::-1], every[~undated]]), series.day
        yield np.concatenate([every[~undated], every[undated]]), series.day
    growing = np.isnan(series.age) & (series.day > np.nanmax(series.day) - series.basis.settled_days)
    for newest in range(len(every) - 1, 0, -1):
        if not growing[newest]:
            return
        yield every[:newest], series.day
