"""Vendors' shapes, recognised by their fields: one file a vendor, its names where they mean something else than elsewhere.

What is not here is read by the general names of `rows.names`: a vendor's file holds its marks, its exceptions, and its own
figures with their definitions, which are kept as facts and never scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from bonafit.io.rows.names import plain

# In this order: the first whose marks are all there is taken.
MODULES = (
    "instaloader",
    "instagrapi",
    "apify_tiktok",
    "apify_instagram",
    "youtube_api",
    "yt_dlp",
    "meta_business_suite",
    "instagram_graph",
    "hypeauditor",
    "insightiq",
    "iqdata",
    "modash",
    "bright_data",
    "tiktok_api",
    "influencers_club",
    "starngage",
)


class Vendor(msgspec.Struct, frozen=True, kw_only=True):
    """One vendor's shape.

    name     : as people call it.
    marks    : alternatives; each a set of paths (`snippet.title`, `latestPosts[].caption`) that are all there in such files.
    exports  : for each kind of file that the vendor makes, the paths of what is known in it.
    platform : the one that it always speaks of; None where the rows say it.
    fields   : record -> path within it -> field; "" for a key to leave out, of a post `owner.handle` for who made it.
               Paths by plain names (`rows.names.plain`).
    facts    : the vendor's own figures, path -> definition.
    """

    name: str
    marks: tuple[tuple[str, ...], ...]
    exports: tuple[tuple[str, ...], ...]
    platform: str | None = None
    fields: dict[type, dict[str, str]] = {}
    facts: dict[str, str] = {}

    def field(self, kind: type, path: tuple[str, ...]) -> str | None:
        """The field of a path of plain names; None where the vendor has no name of its own for it."""
        own = self.fields.get(kind)
        return own.get(".".join(path)) if own else None

    def facts_of(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The vendor's own figures in a row, with name and definition."""
        facts = []
        for path, definition in self.facts.items():
            places = (_value_at(row, [*around, *path.split(".")]) for around in _AROUND)
            value = next((value for value in places if value is not None), None)
            if isinstance(value, int | float | str) and not isinstance(value, bool):
                facts.append({"vendor": self.name, "name": path, "value": value, "definition": definition})
        return facts


def within(prefix: str, names: str) -> tuple[str, ...]:
    """Paths of names, between spaces, under a prefix such as `latestPosts[].`."""
    return tuple(prefix + name for name in names.split())


# what vendors wrap their reports in
_AROUND: tuple[tuple[str, ...], ...] = (
    (),
    ("profile",),
    ("profile", "profile"),
    ("result",),
    ("data",),
    ("data", "profile"),
)


def _value_at(row: Any, path: list[str]) -> Any:
    for name in path:
        if not isinstance(row, Mapping):
            return None
        row = row.get(name)
    return row


@cache
def vendors() -> tuple[Vendor, ...]:
    """All vendors, in the order in which they are tried."""
    return tuple(vendor for module in MODULES for vendor in import_module(f"{__name__}.{module}").VENDORS)


def vendor_of(rows: Sequence[Mapping[str, Any]]) -> Vendor | None:
    """The vendor whose marks are there, over the first rows together."""
    paths: set[str] = set()
    for row in rows[:20]:
        _gather(row, "", paths, 0)
    return next((vendor for vendor in vendors() if any(_all_in(marks, paths) for marks in vendor.marks)), None)


def _all_in(marks: tuple[str, ...], paths: set[str]) -> bool:
    return all(_plain_path(mark) in paths for mark in marks)


@cache
def _plain_path(path: str) -> str:
    return ".".join(plain(part) + ("[]" if part.endswith("[]") else "") for part in path.split("."))


def _gather(row: Any, prefix: str, paths: set[str], depth: int) -> None:
    """Every path of a row by plain names, six deep; of lists the first two items."""
    if not isinstance(row, Mapping) or depth > 6:
        return
    for key, value in row.items():
        if not isinstance(key, str) or len(paths) > 20_000:
            continue
        path = prefix + plain(key)
        paths.add(path)
        if isinstance(value, Mapping):
            _gather(value, path + ".", paths, depth + 1)
        elif isinstance(value, list):
            for item in value[:2]:
                _gather(item, path + "[].", paths, depth + 1)
