"""Features of a creator's posts for a brief."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bonafit.heads.niche_fit.reference import unit_length
from bonafit.heads.niche_fit.view import BriefView, is_comparable
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray

# A post is on the niche when it is nearer to the brief than 93 % of posts at large (1.5 deviations).
ON_NICHE = 1.5
# Posts that a claim needs, set by hand: with n posts, similarities shrink towards the reference by n / (n +
# PRIOR_POSTS).
PRIOR_POSTS = 3.0
# Share of the posts that `best_posts` is over, the nearest ones: of two sets with posts, each left out, three in ten
# rank better than the five nearest, by .011 and .010 of AUC.
BEST_SHARE = 0.3
# Days after which a post counts half in `recent_fit`, counted back from the creator's newest post; set by hand, and the
# column has no weight (decision 013).
HALF_LIFE_DAYS = 60.0
# What English texts as near to an English brief share of its words with it: mean over 23,790 pairs of instagram_2017's
# English creators with its brands and companies of shark_tank_brands. It stands for the words of texts in another
# language than the brief's, which share none however near they are, and would else be taken for distant.
NEAR, WORDS_NEAR = (0.0, 1.2, 2.1, 2.9, 3.6, 4.4), (0.02, 0.03, 0.05, 0.10, 0.17, 0.27)
ON, POSTS_ON = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8), (0.035, 0.05, 0.075, 0.13, 0.18, 0.26)


def post_features(
    creator: Prepared, view: BriefView, posts: npt.NDArray[np.intp], z: FloatArray, words: Sequence[set[str]]
) -> tuple[dict[str, float], dict[str, float]]:
    """Values of the columns of posts, by name, and their standard errors from the number of posts read.

    creator : with levelled vectors. posts : places of the units that count, one at least. z : (n_units, 1 + n_facets)
    deviations. words : of each unit the brief's telling words.
    """
    values: dict[str, float] = {}
    n = len(posts)
    shrink = n / (n + PRIOR_POSTS)
    own = z[posts]
    near = own[:, 0]
    centre = unit_length(creator.vectors[posts].mean(axis=0, dtype=np.float64))
    values["post_fit"] = shrink * (float(centre @ view.query) - view.centre_mean) / view.centre_sd
    ranked = np.sort(own, axis=0)[::-1]
    best = math.ceil(BEST_SHARE * n)
    values["best_posts"] = float(ranked[:best, 0].sum()) / (best + 1)
    on = near >= ON_NICHE
    values["share_on_niche"] = float(np.count_nonzero(on)) / (n + PRIOR_POSTS)
    columns = [1 + i for i in view.wanted]
    values["facet_coverage"] = float(ranked[:3, columns].sum()) / (3 * len(columns))
    values["recent_fit"], values["steady_fit"] = _over_time(creator, posts, near, shrink)
    post_words: set[str] = set().union(*(words[i] for i in posts))
    values["words_shared"] = view.cost_of(post_words)
    values["posts_with_words"] = sum(1 for i in posts if words[i]) / (n + PRIOR_POSTS)
    comparable = sum(map(is_comparable, (creator.units[i] for i in posts))) / n if view.in_words else 0.0
    if comparable < 1:
        for name, reached, xs, ys in (
            ("words_shared", values["facet_coverage"], NEAR, WORDS_NEAR),
            ("posts_with_words", values["share_on_niche"], ON, POSTS_ON),
        ):
            usual = float(np.interp(reached, xs, ys))
            values[name] = max(values[name], comparable * values[name] + (1 - comparable) * usual)
    # Posts are a sample of what the creator does; a mean over n of them is that uncertain.
    deviation = float(near.std()) if n > 1 else 1.0
    error = shrink * max(deviation, 0.5) / np.sqrt(n)
    errors = dict.fromkeys(("post_fit", "recent_fit", "steady_fit"), error)
    share = values["share_on_niche"]
    errors["share_on_niche"] = float(np.sqrt(share * (1 - share) / (n + PRIOR_POSTS)))
    return values, errors


def _over_time(creator: Prepared, posts: npt.NDArray[np.intp], near: FloatArray, shrink: float) -> tuple[float, float]:
    """Recency-weighted mean and the lowest quarter's mean of `near`; NaN where posts carry too few dates."""
    stamps = [creator.units[i].at for i in posts]
    dated = [k for k, at in enumerate(stamps) if at is not None]
    if len(dated) < 4:
        return float("nan"), float("nan")
    newest = max(at for at in stamps if at is not None)
    ages = np.array([(newest - at).total_seconds() for at in stamps if at is not None]) / 86_400.0
    values = near[dated]
    weights = np.exp2(-ages / HALF_LIFE_DAYS)
    recent = shrink * float(weights @ values) / float(weights.sum())
    ordered = values[np.argsort(ages, kind="stable")]
    starts = [k * len(ordered) // 4 for k in range(5)]
    quarters = [float(ordered[a:b].sum()) / (b - a) for a, b in pairwise(starts)]
    return recent, shrink * min(quarters)
