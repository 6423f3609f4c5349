"""Figures of one bundle on labelled cases, slice by slice, beside dull baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from bonafit.tables.arrays import FloatArray, IntArray
from bonafit_training.contracts import Cases, HeldOut, Row
from bonafit_training.evaluation.cases import ALL
from bonafit_training.evaluation.predictions import Answers
from bonafit_training.metrics import expected_calibration_error

SUITE = "evaluation"
# Below these a figure is noise: a slice needs so many cases of each kind, or so many cases where truth is a number.
LEAST_OF_EACH = 10
LEAST_CASES = 20
LEAST_BRANDS = 3

# (truth, value, group) to one figure; every metric here is better when higher.
Metric = Callable[[FloatArray, FloatArray, IntArray], float]


def auc(truth: FloatArray, value: FloatArray, group: IntArray) -> float:
    """Chance that a positive is above a negative, ties half; NaN without one of either."""
    n_pos = int(truth.sum())
    n_neg = len(truth) - n_pos
    if not n_pos or not n_neg:
        return float("nan")
    return float((average_ranks(value)[truth > 0].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg))


def brand_auc(truth: FloatArray, value: FloatArray, group: IntArray) -> float:
    """AUC of each brand, averaged over the brands that have both kinds."""
    each = [auc(truth[group == g], value[group == g], group) for g in np.unique(group)]
    known = [a for a in each if not np.isnan(a)]
    return float(np.mean(known)) if known else float("nan")


def brier_skill(truth: FloatArray, value: FloatArray, group: IntArray) -> float:
    """1 less the Brier score over that of always saying a half: 1 is perfect, 0 says nothing."""
    return float(1 - np.mean((value - truth) ** 2) / 0.25)


def spearman(truth: FloatArray, value: FloatArray, group: IntArray) -> float:
    """Rank correlation, ties averaged; NaN where one of the two does not vary."""
    a, b = average_ranks(truth), average_ranks(value)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale else float("nan")


def average_ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1, (n,) float64; equal values share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: FloatArray = (last - (counts - 1) / 2)[inverse]
    return ranks


METRICS: dict[str, dict[str, Metric]] = {
    "authenticity": {"auc": auc, "brier_skill": brier_skill},
    "niche_fit": {"auc": brand_auc},
    "engagement_quality": {"spearman": spearman},
}


def slice_masks(answers: Answers) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Name and mask (n,) of every slice with enough answered cases, `all` first."""
    answered = ~np.isnan(answers.value)
    names = sorted(
        {name for case_slices in answers.slices for name in case_slices}, key=lambda name: (name != ALL, name)
    )
    for name in names:
        mask = answered & np.array([name in case_slices for case_slices in answers.slices])
        if enough(answers, mask):
            yield name, mask


def enough(answers: Answers, mask: npt.NDArray[np.bool_]) -> bool:
    """Whether a slice has cases enough for a figure to mean something."""
    if answers.head == "engagement_quality":
        return int(mask.sum()) >= LEAST_CASES
    positives = mask & (answers.truth > 0)
    if answers.head == "niche_fit" and len(np.unique(answers.group[positives])) < LEAST_BRANDS:
        return False
    return int(positives.sum()) >= LEAST_OF_EACH and int((mask & (answers.truth == 0)).sum()) >= LEAST_OF_EACH


def figures(answers: Sequence[Answers], *, dataset: str) -> list[Row]:
    """Rows of every head, slice and metric, and the share of cases that the head answered at all."""
    rows: list[Row] = []
    for of_head in answers:
        share = float(np.mean(~np.isnan(of_head.value)))
        cases = partial(Cases, SUITE, dataset, of_head.head)
        rows.append(cases(ALL).row("answered", share, len(of_head.value)))
        for name, mask in slice_masks(of_head):
            rows += _slice_rows(of_head, mask, cases(name))
    return rows


def _slice_rows(answers: Answers, mask: npt.NDArray[np.bool_], cases: Cases) -> Iterator[Row]:
    n = int(mask.sum())
    for metric, measure in METRICS[answers.head].items():
        value = measure(answers.truth[mask], answers.value[mask], answers.group[mask])
        yield cases.row(metric, value, n)
        if metric == "brier_skill":
            continue
        for method, predictions in answers.baselines.items():
            known = mask & ~np.isnan(predictions)
            value = measure(answers.truth[known], predictions[known], answers.group[known])
            yield cases.row(metric, value, int(known.sum()), method)
    if answers.head == "authenticity":
        ece = expected_calibration_error(answers.truth[mask].astype(np.int64), answers.value[mask])
        yield cases.row("ece", ece, n)


def held_out(answers: Sequence[Answers], *, dataset: str) -> list[HeldOut]:
    """What reliability plots are drawn from: probabilities of the heads that state one."""
    draws = []
    for of_head in answers:
        answered = ~np.isnan(of_head.value)
        if of_head.head == "authenticity" and answered.any():
            truth = of_head.truth[answered].astype(np.int64)
            draws.append(HeldOut(f"{dataset}, {of_head.head}", truth, of_head.value[answered]))
    return draws
