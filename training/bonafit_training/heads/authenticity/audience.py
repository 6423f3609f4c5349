"""What the accounts of several collections score, for the correction of audience shares; and a study of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bonafit.heads.authenticity.account_model import PATTERNS, AccountModels
from bonafit.heads.authenticity.audience import READERS, AudienceModel
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit_training.heads.authenticity.account import LabelledSet

# Ends of the bins on the scale of the uncalibrated predictor. Seven bins: thirteen covered no better.
EDGES = np.linspace(-2.5, 3.5, 6)
# Most accounts of one set that its histograms need.
LARGEST = 6000
SHARES = (0.05, 0.15, 0.3, 0.5)


def readable(labelled: LabelledSet, name: str) -> tuple[list[dict[str, float | None]], IntArray]:
    """Accounts of a set with the columns of one model, and their labels; an even sample of a large set."""
    columns = PATTERNS[name]
    step = max(1, len(labelled.rows) // LARGEST)
    places = [
        i for i in range(0, len(labelled.rows), step) if all(labelled.rows[i].get(c) is not None for c in columns)
    ]
    return [{c: labelled.rows[i][c] for c in columns} for i in places], labelled.fake[places]


def fit_audiences(accounts: AccountModels, sets: Sequence[LabelledSet]) -> dict[str, AudienceModel]:
    """The histograms of every set under each model that reads audiences."""
    out = {}
    for name in READERS:
        model = accounts.models[name]
        edges = model.shift + model.slope * EDGES
        fake, genuine = [], []
        for labelled in sets:
            rows, y = readable(labelled, name)
            bins = np.searchsorted(edges, accounts.log_odds_fake(rows), side="right")
            fake.append(np.bincount(bins[y == 1], minlength=len(edges) + 1))
            genuine.append(np.bincount(bins[y == 0], minlength=len(edges) + 1))
        out[name] = AudienceModel(edges, np.array(fake, dtype=np.float64), np.array(genuine, dtype=np.float64))
    return out


@dataclass(frozen=True)
class Study:
    """Audiences to draw from labelled accounts: how many, of how many accounts, with which true share of fakes."""

    share: float
    audiences: int
    n: int
    seed: int


def resample(model: AudienceModel, scores: FloatArray, y: IntArray, study: Study) -> Mapping[str, FloatArray]:
    """What the model reads in audiences drawn from labelled accounts.

    scores : (accounts,) log-odds of accounts of a set that is in no histogram. y : (accounts,) 1 for fake.
    Returns arrays over audiences: share, low, high, counted.
    """
    rng = np.random.default_rng(study.seed)
    rows = []
    for _ in range(study.audiences):
        fakes = int(rng.binomial(study.n, study.share))
        drawn = np.concatenate([rng.choice(scores[y == 1], fakes), rng.choice(scores[y == 0], study.n - fakes)])
        read = model.share(drawn)
        rows.append((read.share, *read.interval, read.counted))
    return dict(zip(("share", "low", "high", "counted"), np.array(rows).T, strict=True))
