"""Protocols and baselines: predicting each creator's newest posts, and what simpler rules would have said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import numpy as np

from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.platform_model import PlatformModel
from bonafit.heads.engagement_quality.series import Basis, read_series
from bonafit.prepared import Prepared
from bonafit.records import Creator
from bonafit.tables.arrays import FloatArray
from bonafit_training.heads.engagement_quality.examples import Examples, Task, build
from bonafit_training.heads.engagement_quality.out_of_fold_errors import trees_answer

NEWEST = 0.2
LAST = 8


@dataclass(frozen=True)
class Split:
    """Creators with their older posts, and which posts of the whole series are to be predicted.

    train : creators without the posts to predict. whole : with them. cuts : posts of each series known, 0 for none.
    """

    train: list[Creator]
    whole: list[Creator]
    cuts: list[int]


def newest_fifth(creators: Sequence[Creator], basis: Basis) -> Split:
    """Each creator's newest 20 % of settled posts, at least one, against the rest; creators of one post left out."""
    train, whole, cuts = [], [], []
    for creator in creators:
        series = read_series(creator, basis)
        n = len(series)
        if n < 2:
            continue
        cut = n - max(int(n * NEWEST), 1)
        posts = [creator.posts[i] for i in series.post]
        train.append(msgspec.structs.replace(creator, posts=tuple(posts[:cut])))
        whole.append(msgspec.structs.replace(creator, posts=tuple(posts)))
        cuts.append(cut)
    return Split(train, whole, cuts)


def split_in_time(creators: Sequence[Creator], basis: Basis, at: datetime) -> Split:
    """Posts before an instant against those from then on; creators with neither are left out."""
    train, whole, cuts = [], [], []
    for creator in creators:
        series = read_series(creator, basis)
        posts = [creator.posts[i] for i in series.post]
        before = [post for post in posts if post.posted_at is not None and post.posted_at < at]
        if posts:
            train.append(msgspec.structs.replace(creator, posts=tuple(before)))
            whole.append(msgspec.structs.replace(creator, posts=tuple(posts)))
            cuts.append(len(before))
    return Split(train, whole, cuts)


@dataclass(frozen=True)
class Predicted:
    """Predictions of a split's posts. examples : their rows. knowledge : what was known of each creator."""

    examples: Examples
    knowledge: list[Known]
    prediction: FloatArray
    low: FloatArray
    high: FloatArray


def predict(model: PlatformModel, whole: Sequence[Prepared], tasks: Sequence[Task]) -> Predicted:
    """The model's prediction and 90 % interval of every target; only posts before the cut are used."""
    knowledge = model.know(whole, [model.read(creator.creator) for creator in whole])
    examples = build(knowledge, tasks, model.level)
    prediction = examples.base
    if model.rest is not None:
        prediction = prediction + trees_answer(examples, model.rest, believed=model.believed, prior=model.prior)
    bounds = [model.post_band(s, c) for s, c in zip(examples.shapes(), examples.cells(), strict=True)]
    low, high = (np.array([b[k] for b in bounds]) for k in (0, 1))
    return Predicted(examples, knowledge, prediction, prediction + low, prediction + high)


def fifth_tasks(split: Split, lengths: Sequence[int], *, most_known: int | None = None) -> list[Task]:
    """One task a creator: the split's posts from those before, of which at most the newest `most_known` are known."""
    return [
        Task(i, 0 if most_known is None else max(cut - most_known, 0), cut, range(cut, n))
        for i, (cut, n) in enumerate(zip(split.cuts, lengths, strict=True))
    ]


def simple_rules(predicted: Predicted, tasks: Sequence[Task], model: PlatformModel) -> dict[str, FloatArray]:
    """What simple rules predict for the same targets, one value a row.

    own_median, own_last_8 (median), own_mean, curve. Where nothing is known the own rules fall back to the curve.
    """
    rules: dict[str, list[float]] = {"own_median": [], "own_last_8": [], "own_mean": [], "curve": []}
    for task in tasks:
        known = predicted.knowledge[task.creator]
        y = known.series.y[task.start : task.cut]
        expected = float(model.curve(np.array([known.series.size_now]))[0])
        values = {
            "own_median": float(np.median(y)) if len(y) else expected,
            "own_last_8": float(np.median(y[-LAST:])) if len(y) else expected,
            "own_mean": float(np.mean(y)) if len(y) else expected,
            "curve": expected,
        }
        for name, value in values.items():
            rules[name] += [value] * len(task.targets)
    return {name: np.array(values) for name, values in rules.items()}
