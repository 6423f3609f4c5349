"""Errors on a time to come: the model fitted once more on the older half of the posts and asked for the newer half.

Errors on the newest posts of creators, by a model that saw those weeks, hold no change of a whole platform from month
to month; and whoever is scored is asked about months that nobody has seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from bonafit.heads.engagement_quality.interval import QuantileBand
from bonafit.heads.engagement_quality.series import Series, read_series
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray
from bonafit_training.heads.engagement_quality.before_trees import Choices, fit_base
from bonafit_training.heads.engagement_quality.examples import Examples, Task, build, training_tasks
from bonafit_training.heads.engagement_quality.out_of_fold_errors import trees_answer
from bonafit_training.heads.engagement_quality.trees import fit_trees

# Days behind the median day that a set must reach: in one that ends within a month no other month is seen, and what the
# half model loses by having fewer posts to learn from would be taken for change.
MONTH = 30.0
# Bounds of a model that is asked for predictions alone.
NONE = QuantileBand(np.zeros(1), np.zeros(1), {"all": 0.0})


def errors_later(
    prepared: Sequence[Prepared], choices: Choices, *, far: bool, believed: float, seed: int
) -> tuple[Examples, FloatArray] | None:
    """Cases of the posts behind the median day of all, each from its creator's posts before, and their errors, (n,).

    Every part is fitted on the posts up to that day, with the choices that were made for the whole. None where fewer
    than MONTH days lie behind it.
    """
    series = [read_series(creator.creator, choices.basis) for creator in prepared]
    dated = [s.day[~np.isnan(s.day)] for s in series]
    every = np.concatenate([*dated, np.zeros(0)])
    if not len(every) or np.max(every) - np.median(every) < MONTH:
        return None
    day = float(np.median(every))
    older = [before(creator, s, day) for creator, s in zip(prepared, series, strict=True)]
    base = fit_base(older, choices, seed=seed)
    examples = build(base.knowledge, training_tasks(base.lengths.tolist(), seed=seed), base.level)
    examples = examples if far else examples.take(~examples.far)
    rest = fit_trees(examples.X, examples.y - examples.base, seed=seed, **choices.trees)
    model = base.model(rest, believed, NONE, NONE)
    knowledge = model.know(prepared, [model.read(creator.creator) for creator in prepared])
    tasks = []
    for i, k in enumerate(knowledge):
        cut = int(np.sum(~(k.series.day > day)))
        if cut < len(k.series):
            tasks.append(Task(i, 0, cut, range(cut, len(k.series))))
    examples_later = build(knowledge, tasks, base.level)
    return examples_later, examples_later.y - examples_later.base - trees_answer(
        examples_later, rest, believed=believed
    )


def before(person: Prepared, series: Series, day: float) -> Prepared:
    """The creator with the posts of the series up to a day, undated ones too, and the texts of those."""
    places = series.post[~(series.day > day)].tolist()
    place = {post: i for i, post in enumerate(places)}
    rows = [row for row, unit in enumerate(person.units) if unit.post is None or unit.post in place]
    units = [person.units[row] for row in rows]
    units = [u if u.post is None else msgspec.structs.replace(u, post=place[u.post]) for u in units]
    creator = msgspec.structs.replace(person.creator, posts=tuple(person.creator.posts[i] for i in places))
    return Prepared(creator, tuple(units), person.vectors[rows])
