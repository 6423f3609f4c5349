"""Which column says who a row is of, where no name of a column says it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bonafit.io.rows.identity import (
    are_handles,
    is_link_to_post,
    is_somebody,
    join_key,
    names_somebody,
    of_link,
    speaks_of_somebody,
)
from bonafit.io.rows.platform_columns import platform_of_word
from bonafit.io.rows.steps import Field, Step

# Fields that say who a row is of.
_NAMING = frozenset(("creator_id", "handle", "account", "display_name", "profile_url"))
# Numbers of rows that stand for several people before they are nobody's ids.
_DOUBLED = 2
# Rows that tell a platform's column of handles from one of yes and no.
_FEWEST = 4


def column_of_handles(steps: Sequence[Step], rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The one column whose cells can only be handles, where no known name says who a row is of.

    Beside a column of names it is one that is called a name or account too, a second column of names among them.
    """
    naming = [step for step in steps if isinstance(step, Field) and step.name in _NAMING and step.n]
    known = {step.name for step in naming}
    unread = [step.key for step in steps if type(step) is Step and step.top and platform_of_word(step.key)]
    accounts = [key for key in unread if len(rows) >= _FEWEST and are_handles(_cells(rows, key), named=True)]
    if len(accounts) == 1 and not known & {"handle", "account", "profile_url"}:
        # `IG` above handles
        return accounts[0]
    if known - {"display_name"}:
        return None
    if len({step.key for step in naming}) > 1:
        names = [step.key for step in naming if step.top and are_handles(_cells(rows, step.key), named=True)]
        if len(names) == 1:
            return names[0]
    unknown = [step.key for step in steps if type(step) is Step and step.top and step.n * 2 > len(rows)]
    texts = {key: _cells(rows, key) for key in unknown if not is_somebody(key)}
    if known:
        texts = {key: cells for key, cells in texts.items() if speaks_of_somebody(key)}
    named = [key for key, cells in texts.items() if are_handles(cells, named=bool(known) or names_somebody(key))]
    return named[0] if len(named) == 1 else None


def column_of_numbers(steps: Sequence[Step], rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The column of ids where it numbers the rows of several lists in one: small numbers, of which some stand for
    people of other names on one platform."""
    fields: dict[str, str] = {}
    for step in steps:
        if isinstance(step, Field) and step.top and step.name in (*_NAMING, "platform"):
            fields.setdefault(step.name, step.key)
    column = fields.pop("creator_id", None)
    if column is None or not fields.keys() & _NAMING:
        return None
    people: dict[int, set[tuple[str, ...]]] = {}
    for row in rows:
        number = str(row.get(column, ""))
        if not number.isdecimal() or len(number) > len(str(len(rows))):
            return None
        whose = {name: join_key(str(row[key])) for name, key in fields.items() if row.get(key) not in (None, "")}
        people.setdefault(int(number), set()).add((whose.pop("platform", ""), *whose.values()))
    doubled = sum(len({platform for platform, *_ in known}) < len(known) for known in people.values())
    return column if doubled >= _DOUBLED else None


def platform_of_links(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The one platform on which all links to posts lie; None for several, or where a row has none."""
    platforms = [{of_link(value)[1] for value in row.values() if is_link_to_post(value)} for row in rows]
    named = set().union(*platforms)
    return named.pop() if len(named) == 1 and all(platforms) else None


def _cells(rows: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [row[key] for row in rows if row.get(key) not in (None, "")]
