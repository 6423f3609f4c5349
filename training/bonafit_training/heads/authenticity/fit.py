"""Fit the whole authenticity head for a bundle."""

from __future__ import annotations

import numpy as np

from bonafit.heads.authenticity.account_columns import Values, account_values
from bonafit.heads.authenticity.comments import SpamModel
from bonafit.heads.authenticity.head import AuthenticityHead, Models
from bonafit.heads.authenticity.plausibility import Norms
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit_training.contracts import Context, HeadArtifact, Row
from bonafit_training.data.authenticity import (
    read_instafake_series,
    read_tiktok_series,
    read_youtube_series,
    read_youtube_spam,
)
from bonafit_training.heads.authenticity.account import LabelledSet, fit_accounts
from bonafit_training.heads.authenticity.audience import fit_audiences
from bonafit_training.heads.authenticity.card import card
from bonafit_training.heads.authenticity.comments import fit_spam
from bonafit_training.heads.authenticity.leave_one_set_out import (
    LEFT_OUT,
    MEASURED_ONLY,
    TRAINING_SETS,
    Collection,
    account_rows,
    alarm_rows,
    audience_rows,
    availability_rows,
    collections,
    fitted_without,
    in_domain_rows,
)
from bonafit_training.heads.authenticity.plausibility import fit_norms

# Even odds before any evidence: the combined score reads 0.5 as "nothing known".
REFERENCE_PRIOR = 0.5
OWN = "own"
# Accounts of creators, not of their followers.
CREATORS_FROM = 1_000


def own_accounts(context: Context) -> tuple[list[Values], IntArray]:
    """Counts and fake labels of the user's own labelled creators; none without any."""
    own = context.own
    labelled = [c for c in own.creators if c.creator_id in own.genuine] if own is not None else []
    genuine = [own.genuine[c.creator_id] for c in labelled] if own is not None else []
    return [account_values(c) for c in labelled], np.array([not g for g in genuine], dtype=np.int64)


def training_sets(sets: dict[str, Collection], context: Context) -> list[LabelledSet]:
    """The public sets that may train, and the user's own creators as a set where both classes are there."""
    out = [sets[name].train for name in TRAINING_SETS]
    rows, fake = own_accounts(context)
    if 0 < fake.sum() < len(fake):
        out.append(LabelledSet(OWN, rows, fake))
    return out


def genuine_means(labelled: LabelledSet) -> tuple[FloatArray, FloatArray]:
    """Mean likes and comments a post of a set's genuine accounts from 1,000 followers on, (n,) each."""
    pairs = [
        (rate * size, value * size)
        for row, fake in zip(labelled.rows, labelled.fake, strict=True)
        if not fake
        and (size := row["followers"] or 0) >= CREATORS_FROM
        and (rate := row.get("like_rate")) is not None
        and (value := row.get("comment_rate")) is not None
    ]
    likes, comments = np.array(pairs).T
    return likes, comments


def fit_references(sets: dict[str, Collection], context: Context) -> Norms:
    """Norms of likes for comments and views: posts of TikTok and YouTube, means of Instagram accounts."""
    series = {"tiktok": read_tiktok_series(context.data), "youtube": read_youtube_series(context.data)}
    return fit_norms(series, {"instagram": genuine_means(sets["purba_2020_accounts"].train)})


def fit_spam_model(context: Context) -> SpamModel:
    """The comment spam model from all five videos."""
    comments = read_youtube_spam(context.data)
    return fit_spam(comments.texts, comments.spam)


def fit(context: Context) -> HeadArtifact:
    """The authenticity head. Raises InputError where a training set is absent."""
    sets = collections(context.data)
    trained = training_sets(sets, context)
    accounts = fit_accounts(trained)
    norms = fit_references(sets, context)
    head = AuthenticityHead(
        Models(
            accounts=accounts, audiences=fit_audiences(accounts, trained), norms=norms, spam=fit_spam_model(context)
        ),
        prior=float(context.config.get("reference_prior", REFERENCE_PRIOR)),
    )
    metrics = figures(sets, head.models, context)
    section, tables = head.to_bundle()
    return HeadArtifact(
        name=AuthenticityHead.name, section=section, tables=tables, metrics=metrics, card=card(metrics),
        datasets=DATASETS,
    )  # fmt: skip


def figures(sets: dict[str, Collection], models: Models, context: Context) -> list[Row]:
    """Every set judged by the others, false alarms among genuine creators, availability, and the figures in domain."""
    rows: list[Row] = []
    for target in (*TRAINING_SETS, MEASURED_ONLY):
        without = models.accounts if target == MEASURED_ONLY else fitted_without(sets, target)
        rows += account_rows(sets, target, without, seed=context.seed)
        rows += audience_rows(sets, target, without, seed=context.seed)
        rows += availability_rows(sets, target, without, split=LEFT_OUT)
    rows += availability_rows(sets, "purba_2020_accounts", models.accounts, split="published_test")
    rows += in_domain_rows(sets, models.accounts)
    rows += alarm_rows(context.data, models.accounts, models.norms, SERIES)
    return rows


# Genuine creators with posts; InstaFake's are in no norm.
SERIES = {
    "youtube_charts_2026": read_youtube_series,
    "tiktok_2020": read_tiktok_series,
    "instafake_2019_genuine_post_series": read_instafake_series,
}
DATASETS = (
    *TRAINING_SETS,
    "youtube_spam_2015_comments",
    "tiktok_2020",
    "youtube_charts_2026",
)
