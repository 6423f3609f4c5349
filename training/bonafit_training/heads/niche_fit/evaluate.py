"""Cross-validation by brand, beside dull rankings: the figures of the card and of the benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.heads.columns import Column
from bonafit.heads.niche_fit.pair import COLUMNS
from bonafit.heads.niche_fit.reference import Reference
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit.tables.calibration import CalibrationMap
from bonafit_training.contracts import OURS, Cases, Row
from bonafit_training.heads.niche_fit.baselines import baseline_scores
from bonafit_training.heads.niche_fit.examples import Examples, PreparedPairs, RowOf, all_features, full_row
from bonafit_training.heads.niche_fit.model import fit_additive, fit_calibration, fit_travelling, group_folds
from bonafit_training.metrics import expected_calibration_error, ranking_metrics

_POST_FIT = [column.name for column in COLUMNS].index("post_fit")


@dataclass(frozen=True)
class Judged:
    """One set to rank. briefs : those ranked. first_group : as given to sample_examples. split : its name in rows."""

    pairs: PreparedPairs
    briefs: IntArray
    first_group: int
    split: str


@dataclass(frozen=True)
class CrossValidated:
    """Held-out answers. eta, p : per judged set, (n_briefs, n_creators). oof : log-odds of each training row.

    posted : per judged set, (n_briefs, n_creators), whether posts were read; True throughout for heads that do not say.
    """

    eta: list[FloatArray]
    p: list[FloatArray]
    oof: FloatArray
    posted: list[npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Boosted:
    """A head of boosted tables. columns : its features. row_of : how those of a pair are computed. settings : of it."""

    columns: Sequence[Column]
    row_of: RowOf
    settings: Mapping[str, Any] | None = None


def cross_validate(
    examples: Examples,
    judged: Sequence[Judged],
    reference: Reference,
    *,
    seed: int,
    boosted: Boosted | None = None,
) -> CrossValidated:
    """Every brief scored by a model, and calibrated by a map, that saw no pair of its brand.

    boosted : what is fitted in place of the full head.
    """
    row_of = full_row if boosted is None else boosted.row_of
    oof = np.zeros(len(examples.y))
    eta = [np.zeros((len(judged_set.briefs), len(judged_set.pairs.creators))) for judged_set in judged]
    posted = [np.ones(scores.shape, dtype=bool) for scores in eta]
    folds = group_folds(examples.group, seed=seed)
    for test_groups in folds:
        test = np.isin(examples.group, test_groups)
        train = examples.rows(~test)
        model = (
            fit_travelling(train)
            if boosted is None
            else fit_additive(train, seed=seed, settings=boosted.settings, columns=boosted.columns)
        )
        oof[test] = model.predict(examples.X[test])
        for judged_set, scores, kinds in zip(judged, eta, posted, strict=True):
            rows = np.flatnonzero(np.isin(judged_set.first_group + judged_set.briefs, test_groups))
            X = all_features(judged_set.pairs, reference, judged_set.briefs[rows].tolist(), row_of=row_of)
            for row, features in zip(rows, X, strict=True):
                scores[row] = model.predict(features)
                if boosted is None:
                    kinds[row] = ~np.isnan(features[:, _POST_FIT])
    result = CrossValidated(eta, [np.zeros_like(scores) for scores in eta], oof, posted)
    judged_here = judged if boosted is None else ()
    for test_groups in folds:
        by_posts, by_bios = calibrations(examples, result, judged_here, without=test_groups)
        for judged_set, scores, kinds, values in zip(judged, eta, posted, result.p, strict=True):
            in_test = np.isin(judged_set.first_group + judged_set.briefs, test_groups)
            values[in_test] = np.where(kinds[in_test], by_posts(scores[in_test]), by_bios(scores[in_test]))
    return result


def calibrations(
    examples: Examples, validated: CrossValidated, judged: Sequence[Judged], *, without: IntArray | None = None
) -> tuple[CalibrationMap, CalibrationMap]:
    """Maps for creators with posts and for bios alone, from held-out log-odds.

    judged  : sets of which every pair counts, and not only the training rows drawn from them; without any, or where one
        kind lacks real or other pairs, both maps are of all rows.
    without : groups whose pairs are left out.
    """
    none = np.zeros(0, np.int64) if without is None else without
    rows = ~np.isin(examples.group, none)
    whole = final_calibration(examples.rows(rows), validated.oof[rows])
    if not judged:
        return whole, whole
    row_posted = examples.n_posts > 0
    parts: dict[bool, list[tuple[FloatArray, IntArray, FloatArray]]] = {True: [], False: []}
    for judged_set, scores, kinds in zip(judged, validated.eta, validated.posted, strict=True):
        groups = judged_set.first_group + judged_set.briefs
        in_training = ~np.isin(groups, none)
        positive = judged_set.pairs.positive[judged_set.briefs[in_training]]
        weight = even_weights(positive)
        for kind, part in parts.items():
            at = kinds[in_training] == kind
            part.append((scores[in_training][at], positive[at].astype(np.int64), weight[at]))
        # Training rows drawn from these pairs would count twice.
        rows &= ~(np.isin(examples.group, groups) & (row_posted == bool(kinds.any())))
    maps = []
    for kind, part in parts.items():
        own = rows & (row_posted == kind)
        part.append((validated.oof[own], examples.y[own], examples.weight[own]))
        eta, y, weight = (np.concatenate(values) for values in zip(*part, strict=True))
        maps.append(fit_calibration(eta, y, weight) if len(np.unique(y)) == 2 else whole)
    return maps[0], maps[1]


def final_calibration(examples: Examples, oof: FloatArray) -> CalibrationMap:
    """One map for every row, from all held-out log-odds."""
    return fit_calibration(oof, examples.y, examples.weight)


def even_weights(positive: npt.NDArray[np.bool_]) -> FloatArray:
    """Weights of (n_briefs, n_creators) pairs with which real pairs weigh as much as the others, brief by brief."""
    true = positive.sum(axis=1, keepdims=True)
    return np.where(positive, 1.0, true / np.maximum(positive.shape[1] - true, 1))


def rank_rows(judged: Judged, scores: FloatArray, *, method: str = OURS, dataset: str | None = None) -> Iterator[Row]:
    """Ranking metrics of one method on one set."""
    positive = judged.pairs.positive[judged.briefs]
    metrics = ranking_metrics(zip(positive.astype(np.int64), scores, strict=True))
    n = int(metrics.pop("n"))
    for metric, value in metrics.items():
        yield Cases("niche_fit", dataset or judged.pairs.name, judged.split, "all").row(metric, value, n, method)


def calibration_row(judged: Judged, p: FloatArray) -> Row:
    """Expected calibration error at even prior on held-out brands."""
    positive = judged.pairs.positive[judged.briefs]
    weights = even_weights(positive)
    value = expected_calibration_error(positive.astype(np.int64).ravel(), p.ravel(), weights=weights.ravel())
    return Cases("niche_fit", judged.pairs.name, judged.split, "all").row("ece", value, int(positive.sum()))


def baseline_rows(judged: Judged, reference: Reference, *, seed: int) -> Iterator[Row]:
    """The dull rankings of one set."""
    for name, scores in baseline_scores(judged.pairs, reference, judged.briefs.tolist(), seed=seed):
        yield from rank_rows(judged, scores, method=name)
