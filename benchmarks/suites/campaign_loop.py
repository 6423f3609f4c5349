"""Two simulated years of one client: whether learning back from measured campaigns makes the next lists better."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from benchmarks.measures.loop import policies, two_years
from benchmarks.registry import Suite

from bonafit_training.campaign.held_out import held_out
from bonafit_training.contracts import OURS, Cases, Context, Row

SUITE, CAMPAIGNS, WORLDS = "campaign", 200, 3


def loop(context: Context) -> Iterator[Row]:
    """Mean regret by half year of CAMPAIGNS campaigns, over WORLDS clients, and reliability of held-out campaigns."""
    worlds = [two_years(CAMPAIGNS, seed=context.seed + k) for k in range(WORLDS)]
    for place, policy in enumerate(policies()):
        regret = np.mean([world[place].regret for world in worlds], axis=0)
        for half, part in enumerate(np.array_split(regret, 4), start=1):
            yield _row(f"half year {half}", "regret", float(part.mean()), len(part) * WORLDS, policy.name)
    figures, _ = held_out(worlds[0][0].measured)
    for row in figures:
        yield _row(f"held out, {row.slice}", row.metric, row.value, row.n, row.method.replace(" ", "_"))


def _row(part: str, metric: str, value: float, n: int, method: str) -> Row:
    return Cases(SUITE, "two_year_loop", "simulated", part).row(metric, value, n, method,
        baseline=not method.startswith(OURS) and method != "this_client",
    )  # fmt: skip


SUITES: dict[str, Suite] = {f"{SUITE}/two_year_loop": loop}
