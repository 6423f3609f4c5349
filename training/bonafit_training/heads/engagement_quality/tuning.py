"""What is decided for each set within its training posts: by posts that lie ahead of those learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.level import LevelParameters
from bonafit.tables.arrays import FloatArray
from bonafit_training.heads.engagement_quality.examples import Examples, build, newest_tasks
from bonafit_training.heads.engagement_quality.trees import fit_trees

# Shares of the trees' answer that are tried where no post is known.
SHARES = np.linspace(0.0, 1.0, 11)
# Cases below which nothing is decided and the usual choice stands.
LEAST_CASES = 200


def far_pays(
    examples: Examples,
    knowledge: Sequence[Known],
    parameters: LevelParameters,
    *,
    settings: Mapping[str, int],
    bags: int,
    seed: int,
) -> bool:
    """Whether trees that learn from far targets too predict the newest fifth better than trees of near ones.

    The newest fifth of the posts that training has is asked from those before, as the head is asked, by trees of cases
    whose targets lie before it; the smaller squared error decides. True where too few posts are there to tell.
    """
    tasks = newest_tasks([len(k.series) for k in knowledge])
    far_examples = build(knowledge, tasks, parameters)
    cut = np.zeros(len(knowledge), dtype=np.int64)
    cut[[task.creator for task in tasks]] = [task.cut for task in tasks]
    older = examples.target < cut[examples.creator]
    near = older & ~examples.far
    if len(far_examples) < LEAST_CASES or not np.any(near) or not np.any(older & examples.far):
        return True
    left, target = examples.y - examples.base, far_examples.y - far_examples.base
    both, alone = (
        float(
            np.mean(
                (
                    target
                    - fit_trees(examples.X[rows], left[rows], seed=seed, bags=bags, **settings).predict(far_examples.X)
                )
                ** 2
            )
        )
        for rows in (older, near)
    )
    return both < alone


def share_believed(left: FloatArray, foreseen: FloatArray) -> float:
    """Share of the trees' answer with the smallest mean absolute error, one of SHARES.

    left, foreseen : (n,) what the base leaves and what trees said of it that knew neither creators nor time. Where
    nothing is known of a creator the trees answer from size and profile alone, by posts of years past: a set in which
    that does not carry over to the newest posts falls back to the curve. 1 for fewer than LEAST_CASES.
    """
    if len(left) < LEAST_CASES:
        return 1.0
    errors = [float(np.mean(np.abs(left - share * foreseen))) for share in SHARES.tolist()]
    return float(SHARES[int(np.argmin(errors))])
