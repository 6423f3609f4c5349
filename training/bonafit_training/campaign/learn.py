"""What measured campaigns teach of one client: shifts and widths of counts, and which fits paid.

Errors are of single posts: log of what came over what was foreseen, less what such errors are on public sets, over the
spread that the interval stands for (bonafit.campaign.shapes). A shift is drawn towards none, a platform's towards the
client's, a creator's towards the platform's, each as far as its own campaigns vary (DerSimonian & Laird 1986).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from scipy.optimize import minimize

from bonafit.campaign.candidates import COUNTS
from bonafit.campaign.client import SCHEMA, Client, Correction, FitMap
from bonafit.campaign.forecast import deviations
from bonafit.campaign.shapes import SCORES, Shape, shape_of
from bonafit.errors import InputError
from bonafit.tables.arrays import FloatArray
from bonafit.tables.logistic import logit, sigmoid
from bonafit_training.campaign.measured import Campaign, Case

# Campaigns, and creators whose posts were counted, below which nothing is learnt; outcomes of each kind for fits.
LEAST_CAMPAIGNS, LEAST_CASES, LEAST_OF_A_KIND = 5, 30, 8
# How far, in log counts, clients and platforms usually lie from none: what shifts are drawn by.
CLIENTS, PLATFORMS = 0.5, 0.3
# Posts that a width of 1 weighs; creators booked again from which creators have shifts of their own.
ALIKE, LEAST_AGAIN = 30.0, 15
# Deviations of intercept and slope of fits around no change.
INTERCEPTS, SLOPES = 1.0, 0.5


@dataclass(frozen=True)
class _Errors:
    """Posts of one count. error : (n,) in log counts, less the usual. scale : (n,) usual spread. The rest say whose."""

    error: FloatArray
    scale: FloatArray
    platform: list[str]
    creator: list[str]
    campaign: list[str]


def learn(campaigns: Sequence[Campaign]) -> Client:
    """Everything that campaigns teach. Raises InputError where they are too few."""
    n_cases = sum(bool(case.got) for campaign in campaigns for case in campaign.cases)
    if len(campaigns) < LEAST_CAMPAIGNS or n_cases < LEAST_CASES:
        raise InputError(
            f"{len(campaigns)} campaigns with {n_cases} creators whose posts were counted; expected {LEAST_CAMPAIGNS} "
            f"with {LEAST_CASES} at least, or what is learnt is chance"
        )
    return fitted(campaigns)


def fitted(campaigns: Sequence[Campaign]) -> Client:
    """The same of however few."""
    corrections: list[Correction] = []
    own: dict[str, dict[str, float]] = {}
    for count in COUNTS:
        of = _errors(campaigns, count)
        if not len(of.error):
            continue
        shifts = _shifts(of)
        rest = of.error - np.array([shifts[name] for name in of.platform])
        shift_of, without = _own(of, rest)
        for creator, shift in shift_of.items():
            own.setdefault(creator, {})[count] = shift
        # widths are of posts that a creator's shift was not learnt from
        rest = rest - without
        for name, shift in sorted(shifts.items()):
            here = np.array(of.platform) == name
            width = math.sqrt((ALIKE + float(np.sum(np.square(rest / of.scale)[here]))) / (ALIKE + int(here.sum())))
            corrections.append(
                Correction(
                    platform=name, count=count, shift=shift, width=min(max(width, 0.5), 2.0), posts=int(here.sum()),
                    campaigns=len({c for c, is_mine in zip(of.campaign, here.tolist(), strict=True) if is_mine}),
                )
            )  # fmt: skip
    return Client(
        schema=SCHEMA,
        brand=campaigns[0].brand,
        forecasts=tuple(sorted(campaign.forecast for campaign in campaigns)),
        corrections=tuple(corrections),
        own=own,
        fit=fit_map([case for campaign in campaigns for case in campaign.cases]),
    )


def _moments(shape: Shape) -> tuple[float, float]:
    """Mean and deviation of the standardised errors of a shape, at its own size."""
    scores = np.array([float(v) for v in np.linspace(-2.8, 2.8, 113)])
    weights = np.exp(-np.square(scores) / 2)
    errors = np.interp(scores, SCORES, shape.quantiles)
    mean = float(np.average(errors, weights=weights))
    return mean, math.sqrt(float(np.average(np.square(errors - mean), weights=weights)))


def _errors(campaigns: Sequence[Campaign], count: str) -> _Errors:
    rows: list[tuple[float, float]] = []
    platforms, creators, of = list[str](), list[str](), list[str]()
    for campaign in campaigns:
        for case in campaign.cases:
            estimate = case.plan.counts.get(count)
            shape = shape_of(case.plan.platform, count)
            mean, spread = _moments(shape)
            if estimate is None or not estimate.low < estimate.value < estimate.high:
                continue
            times, more = shape.at(estimate.value)
            for value in case.got.get(count, ()):
                error = math.log((value + 1) / (estimate.value + 1))
                side = deviations(estimate)[int(error >= 0)] ** shape.power
                rows.append((error - (mean * times + more) * side, spread * times * side))
                platforms.append((case.plan.platform or "").casefold())
                creators.append(case.plan.creator_id)
                of.append(campaign.forecast)
    table = np.array(rows).reshape(-1, 2)
    return _Errors(table[:, 0], table[:, 1], platforms, creators, of)


def _drawn(means: Sequence[float], prior: float, towards: float) -> float:
    """The mean of campaigns' means drawn towards a value, by how they vary and how far such means usually lie."""
    n = len(means)
    spread = float(np.var(means, ddof=1)) if n > 1 else prior**2
    own = prior**2 / (prior**2 + max(spread, 1e-4) / n)
    return towards + own * (float(np.mean(means)) - towards)


def _means(values: FloatArray, keys: Sequence[str], inner: Sequence[str]) -> dict[str, float]:
    """Mean of each key, every one of `inner` within it weighing the same."""
    by_inner: dict[str, dict[str, list[float]]] = {}
    for value, key, name in zip(values.tolist(), keys, inner, strict=True):
        by_inner.setdefault(key, {}).setdefault(name, []).append(value)
    return {key: float(np.mean([np.mean(v) for v in groups.values()])) for key, groups in by_inner.items()}


def _shifts(of: _Errors) -> dict[str, float]:
    """Shift of each platform."""
    client = _drawn(list(_means(of.error, of.campaign, of.creator).values()), CLIENTS, 0.0)
    shifts = {}
    for name in sorted(set(of.platform)):
        places = [i for i, platform in enumerate(of.platform) if platform == name]
        means = _means(of.error[places], [of.campaign[i] for i in places], [of.creator[i] for i in places])
        shifts[name] = float(np.clip(_drawn(list(means.values()), PLATFORMS, client), -3.0, 3.0))
    return shifts


def _own(of: _Errors, rest: FloatArray) -> tuple[dict[str, float], FloatArray]:
    """Further shift of each creator, by how alike errors of one creator in several campaigns are.

    And for each post, (n,), the shift that the creator's other campaigns alone would say. Empty and zeros where too few
    were booked again, or they are not alike.
    """
    keys = [f"{campaign}\0{creator}" for campaign, creator in zip(of.campaign, of.creator, strict=True)]
    means = _means(rest, keys, keys)
    by_creator: dict[str, list[float]] = {}
    for key, mean in means.items():
        by_creator.setdefault(key.split("\0", 1)[1], []).append(mean)
    again = [values for values in by_creator.values() if len(values) > 1]
    if len(again) < LEAST_AGAIN:
        return {}, np.zeros(len(rest))
    alike = float(np.mean([(sum(v) ** 2 - sum(x * x for x in v)) / (len(v) * (len(v) - 1)) for v in again]))
    within = max(float(np.mean(np.square(list(means.values())))) - alike, 1e-4)
    if alike <= 0:
        return {}, np.zeros(len(rest))

    def shift(total: float, n: int) -> float:
        return float(np.clip(total * alike / (n * alike + within), -2.0, 2.0))

    without = [
        shift(sum(by_creator[creator]) - means[key], len(by_creator[creator]) - 1)
        for key, creator in zip(keys, of.creator, strict=True)
    ]
    return {name: shift(sum(v), len(v)) for name, v in by_creator.items()}, np.array(without)


def fit_map(cases: Sequence[Case]) -> FitMap | None:
    """How fits and outcomes go together, drawn towards no change; None where too few of either kind are known."""
    known = [(case.plan.fit, case.paid) for case in cases if case.plan.fit is not None and case.paid is not None]
    paid = np.array([outcome for _, outcome in known], dtype=np.float64)
    if min(float(paid.sum()), float(len(paid) - paid.sum())) < LEAST_OF_A_KIND:
        return None
    odds = logit(np.clip(np.array([fit for fit, _ in known], dtype=np.float64), 1e-4, 1 - 1e-4))

    def loss(at: FloatArray) -> float:
        p = np.clip(sigmoid(at[0] + at[1] * odds), 1e-9, 1 - 1e-9)
        fits = -float(np.sum(paid * np.log(p) + (1 - paid) * np.log(1 - p)))
        return fits + float((at[0] / INTERCEPTS) ** 2 + ((at[1] - 1) / SLOPES) ** 2) / 2

    at = minimize(loss, np.array([0.0, 1.0]), method="L-BFGS-B", bounds=[(-5, 5), (0, 5)]).x
    return FitMap(intercept=float(at[0]), slope=float(at[1]), n=len(paid))


def adopted(client: Client, better: Mapping[str, bool]) -> Client:
    """The client with the parts alone that foretold held-out campaigns better. better : by count, and `fit`."""
    return msgspec.structs.replace(
        client,
        corrections=tuple(entry for entry in client.corrections if better.get(entry.count)),
        own={
            name: better_shifts
            for name, shifts in client.own.items()
            if (better_shifts := {count: shift for count, shift in shifts.items() if better.get(count)})
        },
        fit=client.fit if better.get("fit") else None,
    )
