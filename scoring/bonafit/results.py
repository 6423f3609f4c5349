"""What scoring returns: typed, frozen, and additive down to the last reason."""

from __future__ import annotations

import re
from typing import Any, Literal, Protocol, get_type_hints

import msgspec

# Addresses of profiles by platform.
PROFILE_LINKS = {
    "instagram": "https://www.instagram.com/{}/",
    "tiktok": "https://www.tiktok.com/@{}",
    "youtube": "https://www.youtube.com/@{}",
    "twitch": "https://www.twitch.tv/{}",
    "x": "https://x.com/{}",
    "twitter": "https://x.com/{}",
    "threads": "https://www.threads.net/@{}",
    "pinterest": "https://www.pinterest.com/{}/",
    "facebook": "https://www.facebook.com/{}",
}
# What a handle may be made of; whatever else somebody calls a handle is put into no address.
_HANDLE, _CHANNEL = re.compile(r"[\w.\-]{1,100}", re.ASCII), re.compile(r"UC[\w\-]{22}", re.ASCII)

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


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Who the creator is to people, as read from the input; nothing here is a judgement.

    as_of : ISO date on which the record was true: the newest reading of counts, else the newest comment or post.
    """

    handle: str | None = None
    display_name: str | None = None
    platform: str | None = None
    followers: int | None = None
    price: float | None = None
    currency: str | None = None
    country: str | None = None
    language: str | None = None
    category: str | None = None
    as_of: str | None = None

    @property
    def link(self) -> str | None:
        """Where the platform shows this handle, by the platform's own form of addresses; it is not looked up.

        None without a handle, and on platforms whose form is not known here.
        """
        handle = (self.handle or "").removeprefix("@")
        form = PROFILE_LINKS.get((self.platform or "").lower())
        if form is None or not _HANDLE.fullmatch(handle):
            return None
        if self.platform == "youtube" and _CHANNEL.fullmatch(handle):
            form = "https://www.youtube.com/channel/{}"
        return form.format(handle)


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """What in a post speaks of an ad. kind : export, ad, paid, partner, gift, affiliate, code, received, ...

    text : the words, code, link or hashtag.
    """

    kind: str
    text: str


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """How a post says that it is an ad, held against one market's rules (docs/methods/commercial.md); not law."""

    market: str
    state: Literal["clear", "unclear", "missing"]
    why: str


class CommercialPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is or may be an ad.

    post       : its place among the creator's posts as read. at : ISO date, None where undated.
    kind       : declared (says so, or the export does), hinted (a code, a paying link, thanks for a gift, work done
                 together) or likely (nothing of these, but its wording is that of posts which say so).
    likelihood : of a likely post, the measured share of such posts that declare themselves; None for the others.
    brands     : keys of who paid, likeliest first.
    """

    post: int
    post_id: str | None
    at: str | None
    kind: Literal["declared", "hinted", "likely"]
    likelihood: float | None = None
    signs: tuple[Sign, ...] = ()
    brands: tuple[str, ...] = ()
    disclosure: tuple[Disclosure, ...] = ()


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A brand that paid for posts. dates : ISO, oldest first, of its dated posts; posts : all of them, by place.

    category : of what is sold, where the posts' words say it. ambassador : says so, or the posts go on for months.
    """

    brand: str
    name: str
    category: str | None
    first: str | None
    last: str | None
    n_posts: int
    n_declared: int
    ambassador: bool
    dates: tuple[str, ...] = ()
    posts: tuple[int, ...] = ()


class Naming(msgspec.Struct, frozen=True, kw_only=True):
    """Where a competitor is named. post : None for the bio. kind : declared, hinted, likely, mention or bio."""

    post: int | None
    at: str | None
    kind: str
    text: str


class Competitor(msgspec.Struct, frozen=True, kw_only=True):
    """A brand that the brief names as a competitor, and where the creator names it.

    state : ambassador (a standing tie), in_window (an ad no older than the brief's exclusivity_days), earlier (an older
            one), undated (an ad whose date is not known), mentioned (no ad), or none.
    days  : from the newest ad to the data's own date; None where either is not known.
    """

    name: str
    state: Literal["ambassador", "in_window", "earlier", "undated", "mentioned", "none"]
    days: int | None = None
    named: tuple[Naming, ...] = ()


class AdCost(msgspec.Struct, frozen=True, kw_only=True):
    """Engagement of ads as a multiple of that of the organic posts around them, with its 90 % interval."""

    times_organic: float
    interval: tuple[float, float]
    n_ads: int
    n_organic: int


class MarketDisclosure(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the declared and hinted posts disclose themselves how, in one market."""

    market: str
    clear: int
    unclear: int
    missing: int


class Commercial(msgspec.Struct, frozen=True, kw_only=True):
    """What a creator sold before (bonafit.commercial).

    as_of    : the data's own date, ISO. n_posts, n_read : posts, and those with a text or a flag that were looked at.
    not_read : what was not looked at, in words.
    ad_load  : share of the posts looked at that are declared or hinted; `earlier` and `recent` of their older and newer
               half; None with too few posts. likely posts are counted apart.
    unknown_markets : markets asked for whose rules are not known here.
    """

    as_of: str | None
    n_posts: int
    n_read: int
    not_read: tuple[str, ...] = ()
    n_declared: int = 0
    n_hinted: int = 0
    n_likely: int = 0
    ad_load: float | None = None
    ad_load_earlier: float | None = None
    ad_load_recent: float | None = None
    cost: AdCost | None = None
    posts: tuple[CommercialPost, ...] = ()
    partners: tuple[Partner, ...] = ()
    competitors: tuple[Competitor, ...] = ()
    markets: tuple[MarketDisclosure, ...] = ()
    unknown_markets: tuple[str, ...] = ()

    @property
    def partner_names(self) -> tuple[str, ...]:
        """Who paid, most posts first."""
        return tuple(partner.name for partner in self.partners)

    @property
    def competitor_states(self) -> tuple[str, ...]:
        """Each competitor that is named anywhere, with what the tie is."""
        return tuple(f"{rival.name}: {rival.state}" for rival in self.competitors if rival.named)


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


def place_of(result: Placed) -> tuple[bool, bool, float, str]:
    """What results are sorted by: best first, equal scores by creator id.

    Who is in no ranking comes after everybody who is: those who cannot be judged, then those never to be booked.
    """
    return result.verdict == "never", result.score is None, -(result.score or 0.0), result.creator_id


# Names of the heads' fields, in their order.
COMPONENTS = tuple(name for name, kind in get_type_hints(CreatorScore).items() if kind is Component)
