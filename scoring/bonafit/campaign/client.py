"""What a client's measured campaigns taught: how far forecasts were off for this client, and fits that paid.

Learnt by `bonafit train --forecasts ... --outcomes ...` from outcomes that were counted, never from forecasts, and used
where a list is priced, chosen and promised. Scores and verdicts stay as they are: they compare creators for anybody.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np

from bonafit.campaign.candidates import Estimate, next_post
from bonafit.campaign.shapes import shape_of
from bonafit.errors import InputError
from bonafit.io.side_files import read_document
from bonafit.io.streams import named
from bonafit.results import CreatorScore
from bonafit.tables.logistic import sigmoid

SCHEMA = 1
Log = Annotated[float, msgspec.Meta(ge=-5, le=5)]
Times = Annotated[float, msgspec.Meta(gt=0, le=10)]


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """Of one count on one platform. shift : added to the log count. width : times the error's spread.

    posts, campaigns : that were counted.
    """

    platform: str
    count: str
    shift: Log
    width: Times
    posts: int
    campaigns: int


class FitMap(msgspec.Struct, frozen=True, kw_only=True):
    """Log odds that working together pays = intercept + slope * log odds of the fit; n : outcomes that said so."""

    intercept: Log
    slope: Annotated[float, msgspec.Meta(ge=0, le=5)]
    n: int


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was learnt of one client.

    forecasts : digests of the sealed forecasts whose campaigns were measured. corrections : empty where they did not
    foretell held-out campaigns better. own : further shift of the log count by creator id and count, of those who were
    booked before. fit : None where too few outcomes say whether working together paid.
    """

    schema: int
    brand: str
    forecasts: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()
    own: dict[str, dict[str, Log]] = {}
    fit: FitMap | None = None

    @property
    def digest(self) -> str:
        """Hex SHA-256 of what it says."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()

    def foreseen(self, creator_id: str, platform: str | None, counts: Mapping[str, Estimate]) -> dict[str, Estimate]:
        """Counts of one creator's next post as this client's campaigns correct them; others as they are."""
        known = {(entry.platform, entry.count): entry for entry in self.corrections}
        return {
            count: estimate
            if (entry := known.get(((platform or "").casefold(), count))) is None
            else corrected(estimate, entry, self.own.get(creator_id, {}).get(count, 0.0))
            for count, estimate in counts.items()
        }

    def pays(self, fit: float | None) -> float | None:
        """A fit in [0, 1] as the share of such creators that paid for this client."""
        if fit is None or self.fit is None:
            return fit
        odds = math.log(max(fit, 1e-9) / max(1 - fit, 1e-9))
        return float(sigmoid(np.array(self.fit.intercept + self.fit.slope * odds)))

    def applied(self, result: CreatorScore) -> CreatorScore:
        """A result with counts and fit as this client's campaigns correct them; its score and verdict stay."""
        part = result.engagement_quality
        foreseen = part.detail.get("next_post") or {}
        counts = self.foreseen(result.creator_id, result.profile.platform, next_post(part))
        changed = {
            name: {**foreseen[name], "value": count.value, "interval": [count.low, count.high]}
            for name, count in counts.items()
        }
        detail = {**part.detail, "next_post": {**foreseen, **changed}} if changed else part.detail
        return msgspec.structs.replace(
            result,
            engagement_quality=msgspec.structs.replace(part, detail=detail),
            niche_fit=msgspec.structs.replace(result.niche_fit, value=self.pays(result.niche_fit.value)),
        )


def corrected(estimate: Estimate, entry: Correction, own: float) -> Estimate:
    """An estimate moved by the client's and the creator's shift, its interval widened so that errors are."""
    middle = (estimate.value + 1) * math.exp(entry.shift + own)
    wider = entry.width ** (1 / shape_of(entry.platform, entry.count).power)
    below, above = ((side + 1) / (estimate.value + 1) for side in (estimate.low, estimate.high))
    return Estimate(
        value=max(middle - 1, 0.0), low=max(middle * below**wider - 1, 0.0), high=max(middle * above**wider - 1, 0.0)
    )


def read_client(path: str | os.PathLike[str]) -> Client:
    """A client's file. Raises InputError where it is none, or of another version."""
    client = read_document(path, Client, "file that `bonafit train --forecasts` wrote")
    if client.schema != SCHEMA:
        raise InputError(f"{named(path)}: schema {client.schema}, this version reads {SCHEMA}; learn it again")
    return client
