"""What a link is worth, and more forms of the account model, by folds inside train (docs/decisions/003)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec
import numpy as np
import numpy.typing as npt
from benchmarks.registry import Suite
from benchmarks.suites.authenticity_tries import BAGS, FOLDS, QUOTIENTS, Train, boosted, held_out, train_part
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from bonafit.heads.columns import Column
from bonafit_training.artifact import Context, Row
from bonafit_training.authenticity.account import URL, Settings, fit_additive
from bonafit_training.authenticity.evaluate import SUITE, sigmoid
from bonafit_training.authenticity.fit import FULL

FloatArray = npt.NDArray[np.float64]

# The most a link may add to the log-odds of genuine.
CAPS = (1.0, 2.0, 4.0, 8.0)


def _rows(train: Train, method: str, eta: FloatArray) -> Iterator[Row]:
    micro, p = train.micro, sigmoid(eta)
    figures = (
        ("all", "auc", roc_auc_score(train.y, p), len(p)),
        ("1k-100k", "auc", roc_auc_score(train.y[micro], p[micro]), int(micro.sum())),
        ("all", "f1", f1_score(train.y, p >= 0.5), len(p)),
    )
    for part, metric, value, n in figures:
        yield _row(part, method, metric, float(value), n)


def _row(part: str, method: str, metric: str, value: float, n: int) -> Row:
    return Row(
        suite=SUITE, dataset="purba_2020_accounts", split="train_cv3_link", slice=part, method=method, metric=metric,
        value=value, n=n, baseline=True,
    )  # fmt: skip


def _lean(train: Train) -> tuple[FloatArray, tuple[Column, ...]]:
    """The columns without the quotients of three figures, which change nothing and cost time."""
    chosen = [j for j, c in enumerate(train.columns) if c.name not in QUOTIENTS]
    return train.X[:, chosen], tuple(train.columns[j] for j in chosen)


def _both(train: Train, settings: Settings, seed: int) -> tuple[FloatArray, FloatArray]:
    """What the models with and without a link each say of every account that they have not seen, (n,) twice."""
    X, columns = _lean(train)
    linked, unlinked = np.empty(len(train.y)), np.empty(len(train.y))
    for fit, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, train.y):
        for part, out in ((train.url, linked), (~train.url, unlinked)):
            rows = fit[part[fit]]
            out[test] = fit_additive(X[rows], train.y[rows], columns, settings=settings, seed=seed).predict(X[test])
    return linked, unlinked


def _joint(train: Train, settings: Settings, seed: int) -> FloatArray:
    """One model for everybody, the link a column with pairs of its own."""
    X, columns = _lean(train)
    X, columns = np.column_stack([X, train.url]), (*columns, Column(URL, "flag", 0, "has a link"))
    eta = np.empty(len(train.y))
    for fit, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, train.y):
        eta[test] = fit_additive(X[fit], train.y[fit], columns, settings=settings, seed=seed).predict(X[test])
    return eta


def link(context: Context) -> Iterator[Row]:
    """A cap on what a link adds: what it costs, and what adding a link then gains a bought account without one."""
    train, seed = train_part(context), context.seed
    lean, flat = replace(FULL, outer_bags=BAGS), np.ones(len(train.y))
    linked, unlinked = _both(train, lean, seed)
    kept = np.where(train.url, linked, unlinked)
    bought = (train.y == 1) & ~train.url
    for cap in (*CAPS, np.inf):
        capped = np.maximum(linked, unlinked - cap)
        method = "without quotients" if np.isinf(cap) else f"link adds at most {cap:g}"
        yield from _rows(train, method, np.where(train.url, capped, unlinked))
        gain = (sigmoid(-capped) - sigmoid(-unlinked))[bought]
        for metric, value in (("mean_change", gain.mean()), ("max_change", gain.max())):
            yield _row("bought, adds a link", method, metric, float(value), int(bought.sum()))
    joint, forest = _joint(train, lean, seed), boosted(train, seed)
    unsigned = Train(train.X, train.y, train.url, tuple(replace_sign(c) for c in train.columns))
    many = replace(lean, interactions=250, max_interaction_bins=64)
    tries: dict[str, Callable[[], FloatArray]] = {
        "one model, the link a column": lambda: joint,
        "half two models, half one": lambda: (kept + joint) / 2,
        "half two models, half histogram boosting": lambda: (kept + forest) / 2,
        "250 pairs of 64 bins": lambda: held_out(train, without=QUOTIENTS, settings=many, weights=flat, seed=seed),
        "no signs": lambda: held_out(unsigned, without=QUOTIENTS, settings=lean, weights=flat, seed=seed),
    }
    for method, run in tries.items():
        yield from _rows(train, method, run())


def who_has_one(context: Context) -> Iterator[Row]:
    """Like rates of genuine and bought accounts of train by link: how differently the set's accounts were gathered."""
    train = train_part(context)
    rate = train.X[:, [c.name for c in train.columns].index("like_rate")]
    for kind, label in (("genuine", 0), ("bought", 1)):
        for link, mask in (("with a link", train.url), ("without one", ~train.url)):
            known = rate[mask & (train.y == label) & ~np.isnan(rate)]
            for metric, level in (("like_rate_p10", 0.1), ("like_rate_p90", 0.9)):
                row = _row(f"{kind}, {link}", "observed", metric, float(np.quantile(known, level)), len(known))
                yield msgspec.structs.replace(row, split="train_link")


def replace_sign(column: Column) -> Column:
    """The same column without a direction."""
    return Column(column.name, column.unit, 0, column.description)


SUITES: dict[str, Suite] = {
    "authenticity/purba_2020_accounts/train_cv3_link": link,
    "authenticity/purba_2020_accounts/train_link": who_has_one,
}
