"""Is this creator genuine? Separate kinds of evidence, one probability at a stated prior, signals for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.authenticity.account import AccountModels
from bonafit.authenticity.combine import Part, combine_parts
from bonafit.authenticity.words import account_signals
from bonafit.features.account import CONTENT, PROFILE, account_values
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Creator
from bonafit.results import Component

# What each part is worth in sufficiency; the account model carries the figures that were measured on labelled accounts.
WORTH = {"account": 1.0}
# Profile facts, besides the follower count, without which the profile alone supports no number.
PROFILE_FACTS = ("following", "posts_count", "bio_length", "has_picture", "has_url")
LEAST_FACTS = 2


class AuthenticityHead:
    """Probability that a creator is genuine, from whatever evidence the record carries.

    accounts : the account models. prior : share of genuine accounts taken before any evidence.
    """

    name = "authenticity"

    def __init__(self, *, accounts: AccountModels, prior: float) -> None:
        self.accounts = accounts
        self.prior = prior

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> AuthenticityHead:
        """Construct from the manifest's section and tables (`to_bundle` writes both)."""
        return cls(
            accounts=AccountModels.from_bundle(section["accounts"], tables), prior=float(section["reference_prior"])
        )

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        accounts, tables = self.accounts.to_bundle()
        return {"accounts": accounts, "reference_prior": self.prior}, tables

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """One Component a creator, in order; the brief plays no part."""
        accounts = self._accounts([one.creator for one in creators])
        return [self._component([part] if part is not None else []) for part in accounts]

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
        for i, (model, effects) in zip(rows, self.accounts.effects([values[i] for i in rows]), strict=True):
            known = sum(values[i].get(c.name) is not None for c in PROFILE + CONTENT)
            parts[i] = Part(
                name="account",
                signals=account_signals(model, effects, values[i]),
                variance=effects.variance,
                coverage=known / len(PROFILE + CONTENT),
                detail={
                    "log_odds_genuine": effects.log_odds - model.prior_log_odds,
                    "evidence": "profile and posts" if has_posts[i] else "profile",
                },
            )
        return parts

    def _component(self, parts: Sequence[Part]) -> Component:
        detail = {part.name: part.detail for part in parts}
        sufficiency = sum(WORTH[part.name] * part.coverage for part in parts) / sum(WORTH.values())
        if not any(part.signals for part in parts):
            return Component(
                name=self.name, status="insufficient", value=None, interval=None, sufficiency=sufficiency,
                flags=("too_little_to_judge",), detail=detail,
            )  # fmt: skip
        value, interval, reasons = combine_parts(parts, self.prior)
        return Component(
            name=self.name, status="ok", value=value, interval=interval, sufficiency=sufficiency, reasons=reasons,
            evidence=tuple(e for part in parts for e in part.evidence),
            flags=tuple(flag for part in parts for flag in part.flags),
            detail={**detail, "reference_prior": self.prior},
        )  # fmt: skip
