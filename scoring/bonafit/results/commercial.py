"""What a creator sold before, post by post and brand by brand (made by bonafit.commercial)."""

from __future__ import annotations

from typing import Literal

import msgspec


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
