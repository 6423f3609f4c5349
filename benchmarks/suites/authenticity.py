"""Authenticity rows of `make benchmark`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from benchmarks.measures.fairness import fairness_rows
from benchmarks.measures.follower_histories import history_power
from benchmarks.registry import Suite
from sklearn.metrics import roc_auc_score

from bonafit.heads.authenticity.account_columns import CONTENT, PROFILE, derived
from bonafit.heads.authenticity.account_model import AccountModels
from bonafit.heads.authenticity.audience import AudienceModel
from bonafit.heads.columns import column_matrix
from bonafit_training.contracts import OURS, Context, Row
from bonafit_training.data.authenticity import (
    Accounts,
    Series,
    read_instafake_accounts,
    read_instafake_automation,
    read_instafake_series,
    read_kaggle,
    read_purba,
    read_srf,
    read_tiktok_series,
    read_youtube_spam,
)
from bonafit_training.heads.authenticity.audience import coverage_by_decade, resample
from bonafit_training.heads.authenticity.card_checks import (
    Transfer,
    evasion_table,
    language_gaps,
    pooled_rows,
    pooled_shares,
    transfer_rows,
    transfers,
)
from bonafit_training.heads.authenticity.comments import leave_one_video_out
from bonafit_training.heads.authenticity.crossval import (
    AUDIENCE_SIZES,
    CHOICES,
    COUNTS,
    cross_validate,
    fit_predict,
    mean_fold_auc,
    set_matrix,
)
from bonafit_training.heads.authenticity.evaluate import (
    BASELINES,
    SUITE,
    account_rows,
    naive_rules,
    purba_baselines,
    rows_of,
)
from bonafit_training.heads.authenticity.fit import FULL, fit_audience_on_train, fit_references, fit_with_threshold
from bonafit_training.heads.authenticity.plausibility import ALARMS, alarm_rate, power_table

# Audiences of the resampling study.
AUDIENCES = 3000
# Without what tells size or links, the columns that a seller can least easily set.
ABLATED = frozenset(
    {
        "followers", "following", "has_url", "followers_per_following", "posts_per_follower", "posts_per_following",
        "likes_per_following", "all_likes_per_follower", "comments_per_following", "followers_per_active_hour",
        "following_per_active_hour",
    }
)  # fmt: skip


def _row(dataset: str, split: str, part: str, metric: str, value: float, n: int, method: str = OURS) -> Row:
    return Row(
        suite=SUITE, dataset=dataset, split=split, slice=part, method=method, metric=metric, value=value, n=n,
        baseline=method != OURS,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _purba(data: Path) -> Accounts:
    return read_purba(data)


# Contexts do not hash, so what is fitted once is kept by data and seed.
_FITTED: dict[tuple[Path, int], tuple[AccountModels, float]] = {}
_AUDIENCES: dict[tuple[Path, int], dict[str, AudienceModel]] = {}


def _fitted(context: Context) -> tuple[AccountModels, float]:
    key = (context.data, context.seed)
    if key not in _FITTED:
        _FITTED[key] = fit_with_threshold(_purba(context.data), context)
    return _FITTED[key]


def _models(context: Context) -> AccountModels:
    return _fitted(context)[0]


def _audience_models(context: Context) -> dict[str, AudienceModel]:
    key = (context.data, context.seed)
    if key not in _AUDIENCES:
        _AUDIENCES[key] = fit_audience_on_train(_purba(context.data), context)
    return _AUDIENCES[key]


def purba_published_test(context: Context) -> Iterator[Row]:
    """Account models fitted on the published train part, and their baselines, on the published test part."""
    purba = _purba(context.data)
    models, threshold = _fitted(context)
    yield from account_rows(purba, models, threshold=threshold)
    yield from purba_baselines(purba)


def purba_ablation(context: Context) -> Iterator[Row]:
    """One model without followers, following and link, on the published test part."""
    purba = _purba(context.data)
    columns = tuple(c for c in PROFILE + CONTENT if c.name not in ABLATED)
    X = column_matrix([derived(row) for row in purba.rows], columns)
    test = purba.other["published_test"] == 1
    p = fit_predict(X[~test], purba.fake[~test], X[test], columns, settings=FULL, seed=context.seed)
    part = "without followers, following, url"
    yield from rows_of(purba.fake[test], p, dataset=purba.name, split="published_test", part=part)
    for method, baseline in BASELINES.items():
        p = baseline(X[~test], purba.fake[~test], X[test])
        yield from rows_of(purba.fake[test], p, dataset=purba.name, split="published_test", part=part, method=method)


def _cross_validated(read: Callable[[Path], Accounts]) -> Suite:
    """A set judged by 5 folds of its own, both ways of reading "5-fold AUC".

    `auc_mean_of_folds` is the field's usual one, what scikit-learn's cross_val_score averages to; `auc` pools the
    out-of-fold probabilities, and so also compares scores across the five models.
    """

    def suite(context: Context) -> Iterator[Row]:
        accounts = read(context.data)
        X, columns = set_matrix(accounts)
        found = cross_validate(X, accounts.fake, columns, seed=context.seed, choices=CHOICES)
        found |= naive_rules(X, [c.name for c in columns])
        for method, p in found.items():
            yield from rows_of(accounts.fake, p, dataset=accounts.name, split="cv5", part="all", method=method)
            value = mean_fold_auc(accounts.fake, p, seed=context.seed)
            yield _row(accounts.name, "cv5", "all", "auc_mean_of_folds", value, len(p), method)

    return suite


def automation(context: Context) -> Iterator[Row]:
    """Automated or genuine posting without the size of the audience, without any count, and from size alone."""
    accounts = read_instafake_automation(context.data)
    parts = {"without audience size": AUDIENCE_SIZES, "without any count": COUNTS}
    for part, without in parts.items():
        X, columns = set_matrix(accounts, without=without, signs=False)
        found = cross_validate(X, accounts.fake, columns, seed=context.seed)
        found |= naive_rules(X, [c.name for c in columns])
        for method, p in found.items():
            yield from rows_of(accounts.fake, p, dataset=accounts.name, split="cv5", part=part, method=method)
    followers = accounts.other["followers"]
    share = np.searchsorted(np.sort(followers), followers) / len(followers)
    yield from rows_of(
        accounts.fake, share, dataset=accounts.name, split="cv5", part="all", method="follower count alone"
    )


def spam(context: Context) -> Iterator[Row]:
    """Comment spam, leaving one video out: pooled over the five, and the mean of their AUCs.

    Ours is fitted to each video's four others in the form that those four choose among themselves, so no video has a
    say in how it is judged.
    """
    comments = read_youtube_spam(context.data)
    for method, p in leave_one_video_out(comments):
        yield from rows_of(
            comments.spam, p, dataset="youtube_spam_2015_comments", split="leave_one_video_out", part="all",
            method=method,
        )  # fmt: skip
        video = np.array(comments.video)
        each = [float(roc_auc_score(comments.spam[video == v], p[video == v])) for v in np.unique(video)]
        value = float(np.mean(each))
        yield _row(
            "youtube_spam_2015_comments", "leave_one_video_out", "all", "auc_mean_of_videos", value, len(p), method
        )


# The sets of labelled accounts, by the name their rows carry.
ACCOUNT_SETS: dict[str, Callable[[Path], Accounts]] = {
    "purba_2020_accounts": _purba,
    "srf_2017_followers": read_srf,
    "instafake_2019_accounts": read_instafake_accounts,
    "kaggle_2019_fake_spammer_train": read_kaggle,
}


def _transfer(source: str, target: str) -> Suite:
    """One ordered pair of account sets: figures, and shares before and after correction."""

    return lambda context: transfer_rows([_found(source, target, context)])


_MOVED: dict[tuple[str, str, Path, int], Transfer] = {}


def _found(source: str, target: str, context: Context) -> Transfer:
    key = (source, target, context.data, context.seed)
    if key not in _MOVED:
        known = {name: ACCOUNT_SETS[name](context.data) for name in {source, target}}
        _MOVED[key] = transfers([known[source]], [known[target]], seed=context.seed)[0]
    return _MOVED[key]


def _from_others(target: str) -> Suite:
    """The share of fakes in one set, from the heads of all the others."""

    def suite(context: Context) -> Iterator[Row]:
        heads = [_found(source, target, context) for source in ACCOUNT_SETS if source != target]
        yield from pooled_rows(pooled_shares(heads))

    return suite


def audiences(context: Context) -> Iterator[Row]:
    """Resampled audiences of the published test part: coverage of the interval and error of the share."""
    purba = _purba(context.data)
    test = np.flatnonzero(purba.other["published_test"] == 1)
    rows = [derived(purba.rows[i]) for i in test]
    for name, model in _audience_models(context).items():
        study = resample(model, model.scores(rows), purba.fake[test], audiences=AUDIENCES, seed=context.seed)
        for part, (value, n) in coverage_by_decade(study).items():
            yield _row(purba.name, "resampled", f"{name}, {part}", "coverage", value, n)
        near = np.abs(study["n"] - 200) <= 50
        for method, column in ((OURS, "share"), ("counted", "counted"), ("Rogan-Gladen", "rogan_gladen")):
            for part, mask in (("all", np.ones(len(near), dtype=bool)), ("n 150-250", near)):
                error = float(np.mean(np.abs(study[column] - study["true"])[mask]))
                yield _row(purba.name, "resampled", f"{name}, {part}", "mae", error, int(mask.sum()), method)


def _power(name: str, read: Callable[[Path], list[Series]]) -> Suite:
    def suite(context: Context) -> Iterator[Row]:
        for plant, dose, alarm, rate, n in power_table(read(context.data), seed=context.seed):
            part = f"{plant}, dose {dose:.0%}, false alarms {alarm:.0%}"
            yield _row(name, "simulated", part, "detection_rate", rate, n)

    return suite


def alarms(context: Context) -> Iterator[Row]:
    """Genuine series of a set that is in no reference: how many of them the head would call strange."""
    references, series = fit_references(context), read_instafake_series(context.data)
    for level in ALARMS:
        rate, n = alarm_rate(references, series, "instagram", level=level)
        yield _row("instafake_2019_genuine_post_series", "genuine", f"p under {level:.0%}", "false_alarm_rate", rate, n)


def histories(context: Context) -> Iterator[Row]:
    """How often the rule for follower jumps speaks up, on simulated histories."""
    for part, rate, n in history_power(seed=context.seed):
        metric = "false_alarm_rate" if part == "nothing bought" else "detection_rate"
        yield _row("follower_histories", "simulated", part, metric, rate, n)


def evasions(context: Context) -> Iterator[Row]:
    """What changes that cost nothing gain the bought accounts of the published test part."""
    purba = _purba(context.data)
    fakes = [purba.rows[i] for i in np.flatnonzero((purba.other["published_test"] == 1) & (purba.fake == 1))]
    for name, mean, tail, most in evasion_table(_models(context), fakes):
        for metric, value in (("mean_change", mean), ("p95_change", tail), ("max_change", most)):
            yield _row(purba.name, "evasion", name, metric, value, len(fakes))


def languages(context: Context) -> Iterator[Row]:
    """Gaps of mean P(genuine) between languages, with a 90 % bootstrap interval."""
    for name, n, gap, low, high in language_gaps(_models(context), context.data, seed=context.seed):
        for metric, value in (("gap", gap), ("gap_low", low), ("gap_high", high)):
            yield _row("tides_2024_tiktok_creators", "all", name, metric, value, n)


def fairness(context: Context) -> Iterator[Row]:
    """Mean absolute change of authenticity when language, script, country, emoji or platform label are swapped."""
    yield from fairness_rows(context, _models(context))


SUITES: dict[str, Suite] = {
    "authenticity/purba_2020_accounts/published_test": purba_published_test,
    "authenticity/purba_2020_accounts/published_test/without followers, following, url": purba_ablation,
    "authenticity/purba_2020_accounts/evasion": evasions,
    "authenticity/purba_2020_accounts/resampled": audiences,
    "authenticity/srf_2017_followers/cv5": _cross_validated(read_srf),
    "authenticity/kaggle_2019_fake_spammer_train/cv5": _cross_validated(read_kaggle),
    "authenticity/instafake_2019_accounts/cv5": _cross_validated(read_instafake_accounts),
    "authenticity/instafake_2019_automation_features/cv5": automation,
    "authenticity/youtube_spam_2015_comments/leave_one_video_out": spam,
    "authenticity/instafake_2019_genuine_post_series/simulated": _power(
        "instafake_2019_genuine_post_series", read_instafake_series
    ),
    "authenticity/tiktok_2020/simulated": _power("tiktok_2020", read_tiktok_series),
    "authenticity/instafake_2019_genuine_post_series/genuine": alarms,
    "authenticity/follower_histories/simulated": histories,
    "authenticity/tides_2024_tiktok_creators/all": languages,
    "authenticity/instagram_2017/swapped": fairness,
}
SUITES |= {
    f"authenticity/{target}/transfer:{source}>{target}": _transfer(source, target)
    for source in ACCOUNT_SETS
    for target in ACCOUNT_SETS
}
SUITES |= {f"authenticity/{target}/transfer:others": _from_others(target) for target in ACCOUNT_SETS}
