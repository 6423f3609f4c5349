"""What results keep to beside their types: ranges, orders, dates, and the figures of `detail` that somebody reads.

Each struct names the fields that are checked; whatever else a result holds is let through.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from bonafit.records.fields import Count, Share
from bonafit.results import COMPONENTS

# beyond this no figure of a creator is meant, and sums of a few would overflow
Figure = Annotated[float, msgspec.Meta(ge=-1e18, le=1e18)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e18)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e18)]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d")]
RANKED = ("shortlist", "review", "pass")


def in_order(values: tuple[float, ...] | None) -> None:
    """Raises ValueError where values do not rise."""
    if values is not None and list(values) != sorted(values):
        raise ValueError("a low end that is not above the high one")


class _Span(msgspec.Struct):
    interval: tuple[Amount, Amount]

    def __post_init__(self) -> None:
        in_order(self.interval)


class _Reason(msgspec.Struct):
    effect: Figure
    points: Figure
    seen: Figure | None
    usual: Share | None = None


class _Evidence(msgspec.Struct):
    weight: Figure
    at: Day | None = None


class _Component(msgspec.Struct):
    name: str
    status: str
    value: Share | None
    interval: tuple[Share, Share] | None
    sufficiency: Share
    reasons: tuple[_Reason, ...] = ()
    evidence: tuple[_Evidence, ...] = ()

    def __post_init__(self) -> None:
        in_order(self.interval)
        if not (self.value is None) == (self.interval is None) == (self.status != "ok"):
            raise ValueError("value and interval of status ok, and neither of any other")


class _NextPost(_Span):
    value: Amount
    own_last_8: Amount | None = None

    def __post_init__(self) -> None:
        in_order((self.interval[0], self.value, self.interval[1]))


class _NextPosts(msgspec.Struct):
    likes: _NextPost | msgspec.UnsetType = msgspec.UNSET
    comments: _NextPost | msgspec.UnsetType = msgspec.UNSET
    views: _NextPost | msgspec.UnsetType = msgspec.UNSET


class _Rate(msgspec.Struct):
    interactions: str
    denominator: str
    statistic: str
    window: str
    value: Amount | None


class _Basis(msgspec.Struct, forbid_unknown_fields=True):
    interactions: str
    denominator: str
    settled_days: Amount | None = None


class _Times(msgspec.Struct):
    times_usual: Amount
    n: Count


class _ValueOf(msgspec.Struct):
    value: Share


class _Talk(msgspec.Struct):
    people: Count
    says_something: _ValueOf | None


class _Fresh(msgspec.Struct):
    usual_days_between_posts: Amount | None = None


class _Parts(msgspec.Struct):
    conversation: _Talk | msgspec.UnsetType = msgspec.UNSET
    comments_against_likes: _Times | msgspec.UnsetType = msgspec.UNSET
    views_against_likes: _Times | msgspec.UnsetType = msgspec.UNSET
    freshness: _Fresh | msgspec.UnsetType = msgspec.UNSET


class _EngagementDetail(msgspec.Struct):
    platform_model: str | msgspec.UnsetType = msgspec.UNSET
    definition: _Basis | None = None
    predicted_rate: Positive | None = None
    expected_rate: Positive | None = None
    typical_rate_interval: tuple[Positive, Positive] | None = None
    next_post: _NextPosts | None = None
    n_posts_used: Count | None = None
    posts_left_out: dict[str, Count] = {}
    parts: _Parts = msgspec.field(default_factory=_Parts)
    ledger: tuple[_Rate, ...] = ()

    def __post_init__(self) -> None:
        if self.predicted_rate and (self.platform_model is msgspec.UNSET or self.expected_rate is None):
            raise ValueError("platform_model and expected_rate beside predicted_rate")
        in_order(self.typical_rate_interval)


class _Engagement(msgspec.Struct):
    posts_with_comments: Count
    posts_with_views: Count
    plain_likes_per_comment: Amount | None = None
    nearly_all_under: dict[str, Amount | None] = {}


class _Audience(msgspec.Struct):
    share: Share
    n: Count
    usual_share: Share | msgspec.UnsetType = msgspec.UNSET


class _Jump(msgspec.Struct):
    at: Day
    growth: Figure
    explained: Share = 0.0


class _History(msgspec.Struct):
    jumps: tuple[_Jump, ...] = ()


class _Habits(msgspec.Struct):
    bursts: Figure = 0.0
    clock: Figure = 0.0
    repeated_captions: Figure = 0.0
    burst_share: Share | None = None
    same_gap_share: Share | None = None
    repeated_caption_share: Share | None = None


class _UsualComments(msgspec.Struct):
    same_phrase: Share
    same_commenter: Share
    comment_spam: Share


class _Comments(msgspec.Struct):
    n: Count
    commenters: Count
    usual: _UsualComments | msgspec.UnsetType = msgspec.UNSET


class _Sample(msgspec.Struct):
    readable_needed: Count


class _AuthenticityDetail(msgspec.Struct):
    engagement: _Engagement | msgspec.UnsetType = msgspec.UNSET
    audience: _Audience | msgspec.UnsetType = msgspec.UNSET
    audience_sample: _Sample | msgspec.UnsetType = msgspec.UNSET
    follower_history: _History | msgspec.UnsetType = msgspec.UNSET
    automation: _Habits | msgspec.UnsetType = msgspec.UNSET
    comments: _Comments | msgspec.UnsetType = msgspec.UNSET


class _FitDetail(msgspec.Struct):
    posts_used: Count | None = None
    posts_on_niche: Count | None = None
    texts_naming_brand: Count | None = None
    texts_repeating_brief: Count | None = None
    share_outside_languages: Share | None = None


class _SafetyDetail(msgspec.Struct):
    posts_read: Count = 0
    posts_without_text: Count = 0
    posts_older_than_read: Count = 0
    share_not_measured: Share | None = None


# Figures of a head's `detail` that somebody reads; those that are shown as they are need no row.
_DETAILS: dict[str, type[msgspec.Struct]] = {
    "niche_fit": _FitDetail,
    "authenticity": _AuthenticityDetail,
    "engagement_quality": _EngagementDetail,
    "safety": _SafetyDetail,
}


class _Contribution(msgspec.Struct):
    component: str
    weight: Share
    effective_weight: Share
    points: Figure
    value: Share | None

    def __post_init__(self) -> None:
        if self.component not in COMPONENTS:
            raise ValueError(f"a component out of {', '.join(COMPONENTS)}")


class _Profile(msgspec.Struct):
    followers: Count | None = None
    price: Amount | None = None
    as_of: Day | None = None


class _Cost(_Span):
    times_organic: Amount


class _Commercial(msgspec.Struct):
    n_posts: Count
    n_read: Count
    n_declared: Count = 0
    n_hinted: Count = 0
    n_likely: Count = 0
    ad_load: Share | None = None
    ad_load_earlier: Share | None = None
    ad_load_recent: Share | None = None
    cost: _Cost | None = None


class _Ranges(msgspec.Struct):
    """What every result keeps to; the heads' answers are added below, one field each."""

    score: Share | None
    interval: tuple[Share, Share] | None
    sufficiency: Share
    verdict: str
    contributions: tuple[_Contribution, ...]
    profile: _Profile = msgspec.field(default_factory=_Profile)
    commercial: _Commercial | None = None

    def __post_init__(self) -> None:
        in_order(self.interval)
        if (self.score is None) == (self.verdict in RANKED):
            raise ValueError(f"a score with a verdict out of {', '.join(RANKED)}, and none with any other")
        if (self.score is None) != (self.interval is None):
            raise ValueError("score and interval, or neither")
        if len({part.component for part in self.contributions}) != len(self.contributions):
            raise ValueError("each component among the contributions once")
        for name in COMPONENTS:
            if getattr(self, name, None) is not None and getattr(self, name).name != name:
                raise ValueError(f"the name {name} in {name}")


def _answer(name: str) -> type[msgspec.Struct]:
    if name not in _DETAILS:
        return _Component
    detail = _DETAILS[name]
    return msgspec.defstruct(
        f"_{name}", [("detail", detail, msgspec.field(default_factory=detail))], bases=(_Component,)
    )


Stored = msgspec.defstruct("Stored", [(name, _answer(name) | None, None) for name in COMPONENTS], bases=(_Ranges,))
