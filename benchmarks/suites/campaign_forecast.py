"""Forecasts of simulated campaigns: creators of one month, their next posts, and models that never saw those.

`campaign/shapes` fits the table of bonafit.campaign.shapes on each creator's older posts (the newest fifth of them,
foreseen from those before); `campaign/forecast` reports on the newest fifth and chooses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from benchmarks.measures.campaigns import Foreseen, campaigns, cases, cut, fit_shape, foresee
from benchmarks.measures.next_posts import Split
from benchmarks.registry import Suite
from benchmarks.suites.engagement import MAY, YOUTUBE_SPLIT

from bonafit.campaign.candidates import COUNTS
from bonafit.campaign.forecast import KEPT, crps, totals_of
from bonafit.campaign.shapes import LEVELS
from bonafit.tables.arrays import FloatArray
from bonafit_training.contracts import OURS, Context, Row
from bonafit_training.heads.engagement_quality.fit import SETS

SUITE = "campaign"
# Campaigns of each set and count, and simulated totals of each campaign.
CAMPAIGNS, DRAWS = 2_100, 2_000
CLASSES = {"5-9": (5, 9), "10-14": (10, 14), "15-20": (15, 20), "all": (5, 20)}
# Targets of each campaign, in multiples of what the last eight posts say.
TARGETS = (0.6, 0.8, 1.0, 1.25, 1.6)
LEAST_CASES = 300


def newest(context: Context, platform: str) -> Split:
    """The newest fifth of each creator's posts, of channels the videos from June on, against what was before."""
    _, read, choices = SETS[platform]
    at = YOUTUBE_SPLIT if choices.basis.denominator == "views" else None
    return cut(read(context.data), choices, at=at)


def older(context: Context, platform: str) -> Split:
    """The same of what was before the newest: nothing that is reported on."""
    choices = SETS[platform][2]
    known = [creator for creator in newest(context, platform).train if creator.posts]
    return cut(known, choices, at=MAY if choices.basis.denominator == "views" else None)


def shape_rows(dataset: str, material: Sequence[Foreseen]) -> Iterator[Row]:
    """The table's rows as fitted on this material."""
    for count in COUNTS:
        of = cases(material, count)
        if len(of.error) < LEAST_CASES:
            continue
        shape = fit_shape(of)
        values = {f"quantile {level:g}": value for level, value in zip(LEVELS, shape.quantiles, strict=True)}
        values |= {name: getattr(shape, name) for name in ("creator", "month", "size", "tilt", "spread")}
        for metric, value in values.items():
            yield _row(dataset, "older_posts", count, OURS, metric, value, len(of.error))


def forecast_rows(dataset: str, material: Sequence[Foreseen], *, seed: int) -> Iterator[Row]:
    """Coverage of sums by size of the list, error of P(target), CRPS beside the errors of the trade's rules."""
    for count in COUNTS:
        if len(cases(material, count).error) < LEAST_CASES:
            continue
        size, covered, score, chances = [], [], [], []
        errors: dict[str, list[float]] = {}
        for k, campaign in enumerate(campaigns(material, count, CAMPAIGNS, seed=seed)):
            drawn = totals_of(campaign.plan, count, draws=DRAWS, seed=k)
            quantiles = np.quantile(drawn, KEPT)
            size.append(len(campaign.plan))
            covered.append(bool(quantiles[4] <= campaign.came <= quantiles[94]))
            score.append(crps(quantiles.tolist(), campaign.came))
            for name, total in campaign.simple.items():
                errors.setdefault(name, []).append(abs(total - campaign.came))
            for times in TARGETS:
                target = times * campaign.simple["own_last_8"]
                chances.append((float(np.mean(drawn >= target)), float(campaign.came >= target)))
        yield from _figures(
            dataset, count, np.array(size), np.array(covered), np.array(score), errors, np.array(chances)
        )


def _figures(
    dataset: str, count: str, size: FloatArray, covered: FloatArray, score: FloatArray,
    errors: Mapping[str, Sequence[float]], chances: FloatArray,
) -> Iterator[Row]:  # fmt: skip
    for name, (low, high) in CLASSES.items():
        in_class = (size >= low) & (size <= high)
        share, part = float(np.mean(covered[in_class])), f"{count}, {name} creators"
        yield _row(dataset, "newest", part, OURS, "coverage", share, int(in_class.sum()))
    foretold, came = chances.T
    # a share of all targets in each tenth of what was said
    tenth = np.minimum((foretold * 10).astype(int), 9)
    off = sum(abs(float(np.sum(foretold[tenth == k] - came[tenth == k]))) for k in range(10)) / len(foretold)
    yield _row(dataset, "newest", count, OURS, "target_off_by_tenths", off, len(foretold))
    yield _row(
        dataset, "newest", count, OURS, "target_off_in_all", float(abs(foretold.mean() - came.mean())), len(foretold)
    )
    for name, of_rule in errors.items():
        ratio = float(np.sum(score) / np.sum(of_rule))
        yield _row(dataset, "newest", count, f"over_{name}", "crps_ratio", ratio, len(score))


def _row(dataset: str, split: str, part: str, method: str, metric: str, value: float, n: int) -> Row:
    return Row(suite=SUITE, dataset=dataset, split=split, slice=part, method=method, metric=metric, value=value, n=n)


def _shapes(platform: str) -> Suite:
    return lambda context: shape_rows(SETS[platform][0], foresee(context, platform, older(context, platform)))


def _forecast(platform: str) -> Suite:
    return lambda context: forecast_rows(
        SETS[platform][0], foresee(context, platform, newest(context, platform)), seed=context.seed
    )


SUITES: dict[str, Suite] = {f"{SUITE}/shapes/{SETS[platform][0]}": _shapes(platform) for platform in SETS}
SUITES |= {f"{SUITE}/forecast/{SETS[platform][0]}": _forecast(platform) for platform in SETS}
