"""The model for creators without any post metrics: what size, profile and bio alone say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import GroupKFold

from bonafit.heads.engagement_quality.columns import COLUMNS, INDEX, POST
from bonafit.heads.engagement_quality.interval import cell_of, shape_values
from bonafit.heads.engagement_quality.level import LevelParameters
from bonafit.heads.engagement_quality.platform_model import PlatformModel
from bonafit.heads.engagement_quality.rows import N_GIVEN, profile_values
from bonafit.heads.engagement_quality.series import Basis
from bonafit.heads.engagement_quality.text_scores import TextScore
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray
from bonafit_training.heads.engagement_quality.bands import Cases, fit_band
from bonafit_training.heads.engagement_quality.before_trees import GROUPS
from bonafit_training.heads.engagement_quality.curves import fit_curve, fit_standing, group_levels, with_held_out_levels
from bonafit_training.heads.engagement_quality.texts import FOLDS, Texts, fit_text_score
from bonafit_training.heads.engagement_quality.trees import fit_trees

# Smaller leaves and the mean of three seeds: there is one row a creator, and the signal is weak.
TREES = {"bags": 3, "max_iter": 130, "min_samples_leaf": 20, "max_leaf_nodes": 18}


@dataclass(frozen=True)
class FittedProfiles:
    """A fitted model and its out-of-fold errors, one a creator."""

    model: PlatformModel
    errors: FloatArray


def fit_profiles(prepared: Sequence[Prepared], y: FloatArray, basis: Basis, *, seed: int) -> FittedProfiles:
    """Curve, bio and profile trees on creators' log rates. y : (n,) under the definition of `basis`."""
    size = np.array([np.log(p.creator.followers) if p.creator.followers else np.nan for p in prepared])
    curve = fit_curve(size, y)
    lift = y - curve(size)
    groups = {name: [getattr(p.creator, name) for p in prepared] for name in GROUPS}
    levels_of = {name: group_levels(values, lift) for name, values in groups.items()}
    texts, scores = _bio_scores(prepared, lift)
    X = np.stack(
        [
            given_profile(p, s, text_scores, levels_of)
            for p, s, text_scores in zip(prepared, size.tolist(), scores, strict=True)
        ]
    )
    with_held_out_levels(list(X), groups, lift)
    errors = np.zeros(len(y))
    for fit, test in GroupKFold(FOLDS).split(X, groups=np.arange(len(y))):
        errors[test] = lift[test] - fit_trees(X[fit], lift[fit], seed=seed, **TREES).predict(X[test])
    rows = [no_history(x) for x in X]
    shapes = np.stack([shape_values(row) for row in rows])
    cells = [cell_of(s, 0) for s in size.tolist()]
    band = fit_band(Cases(shapes, errors, cells, np.arange(len(y))), seed=seed)
    between = float(np.var(errors))
    model = PlatformModel(
        basis=basis,
        curve=curve,
        level=LevelParameters(noise=between, between=between, drift_day=0.0, drift_post=0.0, bound=2.0),
        texts=texts,
        levels_of=levels_of,
        content=fit_trees(X, lift, seed=seed, **TREES),
        rest=None,
        post_band=band,
        typical_band=band,
        standing=fit_standing(lift),
        norms={},
    )
    return FittedProfiles(model, errors)


def predict_profiles(model: PlatformModel, prepared: Sequence[Prepared]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Predicted log rates of creators without post metrics, with their 90 % bounds; (n,) each."""
    forecast = model.forecast(prepared, model.know(prepared, [model.read(creator.creator) for creator in prepared]))
    return (
        np.array([f.expected + f.lift for f in forecast]),
        np.array([f.post[0] for f in forecast]),
        np.array([f.post[1] for f in forecast]),
    )


def given_profile(
    creator: Prepared, size: float, scores: dict[int, tuple[float, float]], levels_of: dict[str, dict[str, float]]
) -> FloatArray:
    """PROFILE columns with no post, (N_GIVEN,)."""
    profile = profile_values(creator, size=size, scores=scores, levels_of=levels_of)
    return np.concatenate([profile, np.full(len(POST), np.nan)])


def no_history(given: FloatArray) -> FloatArray:
    """All columns for a creator of whom no post is known."""
    row = np.full(len(COLUMNS), np.nan)
    row[:N_GIVEN] = given
    row[INDEX["n_known"]] = row[INDEX["level"]] = 0.0
    row[INDEX["level_spread"]] = 1.0
    row[INDEX["steps_ahead"]] = 1.0
    return row


def _bio_scores(
    prepared: Sequence[Prepared], lift: FloatArray
) -> tuple[dict[str, TextScore], list[dict[int, tuple[float, float]]]]:
    place = [(i, r) for i, p in enumerate(prepared) for r, unit in enumerate(p.units) if unit.kind == "bio"]
    texts = Texts(
        text=[prepared[i].units[r].raw for i, r in place],
        vectors=np.stack([prepared[i].vectors[r] for i, r in place]),
        y=np.array([lift[i] for i, _ in place]),
        group=np.array([i for i, _ in place], dtype=np.int64),
    )
    score, out = fit_text_score(texts)
    scores: list[dict[int, tuple[float, float]]] = [{} for _ in prepared]
    for (i, r), (topic, words) in zip(place, out.tolist(), strict=True):
        scores[i][r] = (topic, words)
    return {"bio": score}, scores
