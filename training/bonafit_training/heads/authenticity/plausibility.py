"""Reference distributions of engagement, and how often planted anomalies are found in genuine series."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.plausibility import POSTS, STATISTICS, Plausibility, Reference, combined_p, statistics
from bonafit_training.data.authenticity import Series

FloatArray = npt.NDArray[np.float64]

QUANTILES = 201
# Figures whose expectation rises with followers, and the degree of the curve: least squares, degrees 1 to 3 within
# .01 of each other in held-out absolute error on tiktok_2020.
CURVES = {"like_level": 2, "likes_to_comments": 1}


def newest(series: Series) -> tuple[FloatArray, FloatArray]:
    """Likes and comments of the posts the figures look at."""
    return series.likes[-POSTS:], series.comments[-POSTS:]


def fit_reference(series: Sequence[Series], *, names: Sequence[str] | None = None) -> Reference:
    """Reference of all figures, or of `names` only, among these creators."""
    raw = [(np.log10(max(s.followers, 1.0)), statistics(*newest(s))) for s in series]
    sizes = np.array([size for size, figures in raw if figures])
    curves: dict[str, tuple[float, ...]] = {}
    quantiles: dict[str, FloatArray] = {}
    for column in STATISTICS:
        name = column.name
        if names is not None and name not in names:
            continue
        pairs = np.array([(size, figures[name]) for size, figures in raw if name in figures])
        if len(pairs) < 100:
            continue
        values = pairs[:, 1]
        if name in CURVES:
            curve = np.polyfit(pairs[:, 0], values, CURVES[name])
            curves[name] = tuple(float(c) for c in curve)
            values = values - np.polyval(curve, pairs[:, 0])
        quantiles[name] = np.quantile(values, np.linspace(0, 1, QUANTILES))
    low, high = np.quantile(sizes, [0.01, 0.99])
    return Reference((float(low), float(high)), curves, quantiles)


def fit_plausibility(by_platform: dict[str, list[Series]], shared: Sequence[Series]) -> Plausibility:
    """References by platform; `any` carries the figures that need no expectation, from `shared`."""
    free = [c.name for c in STATISTICS if c.name not in CURVES]
    references = {platform: fit_reference(series) for platform, series in by_platform.items()}
    references["any"] = fit_reference(shared, names=free)
    return Plausibility(references)


@dataclass(frozen=True)
class Plant:
    """One kind of planted anomaly: a genuine series and a dose to a strange one."""

    name: str
    apply: Callable[[Series, float, np.random.Generator], Series]


def bought_likes(series: Series, dose: float, rng: np.random.Generator) -> Series:
    """On a random third of the posts, likes rise by dose x the median, packages of nearly equal size."""
    likes = series.likes.copy()
    chosen = rng.random(len(likes)) < 1 / 3
    package = dose * float(np.nanmedian(likes))
    likes[chosen] += np.round(package * rng.normal(1, 0.05, int(chosen.sum())))
    return Series(series.followers, likes, series.comments, series.hours, series.hashtags)


def likes_on_all_posts(series: Series, dose: float, rng: np.random.Generator) -> Series:
    """Every post gets a package of dose x the median likes."""
    package = dose * float(np.nanmedian(series.likes))
    likes = series.likes + np.round(package * rng.normal(1, 0.05, len(series.likes)))
    return Series(series.followers, likes, series.comments, series.hours, series.hashtags)


def bought_followers(series: Series, dose: float, rng: np.random.Generator) -> Series:
    """Followers rise by dose; those bought neither like nor comment."""
    return Series(series.followers * (1 + dose), series.likes, series.comments, series.hours, series.hashtags)


def pod(series: Series, dose: float, rng: np.random.Generator) -> Series:
    """A group comments and likes under every post: dose x the median comments, as many likes."""
    members = max(1.0, dose * float(np.nanmedian(series.comments)))
    extra = np.round(members * rng.uniform(0.8, 1.0, len(series.likes)))
    return Series(series.followers, series.likes + extra, series.comments + extra, series.hours, series.hashtags)


PLANTS = (
    Plant("likes bought for a third of the posts", bought_likes),
    Plant("likes bought for every post", likes_on_all_posts),
    Plant("followers bought", bought_followers),
    Plant("pod", pod),
)
DOSES = (0.05, 0.2, 0.5, 1.0, 2.0)
ALARMS = (0.01, 0.05)


def strangeness(series: Series, reference: Reference) -> float:
    """Combined p-value of one series; 1 where nothing can be judged.

    Without the floor that the head's evidence has: strange genuine series would tie with planted ones there.
    """
    tails = reference.tails(reference.residuals(statistics(*newest(series)), series.followers), smallest=0.0)
    return combined_p(tails)


def power_table(series: Sequence[Series], *, seed: int) -> Iterator[tuple[str, float, float, float, int]]:
    """Plant, dose, false-alarm rate, detection rate and number of series.

    The reference comes from one half of the creators, alarms and plants from the other. The alarm threshold is the
    quantile of the untouched half's own p-values, ties broken against detection.
    """
    rng = np.random.default_rng(seed)
    usable = [s for s in series if statistics(*newest(s))]
    order = rng.permutation(len(usable))
    half = len(usable) // 2
    reference = fit_reference([usable[i] for i in order[:half]])
    test = [usable[i] for i in order[half:]]
    clean = np.array([strangeness(s, reference) for s in test])
    for plant in PLANTS:
        for dose in DOSES:
            strange = np.array([strangeness(plant.apply(s, dose, rng), reference) for s in test])
            for alarm in ALARMS:
                threshold = float(np.sort(clean)[int(alarm * len(clean))])
                yield plant.name, dose, alarm, float(np.mean(strange < threshold)), len(test)


def alarm_rate(model: Plausibility, series: Sequence[Series], platform: str, *, level: float) -> tuple[float, int]:
    """Share of genuine series whose combined p-value lies under `level`, as the head judges them, and their number."""
    found = [model.judge(*newest(s), s.followers, platform) for s in series]
    judged = [combined_p({name: (rank, tail) for name, (_, rank, tail) in f.items()}) for f in found if f]
    return float(np.mean(np.array(judged) < level)), len(judged)
