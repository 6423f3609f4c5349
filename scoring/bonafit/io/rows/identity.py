"""Who a row is of: ids, handles and links as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from bonafit.io.rows.codes import KNOWN_PLATFORMS, platform_code
from bonafit.io.rows.names import words_of
from bonafit.io.rows.values import EXACT, UnreadError
from bonafit.records.messages import shown

_POWER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
# ids that check_creator leaves to RowReader: in powers of ten, or with decimals
ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+|[0-9]+[.,]0+")
_WHOLE = re.compile(r"([0-9]+)[.,]0+")
_LINK = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)?(?P<host>instagram\.com|tiktok\.com|youtube\.com|twitter\.com|x\.com|facebook\.com|twitch\.tv|threads\.net|"
    r"pinterest\.[a-z.]+|snapchat\.com|linkedin\.com)/(?P<path>[^?#\s]*)(?:[?#]\S*)?",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
# Marks that nobody sees: padding, zero width, of direction, byte order; pasted with names, and no part of them.
_UNSEEN = re.compile("[\0\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Hosts of shortened links, whose path is no handle.
_SHORT = ("vm.tiktok", "vt.tiktok", "l.instagram", "fb.")
_NAMED = re.compile(
    r"(?P<name>[^@()\[\]]*?[^@()\[\]\s,;:|/-])[\s,;:|/([-]+@(?P<handle>[\w.]{2,40})[)\]]?(?:\s*[(\[][\w ]{1,20}[)\]])?",
    re.ASCII,
)
_HANDLE = re.compile(r"@[\w.]{2,30}|[a-z][a-z0-9._]{2,29}", re.ASCII)
_IN_HANDLES = re.compile(r"@?[\w.]{1,30}", re.ASCII)
# Cells of a column of handles that are some.
_NEARLY = 0.98
_SOMEBODY = frozenset((
    "name", "names", "account", "accounts", "username", "handle", "influencer", "creator", "blogger", "tiktoker",
    "youtuber", "streamer", "insta", "channel", "profile", "user", "page", "kol", "talent", "person",
    "celebrity", "celeb", "artist", "star", "athlete",
))  # fmt: skip
# What stands beside such a word in the name of a column that says who a row is of.
_BESIDE_SOMEBODY = frozenset((
    "info", "infos", "information", "details", "detail", "data", "id", "ids", "title", "of", "the", "s", "social",
    "media", "instagram", "ig", "tiktok", "tt", "youtube", "yt", "twitter", "x", "twitch", "facebook", "fb", "top",
    "main", "list",
))  # fmt: skip
# The code of a post in its link: .../p/CODE/, .../video/CODE, watch?v=CODE, youtu.be/CODE
_POST_CODE = re.compile(
    r"/(?:p|reels?|tv|video|photo|shorts|status|v)/([\w-]{4,})|(?:[?&]v=|youtu\.be/)([\w-]{6,})", re.ASCII
)
_NOT_HANDLES = frozenset(
    ["p", "reel", "reels", "tv", "stories", "explore", "video", "watch", "embed", "shorts", "post", "status"]
)
_BEFORE_HANDLES = frozenset(["c", "user", "channel", "add", "in", "company"])


def identifier(value: Any) -> str:
    """An id as text. Raises UnreadError for one that a spreadsheet has rounded: it is another id now."""
    cause = (
        "a spreadsheet has rounded this id, and others look the same now; format its column as text and export again"
    )
    if isinstance(value, bool):
        raise UnreadError(f"found {shown(value)}, expected an id")
    if isinstance(value, int):
        if abs(value) >= 10**300:
            raise UnreadError(f"found {shown(value)}, expected an id of at most 300 characters")
        return str(value)
    if isinstance(value, float):
        if abs(value) >= EXACT or not value.is_integer():
            raise UnreadError(f"found {shown(value)}, expected an id; {cause}")
        return str(int(value))
    if not isinstance(value, str):
        raise UnreadError(f"found {shown(value)}, expected an id")
    text = seen(value)
    if text[:1].isdigit():
        if _POWER.fullmatch(text):
            raise UnreadError(f"found {shown(text)}, expected an id; {cause}")
        if match := _WHOLE.fullmatch(text):
            if int(match[1][:20]) >= EXACT:
                raise UnreadError(f"found {shown(text)}, expected an id; {cause}")
            return match[1]
    return text


def seen(text: str) -> str:
    """An id or handle without spaces around it and marks that nobody sees."""
    return text.strip() if text.isascii() and "\0" not in text else _UNSEEN.sub("", text).strip()


def named_handle(text: str) -> tuple[str, str] | None:
    """Name and handle of `Mara Rot (@mara.rot)`; None for other texts."""
    match = _NAMED.fullmatch(seen(text)) if "@" in text else None
    return (match["name"].strip(), match["handle"]) if match else None


def of_link(text: str) -> tuple[str | None, str | None]:
    """Handle and platform that a link to a profile names."""
    match = _LINK.fullmatch(seen(text)) if "/" in text else None
    if match is None or text.lstrip().removeprefix("https://").removeprefix("http://").startswith(_SHORT):
        return None, None
    platform = platform_code(match["host"].split(".")[0])
    parts = [unquote(part) for part in match["path"].split("/") if part]
    if parts and parts[0].lower() in _BEFORE_HANDLES:
        parts = parts[1:]
    if not parts or parts[0].lower() in _NOT_HANDLES:
        return None, platform
    return parts[0].removeprefix("@"), platform if platform in KNOWN_PLATFORMS else None


def post_key(post_id: str) -> str:
    """What a post is known by: of a link its code, whatever stands around it."""
    match = _POST_CODE.search(post_id) if "/" in post_id else None
    return match[1] or match[2] if match else post_id


def is_link_to_post(value: Any) -> bool:
    """Whether a value is a link to one post."""
    return isinstance(value, str) and "/" in value and len(value) < 2_000 and post_key(value) != value


def speaks_of_somebody(column: str) -> bool:
    """Whether a column of unknown name may say who a row is of: `Influencer insta name`."""
    return not _SOMEBODY.isdisjoint(words_of(column))


def names_somebody(column: str) -> bool:
    """Whether a column of unknown name says nothing else than who a row is of: `channel_info`."""
    words = set(words_of(column))
    return speaks_of_somebody(column) and words <= _SOMEBODY | _BESIDE_SOMEBODY


def are_handles(cells: Sequence[Any], *, named: bool = False) -> bool:
    """Whether the cells of a column can only be handles or links to profiles: nearly each another, and no plain words.

    named : the column is called so, and plain words may be handles.
    """
    texts = [seen(cell) for cell in cells if isinstance(cell, str)]
    # lists hold somebody twice
    if len(texts) < len(cells) or len(set(texts)) < len(texts) * 0.9 or not texts:
        return False
    links = sum(of_link(text)[0] is not None for text in texts)
    if named:
        # a name slips in
        return sum(bool(_IN_HANDLES.fullmatch(text)) for text in texts) >= _NEARLY * len(texts)
    marked = sum(bool(_HANDLE.fullmatch(text)) and not text.isalpha() for text in texts)
    shaped = sum(bool(_HANDLE.fullmatch(text)) for text in texts)
    return links == len(texts) or (shaped == len(texts) and marked * 2 >= len(texts))


def is_somebody(text: str) -> bool:
    """Whether a text that should be the name of a column is a handle or a link: a list without a header."""
    text = seen(text)
    return of_link(text)[0] is not None or bool(_HANDLE.fullmatch(text) and re.search(r"[@.0-9]", text))


def is_post_link(text: str) -> bool:
    """Whether a link is one to a post or page of a platform that names no profile."""
    handle, platform = of_link(text)
    return handle is None and platform is not None


def handle_of(text: str) -> str:
    """A handle without @ and link around it."""
    text = seen(text)
    return of_link(text)[0] or text.removeprefix("@").strip() or text


def join_key(identifier: str) -> str:
    """What an id or handle is joined by: without @, link and case."""
    return handle_of(identifier).casefold()


def derived_id(handle: str, platform: str | None) -> str:
    """The id of somebody whom only a handle names; case tells YouTube's channels' ids apart, no handles."""
    if _CHANNEL.fullmatch(handle):
        return f"{handle}@{platform}" if platform else handle
    return f"{handle}@{platform}".lower() if platform else handle.lower()
