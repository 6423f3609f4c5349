"""Fitting one platform's model from creators with posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bonafit.heads.engagement_quality.interval import QuantileBand
from bonafit.heads.engagement_quality.platform_model import PlatformModel
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray
from bonafit_training.heads.engagement_quality.bands import Cases, fit_band
from bonafit_training.heads.engagement_quality.before_trees import BAGS, Choices, fit_base
from bonafit_training.heads.engagement_quality.examples import Examples, build, training_tasks
from bonafit_training.heads.engagement_quality.later_months import errors_later
from bonafit_training.heads.engagement_quality.out_of_fold_errors import errors_ahead, errors_of_others, typical_errors
from bonafit_training.heads.engagement_quality.trees import fit_trees
from bonafit_training.heads.engagement_quality.tuning import far_pays, share_believed

# Posts behind this share of a creator's series stand for those to come when intervals are calibrated.
RECENT_SHARE = 0.8


@dataclass(frozen=True)
class Fitted:
    """A fitted model with what it was fitted on. errors : out-of-fold, one an example."""

    model: PlatformModel
    examples: Examples
    errors: FloatArray


def fit_platform(prepared: Sequence[Prepared], choices: Choices, *, seed: int) -> Fitted:
    """Fit every part, then the trees, then the bounds."""
    base = fit_base(prepared, choices, seed=seed)
    examples = build(base.knowledge, training_tasks(base.lengths.tolist(), seed=seed), base.level)
    recent = examples.target + 1 > RECENT_SHARE * base.lengths[examples.creator]
    left = examples.y - examples.base
    rest, believed, learned, errors, ahead, later = None, 1.0, examples, left, left, None
    if choices.rest:
        near = ~examples.far
        far = far_pays(examples, base.knowledge, base.level, settings=choices.trees, bags=BAGS, seed=seed)
        if far:
            near[:] = True
        learned = examples.take(near)
        rest = fit_trees(learned.X, left[near], seed=seed, bags=BAGS, **choices.trees)
        ahead = errors_ahead(examples, near & ~recent, recent, settings=choices.trees, seed=seed)
        unknown = recent & (examples.n_known == 0)
        believed = share_believed(left[unknown], (left - ahead)[unknown])
        ahead[unknown] = left[unknown] - believed * (left - ahead)[unknown]
        errors = errors_of_others(learned, believed=believed, settings=choices.trees, seed=seed)
        later = errors_later(prepared, choices, far=far, believed=believed, seed=seed)
    post_band, typical_band = _fit_bands((examples.take(recent), ahead[recent]), later, seed)
    return Fitted(base.model(rest, believed, post_band, typical_band), learned, errors)


def _fit_bands(
    near: tuple[Examples, FloatArray], later: tuple[Examples, FloatArray] | None, seed: int
) -> tuple[QuantileBand, QuantileBand]:
    """Bounds for one post, and for the median of the next ones. near, later : cases that stand for those to come."""
    post, typical = [], []
    for examples, errors in (near, later) if later is not None else (near,):
        shapes, cells = examples.shapes(), examples.cells()
        first, of_first = typical_errors(examples, errors)
        post.append(Cases(shapes, errors, cells, examples.creator))
        typical.append(Cases(shapes[first], of_first, [cells[i] for i in first], examples.creator[first]))
    return fit_band(*post, seed=seed), fit_band(*typical, seed=seed)
