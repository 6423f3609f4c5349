"""Results as lines of JSON: where each stands, read without the rest of it, and the whole."""

from __future__ import annotations

import msgspec

from bonafit.results.score import CreatorScore, Verdict


class Fit(msgspec.Struct, frozen=True):
    """The fit's value alone."""

    value: float | None


class Place(msgspec.Struct, frozen=True):
    """What decides where a result stands (bonafit.results.place_of)."""

    creator_id: str
    score: float | None
    verdict: Verdict
    niche_fit: Fit


# Both raise msgspec.MsgspecError for a line that is no result.
place_in = msgspec.json.Decoder(Place).decode
result_in = msgspec.json.Decoder(CreatorScore).decode
