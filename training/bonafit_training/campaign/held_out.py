"""Whether what was learnt foretells campaigns that it was not learnt from: reliability before and after."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from bonafit.campaign.candidates import COUNTS
from bonafit.campaign.client import Client
from bonafit.campaign.forecast import KEPT, Planned, crps, totals_of
from bonafit.tables.arrays import FloatArray
from bonafit_training.campaign.learn import fitted
from bonafit_training.campaign.measured import Campaign, Case
from bonafit_training.contracts import Cases, Row

# Parts that campaigns are held out in, one campaign at a time where they are fewer; simulated totals of each.
FOLDS, DRAWS = 10, 2_000
BEFORE, AFTER = "as published", "this client"
# Parts of equal size that fits are compared with outcomes in.
BINS = 4


def held_out(campaigns: Sequence[Campaign]) -> tuple[list[Row], dict[str, bool]]:
    """Figures of campaigns held out in turn, before and after, and whether each part is better after.

    Of counts: coverage of the campaigns' totals by 90 % intervals, their mean log error and mean CRPS, which decides.
    Of fits: Brier score, which decides, and the mean gap between fits and outcomes over BINS parts.
    """
    folds = [campaigns[k :: min(FOLDS, len(campaigns))] for k in range(min(FOLDS, len(campaigns)))]
    pairs = []
    for fold in folds:
        names = {campaign.forecast for campaign in fold}
        client = fitted([campaign for campaign in campaigns if campaign.forecast not in names])
        pairs += [(campaign, client) for campaign in fold]
    rows, better = [], {}
    for count in COUNTS:
        figures, is_better = _counts(pairs, count)
        rows += figures
        better[count] = is_better
    figures, better["fit"] = _fits(pairs)
    return [*rows, *figures], better


def _ran(case: Case, count: str) -> Planned | None:
    """What was foreseen of the posts that ran."""
    got = case.got.get(count, ())
    return msgspec.structs.replace(case.plan, posts=len(got)) if got and count in case.plan.counts else None


def _counts(pairs: Sequence[tuple[Campaign, Client]], count: str) -> tuple[list[Row], bool]:
    figures: dict[str, list[tuple[float, float, float]]] = {BEFORE: [], AFTER: []}
    for campaign, client in pairs:
        plans = [(plan, case) for case in campaign.cases if (plan := _ran(case, count)) is not None]
        if not plans:
            continue
        came = math.fsum(value for _, case in plans for value in case.got[count])
        before = [plan for plan, _ in plans]
        after = [
            msgspec.structs.replace(plan, counts=client.foreseen(plan.creator_id, plan.platform, plan.counts))
            for plan in before
        ]
        for name, planned in ((BEFORE, before), (AFTER, after)):
            quantiles = np.quantile(totals_of(planned, count, draws=DRAWS), KEPT)
            off = math.log((came + 1) / (float(quantiles[49]) + 1))
            # in multiples of what was foreseen before, so that no large campaign decides alone
            scale = math.fsum(entry.counts[count].value * entry.posts for entry in before)
            figures[name].append(
                (float(quantiles[4] <= came <= quantiles[94]), off, crps(quantiles.tolist(), came) / max(scale, 1.0))
            )
    rows = []
    for name, of in figures.items():
        if of:
            coverage, off, score = np.mean(np.array(of), axis=0).tolist()
            for metric, value in (("coverage", coverage), ("log_bias", off), ("crps", score)):
                rows.append(_row(count, name, metric, value, len(of)))
    scores = {row.method: row.value for row in rows if row.metric == "crps"}
    return rows, bool(scores) and scores[AFTER] < scores[BEFORE]


def _fits(pairs: Sequence[tuple[Campaign, Client]]) -> tuple[list[Row], bool]:
    known = [
        (case.plan.fit, client.pays(case.plan.fit), float(case.paid))
        for campaign, client in pairs
        for case in campaign.cases
        if case.plan.fit is not None and case.paid is not None
    ]
    if not known:
        return [], False
    before, after, paid = np.array(known, dtype=np.float64).T
    rows, brier = [], {}
    for name, values in ((BEFORE, before), (AFTER, after)):
        brier[name] = float(np.mean(np.square(values - paid)))
        rows.append(_row("fit", name, "brier", brier[name], len(paid)))
        rows.append(_row("fit", name, "calibration_gap", gap(values, paid), len(paid)))
    return rows, brier[AFTER] < brier[BEFORE]


def gap(foretold: FloatArray, paid: FloatArray) -> float:
    """Mean over BINS parts of equal size of how far the mean of what was said lies from the share that paid."""
    parts = np.array_split(np.argsort(foretold, kind="stable"), BINS)
    return float(np.mean([abs(float(np.mean(foretold[part]) - np.mean(paid[part]))) for part in parts if len(part)]))


def _row(part: str, method: str, metric: str, value: float, n: int) -> Row:
    return Cases("campaign", "own", "held_out_campaigns", part).row(metric, value, n, method, baseline=method == BEFORE)
