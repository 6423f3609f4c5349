"""Are these likes and comments plausible for this creator? Tail probabilities against genuine creators.

Five figures of a creator's latest posts are compared with their distribution among reference creators. The smallest
tail probability, times the number of tails looked at (Bonferroni), becomes evidence by the bound of Sellke, Bayarri &
Berger (American Statistician 55, 2001): a p-value p can multiply the odds by no less than -e p ln p. Plausible
engagement never counts in favour: anybody can be ordinary.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_model import Tables
from bonafit.heads.columns import Column

FloatArray = npt.NDArray[np.float64]

# Posts looked at, newest first, and the fewest that say something about a habit.
POSTS = 30
LEAST_POSTS = 8
# Beyond its outer hundredth the reference is continued by an exponential tail with the mean excess seen there (peaks
# over threshold, Pickands, Annals of Statistics 3, 1975, with shape 0), down to this.
EXTREME = 0.01
SMALLEST_TAIL = 1e-6

STATISTICS = (
    Column("like_level", "log10 ratio", 0, "median likes of a post against what its followers predict"),
    Column("like_spread", "log10 ratio", 0, "spread of likes over posts (robust)"),
    Column("likes_to_comments", "log10 ratio", 0, "likes for each comment against what its followers predict"),
    Column("like_comment_link", "cosine", 0, "how far likes and comments rise together (rank correlation)"),
    Column("lone_like_peaks", "log10 ratio", 0, "largest excess of likes over what the comments of that post predict"),
)
# Which tail is suspicious: -1 low, +1 high, 0 both.
TAILS = {"like_level": 0, "like_spread": -1, "likes_to_comments": 0, "like_comment_link": -1, "lone_like_peaks": 1}
N_TAILS = sum(2 if tail == 0 else 1 for tail in TAILS.values())


def statistics(likes: FloatArray, comments: FloatArray) -> dict[str, float]:
    """Raw figures of one creator's posts; empty for fewer than 8 posts with likes.

    likes, comments : (n,) counts, NaN where unknown.
    """
    known = ~np.isnan(likes)
    likes, comments = likes[known], comments[known]
    if len(likes) < LEAST_POSTS:
        return {}
    x = np.log10(likes + 1)
    out = {"like_level": float(np.median(x)), "like_spread": _robust_sd(x)}
    both = ~np.isnan(comments)
    if both.sum() < LEAST_POSTS or np.median(comments[both]) < 1:
        return out
    x, c = x[both], np.log10(comments[both] + 1)
    out["likes_to_comments"] = float(np.median(x - c))
    out["like_comment_link"] = _rank_correlation(x, c)
    # half of a log unit of likes for one of comments: the slope lies near .5 in every set, and a fixed one is stable
    excess = x - 0.5 * c
    out["lone_like_peaks"] = float(np.quantile(excess, 0.9) - np.median(excess))
    return out


def _robust_sd(x: FloatArray) -> float:
    return float(1.4826 * np.median(np.abs(x - np.median(x))))


def _rank_correlation(a: FloatArray, b: FloatArray) -> float:
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    ranks = [np.argsort(np.argsort(v, kind="stable"), kind="stable").astype(np.float64) for v in (a, b)]
    x, y = (r - r.mean() for r in ranks)
    return float(np.sum(x * y) / math.sqrt(float(np.sum(x * x)) * float(np.sum(y * y))))


class Reference(msgspec.Struct, frozen=True):
    """Distribution of the five figures among creators of one set.

    followers : (low, high) range of log10 followers it covers.
    curves    : coefficients of the expectation over log10 followers (numpy.polyval), for the figures that have one.
    quantiles : (q,) increasing reference values of each figure, less its expectation.
    """

    followers: tuple[float, float]
    curves: dict[str, tuple[float, ...]]
    quantiles: dict[str, FloatArray]

    def residuals(self, raw: Mapping[str, float], followers: float | None) -> dict[str, float]:
        """Figures less their expectation; a figure whose expectation is not covered is left out."""
        size = None if followers is None else math.log10(max(followers, 1.0))
        inside = size is not None and self.followers[0] <= size <= self.followers[1]
        out = {}
        for name, value in raw.items():
            if name not in self.quantiles:
                continue
            if name not in self.curves:
                out[name] = value
            elif inside and size is not None:
                out[name] = value - _polynomial(self.curves[name], size)
        return out

    def tails(
        self, residuals: Mapping[str, float], *, smallest: float = SMALLEST_TAIL
    ) -> dict[str, tuple[float, float]]:
        """Percentile and tail probability of each figure, no tail below `smallest`."""
        out = {}
        for name, value in residuals.items():
            q = self.quantiles[name]
            rank = float(np.searchsorted(q, value, side="left") + np.searchsorted(q, value, side="right")) / 2 / len(q)
            low, high = _upper_tail(-q[::-1], -value, smallest), _upper_tail(q, value, smallest)
            out[name] = (rank, low if TAILS[name] < 0 else high if TAILS[name] > 0 else min(low, high))
        return out


def _upper_tail(q: FloatArray, value: float, smallest: float) -> float:
    """Probability in the reference, given by increasing quantiles q, of at least `value`."""
    k = max(1, round(EXTREME * (len(q) - 1)))
    edge = float(q[-1 - k])
    if value < edge:
        upto = float(np.interp(value, q, np.linspace(0, 1, len(q))))
        return max(EXTREME, 1 - upto)
    excess = max(float(np.mean(q[-1 - k :]) - edge), 1e-6)
    return max(smallest, EXTREME * math.exp(-(value - edge) / excess))


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    total = 0.0
    for c in coefficients:
        total = total * x + c
    return total


def combined_p(tails: Mapping[str, tuple[float, float]]) -> float:
    """p-value in (0, 1] of the strangest figure among those seen, Bonferroni over all tails."""
    return min(1.0, N_TAILS * min(p for _, p in tails.values())) if tails else 1.0


def bayes_bound(p: float) -> float:
    """Log-odds, at most 0, that a p-value takes from "nothing strange" at the very most."""
    return math.log(-math.e * p * math.log(p)) if p < 1 / math.e else 0.0


class Plausibility:
    """References by platform; `any` holds what does not depend on the platform.

    A figure counts as strange only where it is strange against every reference that covers it, and the platform's label
    moves no score: spread and level of likes differ more between platforms and years than between genuine and bought,
    so a creator of a place without a reference of its own would be judged for the place.
    """

    def __init__(self, references: Mapping[str, Reference]) -> None:
        self.references = dict(references)

    def judge(
        self, likes: FloatArray, comments: FloatArray, followers: float | None, platform: str | None
    ) -> dict[str, tuple[float, float, float]]:
        """Value less expectation, percentile and tail probability of each figure; empty where nothing can be judged.

        The tail is the largest over the references; value and percentile are those on the creator's own platform where
        it has a reference, else those behind the tail.
        """
        raw = statistics(likes, comments)
        found: dict[str, tuple[float, float, float]] = {}
        own: dict[str, tuple[float, float]] = {}
        for name in sorted(self.references):
            reference = self.references[name]
            residuals = reference.residuals(raw, followers)
            for figure, (rank, tail) in reference.tails(residuals).items():
                if figure not in found or tail > found[figure][2]:
                    found[figure] = (residuals[figure], rank, tail)
                if name == (platform or "").lower():
                    own[figure] = (residuals[figure], rank)
        return {figure: (*own.get(figure, (value, rank)), tail) for figure, (value, rank, tail) in found.items()}

    def to_bundle(self, prefix: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section: dict[str, Any] = {}
        tables: dict[str, npt.NDArray[np.generic]] = {}
        for platform, reference in self.references.items():
            section[platform] = {"followers": list(reference.followers), "curves": reference.curves}
            for name, values in reference.quantiles.items():
                tables[f"{prefix}.{platform}.{name}"] = values
        return section, tables

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables, prefix: str) -> Plausibility:
        references = {}
        for platform, part in section.items():
            start = f"{prefix}.{platform}."
            quantiles = {k[len(start) :]: v.astype(np.float64) for k, v in tables.items() if k.startswith(start)}
            curves = {name: tuple(float(c) for c in values) for name, values in part["curves"].items()}
            low, high = part["followers"]
            references[platform] = Reference((float(low), float(high)), curves, quantiles)
        return cls(references)
