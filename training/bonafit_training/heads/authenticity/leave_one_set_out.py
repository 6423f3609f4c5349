"""How the head does on collections that it was not trained on: the figures that choose models and lead the card.

Every set of labelled accounts is judged by models of the others (InstaFake, non-commercial, trains nothing). Beside
ours stands the best single column, chosen and signed on the sets that train, and the difference with a bootstrap
interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from bonafit.heads.authenticity.account_columns import Values
from bonafit.heads.authenticity.account_model import PATTERNS, AccountModels
from bonafit.heads.authenticity.audience import READERS, AudienceModel
from bonafit.heads.authenticity.plausibility import Norms
from bonafit.heads.authenticity.plausibility import coherence as read_posts
from bonafit.records import Post
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit.tables.logistic import sigmoid
from bonafit_training.contracts import OURS, Cases, Row
from bonafit_training.data.authenticity import (
    Accounts,
    Series,
    read_instafake_accounts,
    read_instagram_2017,
    read_kaggle,
    read_purba,
    read_srf,
    read_tides,
)
from bonafit_training.heads.authenticity.account import (
    LabelledSet,
    even_weights,
    fit_accounts,
    known,
    log_odds_fake,
)
from bonafit_training.heads.authenticity.audience import SHARES, Study, fit_audiences, readable, resample
from bonafit_training.metrics import expected_calibration_error

SUITE = "authenticity"
LEFT_OUT = "leave_one_set_out"
ACCOUNTS = "accounts"
TRAINING_SETS = ("purba_2020_accounts", "srf_2017_followers", "kaggle_2019_fake_spammer_train")
MEASURED_ONLY = "instafake_2019_accounts"
BOOTSTRAPS = 500
# Audiences of each share and set, and accounts of each: a coverage of .9 is then known within .03.
AUDIENCES, AUDIENCE_SIZE = 100, 200
BASELINE = "best single column of the training sets"
RATIO = "followers_per_following"
COLUMNS = ("followers", "following", "posts_count", "bio_length", "has_picture", "has_url", RATIO)


@dataclass(frozen=True)
class Collection:
    """One published set: the accounts that train, and those that are judged."""

    name: str
    train: LabelledSet
    test: Accounts


def collections(data: Path) -> dict[str, Collection]:
    """The four sets of labelled accounts; purba trains by its published train part and is judged on its test part."""
    purba = read_purba(data)
    test = purba.other["published_test"] == 1
    out = {purba.name: Collection(purba.name, subset(purba, ~test), accounts_of(purba, test))}
    for accounts in (read_srf(data), read_kaggle(data), read_instafake_accounts(data)):
        whole = np.ones(len(accounts), dtype=bool)
        out[accounts.name] = Collection(accounts.name, subset(accounts, whole), accounts)
    return out


def subset(accounts: Accounts, mask: npt.NDArray[np.bool_]) -> LabelledSet:
    """Some accounts of a set, to train on."""
    return LabelledSet(accounts.name, [accounts.rows[i] for i in np.flatnonzero(mask)], accounts.fake[mask])


def accounts_of(accounts: Accounts, mask: npt.NDArray[np.bool_]) -> Accounts:
    """Some accounts of a set, to judge."""
    return Accounts(accounts.name, [accounts.rows[i] for i in np.flatnonzero(mask)], accounts.fake[mask])


def others(sets: Mapping[str, Collection], target: str) -> list[LabelledSet]:
    """The sets that may train, without the target."""
    return [sets[name].train for name in TRAINING_SETS if name != target]


def column_values(rows: Sequence[Values], name: str) -> FloatArray:
    """One column, (n,), NaN where unknown."""
    if name == RATIO:
        return (column_values(rows, "followers") + 1) / (column_values(rows, "following") + 1)
    return np.array([np.nan if (v := row.get(name)) is None else v for row in rows], dtype=np.float64)


def best_column(sets: Sequence[LabelledSet], target: Sequence[Values]) -> tuple[str, float]:
    """Column with the best mean AUC over the training sets that also the target has, and its sign for "fake"."""
    best = ("followers", 0.0, -1.0)
    for name in COLUMNS:
        if np.isnan(column_values(target, name)).any():
            continue
        columns = [(column_values(s.rows, name), s.fake) for s in sets]
        if any(np.isnan(x).any() for x, _ in columns):
            continue
        mean = float(np.mean([roc_auc_score(y, x) for x, y in columns]))
        if abs(mean - 0.5) > best[1]:
            best = (name, abs(mean - 0.5), 1.0 if mean > 0.5 else -1.0)
    return best[0], best[2]


def bootstrap_difference(y: IntArray, scores: FloatArray, other: FloatArray, *, seed: int) -> tuple[float, float]:
    """90 % bootstrap interval of our AUC less the other's, over accounts."""
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(BOOTSTRAPS):
        drawn = rng.integers(0, len(y), len(y))
        if 0 < y[drawn].sum() < len(y):
            draws.append(roc_auc_score(y[drawn], scores[drawn]) - roc_auc_score(y[drawn], other[drawn]))
    low, high = np.quantile(draws, [0.05, 0.95])
    return float(low), float(high)


def at_prior(eta: FloatArray, fake: IntArray) -> FloatArray:
    """Probability of fake, (n,), from log-odds at even odds and the set's own share of fakes."""
    prior = np.log(fake.mean() / (1 - fake.mean()))
    return sigmoid(eta + prior)


_cases = partial(Cases, SUITE)


def account_rows(sets: Mapping[str, Collection], target: str, models: AccountModels, *, seed: int) -> Iterator[Row]:
    """AUC on the target beside the best single column, and calibration at the target's own share of fakes."""
    test = sets[target].test
    eta, y, n = log_odds_fake(models, test.rows), test.fake, len(test)
    name, sign = best_column(others(sets, target), test.rows)
    single = sign * column_values(test.rows, name)
    p = at_prior(eta, y)
    low, high = bootstrap_difference(y, eta, single, seed=seed)
    figures = {
        "auc": float(roc_auc_score(y, eta)), "auc_less_baseline_low": low, "auc_less_baseline_high": high,
        "mean_p_less_prior": float(p.mean() - y.mean()), "ece": expected_calibration_error(y, p),
    }  # fmt: skip
    for metric, value in figures.items():
        yield _cases(target, LEFT_OUT, ACCOUNTS).row(metric, value, n, OURS)
    method = f"{BASELINE}: {name}"
    yield _cases(target, LEFT_OUT, ACCOUNTS).row("auc", float(roc_auc_score(y, single)), n, method)


def boosting_rows(sets: Mapping[str, Collection], target: str, *, seed: int) -> Iterator[Row]:
    """AUC on the target of plain gradient boosting of the same counts on the same sets, weighted alike."""
    columns = PATTERNS["counts"]
    parts = [known(labelled, columns) for labelled in others(sets, target)]
    X, y = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    weights = np.concatenate([even_weights(fake) for _, fake in parts])
    model = HistGradientBoostingClassifier(random_state=seed).fit(X, y, sample_weight=weights / weights.mean())
    test = sets[target].test
    read, fake = known(LabelledSet(test.name, test.rows, test.fake), columns)
    value = float(roc_auc_score(fake, model.decision_function(read)))
    yield _cases(target, LEFT_OUT, ACCOUNTS).row("auc", value, len(fake), "gradient boosting of the counts")


def in_domain_rows(sets: Mapping[str, Collection], models: AccountModels) -> Iterator[Row]:
    """The published models on purba's published test part: reported, decides nothing."""
    test = sets["purba_2020_accounts"].test
    eta, p = log_odds_fake(models, test.rows), at_prior(log_odds_fake(models, test.rows), test.fake)
    followers = column_values(test.rows, "followers")
    for part, mask in (("all", followers >= 0), ("1k-100k", (followers >= 1e3) & (followers <= 1e5))):
        y = test.fake[mask]
        yield Cases(SUITE, test.name, "published_test", part).row(
            "auc", float(roc_auc_score(y, eta[mask])), len(y), OURS
        )
        yield Cases(SUITE, test.name, "published_test", part).row(
            "ece", expected_calibration_error(y, p[mask]), len(y), OURS
        )


KNOWN = "known: "
# What an export may know of a profile: the counts choose the model, the rest is read by none.
EXTRAS: dict[str, tuple[str, ...]] = {
    "and picture, biography, link": ("has_picture", "bio_length", "has_url"),
    "and picture, biography": ("has_picture", "bio_length"),
    "alone": (),
}


def availability_rows(
    sets: Mapping[str, Collection], target: str, models: AccountModels, *, split: str
) -> Iterator[Row]:
    """For each pattern of known fields: mean probability less the share of fakes, and calibration error."""
    test = sets[target].test
    for columns in PATTERNS.values():
        for extra, more in EXTRAS.items():
            rows = [{c: row.get(c) for c in (*columns, *more)} for row in test.rows]
            p = at_prior(log_odds_fake(models, rows), test.fake)
            part = f"{KNOWN}{', '.join(columns)} {extra}"
            for metric, value in (
                ("mean_p_less_prior", float(p.mean() - test.fake.mean())),
                ("ece", expected_calibration_error(test.fake, p)),
            ):
                yield _cases(target, split, part).row(metric, value, len(rows), OURS)


def audience_rows(sets: Mapping[str, Collection], target: str, models: AccountModels, *, seed: int) -> Iterator[Row]:
    """Error of the share and coverage of its 90 % interval in audiences drawn from the target, beside counting."""
    audiences: dict[str, AudienceModel] = fit_audiences(models, others(sets, target))
    test = sets[target].test
    rows, y = readable(LabelledSet(test.name, test.rows, test.fake), READERS[0])
    scores = models.log_odds_fake(rows)
    for share in SHARES:
        study = resample(audiences[READERS[0]], scores, y, Study(share, AUDIENCES, AUDIENCE_SIZE, seed))
        part = f"audience, {share:.0%} fake"
        covered = (study["low"] <= share) & (share <= study["high"])
        figures = (
            (OURS, "mae", float(np.mean(np.abs(study["share"] - share)))),
            (OURS, "bias", float(np.mean(study["share"] - share))),
            (OURS, "coverage", float(covered.mean())),
            (OURS, "interval_width", float(np.mean(study["high"] - study["low"]))),
            ("counted", "mae", float(np.mean(np.abs(study["counted"] - share)))),
        )
        for method, metric, value in figures:
            yield _cases(target, LEFT_OUT, part).row(metric, value, AUDIENCES, method)


def posts_of(series: Series) -> list[Post]:
    """A series' posts as records, newest last; counts unknown where the set does not publish them."""

    def count(value: float) -> int | None:
        return None if np.isnan(value) else round(value)

    return [
        Post(likes=count(a), comments=count(b), views=count(v))
        for a, b, v in zip(series.likes, series.comments, series.views, strict=True)
    ]


def alarm_rows(
    data: Path, models: AccountModels, norms: Norms, series: Mapping[str, Callable[[Path], list[Series]]]
) -> Iterator[Row]:
    """Share of creators taken as genuine whom counts, or the engagement of their posts, would call fake (A < .5)."""
    for name, rows in (("tides_2024_tiktok_creators", read_tides(data)), ("instagram_2017", read_instagram_2017(data))):
        eta = log_odds_fake(models, rows)
        yield Cases(SUITE, name, "genuine", "profile counts").row(
            "called_fake", float(np.mean(eta > 0)), len(eta), OURS
        )
    for name, read in series.items():
        judged = [read_posts(posts_of(s)[::-1], norms) for s in read(data)]
        totals = np.array([c.comments + c.views for c in judged if c.n_comments])
        yield Cases(SUITE, name, "genuine", "engagement").row(
            "called_fake", float(np.mean(totals < 0)), len(totals), OURS
        )


def fitted_without(sets: Mapping[str, Collection], target: str) -> AccountModels:
    """Account models of the training sets without the target."""
    return fit_accounts(others(sets, target))
