"""What was foreseen of creators and what their next posts got: the material of simulated campaigns.

Each creator's older posts go through the head's own path, model and details, and the newer ones are kept as what came.
A platform's model is fitted on the older posts alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from benchmarks.measures.next_posts import Split, newest_fifth, split_in_time

from bonafit.heads.engagement_quality.details import next_post
from bonafit.heads.engagement_quality.series import days
from bonafit.records import Creator
from bonafit_training.contracts import Context
from bonafit_training.heads.engagement_quality.before_trees import Choices
from bonafit_training.heads.engagement_quality.fit import SETS, prepare
from bonafit_training.heads.engagement_quality.platform import fit_platform

FloatArray = npt.NDArray[np.float64]
COUNTS = ("likes", "comments", "views")


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
    asked = [
        msgspec.structs.replace(creator, posts=creator.posts[:known])
        for creator, known in zip(split.whole, split.cuts, strict=True)
    ]
    prepared = prepare(asked, context.encoder)
    knowledge = model.know(prepared, [model.read(one.creator) for one in prepared])
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
