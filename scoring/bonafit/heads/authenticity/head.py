"""Is this creator genuine? Separate kinds of evidence, one probability at a stated prior, signals for review."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_columns import PROFILE, Values, account_values
from bonafit.heads.authenticity.account_model import AccountModels, Effects, EvidenceModel
from bonafit.heads.authenticity.audience import LEAST_ACCOUNTS, AudienceModel
from bonafit.heads.authenticity.combine import Part, combine_parts, credible
from bonafit.heads.authenticity.comments import SpamModel
from bonafit.heads.authenticity.evidence import (
    UNKNOWN,
    audience_part,
    automation_part,
    comments_part,
    counts_part,
    engagement_part,
    history_part,
)
from bonafit.heads.authenticity.plausibility import Norms
from bonafit.heads.authenticity.wording import account_signals
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Creator
from bonafit.results import Component

# What each part is worth in sufficiency, set by hand: numbers that must hang together most.
WORTH = {
    "account": 0.2,
    "engagement": 0.35,
    "audience": 0.2,
    "follower_history": 0.1,
    "comments": 0.1,
    "automation": 0.05,
    # counts that no creator shows, told from likes that are paid for above
    "counts": 0.0,
}
# Parts that may carry a number: the others only count against, so without these they have nothing to move.
CARRIES = frozenset({"account", "audience", "engagement"})
# Where there are posts, they are what a creator is judged by: counts of the profile, which sellers set with the
# account, then earn at most this, and less where not all of them are shown. Against, they count in full. A rule
# (docs/methods/authenticity.md).
CREDIT = 0.2
# Variance of the account's log-odds: between collections (the log-odds that a left-out set asks for differ by so much),
# beside posts, and for each count that is unknown; the last two by rule, so that what is hidden widens.
ALONE, BESIDE_POSTS, EACH_UNKNOWN = 1.6, 0.3, 0.2
# Platforms with norms of likes, comments and views of their own, and the one whose accounts the labelled sets hold.
MEASURED = frozenset({"instagram", "tiktok", "youtube"})
# Variance for a platform, and for a size, that no labelled set holds: nothing measures it, so it is wide by rule.
OUTSIDE = 2.0
OUTSIDE_SIZES = 0.5

Arrays = Mapping[str, npt.NDArray[np.generic]]


class Models(msgspec.Struct, frozen=True):
    """The models of the head's parts."""

    accounts: AccountModels
    audiences: dict[str, AudienceModel]
    norms: Norms
    spam: SpamModel


class AuthenticityHead:
    """Probability that a creator is genuine, from whatever evidence the record carries.

    prior : share of genuine accounts taken before any evidence.
    """

    name = "authenticity"

    def __init__(self, models: Models, *, prior: float) -> None:
        self.models = models
        self.prior = prior

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Arrays) -> AuthenticityHead:
        """Construct from the manifest's section and tables (`to_bundle` writes both)."""
        models = Models(
            accounts=AccountModels.from_bundle(section["accounts"], tables),
            audiences={name: AudienceModel.from_tables(tables, f"audience.{name}") for name in section["audiences"]},
            norms=Norms.from_bundle(section["norms"]),
            spam=SpamModel.from_bundle(section["spam"], tables, "spam"),
        )
        return cls(models, prior=float(section["reference_prior"]))

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        accounts, tables = self.models.accounts.to_bundle()
        section: dict[str, Any] = {
            "accounts": accounts, "audiences": sorted(self.models.audiences), "reference_prior": self.prior,
            "norms": self.models.norms.to_bundle(),
        }  # fmt: skip
        for name, audience in self.models.audiences.items():
            tables |= audience.to_tables(f"audience.{name}")
        section["spam"], more = self.models.spam.to_bundle("spam")
        return section, tables | more

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """One Component a creator, in order; the brief plays no part."""
        records = [prepared.creator for prepared in creators]
        values = [account_values(record) for record in records]
        effects = self.models.accounts.effects(values)
        return [
            self._component([account_part(e, v, c), *self._others(c)], c)
            for e, v, c in zip(effects, values, records, strict=True)
        ]

    def _others(self, creator: Creator) -> list[Part | None]:
        models = self.models
        return [
            engagement_part(models.norms, creator),
            counts_part(creator),
            audience_part(models.accounts, models.audiences, creator),
            history_part(creator),
            automation_part(creator),
            comments_part(models.spam, creator),
        ]

    def _component(self, read: Sequence[Part | None], creator: Creator) -> Component:
        parts = [part for part in read if part is not None]
        detail: dict[str, Any] = {part.name: part.detail for part in parts}
        detail["reference_prior"] = self.prior
        if creator.audience and "audience" not in detail:
            # a sample that yields no share says why
            detail["audience_sample"] = {"sampled": len(creator.audience), "readable_needed": LEAST_ACCOUNTS}
        sufficiency = min(1.0, math.fsum(WORTH[part.name] * part.coverage for part in parts))
        flags, extra = self._outside(creator)
        flags += [flag for part in parts for flag in part.flags]
        evidence = tuple(e for part in parts for e in part.evidence)
        if not any(part.name in CARRIES and part.coverage for part in parts):
            return Component(
                name=self.name, status="insufficient", value=None, interval=None, sufficiency=sufficiency,
                flags=("too_little_to_judge", *flags), evidence=evidence, detail=detail,
            )  # fmt: skip
        names = {part.name for part in parts}
        extra += math.fsum(UNKNOWN[name] for name in ("audience", "follower_history", "comments") if name not in names)
        if "engagement" not in names:
            extra += UNKNOWN["engagement"] + UNKNOWN["views"]
        if "account" not in names:
            extra += ALONE
        value, interval, reasons = combine_parts(parts, self.prior, unknown=extra)
        return Component(
            name=self.name, status="ok", value=value, interval=interval, sufficiency=sufficiency, reasons=reasons,
            evidence=evidence, flags=tuple(flags), detail=detail,
        )  # fmt: skip

    def _outside(self, creator: Creator) -> tuple[list[str], float]:
        """What lies outside everything measured, as flags, and the variance it adds; no value moves by it."""
        flags, variance = [], 0.0
        if creator.platform is not None and creator.platform.lower() not in MEASURED:
            flags.append("platform_outside_training")
            variance += OUTSIDE
        if (creator.followers or 0) > self.models.accounts.largest:
            flags.append("size_outside_training")
            variance += OUTSIDE_SIZES
        return flags, variance


def account_part(read: tuple[EvidenceModel, Effects] | None, values: Values, creator: Creator) -> Part | None:
    """What the profile's counts say; bounded in favour where there are posts to judge by."""
    if read is None:
        return None
    model, effects = read
    evidence = effects.log_odds
    unknown = sum(values[c.name] is None for c in PROFILE)
    weighed = credible(evidence)
    if creator.posts and weighed > 0:
        weighed = CREDIT * math.tanh(weighed / CREDIT) * (len(PROFILE) - unknown) / len(PROFILE)
    scale = weighed / evidence if evidence else 1.0
    signals = account_signals(model, effects, values)
    return Part(
        name="account",
        signals=tuple(msgspec.structs.replace(s, effect=s.effect * scale) for s in signals),
        variance=(BESIDE_POSTS if creator.posts else ALONE) + EACH_UNKNOWN * unknown,
        coverage=(len(PROFILE) - unknown) / len(PROFILE),
        detail={"log_odds_genuine": evidence, "counted": weighed},
    )
