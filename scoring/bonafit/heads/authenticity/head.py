"""Is this creator genuine? Separate kinds of evidence, one probability at a stated prior, signals for review."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_columns import CONTENT, PROFILE, account_values
from bonafit.heads.authenticity.account_model import AccountModels, EvidenceModel
from bonafit.heads.authenticity.audience import LEAST_ACCOUNTS, AudienceModel
from bonafit.heads.authenticity.combine import Part, combine_parts, credible
from bonafit.heads.authenticity.comments import SpamModel
from bonafit.heads.authenticity.evidence import (
    audience_part,
    automation_part,
    comments_part,
    history_part,
    plausibility_part,
)
from bonafit.heads.authenticity.plausibility import Plausibility
from bonafit.heads.authenticity.wording import account_signals
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Creator
from bonafit.results import Component

# What each part is worth in sufficiency; the account model carries the figures measured on labelled accounts.
WORTH = {
    "account": 0.6,
    "audience": 0.15,
    "plausibility": 0.1,
    "automation": 0.05,
    "follower_history": 0.05,
    "comments": 0.05,
}
# Parts that may carry a number alone: the others only count against, so without these they have nothing to move.
CARRIES = frozenset({"account", "audience"})
# Profile facts, besides the follower count, without which the profile alone supports no number.
PROFILE_FACTS = ("following", "posts_count", "bio_length", "has_picture", "has_url")
LEAST_FACTS = 2

Arrays = Mapping[str, npt.NDArray[np.generic]]


class Models(msgspec.Struct, frozen=True):
    """The models of the head's parts."""

    accounts: AccountModels
    audiences: dict[str, AudienceModel]
    automation: EvidenceModel
    plausibility: Plausibility
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
            audiences={
                name: AudienceModel.from_bundle(part, tables, f"audience.{name}")
                for name, part in section["audiences"].items()
            },
            automation=EvidenceModel.from_bundle(section["automation"], tables, "automation"),
            plausibility=Plausibility.from_bundle(section["plausibility"], tables, "plausibility"),
            spam=SpamModel.from_bundle(section["spam"], tables, "spam"),
        )
        return cls(models, prior=float(section["reference_prior"]))

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        accounts, tables = self.models.accounts.to_bundle()
        section: dict[str, Any] = {"accounts": accounts, "audiences": {}, "reference_prior": self.prior}
        for name, audience in self.models.audiences.items():
            section["audiences"][name], more = audience.to_bundle(f"audience.{name}")
            tables |= more
        for name in ("automation", "plausibility", "spam"):
            section[name], more = getattr(self.models, name).to_bundle(name)
            tables |= more
        return section, tables

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """One Component a creator, in order; the brief plays no part."""
        records = [one.creator for one in creators]
        accounts = self._accounts(records)
        return [self._component([a, *self._others(c)], c) for a, c in zip(accounts, records, strict=True)]

    def _accounts(self, creators: Sequence[Creator]) -> list[Part | None]:
        values = [account_values(creator) for creator in creators]
        has_posts = [value.get("caption_length") is not None for value in values]
        enough = [
            value.get("followers") is not None
            and (posts or sum(value.get(f) is not None for f in PROFILE_FACTS) >= LEAST_FACTS)
            for value, posts in zip(values, has_posts, strict=True)
        ]
        parts: list[Part | None] = [None] * len(creators)
        rows = [i for i, ok in enumerate(enough) if ok]
        for i, (model, effects) in zip(rows, self.models.accounts.effects([values[i] for i in rows]), strict=True):
            signals = account_signals(model, effects, values[i])
            evidence = effects.log_odds - model.prior_log_odds
            scale = credible(evidence) / evidence if evidence else 1.0
            known = sum(values[i].get(c.name) is not None for c in PROFILE + CONTENT)
            parts[i] = Part(
                name="account",
                signals=tuple(msgspec.structs.replace(s, effect=s.effect * scale) for s in signals),
                variance=effects.variance * scale**2,
                coverage=known / len(PROFILE + CONTENT),
                detail={
                    "log_odds_genuine": evidence,
                    "evidence": "profile and posts" if has_posts[i] else "profile",
                },
            )
        return parts

    def _others(self, creator: Creator) -> list[Part | None]:
        models = self.models
        return [
            audience_part(models.audiences, creator),
            automation_part(models.automation, creator),
            plausibility_part(models.plausibility, creator),
            history_part(creator),
            comments_part(models.spam, creator),
        ]

    def _component(self, found: Sequence[Part | None], creator: Creator) -> Component:
        parts = [part for part in found if part is not None]
        detail: dict[str, Any] = {part.name: part.detail for part in parts}
        detail["reference_prior"] = self.prior
        if creator.audience and "audience" not in detail:
            # a sample that yields no share says why
            detail["audience_sample"] = {"sampled": len(creator.audience), "readable_needed": LEAST_ACCOUNTS}
        sufficiency = min(1.0, math.fsum(WORTH[part.name] * part.coverage for part in parts))
        flags = tuple(flag for part in parts for flag in part.flags)
        evidence = tuple(e for part in parts for e in part.evidence)
        if not any(part.name in CARRIES for part in parts):
            return Component(
                name=self.name, status="insufficient", value=None, interval=None, sufficiency=sufficiency,
                flags=("too_little_to_judge", *flags), evidence=evidence, detail=detail,
            )  # fmt: skip
        value, interval, reasons = combine_parts(parts, self.prior)
        return Component(
            name=self.name, status="ok", value=value, interval=interval, sufficiency=sufficiency, reasons=reasons,
            evidence=evidence, flags=flags, detail=detail,
        )  # fmt: skip
