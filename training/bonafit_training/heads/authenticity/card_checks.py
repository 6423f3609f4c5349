"""What the card owes its reader: transfer between sets, cheap evasions, and gaps between groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from bonafit.encoders.onnx import usable_cores
from bonafit.heads.authenticity.account_columns import Values, derived, display_cells
from bonafit.heads.authenticity.account_model import AccountModels
from bonafit.heads.authenticity.audience import rogan_gladen
from bonafit_training.contracts import OURS, Row
from bonafit_training.data.authenticity import Accounts, floats, read_table
from bonafit_training.heads.authenticity.account import fit_additive, platt
from bonafit_training.heads.authenticity.crossval import SMALL, common_matrix, common_names, saerens_share
from bonafit_training.heads.authenticity.evaluate import SUITE, sigmoid
from bonafit_training.heads.authenticity.mixture import best_bin_share
from bonafit_training.metrics import expected_calibration_error

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Accounts of a large set that transfer uses: enough for six columns, and every ordered pair stays within minutes.
LARGEST = 6000


@dataclass(frozen=True)
class Transfer:
    """One ordered pair of sets; shares of fakes as fractions."""

    source: str
    target: str
    n: int
    auc: float
    f1: float
    ece: float
    true: float
    predicted: float
    rogan_gladen: float
    saerens: float
    best_bin: float


def thinned(accounts: Accounts, *, seed: int) -> Accounts:
    """At most LARGEST accounts, drawn at random."""
    if len(accounts) <= LARGEST:
        return accounts
    chosen = np.sort(np.random.default_rng(seed).choice(len(accounts), LARGEST, replace=False))
    other = {name: values[chosen] for name, values in accounts.other.items()}
    return Accounts(accounts.name, [accounts.rows[i] for i in chosen], accounts.fake[chosen], other)


def transfer(source: Accounts, target: Accounts, *, seed: int) -> Transfer:
    """Our family from one set's common columns to another's; in-domain 5-fold where both are the same.

    `predicted` counts probabilities above one half; the corrections know the source's out-of-fold scores only.
    """
    names = common_names(source, target)
    X, columns = common_matrix(source, names)
    y = source.fake
    eta = np.zeros(len(y))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(X, y):
        eta[test] = fit_additive(X[train], y[train], columns, settings=SMALL, seed=seed).predict(X[test])
    shift, slope = platt(eta, y)
    own = sigmoid(shift + slope * eta)
    if source is target:
        p, true = own, y
    else:
        model = fit_additive(X, y, columns, settings=SMALL, seed=seed)
        p, true = sigmoid(shift + slope * model.predict(common_matrix(target, names)[0])), target.fake
    guess = (p >= 0.5).astype(np.int64)
    sensitivity, specificity = float(np.mean(own[y == 1] >= 0.5)), float(np.mean(own[y == 0] < 0.5))
    return Transfer(
        source=source.name, target=target.name, n=len(true), auc=float(roc_auc_score(true, p)),
        f1=float(f1_score(true, guess)), ece=expected_calibration_error(true, p), true=float(true.mean()),
        predicted=float(guess.mean()),
        rogan_gladen=rogan_gladen(float(guess.sum()), len(guess), sensitivity=sensitivity, specificity=specificity),
        saerens=saerens_share(p, float(y.mean())), best_bin=best_bin_share(own[y == 1], p),
    )  # fmt: skip


def transfers(sources: Sequence[Accounts], targets: Sequence[Accounts], *, seed: int) -> list[Transfer]:
    """Every ordered pair; a set with itself is judged in domain."""
    small = {s.name: thinned(s, seed=seed) for s in (*sources, *targets)}
    # In processes, as boosting holds one core: two thirds of a training were spent here on one of them. What a fit
    # gives does not depend on where it runs.
    pairs = [(small[a.name], small[b.name]) for a in sources for b in targets]
    found: list[Transfer] = Parallel(n_jobs=min(usable_cores(), len(pairs)))(
        delayed(_transfer_of)(a, b, seed) for a, b in pairs
    )
    return found


def _transfer_of(source: Accounts, target: Accounts, seed: int) -> Transfer:
    # a set sent to another process arrives as two equal ones
    return transfer(source, source if source.name == target.name else target, seed=seed)


def transfer_rows(found: Sequence[Transfer]) -> Iterator[Row]:
    """Rows of the transfer table; the uncorrected share is the baseline of the corrected ones."""
    for t in found:
        split = f"transfer:{t.source}>{t.target}"
        figures = (
            (OURS, "auc", t.auc), (OURS, "f1", t.f1), (OURS, "ece", t.ece), (OURS, "share", t.best_bin),
            (OURS, "share_error", abs(t.best_bin - t.true)), ("Rogan-Gladen", "share", t.rogan_gladen),
            ("Rogan-Gladen", "share_error", abs(t.rogan_gladen - t.true)), ("label shift (EM)", "share", t.saerens),
            ("label shift (EM)", "share_error", abs(t.saerens - t.true)), ("counted", "share", t.predicted),
            ("counted", "share_error", abs(t.predicted - t.true)), ("truth", "share", t.true),
        )  # fmt: skip
        for method, metric, value in figures:
            yield Row(
                suite=SUITE, dataset=t.target, split=split, slice="common columns", method=method, metric=metric,
                value=value, n=t.n, baseline=method != OURS,
            )  # fmt: skip


@dataclass(frozen=True)
class Pooled:
    """The share of fakes in one set from the heads of all other sets: the smallest of their best-bin estimates.

    Each of them can only be too high while fakes look alike, so the smallest is the least contaminated one.
    """

    target: str
    n: int
    true: float
    share: float
    counted: float
    rogan_gladen: float
    saerens: float


def pooled_shares(found: Sequence[Transfer]) -> list[Pooled]:
    """One of each target among these transfers; the other ways of counting are means over the same heads."""
    out = []
    for target in dict.fromkeys(t.target for t in found):
        heads = [t for t in found if t.target == target and t.source != target]
        if heads:
            out.append(
                Pooled(
                    target=target, n=heads[0].n, true=heads[0].true, share=min(t.best_bin for t in heads),
                    counted=float(np.mean([t.predicted for t in heads])),
                    rogan_gladen=float(np.mean([t.rogan_gladen for t in heads])),
                    saerens=float(np.mean([t.saerens for t in heads])),
                )
            )  # fmt: skip
    return out


def pooled_rows(found: Sequence[Pooled]) -> Iterator[Row]:
    """Rows of the shares from all other sets' heads."""
    for one in found:
        methods = (
            (OURS, one.share), ("Rogan-Gladen", one.rogan_gladen), ("label shift (EM)", one.saerens),
            ("counted", one.counted),
        )  # fmt: skip
        for method, share in methods:
            for metric, value in (("share", share), ("share_error", abs(share - one.true))):
                yield Row(
                    suite=SUITE, dataset=one.target, split="transfer:others", slice="common columns", method=method,
                    metric=metric, value=value, n=one.n, baseline=method != OURS,
                )  # fmt: skip


def _grow(row: Values) -> Values:
    return {**row, "followers": (row["followers"] or 0) * 1.5}


EVASIONS: dict[str, Callable[[Values], Values]] = {
    "adds a link": lambda row: {**row, "has_url": 1.0},
    "adds a picture": lambda row: {**row, "has_picture": 1.0},
    "writes a biography of 80 cells": lambda row: {**row, "bio_length": max(row["bio_length"] or 0.0, 80.0)},
    "tags a place in every post": lambda row: {**row, "location_share": 1.0} if "location_share" in row else dict(row),
    "unfollows half": lambda row: {**row, "following": round((row["following"] or 0) / 2)},
    "buys half its followers again": _grow,
    "renames itself": dict,
}


def evasion_table(models: AccountModels, fakes: Sequence[Values]) -> list[tuple[str, float, float, float]]:
    """Mean change, its 95th percentile, and the largest change of P(genuine) at even odds, by evasion."""

    def genuine(rows: Sequence[Values]) -> FloatArray:
        prior = models.models["profile"].prior_log_odds
        return sigmoid(-models.log_odds_fake([derived(r) for r in rows]) - prior)

    before = genuine(fakes)
    out = []
    for name, change in EVASIONS.items():
        moved = genuine([change(row) for row in fakes]) - before
        out.append((name, float(np.mean(moved)), float(np.quantile(moved, 0.95)), float(np.max(moved))))
    return out


TIDES = {"followers": "followers", "following": "following", "posts_count": "total_videos"}


def language_gaps(models: AccountModels, data: Path, *, seed: int) -> list[tuple[str, int, float, float, float]]:
    """Mean P(genuine) of each language's creators less that of all others, with a 90 % bootstrap interval.

    TikTok creators of tides_2024, unlabelled, profile only: a gap may be the model's or the creators' own.
    """
    table = read_table(data, "engagement/tides_2024_tiktok_creators")
    counts = {ours: floats(table, theirs) for ours, theirs in TIDES.items()}
    rows = [
        derived(
            {**{name: values[i] for name, values in counts.items()}, "bio_length": float(display_cells(str(bio or "")))}
        )
        for i, bio in enumerate(table["bio"])
    ]
    p = sigmoid(-models.log_odds_fake(rows) - models.models["profile"].prior_log_odds)
    language = np.array([str(v) for v in table["language"]])
    rng = np.random.default_rng(seed)
    out = []
    for name in sorted(set(language.tolist())):
        mine, others = p[language == name], p[language != name]
        if len(mine) < 50:
            continue
        draws = [
            float(np.mean(rng.choice(mine, len(mine))) - np.mean(rng.choice(others, len(others)))) for _ in range(500)
        ]
        low, high = np.quantile(draws, [0.05, 0.95])
        out.append((name, len(mine), float(mine.mean() - others.mean()), float(low), float(high)))
    return out
