"""Engagement where it was not trained: the own level with parameters of other sets, beside the simplest rules.

Nothing is known of the left-out set or its platform: what a post varies by, how fast a level drifts and where
creators start comes from the other sets. Differences of R2 come with the interval of a bootstrap over creators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from benchmarks.registry import Suite
from msgspec.structs import replace
from scipy.stats import spearmanr

from bonafit.bundle.resolve import newest_bundle
from bonafit.heads.engagement_quality.head import EngagementQualityHead
from bonafit.heads.engagement_quality.interval import adapted, cell_of
from bonafit.heads.engagement_quality.level import LEAST_BETWEEN, LevelParameters, own_levels
from bonafit.heads.engagement_quality.series import Basis, Series, read_series
from bonafit.prepared import no_brief, without_texts
from bonafit.records import Creator
from bonafit.scorer.scorer import Scorer
from bonafit.tables.arrays import FloatArray
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.engagement import (
    read_instafake_series,
    read_instagram_2017,
    read_tiktok_2020,
    read_youtube_charts,
)
from bonafit_training.heads.engagement_quality.before_trees import fit_level

SUITE = "leave_one_set_out"
ROOT = Path(__file__).resolve().parents[2]
NEWEST, LAST, LONG = 0.2, 8, 8
# Newest known posts of the learning curve, asked of the same creators as far as so many have them.
# Posts of a cell from which its coverage is told, posts ahead from which their median is another thing than one post.
LEAST_CELL, LEAST_AHEAD, TYPICAL = 200, 3, "typical rate"
KNOWN, LEAST_CREATORS = (8, 16, 32, 64, 128, 256), 100
NORMAL_90 = 1.645
BOOTSTRAPS = 1_000
# The sets by name, how they are read, what is predicted, and whether they may train (InstaFake's licence forbids it).
SETS: Mapping[str, tuple[Callable[[Path], list[Creator]], Basis, bool]] = {
    "tiktok_2020": (read_tiktok_2020, Basis("likes_comments", "followers"), True),
    "instagram_2017": (read_instagram_2017, Basis("likes", "followers"), True),
    "youtube_charts_2026": (read_youtube_charts, Basis("likes_comments", "views", settled_days=0.0), True),
    "instafake_2019_genuine_post_series": (read_instafake_series, Basis("likes_comments", "followers"), False),
}
RULES: Mapping[str, Callable[[FloatArray], float]] = {
    "own_median": lambda y: float(np.median(y)),
    "own_mean": lambda y: float(np.mean(y)),
    "own_last_8": lambda y: float(np.median(y[-LAST:])),
}


def left_out(name: str) -> Suite:
    """The suite of one set."""

    def rows(context: Context) -> Iterator[Row]:
        training_sets = [
            s for other, (_, _, trains) in SETS.items() if other != name and trains for s in _read(other, context)
        ]
        start = float(np.median([np.median(s.y) for s in training_sets]))
        own = [np.full(len(s), float(np.median(s.y))) for s in training_sets]
        level = fit_level(training_sets, own, seed=context.seed, least_between=LEAST_BETWEEN)
        test = [(s, len(s) - max(int(len(s) * NEWEST), 1)) for s in _read(name, context)]
        predicted = {OURS: [start + own_levels(s.y[:cut] - start, s.day[:cut], level)[-1].mean for s, cut in test]}
        predicted |= {rule: [function(s.y[:cut]) for s, cut in test] for rule, function in RULES.items()}
        every = np.ones(len(test), dtype=bool)
        bounds = [_bounds(s, cut, start, level) for s, cut in test]
        for part, take in (("all", every), ("8+", np.array([cut >= LONG for _, cut in test]))):
            cases = [test[i] for i in np.flatnonzero(take).tolist()]
            values = {method: np.array(of_method)[take] for method, of_method in predicted.items()}
            yield from _figures(name, part, cases, values, context.seed)
            yield from _coverage(name, part, cases, [bounds[i] for i in np.flatnonzero(take).tolist()])
        yield from _cells(name, test, bounds)
        yield from _typical(name, test, bounds)
        yield from _learning(name, test, start, level)
        yield from _ranks(name, context)

    return rows


def _learning(name: str, test: Sequence[tuple[Series, int]], start: float, level: LevelParameters) -> Iterator[Row]:
    """Error of the own level from each creator's newest known posts, more and more of them."""
    known = [k for k in KNOWN if sum(cut >= k for _, cut in test) >= LEAST_CREATORS]
    for k in known:
        errors = [
            s.y[cut:] - start - own_levels(s.y[cut - k : cut] - start, s.day[cut - k : cut], level)[-1].mean
            for s, cut in test
            if cut >= known[-1]
        ]
        error = np.concatenate(errors)
        yield _row(name, f"known={k}", OURS, "mae", float(np.abs(error).mean()), len(error))


def _bounds(series: Series, cut: int, start: float, level: LevelParameters) -> Mapping[str, tuple[float, float]]:
    """90 % intervals, log rate: of a next post by what posts of the other sets vary, and adapted to the own errors; of
    the median of those ahead, wider than what a median varies by as far as the own errors are.
    """
    lift = series.y[:cut] - start
    levels = own_levels(lift, series.day[:cut], level)
    middle, reach = start + levels[-1].mean, NORMAL_90 * (levels[-1].variance + level.noise) ** 0.5
    own = adapted((-reach, reach), lift, np.array([before.mean for before in levels[:-1]]))
    ahead = len(series) - cut
    doubt = levels[-1].variance + level.drift_post * ahead / 2 + level.noise * np.pi / (2 * ahead)
    typical = NORMAL_90 * doubt**0.5 * (own[1] - own[0]) / (2 * reach)
    return {
        OURS: (middle + own[0], middle + own[1]),
        "of_other_sets": (middle - reach, middle + reach),
        TYPICAL: (middle - typical, middle + typical),
    }


def _coverage(
    name: str, part: str, cases: Sequence[tuple[Series, int]], bounds: Sequence[Mapping[str, tuple[float, float]]]
) -> Iterator[Row]:
    for method in (OURS, "of_other_sets"):
        within = [
            (s.y[cut:] >= of[method][0]) & (s.y[cut:] <= of[method][1])
            for (s, cut), of in zip(cases, bounds, strict=True)
        ]
        hits = np.concatenate(within)
        yield _row(name, part, method, "coverage", float(hits.mean()), len(hits))
        width = float(np.mean([of[method][1] - of[method][0] for of in bounds]))
        yield _row(name, part, method, "width", width, len(bounds))


def _cells(
    name: str, test: Sequence[tuple[Series, int]], bounds: Sequence[Mapping[str, tuple[float, float]]]
) -> Iterator[Row]:
    """Coverage in every cell of size and number of known posts that holds enough cases."""
    hits: dict[str, list[FloatArray]] = {}
    for (series, cut), of in zip(test, bounds, strict=True):
        within = (series.y[cut:] >= of[OURS][0]) & (series.y[cut:] <= of[OURS][1])
        hits.setdefault(cell_of(series.size_now, cut), []).append(within.astype(np.float64))
    for cell, parts in sorted(hits.items()):
        inside = np.concatenate(parts)
        if len(inside) >= LEAST_CELL:
            yield _row(name, f"cell={cell}", OURS, "coverage", float(inside.mean()), len(inside))


def _typical(
    name: str, test: Sequence[tuple[Series, int]], bounds: Sequence[Mapping[str, tuple[float, float]]]
) -> Iterator[Row]:
    """Coverage of the median of the posts ahead, of creators with LEAST_AHEAD of them or more."""
    inside = [
        of[TYPICAL][0] <= float(np.median(s.y[cut:])) <= of[TYPICAL][1]
        for (s, cut), of in zip(test, bounds, strict=True)
        if len(s) - cut >= LEAST_AHEAD
    ]
    if inside:
        yield _row(name, TYPICAL, OURS, "coverage", float(np.mean(inside)), len(inside))


def _ranks(name: str, context: Context) -> Iterator[Row]:
    """Spearman's correlation with the realised lift (median of the newest fifth over the size curve of the published
    head), of creators with LONG known posts or more: of the published quality value on the older posts, and of the
    median of the last eight of those. The value counts comments and no likes; the lift counts likes."""
    head = published_head()
    read, _, _ = SETS[name]
    quality, last, realised = [], [], []
    for creator in read(context.data):
        model, series = head.read(creator)
        cut = len(series) - max(int(len(series) * NEWEST), 1)
        if cut < LONG:
            continue
        older = replace(creator, posts=tuple(creator.posts[i] for i in series.post[:cut].tolist()))
        answer = head.score([without_texts(older, ())], no_brief())[0]
        if answer.value is None:
            continue
        expected = float(model.curve(np.array([series.size_now]))[0])
        quality.append(answer.value)
        last.append(float(np.median(series.y[:cut][-LAST:])) - expected)
        realised.append(float(np.median(series.y[cut:])) - expected)
    if len(realised) >= LEAST_CREATORS:
        for method, values in ((OURS, quality), ("own_last_8", last)):
            yield _row(name, "realised lift", method, "spearman", float(spearmanr(values, realised)[0]), len(values))


def published_head() -> EngagementQualityHead:
    """The engagement head of the newest published bundle."""
    head = Scorer.load(newest_bundle(ROOT / "models"), deferred=True).heads[EngagementQualityHead.name]
    assert isinstance(head, EngagementQualityHead)
    return head


def _read(name: str, context: Context) -> list[Series]:
    read, basis, _ = SETS[name]
    return [s for s in (read_series(creator, basis) for creator in read(context.data)) if len(s) > 1]


def _figures(
    name: str, part: str, cases: Sequence[tuple[Series, int]], predicted: Mapping[str, FloatArray], seed: int
) -> Iterator[Row]:
    lengths = np.array([len(s) - cut for s, cut in cases])
    y = np.concatenate([s.y[cut:] for s, cut in cases])
    creator = np.repeat(np.arange(len(cases)), lengths)
    spread = np.square(y - y.mean())
    squares = {}
    for method, values in predicted.items():
        error = np.repeat(values, lengths) - y
        squares[method] = np.bincount(creator, np.square(error))
        for metric, value in (
            ("r2", 1 - float(np.square(error).sum() / spread.sum())),
            ("mae", float(np.abs(error).mean())),
            ("bias", float(error.mean())),
        ):
            yield _row(name, part, method, metric, value, len(y))
    best = min(RULES, key=lambda rule: float(squares[rule].sum()))
    total = np.bincount(creator, spread)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(cases), size=(BOOTSTRAPS, len(cases)))
    gains = (squares[best][drawn].sum(1) - squares[OURS][drawn].sum(1)) / total[drawn].sum(1)
    for metric, value in (("r2_gain_low", np.quantile(gains, 0.05)), ("r2_gain_high", np.quantile(gains, 0.95))):
        yield _row(name, part, f"over_{best}", metric, float(value), len(y))


def _row(name: str, part: str, method: str, metric: str, value: float, n: int) -> Row:
    return Cases(SUITE, "engagement", name, part).row(metric, value, n, method)


SUITES: dict[str, Suite] = {f"{SUITE}/engagement/{name}": left_out(name) for name in SETS}
