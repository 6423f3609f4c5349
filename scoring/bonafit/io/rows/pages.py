"""The description that Instagram gives search engines of a profile's page, which scrapers take for the profile text."""

from __future__ import annotations

import re
from typing import Any

from bonafit.io.rows.names import field_of
from bonafit.io.rows.values import UnreadError, count_of
from bonafit.records import Creator

_COUNT = r"([0-9][0-9.,]{0,12}+ ?[KMkm]?) (\w{1,20}+)"
_PAGE = re.compile(rf"{_COUNT}, {_COUNT}, {_COUNT} ?[-–—](.*+)", re.DOTALL)
_FIELDS = {"followers", "following", "posts_count"}


def page_description(text: str) -> dict[str, Any] | None:
    """The counts, and the profile text where it is quoted, of `8,400 Followers, 390 Following, 240 Posts - ...`.

    In any language whose words are known as names of columns. None for other texts.
    """
    if not text[:1].isdigit() or (match := _PAGE.fullmatch(text)) is None:
        return None
    fields = [field_of(Creator, match[i]) for i in (2, 4, 6)]
    names = [field[0] for field in fields if field is not None]
    if set(names) != _FIELDS:
        return None
    try:
        counts: dict[str, Any] = {name: count_of(match[i])[0] for name, i in zip(names, (1, 3, 5), strict=True)}
    except UnreadError:
        return None
    _, mark, quoted = match[7].partition(': "')
    if mark and (bio := quoted.rstrip().removesuffix('"').strip()):
        counts["bio"] = bio
    return counts
