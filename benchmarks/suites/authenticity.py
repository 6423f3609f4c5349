"""Authenticity rows of `make benchmark`: every set from the others, what is known, false alarms, comment spam."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.measures.fairness import fairness_rows
from benchmarks.measures.follower_histories import history_power
from benchmarks.registry import Suite
from sklearn.metrics import roc_auc_score

from bonafit.heads.authenticity.account_model import AccountModels
from bonafit_training.contracts import Cases, Context, Row
from bonafit_training.data.authenticity import read_youtube_spam
from bonafit_training.heads.authenticity.account import fit_accounts
from bonafit_training.heads.authenticity.comments import leave_one_video_out
from bonafit_training.heads.authenticity.fit import SERIES, fit_references, training_sets
from bonafit_training.heads.authenticity.leave_one_set_out import (
    LEFT_OUT,
    MEASURED_ONLY,
    SUITE,
    TRAINING_SETS,
    Collection,
    account_rows,
    alarm_rows,
    audience_rows,
    availability_rows,
    boosting_rows,
    collections,
    fitted_without,
    in_domain_rows,
)

PURBA = TRAINING_SETS[0]
# Contexts do not hash, so what is read and fitted once is kept by data and target; no target: the published models.
_SETS: dict[Path, dict[str, Collection]] = {}
_FITTED: dict[tuple[Path, str | None], AccountModels] = {}


def _sets(context: Context) -> dict[str, Collection]:
    if context.data not in _SETS:
        _SETS[context.data] = collections(context.data)
    return _SETS[context.data]


def _models(context: Context, target: str | None = None) -> AccountModels:
    key = (context.data, target)
    if key not in _FITTED:
        sets = _sets(context)
        _FITTED[key] = fit_accounts(training_sets(sets, context)) if target is None else fitted_without(sets, target)
    return _FITTED[key]


def _left_out(target: str) -> Suite:
    """One set from the others: accounts, and shares in audiences drawn from it."""

    def suite(context: Context) -> Iterator[Row]:
        models = _models(context, target)
        yield from account_rows(_sets(context), target, models, seed=context.seed)
        yield from boosting_rows(_sets(context), target, seed=context.seed)
        yield from audience_rows(_sets(context), target, models, seed=context.seed)

    return suite


def _availability(target: str) -> Suite:
    """Calibration for each pattern of known fields on a set left out."""
    return lambda context: availability_rows(_sets(context), target, _models(context, target), split=LEFT_OUT)


def availability_in_domain(context: Context) -> Iterator[Row]:
    """The same on purba's published test part, by the published models."""
    yield from availability_rows(_sets(context), PURBA, _models(context), split="published_test")


def purba_published_test(context: Context) -> Iterator[Row]:
    """The published models in domain: reported, decides nothing."""
    yield from in_domain_rows(_sets(context), _models(context))


def alarms(context: Context) -> Iterator[Row]:
    """Genuine creators whom the head would call fake."""
    norms = fit_references(_sets(context), context)
    yield from alarm_rows(context.data, _models(context), norms, SERIES)


_cases = partial(Cases, SUITE)


def spam(context: Context) -> Iterator[Row]:
    """Comment spam, leaving one video out: pooled over the five, and the mean of their AUCs.

    Ours is fitted to each video's four others in the form that those four choose among themselves, so no video has a
    say in how it is judged.
    """
    comments = read_youtube_spam(context.data)
    name, split, video = "youtube_spam_2015_comments", "leave_one_video_out", np.array(comments.video)
    for method, p in leave_one_video_out(comments):
        yield _cases(name, split, "all").row("auc", float(roc_auc_score(comments.spam, p)), len(p), method)
        each = [float(roc_auc_score(comments.spam[video == v], p[video == v])) for v in np.unique(video)]
        yield _cases(name, split, "all").row("auc_mean_of_videos", float(np.mean(each)), len(p), method)


def histories(context: Context) -> Iterator[Row]:
    """How often the rule for follower jumps speaks up, on simulated histories."""
    for part, rate, n in history_power(seed=context.seed):
        metric = "false_alarm_rate" if part == "nothing bought" else "detection_rate"
        yield _cases("follower_histories", "simulated", part).row(metric, rate, n)


def fairness(context: Context) -> Iterator[Row]:
    """Mean absolute change of authenticity when language, script, country, emoji or platform label are swapped."""
    yield from fairness_rows(context, _models(context), fit_references(_sets(context), context))


SUITES: dict[str, Suite] = {
    f"authenticity/{PURBA}/published_test": purba_published_test,
    f"authenticity/availability/{PURBA}/published_test": availability_in_domain,
    "authenticity/genuine/called_fake": alarms,
    "authenticity/youtube_spam_2015_comments/leave_one_video_out": spam,
    "authenticity/follower_histories/simulated": histories,
    "authenticity/instagram_2017/swapped": fairness,
}
SUITES |= {f"authenticity/{LEFT_OUT}/{target}": _left_out(target) for target in (*TRAINING_SETS, MEASURED_ONLY)}
SUITES |= {f"authenticity/availability/{target}": _availability(target) for target in (*TRAINING_SETS, MEASURED_ONLY)}
