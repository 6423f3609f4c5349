"""What a creator sold before, as text: how many ads, who paid, how it is said, and each post with its signs."""

from __future__ import annotations

from collections.abc import Iterator

from bonafit.cli.render import INDENT
from bonafit.cli.terminal import Paint, columns, painter, wrapped
from bonafit.commercial.disclosure import markets
from bonafit.results import Commercial, CommercialPost, Competitor, CreatorScore, Partner

MOST_PARTNERS, MOST_NAMED = 20, 6
STATES = {
    "ambassador": "stands for them",
    "in_window": "an ad inside the exclusivity window",
    "earlier": "an ad before the exclusivity window",
    "undated": "an ad of unknown date",
    "mentioned": "mentioned, no ad",
    "none": "not mentioned",
}
KINDS = {"declared": "says it is an ad", "hinted": "hints at a deal", "likely": "likely an ad that does not say so"}


def commercial(result: CreatorScore, *, width: int | None = None, colour: bool = False) -> str:
    """The X-ray of a result's commercial posts; says so where the result is older than it."""
    wide, paint = columns(width), painter(colour)
    commercial_of = result.commercial
    if commercial_of is None:
        return f"{result.label}: this result is older than the X-ray of commercial posts; score the creator again"
    return "\n".join(line for part in _parts(result.label, commercial_of, paint) for line in _laid_out(part, wide))


def _laid_out(text: str, width: int) -> list[str]:
    if not text or "\x1b" in text:
        return [text]
    inner = text.lstrip(" ")
    return wrapped(inner, width, indent=" " * (len(text) - len(inner)))


def _parts(label: str, xray: Commercial, paint: Paint) -> Iterator[str]:
    yield paint(f"{label}: {xray.n_read:,} of {xray.n_posts:,} posts looked at", "bold")
    counts = f"{xray.n_declared} say they are ads, {xray.n_hinted} hint at a deal"
    yield f"{INDENT}{counts}, {xray.n_likely} more are likely"
    if xray.ad_load is not None:
        trend = ""
        if xray.ad_load_earlier is not None and xray.ad_load_recent is not None:
            trend = f"; of the older half {xray.ad_load_earlier:.0%}, of the newer {xray.ad_load_recent:.0%}"
        yield f"{INDENT}ad load {xray.ad_load:.0%}{trend}"
    if xray.cost is not None:
        low, high = xray.cost.interval
        yield (
            f"{INDENT}ads get {xray.cost.times_organic:.2f} times the reactions of the organic posts around them "
            f"(90 % interval {low:.2f} - {high:.2f}; {xray.cost.n_ads} ads, {xray.cost.n_organic} others)"
        )
    yield from _markets(xray, paint)
    yield from _partners(xray, paint)
    yield from _competitors(xray, paint)
    if xray.posts:
        yield ""
        yield paint("Posts", "bold")
        for post in xray.posts:
            yield from _post(post)
    yield ""
    yield paint("Not looked at", "bold")
    for line in xray.not_read or ("nothing that the export holds",):
        yield INDENT + line


def _markets(xray: Commercial, paint: Paint) -> Iterator[str]:
    if xray.markets or xray.unknown_markets:
        yield ""
        yield paint("Disclosure, by market", "bold")
    for market in xray.markets:
        rules = markets()[market.market]
        yield (
            f"{INDENT}{rules.name}: {market.clear} clear, {market.unclear} unclear, {market.missing} missing "
            f"({rules.source})"
        )
    for code in xray.unknown_markets:
        yield f"{INDENT}{code}: no rules of this market are known here"


def _partners(xray: Commercial, paint: Paint) -> Iterator[str]:
    if xray.partners:
        yield ""
        yield paint("Who paid", "bold")
    for partner in xray.partners[:MOST_PARTNERS]:
        yield INDENT + _partner(partner)
    if len(xray.partners) > MOST_PARTNERS:
        yield f"{INDENT}and {len(xray.partners) - MOST_PARTNERS} more"


def _partner(partner: Partner) -> str:
    when = "undated" if partner.first is None else partner.first
    if partner.last != partner.first:
        when = f"{partner.first} to {partner.last}"
    posts = "1 post" if partner.n_posts == 1 else f"{partner.n_posts} posts"
    parts = [f"{posts}, {partner.n_declared} declared", when]
    parts += [partner.category.replace("_", " ")] if partner.category else []
    parts += ["a standing tie"] if partner.ambassador else []
    return f"{partner.name}: {', '.join(parts)}"


def _competitors(xray: Commercial, paint: Paint) -> Iterator[str]:
    if xray.competitors:
        yield ""
        yield paint(f"Competitors{f', counted from {xray.as_of}' if xray.as_of else ''}", "bold")
    for rival in xray.competitors:
        yield INDENT + _competitor(rival)
        for naming in rival.named[-MOST_NAMED:]:
            where = "bio" if naming.post is None else naming.at or "undated"
            yield f"{INDENT * 2}{where}, {naming.kind}: {naming.text}"


def _competitor(rival: Competitor) -> str:
    days = "" if rival.days is None else f", the newest {rival.days} days old"
    return f"{rival.name}: {STATES[rival.state]}{days}"


def _post(post: CommercialPost) -> Iterator[str]:
    kind = KINDS[post.kind]
    if post.likelihood is not None:
        kind += f" ({post.likelihood:.0%} of such posts say they are)"
    paid = f", {', '.join(post.brands)}" if post.brands else ""
    yield f"{INDENT}{post.at or 'undated'} {post.post_id or f'post {post.post + 1}'}: {kind}{paid}"
    if post.signs:
        yield f"{INDENT * 2}{'; '.join(f'{sign.kind}: {sign.text}' for sign in post.signs)}"
    for words in post.disclosure:
        yield f"{INDENT * 2}{words.market}: {words.state}, {words.why}"
