"""Partnership history: which brands paid for which posts, when, and who among them is a competitor."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from bonafit.commercial.brands import Brand
from bonafit.commercial.hints import find_hints
from bonafit.commercial.labels import find_labels
from bonafit.commercial.names import find_brand
from bonafit.commercial.posts import JudgedPost
from bonafit.commercial.reading import key_of, read_post
from bonafit.records import Creator, Post
from bonafit.results import Competitor, Naming, Partner

# Paid posts for one brand, and days from the first to the last, from which the tie is a standing one.
STANDING_POSTS, STANDING_DAYS = 3, 30
# Words that say so.
_AMBASSADOR = re.compile(
    r"ambass?ad|ambasciat|سفير|botschafter|embajador|embaixador|amba[sz]ador|амбассадор|duta|elcisi|アンハサター|앰버서더|品牌大使|"
    r"face of|gesicht von|visage de|dai su thuong hieu"
)
# What a bio says of a tie besides, and letters between it and the name.
_TIE = re.compile(r"\b(?:partner|athlete|team|sponsored|code|collab\w*|creator for|model for)\b")
TIE_REACH = 30
# Categories need so many different words, or they are a guess.
LEAST_CATEGORY = 2
MOST_NAMINGS = 60
Judged = Sequence[JudgedPost | None]


def partners(creator: Creator, judged: Judged) -> tuple[Partner, ...]:
    """Every brand that paid for a post, most posts first, then by name."""
    of_brand: dict[str, list[int]] = {}
    written: dict[str, Counter[str]] = {}
    for i, post in enumerate(judged):
        if post is None or post.kind is None:
            continue
        for party in post.payers:
            of_brand.setdefault(party.key, []).append(i)
            written.setdefault(party.key, Counter())[party.written] += 1
    out = []
    for key, places in of_brand.items():
        kinds = [judged[i].kind for i in places]  # type: ignore[union-attr]
        if set(kinds) == {"likely"} and len(places) == 1:
            # one guess about one post is no history
            continue
        dated = sorted(at for i in places if (at := creator.posts[i].posted_at) is not None)
        readings = [judged[i].reading.folded for i in places]  # type: ignore[union-attr]
        dates = tuple(at.date().isoformat() for at in dated)
        certain = [at for i in places if (at := creator.posts[i].posted_at) and judged[i].kind != "likely"]  # type: ignore[union-attr]
        out.append(
            Partner(
                brand=key,
                name=min(written[key], key=lambda name: (-written[key][name], name)),
                category=category_of(" ".join(readings)),
                first=dates[0] if dates else None,
                last=dates[-1] if dates else None,
                n_posts=len(places),
                n_declared=kinds.count("declared"),
                ambassador=_stands(certain) or any(_says_ambassador(text, key) for text in readings),
                dates=dates,
                posts=tuple(places),
            )
        )
    return tuple(sorted(out, key=lambda partner: (-partner.n_posts, partner.brand)))


def _stands(dates: Sequence[datetime]) -> bool:
    return len(dates) >= STANDING_POSTS and (max(dates) - min(dates)).days >= STANDING_DAYS


def _says_ambassador(folded: str, key: str) -> bool:
    """Whether a text speaks of an ambassador near the brand's name or in one hashtag with it."""
    return any(key in key_of(folded[max(0, m.start() - 40) : m.end() + 40]) for m in _AMBASSADOR.finditer(folded))


def competitor(brand: Brand, creator: Creator, judged: Judged, *, as_of: datetime | None, window: int) -> Competitor:
    """Where a creator names a brand that the brief calls a competitor, and what stands against a booking.

    as_of : the data's own date. window : the brief's exclusivity_days.
    """
    named: list[Naming] = []
    paid: list[datetime] = []
    undated = standing = False
    for i, post in enumerate(judged):
        if post is None:
            continue
        commercial = post.kind in ("declared", "hinted")
        matches = find_brand(brand, post.reading, codes=post.codes, commercial=commercial)
        if not matches:
            continue
        kind = (
            post.kind if post.kind is not None and _pays(brand, post, [match.text for match in matches]) else "mention"
        )
        at = creator.posts[i].posted_at
        text = next((m.text for m in matches if m.how != "name"), matches[0].text)
        named.append(Naming(post=i, at=at.date().isoformat() if at else None, kind=kind, text=text))
        if kind in ("declared", "hinted"):
            undated |= at is None
            paid += [at] if at is not None else []
            standing |= any(_says_ambassador(post.reading.folded, spelling.key) for spelling in brand.spellings)
    in_bio, tie = _in_bio(brand, creator)
    if in_bio is not None:
        named.append(Naming(post=None, at=None, kind="bio" if tie else "mention", text=in_bio))
    days = (as_of - max(paid)).days if paid and as_of is not None else None
    state = "none"
    if tie or standing or _stands(paid):
        state = "ambassador"
    elif days is not None and days <= window:
        state = "in_window"
    elif undated or (paid and as_of is None):
        state = "undated"
    elif paid:
        state = "earlier"
    elif named:
        state = "mentioned"
    named.sort(key=lambda naming: (naming.post is not None, naming.at or "", naming.post or 0))
    return Competitor(name=brand.name, state=state, days=days, named=tuple(named[-MOST_NAMINGS:]))  # type: ignore[arg-type]


def _pays(brand: Brand, post: JudgedPost, payers: Sequence[str]) -> bool:
    """Whether a post that is an ad and names the brand is the brand's ad, and not another's that mentions it.

    Where somebody else is known to pay and the brand is not among them, it is a mention.
    """
    if not post.payers:
        return True
    keys = {key_of(text) for text in payers} | {spelling.key for spelling in brand.spellings}
    return any(party.key in key or key in party.key for party in post.payers for key in keys if len(key) > 1)


def _in_bio(brand: Brand, creator: Creator) -> tuple[str | None, bool]:
    """Where a bio or its link names a brand, and whether its words tie the creator to it."""
    if not creator.bio and not creator.external_url:
        return None, False
    reading = read_post(Post(caption=f"{creator.bio or ''}\n{creator.external_url or ''}"))
    codes = tuple(hint.text for hint in find_hints(reading) if hint.kind == "code")
    matches = find_brand(brand, reading, codes=codes, commercial=True)
    if not matches:
        return None, False
    ties = [label.at for label in find_labels(reading)]
    ties += [match.start() for pattern in (_AMBASSADOR, _TIE) for match in pattern.finditer(reading.folded)]
    near = [match for match in matches if match.how == "code" or any(abs(match.at - at) <= TIE_REACH for at in ties)]
    return (near or matches)[0].text, bool(near)


@lru_cache(maxsize=1)
def _categories() -> dict[str, frozenset[str]]:
    source = tomllib.loads(files("bonafit.commercial").joinpath("categories.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in source.items()}


def category_of(folded: str) -> str | None:
    """What is sold, where at least LEAST_CATEGORY different words of one category and fewer of any other say it."""
    words = set(re.findall(r"[^\W\d_]+", folded))
    counts = {name: len(words & own) for name, own in _categories().items()}
    ranked = sorted(counts, key=lambda name: -counts[name])
    if counts[ranked[0]] < LEAST_CATEGORY or counts[ranked[0]] == counts[ranked[1]]:
        return None
    return ranked[0]
