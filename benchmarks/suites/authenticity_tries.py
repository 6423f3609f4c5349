"""What was tried where a bar is missed, each judged by folds inside train (docs/decisions/003)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from benchmarks.registry import Suite
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from bonafit.heads.authenticity.account_columns import CONTENT, PROFILE, derived
from bonafit.heads.columns import Column, column_matrix
from bonafit_training.artifact import OURS, Context, Row
from bonafit_training.authenticity.account import URL, Settings, fit_additive, platt
from bonafit_training.authenticity.crossval import SMALL, common_matrix, common_names, set_matrix, splines
from bonafit_training.authenticity.evaluate import SUITE, follower_slices, random_forest, sigmoid
from bonafit_training.authenticity.fit import FULL
from bonafit_training.authenticity.honesty import thinned
from bonafit_training.datasets.authenticity import (
    Accounts,
    read_instafake_accounts,
    read_kaggle,
    read_purba,
    read_srf,
)
from bonafit_training.metrics import best_f1_threshold, calibrated_ece, expected_calibration_error

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# Three bags and three folds tell differences of a thousandth, at a quarter of the published fit's time.
FOLDS, BAGS = 3, 3
QUOTIENTS = frozenset(
    {
        "all_likes_per_follower", "comments_per_following", "likes_per_gap_hour", "followers_per_active_hour",
        "following_per_active_hour", "hashtags_per_cell",
    }
)  # fmt: skip
MICRO_WEIGHT = 4.0


def _row(dataset: str, split: str, part: str, method: str, metric: str, value: float, n: int) -> Row:
    return Row(
        suite=SUITE, dataset=dataset, split=split, slice=part, method=method, metric=metric, value=value, n=n,
        baseline=method != OURS,
    )  # fmt: skip


@dataclass(frozen=True)
class Train:
    """Accounts with posts of the published train part; columns without the link, which tells the models apart."""

    X: FloatArray
    y: IntArray
    url: BoolArray
    columns: tuple[Column, ...]

    @property
    def micro(self) -> BoolArray:
        """Accounts of 1k-100k followers."""
        return (self.X[:, 0] >= 1e3) & (self.X[:, 0] <= 1e5)


def train_part(context: Context) -> Train:
    """The published train part as folds inside it are cut."""
    purba = read_purba(context.data)
    rows = [derived(r) for r, test in zip(purba.rows, purba.other["published_test"], strict=True) if not test]
    fake = purba.fake[purba.other["published_test"] == 0]
    content = np.array([row.get("caption_length") is not None for row in rows])
    kept = [rows[i] for i in np.flatnonzero(content)]
    columns = tuple(c for c in PROFILE + CONTENT if c.name != URL)
    url = np.array([bool(row[URL]) for row in kept])
    return Train(column_matrix(kept, columns), fake[content], url, columns)


def held_out(
    train: Train, *, without: frozenset[str], settings: Settings, weights: FloatArray, seed: int
) -> FloatArray:
    """Linear predictors of models with and without a link that have not seen the account, (n,)."""
    chosen = [j for j, c in enumerate(train.columns) if c.name not in without]
    X, columns = train.X[:, chosen], [train.columns[j] for j in chosen]
    eta = np.empty(len(train.y))
    for fit, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, train.y):
        for part in (train.url, ~train.url):
            a, b = fit[part[fit]], test[part[test]]
            model = fit_additive(X[a], train.y[a], columns, settings=settings, seed=seed, weights=weights[a])
            eta[b] = model.predict(X[b])
    return eta


def boosted(train: Train, seed: int) -> FloatArray:
    """Log-odds of histogram boosting with slow, regularised steps: what interplays of any order would bring."""
    X = np.column_stack([train.X, train.url])
    eta = np.empty(len(train.y))
    for fit, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, train.y):
        model = HistGradientBoostingClassifier(
            learning_rate=0.04, max_iter=500, min_samples_leaf=20, l2_regularization=5, max_features=0.4, random_state=0
        )
        eta[test] = model.fit(X[fit], train.y[fit]).decision_function(X[test])
    return eta


def account_tries(context: Context) -> Iterator[Row]:
    """Account model: the kept form, without the quotients, weighted to 1k-100k, and tuned histogram boosting."""
    train = train_part(context)
    n, micro, none = len(train.y), train.micro, frozenset[str]()
    lean = replace(FULL, outer_bags=BAGS)
    flat, weighted = np.ones(n), np.where(micro, MICRO_WEIGHT, 1.0)

    def held(without: frozenset[str], weights: FloatArray) -> FloatArray:
        return held_out(train, without=without, settings=lean, weights=weights, seed=context.seed)

    tries: dict[str, Callable[[], FloatArray]] = {
        OURS: lambda: held(none, flat),
        "without quotients of three figures": lambda: held(QUOTIENTS, flat),
        "1k-100k weighted fourfold": lambda: held(none, weighted),
        "histogram boosting, tuned": lambda: boosted(train, context.seed),
    }
    for method, run in tries.items():
        eta = run()
        p = sigmoid(eta)
        at = best_f1_threshold(train.y, p)
        figures = (
            ("all", "auc", roc_auc_score(train.y, p), n),
            ("1k-100k", "auc", roc_auc_score(train.y[micro], p[micro]), int(micro.sum())),
            ("all", "f1", f1_score(train.y, p >= 0.5), n),
            ("all, best threshold", "f1", f1_score(train.y, p >= at), n),
        )
        for part, metric, value, count in figures:
            yield _row("purba_2020_accounts", "train_cv3", part, method, metric, float(value), count)
        if method == OURS:
            yield from _calibration(train, eta, context.seed)


def _calibration(train: Train, eta: FloatArray, seed: int) -> Iterator[Row]:
    """Calibration error with one calibration for everybody and with one a follower decade, cross-fitted."""
    slices = {k: v for k, v in follower_slices(train.X[:, 0]).items() if k not in {"all", "1k-100k"}}
    one, each = np.empty(len(eta)), np.empty(len(eta))
    # everybody comes first: a decade without both classes falls back on it
    for fit, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed + 1).split(eta[:, None], train.y):
        for mask, out in ((np.ones(len(eta), dtype=bool), one), *((mask, each) for mask in slices.values())):
            a, b = fit[mask[fit]], test[mask[test]]
            if len(np.unique(train.y[a])) == 2:
                shift, slope = platt(eta[a], train.y[a])
                out[b] = sigmoid(shift + slope * eta[b])
            else:
                # a handful of accounts of one kind: nothing to calibrate with
                out[b] = one[b]
    for part, mask in slices.items():
        count = int(mask.sum())
        for method, p in ((OURS, one), ("calibrated by decade", each)):
            value = expected_calibration_error(train.y[mask], p[mask])
            yield _row("purba_2020_accounts", "train_cv3", part, method, "ece", value, count)
        chance = calibrated_ece(one[mask], seed=0)[0]
        yield _row(
            "purba_2020_accounts", "train_cv3", part, "our probabilities, if exactly right", "ece", chance, count
        )


Fit = Callable[[FloatArray, IntArray, FloatArray], FloatArray]


def _boosting(columns: Sequence[Column], settings: Settings, seed: int) -> Fit:
    return lambda X, y, T: fit_additive(X, y, columns, settings=settings, seed=seed).predict(T)


def _extra_trees(X: FloatArray, y: IntArray, T: FloatArray) -> FloatArray:
    model = ExtraTreesClassifier(500, min_samples_leaf=2, random_state=0)
    return np.asarray(model.fit(X, y).predict_proba(T)[:, 1])


def _small_tries(accounts: Accounts, seed: int) -> dict[str, tuple[FloatArray, Fit]]:
    X, columns = set_matrix(accounts)
    alone = _boosting(columns, replace(SMALL, interactions=0), seed)
    return {
        OURS: (X, _boosting(columns, SMALL, seed)),
        "leaves of 15 accounts": (X, _boosting(columns, replace(SMALL, min_samples_leaf=15), seed)),
        "no pairs": (X, alone),
        "splines": (X, splines),
        "no pairs, and splines": (X, lambda X, y, T: alone(X, y, T) + splines(X, y, T)),
        "random forest": (X, random_forest),
        "extra trees": (X, _extra_trees),
    }


def _on_other_folds(accounts: Accounts, tries: dict[str, tuple[FloatArray, Fit]], context: Context) -> Iterator[Row]:
    """AUC, pooled and as the mean of folds, on folds that no reported row uses."""
    for method, (X, fit) in tries.items():
        eta, each = np.empty(len(accounts)), []
        folds = StratifiedKFold(5, shuffle=True, random_state=context.seed + 4).split(X, accounts.fake)
        for train, test in folds:
            eta[test] = fit(X[train], accounts.fake[train], X[test])
            each.append(roc_auc_score(accounts.fake[test], eta[test]))
        for metric, value in (("auc", roc_auc_score(accounts.fake, eta)), ("auc_mean_of_folds", np.mean(each))):
            yield _row(accounts.name, "tries_cv5", "all", method, metric, float(value), len(accounts))


def srf_tries(context: Context) -> Iterator[Row]:
    """SRF: other settings and families of models, and the other sets' heads as columns."""
    srf = read_srf(context.data)
    X, columns = set_matrix(srf)
    purba = read_purba(context.data)
    train = np.flatnonzero(purba.other["published_test"] == 0)
    bought = Accounts(purba.name, [purba.rows[i] for i in train], purba.fake[train])
    scores = []
    for source in (
        thinned(bought, seed=context.seed),
        read_instafake_accounts(context.data),
        read_kaggle(context.data),
    ):
        names = common_names(source, srf)
        matrix, known = common_matrix(source, names)
        head = fit_additive(matrix, source.fake, known, settings=SMALL, seed=context.seed)
        scores.append(head.predict(common_matrix(srf, names)[0]))
    others = tuple(Column(f"head_{i}", "log-odds", -1, "what another set's head says") for i in range(len(scores)))
    with_heads = np.column_stack([X, *scores]), _boosting(columns + others, SMALL, context.seed)
    yield from _on_other_folds(
        srf, _small_tries(srf, context.seed) | {"other sets' heads as columns": with_heads}, context
    )


def instafake_tries(context: Context) -> Iterator[Row]:
    """InstaFake: other settings and families of models."""
    accounts = read_instafake_accounts(context.data)
    yield from _on_other_folds(accounts, _small_tries(accounts, context.seed), context)


SUITES: dict[str, Suite] = {
    "authenticity/purba_2020_accounts/train_cv3": account_tries,
    "authenticity/srf_2017_followers/tries_cv5": srf_tries,
    "authenticity/instafake_2019_accounts/tries_cv5": instafake_tries,
}
