"""The X-ray: everything that is said of a creator's commercial posts, in one record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time

from bonafit.commercial.brands import brand_of
from bonafit.commercial.cost import ad_cost
from bonafit.commercial.disclosure import disclosure, markets
from bonafit.commercial.handles import bare_handle
from bonafit.commercial.partners import competitor, partners
from bonafit.commercial.posts import JudgedPost, judge_post, with_likely
from bonafit.commercial.reading import key_of
from bonafit.records import Brief, Creator
from bonafit.results import Commercial, CommercialPost, Disclosure, MarketDisclosure

# Posts read, the most recent first, as the heads read them.
MAX_POSTS = 200
# Posts looked at from which a share of them is an ad load, and in each half for its trend.
LEAST_LOAD, LEAST_HALF = 5, 5
# Ad load from which a person should look: every second post is an ad, of eight at least.
HEAVY_LOAD, LEAST_HEAVY = 0.5, 8
MOSTLY_ADS = "commercial:mostly_ads"
DISCLOSURE_MISSING = "commercial:disclosure_missing"
LIKELY_UNDECLARED = "commercial:likely_undeclared"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def judge_posts(creator: Creator) -> tuple[JudgedPost | None, ...]:
    """What each post of a creator is, in their order; None where nothing was looked at. Needs no brief."""
    own = frozenset(
        key for name in (creator.handle, creator.display_name) if name for key in (key_of(name), bare_handle(name))
    )
    order = sorted(range(len(creator.posts)), key=lambda i: creator.posts[i].posted_at or _EARLIEST, reverse=True)
    read = set(order[:MAX_POSTS])
    judged = [judge_post(post, own) if i in read else None for i, post in enumerate(creator.posts)]
    return with_likely(judged, own)


def x_ray(creator: Creator, brief: Brief, judged: Sequence[JudgedPost | None], *, as_of: datetime | None) -> Commercial:
    """What a creator sold before, for a brief.

    judged : of judge_posts. as_of : the data's own date; the brief's stands in where the record has none.
    """
    if as_of is None and brief.as_of is not None:
        as_of = datetime.combine(brief.as_of, time.max, UTC)
    market_codes = list(dict.fromkeys(brief.markets or ((creator.country,) if creator.country else ())))
    known = [code for code in market_codes if code in markets()]
    posts = tuple(
        _described(i, post, creator, known)
        for i, post in enumerate(judged)
        if post is not None and post.kind is not None
    )
    looked_at = [post for post in judged if post is not None]
    ads = [post is not None and post.kind in ("declared", "hinted") for post in judged]
    kinds = Counter(post.kind for post in looked_at)
    earlier, recent = _halves(creator, judged)
    considered = [i for i, post in enumerate(judged) if post is not None and post.kind != "likely"]
    return Commercial(
        as_of=None if as_of is None else as_of.date().isoformat(),
        n_posts=len(creator.posts),
        n_read=len(looked_at),
        not_read=tuple(_not_read(creator, judged)),
        n_declared=kinds["declared"],
        n_hinted=kinds["hinted"],
        n_likely=kinds["likely"],
        ad_load=sum(ads) / len(looked_at) if len(looked_at) >= LEAST_LOAD else None,
        ad_load_earlier=earlier,
        ad_load_recent=recent,
        cost=ad_cost([creator.posts[i] for i in considered], [ads[i] for i in considered]),
        posts=posts,
        partners=partners(creator, judged),
        competitors=tuple(
            competitor(brand_of(name), creator, judged, as_of=as_of, window=brief.exclusivity_days)
            for name in brief.competitors
        ),
        markets=tuple(_of_market(code, posts) for code in known),
        unknown_markets=tuple(code for code in market_codes if code not in markets()),
    )


def flags_of(report: Commercial, window: int) -> list[str]:
    """Signals of the X-ray, for review. window : the brief's exclusivity_days."""
    flags: list[str] = []
    for rival in report.competitors:
        name = rival.name.replace(":", " ")
        if rival.state == "ambassador":
            flags.append(f"commercial:competitor_ambassador:{name}")
        if rival.days is not None and rival.days <= window:
            flags.append(f"commercial:competitor_in_window:{name}")
        elif rival.state == "undated":
            flags.append(f"commercial:competitor_undated:{name}")
    if report.n_read >= LEAST_HEAVY and report.ad_load is not None and report.ad_load >= HEAVY_LOAD:
        flags.append(MOSTLY_ADS)
    if any(market.missing for market in report.markets):
        flags.append(DISCLOSURE_MISSING)
    if report.n_likely:
        flags.append(LIKELY_UNDECLARED)
    return flags


def _described(i: int, post: JudgedPost, creator: Creator, codes: Sequence[str]) -> CommercialPost:
    disclosures: tuple[Disclosure, ...] = ()
    if post.kind != "likely":
        disclosures = tuple(
            disclosure(code, post.reading, post.labels, flagged=post.flagged, platform=creator.platform)
            for code in codes
        )
    at = creator.posts[i].posted_at
    return CommercialPost(
        post=i,
        post_id=creator.posts[i].post_id,
        at=None if at is None else at.date().isoformat(),
        kind=post.kind or "likely",
        likelihood=post.likelihood,
        signs=post.signs,
        brands=tuple(party.key for party in post.payers),
        disclosure=disclosures,
    )


def _not_read(creator: Creator, judged: Sequence[JudgedPost | None]) -> list[str]:
    """What was not looked at, in words."""
    total = len(creator.posts)
    out = []
    if total > MAX_POSTS:
        out.append(f"{total - MAX_POSTS} posts older than the newest {MAX_POSTS}")
    recent = min(total, MAX_POSTS)
    nothing = recent - sum(post is not None for post in judged)
    if nothing:
        out.append(f"{nothing} of {recent} posts: no caption and no flag in the export")
    flagged = sum(post.is_sponsored is not None for post in creator.posts)
    if total and not flagged:
        out.append("the platforms' own label of paid posts: not in the export")
    bare = sum(not post.transcript for post in creator.posts if _is_video(post.kind))
    if bare:
        out.append(f"what is said in {bare} videos: no transcript in the export")
    if total:
        out.append("what is shown in pictures and videos")
    return out


def _is_video(kind: str | None) -> bool:
    return kind in ("video", "reel", "short", "live")


def _halves(creator: Creator, judged: Sequence[JudgedPost | None]) -> tuple[float | None, float | None]:
    """Ad load of the older and the newer half of the dated posts; None where a half has too few."""
    dated = sorted(
        (at, i) for i, post in enumerate(judged) if post is not None and (at := creator.posts[i].posted_at) is not None
    )
    half = len(dated) // 2
    if half < LEAST_HALF:
        return None, None
    loads = []
    for part in (dated[:half], dated[-half:]):
        kinds = [post.kind for _, i in part if (post := judged[i]) is not None]
        loads.append(sum(kind in ("declared", "hinted") for kind in kinds) / half)
    return loads[0], loads[1]


def _of_market(code: str, posts: Sequence[CommercialPost]) -> MarketDisclosure:
    states = Counter(disclosure.state for post in posts for disclosure in post.disclosure if disclosure.market == code)
    return MarketDisclosure(market=code, clear=states["clear"], unclear=states["unclear"], missing=states["missing"])
