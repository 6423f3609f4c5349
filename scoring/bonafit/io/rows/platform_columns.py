"""Columns that speak of one platform: its name before that of a field, behind it, or alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bonafit.io.rows.codes import KNOWN_PLATFORMS, PLATFORMS_ELSEWHERE, platform_code
from bonafit.io.rows.names import field_of, plain, words_of
from bonafit.records import Creator

_PLATFORM_WORDS = {
    "instagram": "instagram", "ig": "instagram", "insta": "instagram", "tiktok": "tiktok", "tt": "tiktok",
    "youtube": "youtube", "yt": "youtube", "facebook": "facebook", "fb": "facebook", "twitter": "x", "twitch": "twitch",
    "pinterest": "pinterest", "snapchat": "snapchat", "linkedin": "linkedin", "threads": "threads",
}  # fmt: skip
_PLATFORM_WORDS |= {plain(word): name for name, words in PLATFORMS_ELSEWHERE.items() for word in words.split()}
_PEOPLE = {"youtuber": "youtube", "tiktoker": "tiktok", "instagrammer": "instagram", "instagramer": "instagram"}


def platform_and_rest(key: str) -> tuple[str | None, str]:
    """The platform that a column's name begins with, or ends with behind the name of a field, and the rest of it."""
    words = words_of(key)
    for length in (1, 2):
        if len(words) > length and (platform := _PLATFORM_WORDS.get("".join(words[:length]))) is not None:
            return platform, " ".join(words[length:])
    for length in (1, 2):
        name = " ".join(words[:-length])
        platform = _PLATFORM_WORDS.get("".join(words[-length:]))
        if platform is not None and name and (field_name(name) is not None or is_rate(name)):
            return platform, name
    return None, key


def platform_prefix_of(keys: Iterable[str]) -> str | None:
    """The one platform that columns such as `Instagram Followers`, `Followers IG` or `Youtuber` name; None for none or
    several."""
    split = [(key, *platform_and_rest(key)) for key in keys]
    named = {prefix for _, prefix, rest in split if prefix is not None and field_of(Creator, rest) is not None}
    named |= {_PEOPLE[plain(key)] for key, _, _ in split if plain(key) in _PEOPLE}
    return named.pop() if len(named) == 1 else None


def platform_of_word(key: str) -> str | None:
    """The platform that a name is, whole."""
    code = platform_code(key)
    return _PLATFORM_WORDS.get("".join(words_of(key))) or (code if code in KNOWN_PLATFORMS else None)


def is_rate(name: str) -> bool:
    return words_of(name)[-1:] in (("er",), ("rate",))


def field_name(name: Any) -> str | None:
    if name == "object":
        return "object"
    field = field_of(Creator, name) if isinstance(name, str) else None
    return field[0] if field is not None else None
