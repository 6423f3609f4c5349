"""Engagement: the newest posts of each creator from the older ones, new videos in time, bare profiles.

Posts whose counts were read within three days of posting are left out of histories and targets where the set is one
crawl: they say how young they are, not what they got. With that rule the published baselines of the sets come out as
stated (own last 8 on tiktok_2020: R² .514).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from benchmarks.measures.next_posts import (
    Predicted,
    Split,
    Task,
    fifth_tasks,
    newest_fifth,
    predict,
    simple_rules,
    split_in_time,
)
from benchmarks.text_baseline import TextAndNumbers, profile_numbers, video_numbers
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import KFold

from bonafit.heads.engagement_quality.interval import MANY_POSTS
from bonafit.heads.engagement_quality.series import Basis, days, read_series
from bonafit.prepared import Prepared
from bonafit.records import Creator, Post
from bonafit.tables.arrays import FloatArray
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.engagement import (
    read_instafake_series,
    read_instagram_2017,
    read_tides_2024,
    read_tiktok_2020,
    read_youtube_charts,
)
from bonafit_training.heads.engagement_quality.before_trees import Choices
from bonafit_training.heads.engagement_quality.fit import SETS, TIDES_BASIS, prepare
from bonafit_training.heads.engagement_quality.platform import Fitted, fit_platform
from bonafit_training.heads.engagement_quality.profiles import fit_profiles, predict_profiles
from bonafit_training.metrics import coverage, mae, r2

Mask = npt.NDArray[np.bool_]
Bounds = tuple[FloatArray, FloatArray]
KNOWN = (0, 1, 2, 4, 8, 16, 32)
LEAST_CELL = 200
YOUTUBE_SPLIT = datetime(2026, 6, 1, tzinfo=UTC)
# Chosen by predicting the newest fifth of instafake's training posts from those before.
FINE = {"max_leaf_nodes": 31, "min_samples_leaf": 20}
MONTHS_SPLIT, MAY = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Table:
    """Rows of one set and split."""

    dataset: str
    split: str

    def row(self, slice_: str, method: str, metric: str, value: float, n: int) -> Row:
        return Cases("engagement", self.dataset, self.split, slice_).row(metric, value, n, method)

    def accuracy(self, y: FloatArray, methods: Mapping[str, FloatArray], slices: Mapping[str, Mask]) -> Iterator[Row]:
        """R² and MAE of every method on every slice."""
        for name, mask in slices.items():
            for method, values in methods.items():
                for metric, measure in (("r2", r2), ("mae", mae)):
                    yield self.row(name, method, metric, measure(y[mask], values[mask]), int(np.sum(mask)))

    def by_language(self, y: FloatArray, bounds: Bounds, languages: Sequence[str | None]) -> Iterator[Row]:
        """Coverage in every language with enough cases."""
        names = np.array([name or "unknown" for name in languages])
        for name in sorted(set(names.tolist())):
            mask = names == name
            if np.sum(mask) >= LEAST_CELL:
                value = coverage(y[mask], bounds[0][mask], bounds[1][mask])
                yield self.row(f"language {name}", OURS, "coverage", value, int(np.sum(mask)))

    def intervals(self, y: FloatArray, bounds: Bounds, plain: Bounds, cells: list[str]) -> Iterator[Row]:
        """Coverage and mean width beside a plain quantile model's; coverage of every cell with enough cases."""
        for method, (low, high) in {OURS: bounds, "plain_quantiles": plain}.items():
            yield self.row("all", method, "coverage", coverage(y, low, high), len(y))
            yield self.row("all", method, "width", float(np.mean(high - low)), len(y))
        names = np.array(cells)
        for cell in sorted(set(cells)):
            mask = names == cell
            if np.sum(mask) >= LEAST_CELL:
                decade, posts = cell.split(":")
                name = f"10^{decade} followers, {'>=' if posts == 'many' else '<'}{MANY_POSTS} posts"
                value = coverage(y[mask], bounds[0][mask], bounds[1][mask])
                yield self.row(name, OURS, "coverage", value, int(np.sum(mask)))


def boosting(fitted: Fitted, X: FloatArray, seed: int) -> FloatArray:
    """scikit-learn's HistGradientBoostingRegressor with its defaults on the same columns, straight to the rate."""
    model = HistGradientBoostingRegressor(random_state=seed)
    return np.asarray(model.fit(_binnable(fitted.examples.X), fitted.examples.y).predict(X))


def plain_quantiles(fitted: Fitted, X: FloatArray, seed: int) -> Bounds:
    """5 % and 95 % quantile boosting with its defaults, not conformalised."""
    low, high = (
        HistGradientBoostingRegressor(loss="quantile", quantile=q, random_state=seed)
        .fit(_binnable(fitted.examples.X), fitted.examples.y)
        .predict(X)
        for q in (0.05, 0.95)
    )
    return low, high


def _binnable(X: FloatArray) -> FloatArray:
    return np.where(np.all(np.isnan(X), axis=0), 0.0, X)


def newest(context: Context, dataset: str, creators: list[Creator], choices: Choices) -> Iterator[Row]:
    """Every row of one set's newest posts: accuracy, intervals, learning curve."""
    table = Table(dataset, "last_20pct")
    split = newest_fifth(creators, choices.basis)
    fitted = fit_platform(prepare(split.train, context.encoder), choices, seed=context.seed)
    whole = prepare(split.whole, context.encoder)
    lengths = [len(read_series(creator, choices.basis)) for creator in split.whole]
    tasks = fifth_tasks(split, lengths)
    p = predict(fitted.model, whole, tasks)
    X, y = p.examples.X, p.examples.y
    methods = {"bonafit": p.prediction, **simple_rules(p, tasks, fitted.model)}
    methods["hist_gradient_boosting"] = boosting(fitted, X, context.seed)
    followers = np.exp(X[:, 0])
    small = (followers >= 1_000) & (followers <= 100_000)
    slices = {"all": np.ones(len(y), dtype=bool)}
    if np.sum(small) >= LEAST_CELL:
        slices["1k-100k"] = small
    yield from table.accuracy(y, methods, slices)
    yield from table.intervals(y, (p.low, p.high), plain_quantiles(fitted, X, context.seed), p.examples.cells())
    yield from learning_curve(table, fitted, whole, split, lengths)


def learning_curve(
    table: Table, fitted: Fitted, whole: list[Prepared], split: Split, lengths: list[int], scale: float = 1.0
) -> Iterator[Row]:
    """Error against the number of posts that are known of each creator. scale : of an error in natural logarithms."""
    for most in KNOWN:
        part = fifth_tasks(split, lengths, most_known=most)
        known = predict(fitted.model, whole, part)
        simple = simple_rules(known, part, fitted.model)
        for method in (OURS, "own_median", "own_last_8", "curve"):
            values = known.prediction if method == OURS else simple[method]
            yield table.row(f"known={most}", method, "mae", scale * mae(known.examples.y, values), len(values))


def tiktok(context: Context) -> Iterator[Row]:
    yield from newest(context, "tiktok_2020", read_tiktok_2020(context.data), SETS["tiktok"][2])


def instagram(context: Context) -> Iterator[Row]:
    yield from newest(context, "instagram_2017", read_instagram_2017(context.data), SETS["instagram"][2])


def instafake(context: Context) -> Iterator[Row]:
    """A model of its own, fitted and tested here and published nowhere: the licence is non-commercial."""
    choices = Choices(Basis("likes_comments", "followers"), trees=FINE)
    yield from newest(context, "instafake_2019_genuine_post_series", read_instafake_series(context.data), choices)


def youtube(context: Context) -> Iterator[Row]:
    """Videos from June 2026 on: log10((likes + comments) / views). Nothing of a tested channel's later videos is known,
    neither counts nor views; the age at which counts were read is, as a condition of the question.
    """
    table = Table(SETS["youtube"][0], "time")
    known, fitted, choices = fitted_before(context, YOUTUBE_SPLIT, read_youtube_charts(context.data))
    lengths = [len(creator.posts) for creator in choices.whole]
    tasks = fifth_tasks(choices, lengths)
    whole = prepare(choices.whole, context.encoder)
    p = predict(fitted.model, whole, tasks)
    X, y = p.examples.X, exact_tens(p, tasks)
    methods = {"bonafit": p.prediction, **simple_rules(p, tasks, fitted.model)}
    methods["hist_gradient_boosting"] = boosting(fitted, X, context.seed)
    series = [creator.series for creator in p.knowledge]
    posts_asked = [
        (choices.whole[c], choices.whole[c].posts[int(series[c].post[i])])
        for c, i in zip(p.examples.creator.tolist(), p.examples.target.tolist(), strict=True)
    ]
    methods["metadata_tfidf"] = video_text(known, posts_asked, context.seed)
    methods = {name: values / np.log(10) for name, values in methods.items()}
    unseen = p.examples.n_known == 0
    slices = {"all": np.ones(len(y), dtype=bool), "unseen": unseen, "seen": ~unseen}
    yield from table.accuracy(y, methods, slices)
    plain = plain_quantiles(fitted, X, context.seed)
    bounds, plain = ((low / np.log(10), high / np.log(10)) for low, high in ((p.low, p.high), plain))
    yield from table.intervals(y, bounds, plain, p.examples.cells())
    yield from table.by_language(y, bounds, [choices.whole[c].language for c in p.examples.creator.tolist()])
    yield from learning_curve(table, fitted, whole, choices, lengths, 1 / float(np.log(10)))


def fitted_before(context: Context, at: datetime, creators: list[Creator]) -> tuple[list[Creator], Fitted, Split]:
    """Channels as known before an instant, the model fitted on those, and the channels with videos from then on."""
    choices = SETS["youtube"][2]
    split = split_in_time(creators, choices.basis, at)
    known = [creator for creator in split.train if creator.posts]
    fitted = fit_platform(prepare(known, context.encoder), choices, seed=context.seed)
    whole = [i for i, creator in enumerate(split.whole) if split.cuts[i] < len(creator.posts)]
    return known, fitted, Split([], [split.whole[i] for i in whole], [split.cuts[i] for i in whole])


def youtube_months(context: Context) -> Iterator[Row]:
    """Coverage of each month from April on, by a model of the months before; nothing from June on is read.

    Choices about bounds were made on these rows, ahead of the split that is reported.
    """
    dataset, _, choices = SETS["youtube"]
    table = Table(dataset, "months_to_may")
    train = split_in_time(read_youtube_charts(context.data), choices.basis, YOUTUBE_SPLIT).train
    _, fitted, settings = fitted_before(context, MONTHS_SPLIT, [creator for creator in train if creator.posts])
    tasks = fifth_tasks(settings, [len(creator.posts) for creator in settings.whole])
    p = predict(fitted.model, prepare(settings.whole, context.encoder), tasks)
    day = [
        p.knowledge[c].series.day[i]
        for c, i in zip(p.examples.creator.tolist(), p.examples.target.tolist(), strict=True)
    ]
    many = p.examples.n_known >= MANY_POSTS
    covered = (p.examples.y >= p.low) & (p.examples.y <= p.high)
    names = {"april": np.array(day) < days(MAY), "may": np.array(day) >= days(MAY)}
    for name, mask in names.items():
        slices = {"": mask, f", <{MANY_POSTS} posts": mask & ~many, f", >={MANY_POSTS} posts": mask & many}
        for posts, part in slices.items():
            yield table.row(f"{name}{posts}", OURS, "coverage", float(np.mean(covered[part])), int(np.sum(part)))


def video_text(known: list[Creator], posts_asked: list[tuple[Creator, Post]], seed: int) -> FloatArray:
    """What the text baseline predicts for the videos asked, in natural logarithms like the other methods."""
    videos = [(c, v) for c in known for v in c.posts if v.likes is not None and v.views]
    everything = [*videos, *posts_asked]
    numbers = video_numbers([c for c, _ in everything], [v for _, v in everything])
    texts = [f"{v.title} {' '.join(v.tags)}" for _, v in everything]
    y = np.log([((v.likes or 0) + (v.comments or 0) + 1) / (v.views or 1) for _, v in videos])
    model = TextAndNumbers(seed).fit(numbers[: len(y)], texts[: len(y)], y)
    return model.predict(numbers[len(y) :], texts[len(y) :])


def exact_tens(p: Predicted, tasks: list[Task]) -> FloatArray:
    """log10((likes + comments) / views) of every target, without the 1 that the model adds."""
    out = []
    for task in tasks:
        series = p.knowledge[task.creator].series
        for i in task.targets:
            out.append(np.log10((series.likes[i] + np.nan_to_num(series.comments[i])) / series.views[i]))
    return np.array(out)


def tides(context: Context) -> Iterator[Row]:
    """Creators without posts: log(likes a video / followers), 5-fold by creator."""
    table = Table("tides_2024_tiktok_creators", "cv5")
    profiles = read_tides_2024(context.data)
    y = profiles.y
    prepared = prepare(profiles.creators, context.encoder)
    size = np.log([creator.followers or 1 for creator in profiles.creators])
    predicted, low, high, curve, simple = (np.zeros(len(y)) for _ in range(5))
    numbers, bios = profile_numbers(profiles.creators), [creator.bio or "" for creator in profiles.creators]
    for fit, test in KFold(5, shuffle=True, random_state=context.seed).split(y):
        model = fit_profiles([prepared[i] for i in fit], y[fit], TIDES_BASIS, seed=context.seed).model
        predicted[test], low[test], high[test] = predict_profiles(model, [prepared[i] for i in test])
        curve[test] = model.curve(size[test])
        text = TextAndNumbers(context.seed).fit(numbers[fit], [bios[i] for i in fit], y[fit])
        simple[test] = text.predict(numbers[test], [bios[i] for i in test])
    methods = {"bonafit": predicted, "curve": curve, "profile_tfidf": simple}
    followers = np.exp(size)
    slices = {"all": np.ones(len(y), dtype=bool), "1k-100k": (followers >= 1_000) & (followers <= 100_000)}
    yield from table.accuracy(y, methods, slices)
    yield table.row("all", OURS, "coverage", coverage(y, low, high), len(y))
    yield table.row("all", OURS, "width", float(np.mean(high - low)), len(y))
    yield from table.by_language(y, (low, high), [creator.language for creator in profiles.creators])


SUITES = {
    "engagement/tiktok_2020/last_20pct": tiktok,
    "engagement/instagram_2017/last_20pct": instagram,
    "engagement/instafake_2019_genuine_post_series/last_20pct": instafake,
    "engagement/youtube_charts_2026/time": youtube,
    "engagement/youtube_charts_2026/months_to_may": youtube_months,
    "engagement/tides_2024_tiktok_creators/cv5": tides,
}
