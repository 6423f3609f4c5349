"""Edges of genuine engagement: how many likes for each comment and each view, over the public sets of each platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bonafit.heads.authenticity.plausibility import POSTS, Norms
from bonafit.tables.arrays import FloatArray
from bonafit_training.data.authenticity import Series

# Genuine creators of a set that stay under the edge.
UNDER = 0.95
LEAST_POSTS = 8
# Mean likes of a post under which a ratio is chance.
LEAST_LIKES = 50
QUANTILES = 41
Pairs = tuple[FloatArray, FloatArray]


def creator_ratio(of: FloatArray, by: FloatArray) -> float:
    """Mean logarithm of a ratio over one creator's newest posts that show both figures.

    of, by : (posts,) counts, oldest first, NaN where unknown. NaN for under 8 posts, under 50 likes a post on average,
    or where the other figure is nowhere above zero, as where comments are switched off.
    """
    of, by = of[-POSTS:], by[-POSTS:]
    known = ~(np.isnan(of) | np.isnan(by))
    if known.sum() < LEAST_POSTS or of[known].mean() < LEAST_LIKES or not by[known].any():
        return float("nan")
    return float(np.mean(plain_ratio(of[known], by[known])))


def plain_ratio(of: FloatArray, by: FloatArray) -> FloatArray:
    """Logarithm of a ratio of counts; a fifth of a comment keeps it finite."""
    return np.asarray(np.log((of + 1) / (by + 0.2)))


def fit_norms(series: Mapping[str, Sequence[Series]], means: Mapping[str, Pairs]) -> Norms:
    """Edges over the platforms, and quantiles by platform.

    One line serves all: the edge of comments is the mean of the platforms' own, that of views the largest, since a
    video platform's creators beyond it would gain by hiding their views.

    series : platform -> creators with posts. means : platform -> mean likes and mean comments a post of accounts whose
    single posts are not published, (n,) each.
    """
    comments = {name: np.array([creator_ratio(s.likes, s.comments) for s in cs]) for name, cs in series.items()}
    comments |= {
        name: plain_ratio(likes, comment_counts)[(likes >= LEAST_LIKES) & (comment_counts > 0)]
        for name, (likes, comment_counts) in means.items()
    }
    views = {name: np.array([creator_ratio(s.likes, s.views) for s in creators]) for name, creators in series.items()}
    grid = np.linspace(0, 1, QUANTILES)
    return Norms(
        comments_edge=float(np.mean([np.nanquantile(v, UNDER) for v in comments.values()])),
        views_edge=max(float(np.nanquantile(v, UNDER)) for v in views.values()),
        usual={name: tuple(float(q) for q in np.nanquantile(v, grid)) for name, v in comments.items()},
    )
