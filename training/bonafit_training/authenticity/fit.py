"""Fit the whole authenticity head for a bundle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bonafit.authenticity.account import AccountModels
from bonafit.heads.authenticity import AuthenticityHead
from bonafit_training.artifact import Context, HeadArtifact
from bonafit_training.authenticity.account import Settings, fit_accounts
from bonafit_training.authenticity.evaluate import account_rows
from bonafit_training.datasets.authenticity import Accounts, read_purba

# Even odds before any evidence: the combined score reads 0.5 as "nothing known" (bonafit.combine.NEUTRAL).
REFERENCE_PRIOR = 0.5
FULL = Settings()
PROFILE_ONLY = Settings(interactions=20)


def settings(context: Context) -> tuple[Settings, Settings]:
    """Settings of the full and the profile model; the configuration may override single ones."""
    full = replace(FULL, **context.config.get("full", {}))
    return full, replace(PROFILE_ONLY, **context.config.get("profile", {}))


def fit_on_train(purba: Accounts, context: Context) -> AccountModels:
    """Account models from the published train part."""
    train = np.flatnonzero(purba.other["published_test"] == 0)
    full, profile = settings(context)
    rows = [purba.rows[i] for i in train]
    return fit_accounts(rows, purba.fake[train], full=full, profile=profile, seed=context.seed)


def fit(context: Context) -> HeadArtifact:
    """The authenticity head. Raises InputError where a training set is absent."""
    purba = read_purba(context.data)
    models = fit_on_train(purba, context)
    prior = float(context.config.get("reference_prior", REFERENCE_PRIOR))
    head = AuthenticityHead(accounts=models, prior=prior)
    section, tables = head.to_bundle()
    metrics = list(account_rows(purba, models))
    return HeadArtifact(
        name=AuthenticityHead.name, section=section, tables=tables, metrics=metrics, card=CARD,
        datasets=("authenticity/purba_2020_accounts",),
    )  # fmt: skip


CARD = """### authenticity

Probability that an account is genuine rather than bought or fake, stated at even odds before any evidence. Signals for
review by a person, never a verdict. Language, country and platform are no features.

Trained on the published train part of `purba_2020_accounts` (Purba et al., IJECE 10(3), 2020): 29,528 Instagram
accounts, half of them bought from sellers. **The licence of that set is unstated by its source.** It is one platform in
2019, mostly accounts under 10,000 followers; on other platforms and far larger creators the probability is an
extrapolation, and the interval does not cover that.
"""
