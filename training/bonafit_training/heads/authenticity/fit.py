"""Fit the whole authenticity head for a bundle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_columns import Values, account_values
from bonafit.heads.authenticity.account_model import AccountModels
from bonafit.heads.authenticity.audience import AudienceModel
from bonafit.heads.authenticity.comments import SpamModel
from bonafit.heads.authenticity.head import AuthenticityHead, Models
from bonafit.heads.authenticity.plausibility import Plausibility
from bonafit_training.contracts import Context, HeadArtifact
from bonafit_training.data.authenticity import (
    Accounts,
    read_instafake_accounts,
    read_instagram_series,
    read_kaggle,
    read_purba,
    read_srf,
    read_tiktok_series,
    read_youtube_spam,
)
from bonafit_training.heads.authenticity.account import Settings, fit_accounts
from bonafit_training.heads.authenticity.audience import fit_audiences
from bonafit_training.heads.authenticity.automation import fit_automation
from bonafit_training.heads.authenticity.card import card
from bonafit_training.heads.authenticity.card_checks import evasion_table, language_gaps, transfers
from bonafit_training.heads.authenticity.comments import fit_spam
from bonafit_training.heads.authenticity.evaluate import account_rows, purba_baselines, sigmoid
from bonafit_training.heads.authenticity.plausibility import fit_plausibility
from bonafit_training.metrics import best_f1_threshold

IntArray = npt.NDArray[np.int64]

# Even odds before any evidence: the combined score reads 0.5 as "nothing known" (bonafit.scorer.combine.NEUTRAL).
REFERENCE_PRIOR = 0.5
FULL = Settings()
PROFILE_ONLY = Settings(interactions=20)
AUDIENCE = Settings(interactions=15, outer_bags=4)


def settings(context: Context) -> tuple[Settings, Settings]:
    """Settings of the full and the profile model; the configuration may override single ones."""
    full = replace(FULL, **context.config.get("full", {}))
    return full, replace(PROFILE_ONLY, **context.config.get("profile", {}))


def fit_with_threshold(purba: Accounts, context: Context) -> tuple[AccountModels, float]:
    """Account models from the published train part, and the probability of fake with the best F1 out of fold there."""
    train = np.flatnonzero(purba.other["published_test"] == 0)
    full, profile = settings(context)
    own_rows, own_fake = own_accounts(context)
    rows = [*(purba.rows[i] for i in train), *own_rows]
    fake = np.concatenate([purba.fake[train], own_fake])
    held = np.full(len(rows), np.nan)
    models = fit_accounts(rows, fake, full=full, profile=profile, seed=context.seed, held=held)
    known = ~np.isnan(held)
    return models, best_f1_threshold(fake[known], sigmoid(held[known]))


def own_accounts(context: Context) -> tuple[list[Values], IntArray]:
    """Rows and fake labels of the user's own labelled creators; none without any."""
    own = context.own
    labelled = [c for c in own.creators if c.creator_id in own.genuine] if own is not None else []
    genuine = [own.genuine[c.creator_id] for c in labelled] if own is not None else []
    return [account_values(c) for c in labelled], np.array([not g for g in genuine], dtype=np.int64)


def fit(context: Context) -> HeadArtifact:
    """The authenticity head. Raises InputError where a training set is absent."""
    purba = read_purba(context.data)
    accounts, threshold = fit_with_threshold(purba, context)
    head = AuthenticityHead(
        Models(
            accounts=accounts,
            audiences=fit_audience_on_train(purba, context),
            automation=fit_automation(context.data, seed=context.seed),
            plausibility=fit_references(context),
            spam=fit_spam_model(context),
        ),
        prior=float(context.config.get("reference_prior", REFERENCE_PRIOR)),
    )
    section, tables = head.to_bundle()
    return HeadArtifact(
        name=AuthenticityHead.name,
        section=section,
        tables=tables,
        metrics=[*account_rows(purba, accounts, threshold=threshold), *purba_baselines(purba)],
        card=write_card(purba, accounts, context),
        datasets=DATASETS,
    )


def write_card(purba: Accounts, accounts: AccountModels, context: Context) -> str:
    """The card with its honesty report: transfer between every ordered pair of sets, evasions, gaps."""
    fakes = [purba.rows[i] for i in np.flatnonzero((purba.other["published_test"] == 1) & (purba.fake == 1))]
    sets = account_sets(purba, context)
    return card(
        transfers(sets, sets, seed=context.seed),
        evasion_table(accounts, fakes),
        language_gaps(accounts, context.data, seed=context.seed),
    )


def account_sets(purba: Accounts, context: Context) -> list[Accounts]:
    """The four sets of labelled accounts."""
    return [purba, read_srf(context.data), read_instafake_accounts(context.data), read_kaggle(context.data)]


def fit_audience_on_train(purba: Accounts, context: Context) -> dict[str, AudienceModel]:
    """Audience models from the published train part."""
    train = np.flatnonzero(purba.other["published_test"] == 0)
    rows = [purba.rows[i] for i in train]
    chosen = replace(AUDIENCE, **context.config.get("audience", {}))
    return fit_audiences(rows, purba.fake[train], settings=chosen, seed=context.seed)


def fit_references(context: Context) -> Plausibility:
    """Engagement references: TikTok with comments, Instagram with likes only."""
    tiktok = read_tiktok_series(context.data)
    return fit_plausibility({"tiktok": tiktok, "instagram": read_instagram_series(context.data)}, tiktok)


def fit_spam_model(context: Context) -> SpamModel:
    """The comment spam model from all five videos."""
    comments = read_youtube_spam(context.data)
    return fit_spam(comments.texts, comments.spam)


DATASETS = (
    "purba_2020_accounts",
    "youtube_spam_2015_comments",
    "tiktok_2020",
    "instagram_2017",
)
