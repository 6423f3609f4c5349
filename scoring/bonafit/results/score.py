"""The heads' answers and the whole answer for one creator."""

from __future__ import annotations

from typing import Any, Literal, Protocol, get_type_hints

import msgspec

from bonafit.results.commercial import Commercial
from bonafit.results.profile import Profile

Status = Literal["ok", "insufficient"]
# shortlist, review and pass are of creators who are ranked; the others have no score.
Verdict = Literal["shortlist", "review", "pass", "not_judgeable", "never"]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One additive part of a head's value.

    feature : column name, or `a x b` for a pair, or `baseline` for the intercept.
    seen    : what was seen, in the column's unit; None where missing.
    effect  : added to the head's linear predictor (log-odds for probabilities); effects sum to it exactly.
    points  : added to the head's value; points of all reasons sum to the value (see `attribute`).
    text    : the reason in words.
    usual   : percentile in [0, 1] of `seen` among such creators, where the head knows it.
    """

    feature: str
    seen: float | None
    effect: float
    points: float
    text: str
    usual: float | None = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the input that carried a value: a text with its date, or a named signal.

    kind : `unit` (text of the creator), `facet_missing`, `excluded_topic`, `unsafe_post`, `signal`, ...
    """

    kind: str
    text: str
    weight: float
    at: str | None = None
    source: str | None = None


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One head's answer.

    value       : in [0, 1], higher is better for the brand; None where `status` is `insufficient`.
    interval    : 90 % interval, within [0, 1]; None where there is no value.
    sufficiency : share in [0, 1] of the evidence the head can use that was there.
    reasons     : sum of `points` equals `value`; sum of `effect` equals the linear predictor.
    detail      : further published figures of the head, by documented name.
    """

    name: str
    status: Status
    value: float | None
    interval: tuple[float, float] | None
    sufficiency: float
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[str, ...] = ()
    detail: dict[str, Any] = {}


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """One head's part of the combined score (`bonafit.scorer.combine` has the formula).

    weight           : the brief's, normalised to sum to 1.
    effective_weight : weight * score / value: what the head counts for at these values; sums to 1.
    points           : weight - effective_weight * (1 - value); sums to the score.
    """

    component: str
    weight: float
    value: float | None
    effective_weight: float
    points: float


# What results older than the safety head say of it.
NO_SAFETY = Component(
    name="safety", status="insufficient", value=None, interval=None, sufficiency=0.0, flags=("not_in_bundle",)
)


class CreatorScore(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer for one creator.

    score    : in [0, 1], the sum of `contributions[].points`; None, as interval, where the creator is in no ranking.
    verdict  : shortlist, review or pass; not_judgeable or never where there is no score.
    a field of type Component for each head of bonafit.heads.HEADS, in its order.
    commercial : what they sold before; None in results older than this field.
    verdict_reasons : the one to three reasons that decided; all that is missing; or the posts.
    """

    creator_id: str
    score: float | None
    interval: tuple[float, float] | None
    sufficiency: float
    verdict: Verdict
    verdict_reasons: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    niche_fit: Component
    authenticity: Component
    engagement_quality: Component
    safety: Component = NO_SAFETY
    flags: tuple[str, ...]
    input_digest: str
    bundle_digest: str
    profile: Profile = Profile()
    commercial: Commercial | None = None

    @property
    def label(self) -> str:
        """What people call the creator: handle, else name, else id."""
        return self.profile.handle or self.profile.display_name or self.creator_id

    @property
    def components(self) -> tuple[Component, ...]:
        """The heads' answers, in the order of their fields."""
        return tuple(getattr(self, name) for name in COMPONENTS)


class Placed(Protocol):
    """What decides where a result stands."""

    @property
    def creator_id(self) -> str: ...

    @property
    def score(self) -> float | None: ...

    @property
    def verdict(self) -> Verdict: ...

    @property
    def niche_fit(self) -> Valued: ...


class Valued(Protocol):
    """A head's answer, as far as its value."""

    @property
    def value(self) -> float | None: ...


def place_of(result: Placed) -> tuple[bool, bool, float, str]:
    """What results are sorted by: best first, equal scores by creator id.

    Who is in no ranking comes after everybody who is: those who cannot be judged, then those never to be booked; both
    by fit, so that whoever asks for what is missing begins with those whom it is worth asking.
    """
    figure = result.niche_fit.value if result.score is None else result.score
    return result.verdict == "never", result.score is None, -(figure or 0.0), result.creator_id


# Names of the heads' fields, in their order.
COMPONENTS = tuple(name for name, kind in get_type_hints(CreatorScore).items() if kind is Component)
