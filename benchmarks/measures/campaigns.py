"""What was foreseen of creators and what their next posts got: the material of simulated campaigns.

Each creator's older posts go through the head's own path, model and details, and the newer ones are kept as what came.
A platform's model is fitted on the older posts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from benchmarks.measures.next_posts import Split, newest_fifth, split_in_time
from scipy.optimize import minimize

from bonafit.campaign.candidates import COUNTS, Estimate
from bonafit.campaign.forecast import Planned, deviations
from bonafit.campaign.shapes import FARTHEST, LEVELS, SCORES, WIDTH_POWER, Shape
from bonafit.heads.engagement_quality.details import next_post
from bonafit.heads.engagement_quality.series import days
from bonafit.records import Creator
from bonafit.tables.arrays import FloatArray
from bonafit_training.contracts import Context
from bonafit_training.heads.engagement_quality.before_trees import Choices
from bonafit_training.heads.engagement_quality.fit import SETS, prepare
from bonafit_training.heads.engagement_quality.platform import fit_platform


@dataclass(frozen=True)
class Foreseen:
    """One creator before and after.

    detail : of engagement_quality, as `score` publishes it, as far as a campaign reads it.
    known  : (k, 3) likes, comments and views of the posts before, oldest first, NaN where hidden.
    day, counts : (n,) days and (n, 3) of those that came.
    """

    creator: str
    platform: str
    followers: int | None
    detail: Mapping[str, Any]
    known: FloatArray
    day: FloatArray
    counts: FloatArray


def cut(creators: Sequence[Creator], choices: Choices, *, at: datetime | None) -> Split:
    """Each creator's newest fifth, or the posts from an instant on, against what was before."""
    split = newest_fifth(creators, choices.basis) if at is None else split_in_time(creators, choices.basis, at)
    keep = [i for i, known in enumerate(split.cuts) if known and known < len(split.whole[i].posts)]
    return Split(split.train, [split.whole[i] for i in keep], [split.cuts[i] for i in keep])


def foresee(context: Context, platform: str, split: Split) -> list[Foreseen]:
    """Forecasts of a split's newer posts by a model of all the older ones."""
    _, _, choices = SETS[platform]
    fitted = fit_platform(prepare([c for c in split.train if c.posts], context.encoder), choices, seed=context.seed)
    model = fitted.model
    posts_asked = [
        msgspec.structs.replace(creator, posts=creator.posts[:known])
        for creator, known in zip(split.whole, split.cuts, strict=True)
    ]
    prepared = prepare(posts_asked, context.encoder)
    knowledge = model.know(prepared, [model.read(creator.creator) for creator in prepared])
    forecasts = model.forecast(prepared, knowledge)
    out = []
    for whole, cut_at, known, forecast in zip(split.whole, split.cuts, knowledge, forecasts, strict=True):
        middle = forecast.expected + forecast.lift
        detail = {
            "predicted_rate_interval": [float(np.exp(v)) for v in forecast.post],
            "typical_rate_interval": [float(np.exp(v)) for v in forecast.typical],
            "predicted_rate": float(np.exp(middle)),
            "next_post": next_post(known, forecast.post, middle),
        }
        counts = np.array([[getattr(p, name) for name in COUNTS] for p in whole.posts], dtype=np.float64)
        day = np.array([np.nan if p.posted_at is None else days(p.posted_at) for p in whole.posts])
        out.append(
            Foreseen(
                whole.creator_id, platform, whole.followers, detail, counts[:cut_at], day[cut_at:], counts[cut_at:]
            )
        )
    return out


# A booked creator's posts are the next ones.
NEXT_POSTS = 3
# Known posts with a count from which a creator is drawn; creators that a month needs.
LEAST_KNOWN, LEAST_IN_MONTH = 3, 20
DAYS_IN_MONTH = 30.4
# Share of a platform's month below which none is believed: the sets show three to seven months each.
LEAST_MONTH = 0.01
SIZES = (5, 20)
# Power of what is foreseen by which its errors weigh in a shape: by CRPS of sums over creators left out.
SUM_WEIGHT = 0.25
# By CRPS and P(target) of months foretold from those before.
FADING = 0.3
# Standardised errors under which a width, and an absolute error, no longer falls.
LEAST_WIDTH, SMOOTH = 0.05, 0.05


@dataclass(frozen=True)
class Case:
    """Next posts of one count: standardised log error, log of what was foreseen, creator, month, weight.

    A creator weighs foreseen^SUM_WEIGHT in all, since sums are made by those of whom much is foreseen, and a post less
    by FADING for each month that it is older than the newest.
    """

    error: FloatArray
    size: FloatArray
    creator: npt.NDArray[np.int64]
    month: npt.NDArray[np.int64]
    weight: FloatArray


def estimate(creator: Foreseen, count: str) -> Estimate | None:
    """What was foreseen of a count, where enough of it was known."""
    estimates = creator.detail["next_post"].get(count)
    if estimates is None or np.sum(~np.isnan(creator.known[:, COUNTS.index(count)])) < LEAST_KNOWN:
        return None
    low, high = estimates["interval"]
    return Estimate(value=estimates["value"], low=low, high=high) if low < estimates["value"] < high else None


def next_counts(creator: Foreseen, count: str) -> list[tuple[int, float]]:
    """Month and count of the next posts, as long as they are of the first one's month and counted."""
    out: list[tuple[int, float]] = []
    for day, value in zip(
        creator.day[:NEXT_POSTS].tolist(), creator.counts[:NEXT_POSTS, COUNTS.index(count)].tolist(), strict=True
    ):
        if np.isnan(day) or np.isnan(value):
            break
        month = int(day // DAYS_IN_MONTH)
        if out and month != out[0][0]:
            break
        out.append((month, value))
    return out


def cases(material: Sequence[Foreseen], count: str) -> Case:
    """Standardised log errors of every creator's next posts."""
    rows: list[tuple[float, float, int, int, float]] = []
    for i, foreseen_creator in enumerate(material):
        estimated, got = estimate(foreseen_creator, count), next_counts(foreseen_creator, count)
        for month, value in got if estimated is not None else ():
            error = float(np.log((value + 1) / (estimated.value + 1)))
            size, weight = np.log(estimated.value + 1), (estimated.value + 1) ** SUM_WEIGHT / len(got)
            rows.append((error / deviations(estimated)[int(error >= 0)] ** WIDTH_POWER, size, i, month, weight))
    error, sizes, creator, month, weights = np.array(rows).reshape(-1, 5).T
    if len(month):
        weights = weights * np.exp(-FADING * (month.max() - month))
    return Case(error, sizes, creator.astype(np.int64), month.astype(np.int64), weights)


def fit_shape(of: Case) -> Shape:
    """Quantiles of the errors, how they go with size, and what of their scores' variance creators and months hold."""
    size = float(np.average(of.size, weights=of.weight))
    far = np.clip(of.size - size, -FARTHEST, FARTHEST)
    tilt = _slope_of_medians(far, of.error, of.weight)
    level = of.error - tilt * far
    log_width = np.log(np.abs(level - np.median(level)) + LEAST_WIDTH)
    spread = float(np.polyfit(far, log_width, 1, w=np.sqrt(of.weight))[0])
    error = level / np.exp(spread * far)
    order = np.argsort(error)
    rank = (np.cumsum(of.weight[order]) - of.weight[order] / 2) / of.weight.sum()
    quantiles = np.interp(LEVELS, rank, error[order])
    scores = np.interp(error, quantiles, SCORES)
    _, first, place, n = np.unique(of.creator, return_index=True, return_inverse=True, return_counts=True)
    mean = np.bincount(place, scores) / n
    within = float(np.sum(np.square(scores - mean[place])) / max(int(np.sum(n - 1)), 1))
    between = max(float(np.mean(np.square(mean) - within / n) - np.mean(mean) ** 2), 1e-3)
    means, noise = [], []
    for month in np.unique(of.month[first]).tolist():
        of_month = mean[of.month[first] == month]
        if len(of_month) >= LEAST_IN_MONTH:
            means.append(float(of_month.mean()))
            noise.append(float(of_month.var() / len(of_month)))
    month_share = float(np.mean(np.square(means)) - np.mean(noise)) if len(means) > 1 else 0.0
    month_share = max(month_share, LEAST_MONTH)
    return Shape(
        tuple(np.round(quantiles, 2).tolist()),
        round(between / (between + within), 2),
        round(month_share, 4),
        size=round(size, 2),
        tilt=round(tilt, 3),
        spread=round(spread, 3),
    )


def _slope_of_medians(x: FloatArray, y: FloatArray, weight: FloatArray) -> float:
    """Slope of the line with the least weighted absolute errors, smoothed near zero so that it has one least."""

    def loss(line: FloatArray) -> float:
        rest = y - line[0] - line[1] * x
        return float(np.average(np.sqrt(np.square(rest) + SMOOTH**2), weights=weight))

    return float(minimize(loss, np.zeros(2), method="L-BFGS-B").x[1])


@dataclass(frozen=True)
class Campaign:
    """A list of one month with what came. simple : what the trade's rules say of the same posts, by name."""

    plan: list[Planned]
    came: float
    simple: Mapping[str, float]


def campaigns(material: Sequence[Foreseen], count: str, n: int, *, seed: int) -> Iterator[Campaign]:
    """Campaigns of SIZES creators drawn from one month, each with one to three of their next posts.

    followers_x_rate : the mean of the last twelve posts, which is what followers times the mean rate comes to where
    followers are as they were. own_last_8 : the median of the last eight.
    """
    rng = np.random.default_rng(seed)
    months: dict[int, list[int]] = {}
    estimates = [estimate(creator, count) for creator in material]
    got = [next_counts(creator, count) for creator in material]
    for i, creator_counts in enumerate(got):
        if estimates[i] is not None and creator_counts:
            months.setdefault(creator_counts[0][0], []).append(i)
    usable = sorted(month for month, of_month in months.items() if len(of_month) >= LEAST_IN_MONTH)
    weight = np.array([len(months[month]) for month in usable], dtype=np.float64)
    for _ in range(n):
        drawn = months[usable[rng.choice(len(usable), p=weight / weight.sum())]]
        plan, came, by_rate, last = [], 0.0, 0.0, 0.0
        for i in rng.choice(drawn, size=int(rng.integers(SIZES[0], SIZES[1] + 1)), replace=False).tolist():
            posts = min(len(got[i]), int(rng.integers(1, NEXT_POSTS + 1)))
            known = material[i].known[:, COUNTS.index(count)]
            known = known[~np.isnan(known)]
            came += sum(value for _, value in got[i][:posts])
            by_rate += posts * float(np.mean(known[-12:]))
            last += posts * float(np.median(known[-8:]))
            name, platform = material[i].creator, material[i].platform
            plan.append(
                Planned(creator_id=name, label=name, platform=platform, posts=posts, counts={count: estimates[i]})
            )
        yield Campaign(plan, came, {"followers_x_rate": by_rate, "own_last_8": last})
