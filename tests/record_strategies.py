"""Hypothesis strategies for records: everything a reader may be given, at the edges of what it accepts."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bonafit.io.rows.identity import ROUNDED, seen
from bonafit.io.rows.traces import collected
from bonafit.records import EARLIEST, MAX_COUNT, AudienceAccount, Comment, Creator, FollowerPoint, Post, is_absent

# every character but lone surrogates, which are no Unicode text; None stands for absent, so texts are not empty
CHARACTERS = st.characters(exclude_categories=("Cs",))
# nor are words for nothing, which readers take for absent; ids and handles have no spaces around, unseen marks and no
# spreadsheet's apostrophe before them, nor handles @ and link
NAMES = st.text(CHARACTERS, min_size=1, max_size=12).filter(lambda text: not is_absent(text))
_BARE = NAMES.map(seen).filter(lambda text: not is_absent(text) and text[0] != "'")
HANDLES = _BARE.filter(lambda text: not set("@/") & set(text))
IDS = _BARE.filter(lambda text: not ROUNDED.fullmatch(text))
TEXTS = st.text(CHARACTERS, max_size=40).filter(lambda text: not text or not is_absent(text))
PLATFORMS = st.sampled_from(["instagram", "tiktok", "youtube", "ünïcode"])
COUNTRIES, LANGUAGES = st.sampled_from(["de", "gb", "br"]), st.sampled_from(["en", "pt", "zh"])
KINDS = st.sampled_from(["reel", "image", "story", "ünïcode"])
COUNTS = st.integers(0, MAX_COUNT)
INSTANTS = st.datetimes(EARLIEST.replace(tzinfo=None), datetime(2026, 6, 1), timezones=st.just(UTC))


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def tuples(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=3).map(tuple)


COMMENTS = st.builds(
    Comment,
    text=TEXTS,
    comment_id=maybe(IDS),
    post_id=maybe(IDS),
    author=maybe(NAMES),
    posted_at=maybe(INSTANTS),
    reply_to=maybe(IDS),
    likes=maybe(COUNTS),
)
POSTS = st.builds(
    Post,
    post_id=maybe(IDS),
    posted_at=maybe(INSTANTS),
    caption=TEXTS,
    title=TEXTS,
    tags=tuples(NAMES),
    likes=maybe(COUNTS),
    comments=maybe(COUNTS),
    views=maybe(COUNTS),
    shares=maybe(COUNTS),
    saves=maybe(COUNTS),
    kind=maybe(KINDS),
    location=maybe(NAMES),
    is_sponsored=maybe(st.booleans()),
    mentions=tuples(NAMES),
    replies=tuples(COMMENTS),
    counted_at=maybe(INSTANTS),
    duration_seconds=maybe(st.floats(0, 1e6)),
    transcript=TEXTS,
)
ACCOUNTS = st.builds(
    AudienceAccount,
    account_id=maybe(IDS),
    handle=maybe(HANDLES),
    bio=maybe(NAMES),
    followers=maybe(COUNTS),
    posts_count=maybe(COUNTS),
    is_private=maybe(st.booleans()),
    relation=maybe(NAMES),
)
JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
CREATORS = st.builds(
    Creator,
    creator_id=IDS,
    platform=maybe(PLATFORMS),
    handle=maybe(HANDLES),
    display_name=maybe(NAMES),
    bio=maybe(NAMES),
    followers=maybe(COUNTS),
    following=maybe(COUNTS),
    posts_count=maybe(COUNTS),
    verified=maybe(st.booleans()),
    is_private=maybe(st.booleans()),
    has_picture=maybe(st.booleans()),
    external_url=maybe(NAMES),
    category=maybe(NAMES),
    country=maybe(COUNTRIES),
    language=maybe(LANGUAGES),
    price=maybe(st.floats(0, 1e9)),
    currency=maybe(NAMES),
    posts=tuples(POSTS),
    comments=tuples(COMMENTS),
    audience=tuples(ACCOUNTS),
    follower_history=tuples(st.builds(FollowerPoint, at=INSTANTS, followers=COUNTS)),
    extra=st.dictionaries(
        NAMES, JSON.filter(lambda value: not isinstance(value, str) or not is_absent(value)), max_size=2
    ),
).map(lambda creator: collected(creator, lambda what: None))
