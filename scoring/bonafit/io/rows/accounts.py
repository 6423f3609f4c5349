"""Rows that hold one person on several platforms: which columns are which account's, and a row for each.

`Instagram Followers` beside `TikTok Followers`, an object under a platform's name, a list of channels: what stands for
one account becomes a row of its own, with what is said of the person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from bonafit.io.rows.codes import KNOWN_PLATFORMS, platform_code
from bonafit.io.rows.identity import are_handles, join_key, of_link
from bonafit.io.rows.names import MOST_NAMES, lists_by_name, plain, words_of
from bonafit.io.rows.platform_columns import field_name, is_rate, platform_and_rest, platform_of_word
from bonafit.io.rows.values import UnreadError, count_of
from bonafit.records import Creator, is_absent

# Fields of which each account has its own.
_COUNTED = frozenset(("followers", "following", "posts_count"))
_ACCOUNT = _COUNTED | {"bio", "verified", "is_private", "has_picture", "handle", "profile_url", "platform", "posts"}
_NAMING = frozenset(("handle", "profile_url", "account"))
_LISTS = frozenset((
    "channels", "accounts", "platforms", "profiles", "socials", "networks", "socialprofiles", "socialaccounts",
    "socialchannels", "socialmedia",
))  # fmt: skip
_SUMS = frozenset(
    ("total", "gesamt", "insgesamt", "sum", "summe", "combined", "overall", "all", "kombiniert", "cumulated")
)
# Rows that decide, and the share of them that must say so.
_LOOKED_AT, _MOST = 200, 0.8
# Cells that tell a column of handles from one of yes and no.
_FEWEST = 4


class Accounts(msgspec.Struct, frozen=True):
    """How the rows of a file hold accounts.

    columns   : column -> its platform and the name without it. platforms : those that become rows.
    own       : whether the other columns are an account too.
    set_aside : columns that are nobody's fields: totals over platforms, links to further accounts.
    lists     : columns that hold a list of accounts.
    own_names : platform -> column of the handles of the row's own account, where no other column has them.
    is_named  : another column names the account, so that only the row's platform says which of them is its own.
    """

    columns: dict[str, tuple[str, str]] = {}
    platforms: tuple[str, ...] = ()
    own: bool = False
    set_aside: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    own_names: dict[str, str] = {}
    is_named: bool = False

    def rows(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A row for each account of a row; the row itself where it holds none."""
        common = {key: value for key, value in row.items() if key not in self.columns and key not in self.lists}
        if self.own_names:
            common |= self._own_name(row)
        accounts = list(self._accounts(row))
        person = _of_person(common, own=self.own)
        rows = [self._merged(person, common, account) for account in accounts]
        if self.own or not rows:
            whose = _field_value(common, "platform")
            if not rows or _has_evidence(common):
                rows = [row for row in rows if whose is None or row["platform"] != platform_code(str(whose))]
                rows.insert(0, common)
        return rows

    def _own_name(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Handle and platform of the row's own account."""
        stated = _field_value(row, "platform")
        platform = None if stated is None else platform_code(str(stated))
        if platform is None and not self.is_named:
            platform = next((name for name, key in self.own_names.items() if not _is_nothing(row.get(key))), None)
        handle = row.get(self.own_names.get(platform or "", ""))
        return {} if _is_nothing(handle) else {"handle": handle, "platform": platform}

    def _accounts(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        by_platform: dict[str, dict[str, Any]] = {}
        for key, (platform, name) in self.columns.items():
            value = row.get(key)
            if platform in self.platforms and not _is_nothing(value):
                account = by_platform.setdefault(platform, {"platform": platform})
                account.update(value) if isinstance(value, Mapping) else account.setdefault(name, value)
        for account in by_platform.values():
            # a price or a note alone is no account
            if any(field_name(name) in _COUNTED | _NAMING | {"bio"} for name in account):
                yield account
        for key in self.lists:
            value = row.get(key)
            if isinstance(value, list):
                yield from (_with_platform(item) for item in value if isinstance(item, Mapping))

    def _merged(
        self, person: Mapping[str, Any], common: Mapping[str, Any], account: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The account's row: its own columns, what the person's add, and the row's handle where it has no name."""
        fields = {field_name(key) for key in account}
        row = {
            key: value
            for key, value in person.items()
            if key in self.set_aside or field_name(key) is None or field_name(key) not in fields
        }
        if not fields & _NAMING and not any(field_name(key) == "handle" for key in row):
            handle = _field_value(common, "handle")
            row.update({} if handle is None else {"handle": handle})
        return {**row, **account}


def accounts_of(rows: Sequence[Mapping[str, Any]], mapped: Iterable[str] = ()) -> Accounts | None:
    """How a file's first rows hold accounts; None where each is of one. mapped : columns that the user says more of."""
    rows = rows[:_LOOKED_AT]
    plain_names = {plain(name) for name in mapped}
    keys = [key for key in dict.fromkeys(key for row in rows for key in row) if isinstance(key, str)]
    keys = [key for key in keys if plain(key) not in plain_names]
    lists = frozenset(key for key in keys if is_list_of_accounts(key, _values(rows, key)))
    if lists:
        return Accounts(lists=lists, own=False)
    columns = {key: column for key in keys if (column := _column(key, rows)) is not None}
    if not columns:
        return None
    fields: dict[str, set[str]] = defaultdict(set)
    for platform, name in columns.values():
        fields[platform].add(field_name(name) or "")
    other_keys = [key for key in keys if key not in columns]
    counted = tuple(platform for platform, names in fields.items() if names & (_COUNTED | {"bio", "object"}))
    sums = frozenset(key for key in other_keys if field_name(key) == "followers" and _is_sum(key, rows, columns))
    own = any(field_name(key) in _COUNTED for key in other_keys if key not in sums) or any(
        lists_by_name(Creator).get(plain(key), ("", 0))[0] == "posts" for key in other_keys
    )
    handles = {
        platform: key for key, (platform, name) in columns.items() if name == "handle" and platform not in counted
    }
    own_column = {} if not own or any(field_name(key) in ("handle", "profile_url") for key in other_keys) else handles
    is_named = any(field_name(key) in ("account", "display_name") for key in other_keys)
    if len(counted) >= 2 or (counted and own and not _is_repeated(rows, columns, other_keys)):
        counted_columns = {key: column for key, column in columns.items() if column[0] in counted}
        aside = sums | frozenset(key for key in columns if key not in counted_columns)
        return Accounts(
            columns=counted_columns,
            platforms=counted,
            own=own,
            set_aside=aside,
            own_names=own_column,
            is_named=is_named,
        )
    if own and not counted and _are_others(rows, columns, other_keys):
        return Accounts(own=True, set_aside=frozenset(columns), own_names=own_column, is_named=is_named)
    return None


def is_list_of_accounts(key: str, values: Sequence[Any]) -> bool:
    """Whether a column holds lists of accounts, each with its platform and what such a record alone has."""
    if plain(key) not in _LISTS:
        return False
    items = [item for value in values if isinstance(value, list) for item in value]
    return bool(items) and all(
        isinstance(item, Mapping) and {"platform", "followers"} <= set(map(field_name, _with_platform(item)))
        for item in items
    )


def _with_platform(item: Mapping[str, Any]) -> dict[str, Any]:
    """An account with its platform under that name, where it is called a type: `{"type": "tiktok", ...}`."""
    if any(field_name(name) == "platform" for name in item):
        return dict(item)
    kind = next((name for name in ("type", "site", "service") if isinstance(item.get(name), str)), None)
    if kind is None or platform_code(item[kind]) not in KNOWN_PLATFORMS:
        return dict(item)
    return {"platform": item[kind], **{name: value for name, value in item.items() if name != kind}}


def holds_accounts(obj: Mapping[str, Any]) -> bool:
    """Whether an object is one person with accounts in it, and no wrapping around rows."""
    return any(
        isinstance(key, str)
        and (
            is_list_of_accounts(key, [value])
            or (isinstance(value, Mapping) and platform_of_word(key) and _has_evidence(value))
        )
        for key, value in obj.items()
    )


def _column(key: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str] | None:
    """Platform and name of a column that speaks of one platform: before the name, behind it, or alone."""
    platform, rest = platform_and_rest(key)
    if platform is not None and (field_name(rest) is not None or is_rate(rest)):
        return platform, rest
    bare = platform_of_word(key)
    if bare is None:
        return None
    values = _values(rows, key)
    if any(isinstance(value, Mapping) and _has_evidence(value) for value in values):
        return bare, "object"
    texts = [value for value in values if isinstance(value, str | int | float) and not isinstance(value, bool)]
    if texts and sum(map(_is_count, texts)) >= _MOST * len(texts):
        return bare, "followers"
    named = [value for value in texts if isinstance(value, str) and _is_name(value)]
    is_named = (named and len(named) >= _MOST * len(texts)) or (
        len(texts) >= _FEWEST and are_handles(texts, named=True)
    )
    return (bare, "handle") if is_named else None


def _field_value(row: Mapping[str, Any], field: str) -> Any:
    return next((value for key, value in row.items() if field_name(key) == field and not _is_nothing(value)), None)


def _values(rows: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [row[key] for row in rows if not _is_nothing(row.get(key))]


def _is_nothing(value: Any) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and is_absent(value))


def _has_evidence(row: Mapping[str, Any]) -> bool:
    cells = islice(row.items(), MOST_NAMES)
    return any(field_name(key) in _COUNTED | {"bio"} and not _is_nothing(value) for key, value in cells)


def _is_count(value: Any) -> bool:
    return _count(value) is not None


def _count(value: Any) -> int | None:
    try:
        return count_of(value)[0]
    except UnreadError:
        return None


def _is_name(text: str) -> bool:
    """Whether a cell can be a handle or a link to a profile: no spaces, and no word such as yes."""
    text = text.strip()
    return " " not in text and (text.startswith("@") or of_link(text) != (None, None) or "." in text or "_" in text)


def _is_sum(key: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, tuple[str, str]]) -> bool:
    """Whether a column of followers is the total over platforms, by its name or by its values."""
    if _SUMS & set(words_of(key)):
        return True
    parts = [column for column, (_, name) in columns.items() if field_name(name) == "followers"]
    n = equal = 0
    for row in rows:
        counts = [_count(row[part]) or 0 for part in parts if not _is_nothing(row.get(part))]
        total = _count(row.get(key))
        if total is not None and len(counts) >= 2:
            n += 1
            equal += abs(sum(counts) - total) <= 0.02 * total
    return n > 0 and equal >= _MOST * n


def _is_repeated(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, tuple[str, str]], other_keys: Sequence[str]
) -> bool:
    """Whether the counts of a platform's columns are those of the row's own once more."""
    own_column = next((key for key in other_keys if field_name(key) == "followers"), None)
    their_columns = [key for key, (_, name) in columns.items() if field_name(name) == "followers"]
    if own_column is None or len(their_columns) != 1:
        return False
    pairs = [(_count(row.get(own_column)), _count(row.get(their_columns[0]))) for row in rows]
    both = [pair for pair in pairs if None not in pair]
    return bool(both) and sum(a == b for a, b in both) >= _MOST * len(both)


def _are_others(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, tuple[str, str]], other_keys: Sequence[str]
) -> bool:
    """Whether links and handles under platforms' names are further accounts: of several platforms, or not its own."""
    if len({platform for platform, _ in columns.values()}) > 1:
        return True
    own_column = next((key for key in other_keys if field_name(key) == "handle"), None)
    pairs = [
        (join_key(row[own_column]), join_key(row[key]))
        for row in rows
        for key, (_, name) in columns.items()
        if own_column is not None and field_name(name) in _NAMING
        if isinstance(row.get(own_column), str) and isinstance(row.get(key), str)
    ]
    return bool(pairs) and sum(a == b for a, b in pairs) * 2 < len(pairs)


def _of_person(common: Mapping[str, Any], *, own: bool) -> dict[str, Any]:
    """What a row says of the person: without the row's own account, where it has one."""
    if not own:
        return dict(common)
    # without a platform an id is one account's
    without = _ACCOUNT if _field_value(common, "platform") is not None else _ACCOUNT | {"creator_id"}
    lists = lists_by_name(Creator)
    return {key: value for key, value in common.items() if field_name(key) not in without and plain(key) not in lists}
