"""What happened: a table of posts or creators with their counts, clicks, sales and costs, as records."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from bonafit.campaign.candidates import converted
from bonafit.campaign.terms import Terms
from bonafit.errors import InputError, RecordError
from bonafit.io.rows.flags import flag_of
from bonafit.io.rows.values import UnreadError
from bonafit.io.side_files import MAX_AMOUNT, read_rows
from bonafit.io.streams import named
from bonafit.records import is_absent

AMOUNTS = (
    "impressions", "reach", "likes", "comments", "shares", "saves", "engagements", "views", "clicks", "codes",
    "conversions",
)  # fmt: skip
MONEY = ("revenue", "cost")
CHECKS = ("posted", "tagged", "code", "disclosed")
FLAGS = (*CHECKS, "worth_repeating")
IDS = ("creator_id", "creator", "handle")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the outcomes: a post, or a creator as a whole. Absent is None, never zero.

    codes : times the creator's discount code was used. revenue, cost : in the campaign's currency.
    posted, tagged, code, disclosed : whether what was agreed was done.
    worth_repeating : whether the client would book the creator again; the same in every row of a creator.
    """

    creator: str
    post_id: str | None = None
    impressions: float | None = None
    reach: float | None = None
    likes: float | None = None
    comments: float | None = None
    shares: float | None = None
    saves: float | None = None
    engagements: float | None = None
    views: float | None = None
    clicks: float | None = None
    codes: float | None = None
    conversions: float | None = None
    revenue: float | None = None
    cost: float | None = None
    posted: bool | None = None
    tagged: bool | None = None
    code: bool | None = None
    disclosed: bool | None = None
    worth_repeating: bool | None = None

    def engaged(self) -> float | None:
        """Engagements as stated, else the sum of those that are: likes, comments, shares, saves."""
        if self.engagements is not None:
            return self.engagements
        known = [value for value in (self.likes, self.comments, self.shares, self.saves) if value is not None]
        return sum(known) if known else None


def read_outcomes(path: str | os.PathLike[str], terms: Terms | None = None) -> tuple[list[Outcome], list[str]]:
    """Every row of an outcomes file, JSON Lines, CSV or Parquet, and what of it was not read, in words.

    A row needs creator_id (or handle); everything else may be absent. Money is in the currency of `terms` unless a
    column `currency` says another that these have a rate for; without terms counts alone are asked for, and amounts
    are not read.
    Raises InputError naming line and column of a value that cannot be read: outcomes are not guessed.
    """
    out, unknown = [], dict[str, int]()
    for line, row in read_rows(path):
        if isinstance(row, RecordError):
            raise InputError(f"{named(path)}, line {line}: {row.reason}")
        out.append(_outcome(row, f"{named(path)}, line {line}", terms))
        for name in row:
            if name not in Outcome.__struct_fields__ and name not in (*IDS, "currency"):
                unknown[name] = unknown.get(name, 0) + 1
    if not out:
        raise InputError(f"{named(path)}: holds no row; expected creator_id and what was counted")
    posts = [(one.creator, one.post_id) for one in out if one.post_id is not None]
    if doubled := sorted({post for post in posts if posts.count(post) > 1}):
        raise InputError(f"{named(path)}: post {doubled[0][1]} of {doubled[0][0]} stands in two rows; keep one of them")
    return out, [f"column {name} is not known and was not read ({n:,} rows)" for name, n in sorted(unknown.items())]


def _outcome(row: Mapping[str, Any], where: str, terms: Terms | None) -> Outcome:
    creator = next((str(row[name]) for name in IDS if row.get(name) not in (None, "")), None)
    if creator is None:
        raise InputError(f"{where}: has no creator_id; expected one in every row")
    values: dict[str, Any] = {"creator": creator}
    if (post := row.get("post_id")) not in (None, ""):
        values["post_id"] = str(post)
    for name in AMOUNTS if terms is None else (*AMOUNTS, *MONEY):
        values[name] = _amount(row.get(name), f"{where}: {name}")
    for name in FLAGS:
        values[name] = _flag(row.get(name), f"{where}: {name}")
    currency = row.get("currency")
    if terms is not None and currency not in (None, ""):
        for name in MONEY:
            if values[name] is not None:
                amount, source = converted(values[name], str(currency), terms)
                if amount is None:
                    raise InputError(f"{where}: {name} {source}")
                values[name] = amount
    return Outcome(**values)


def _amount(value: Any, where: str) -> float | None:
    if value is None or (isinstance(value, str) and is_absent(value)):
        return None
    try:
        number = float(str(value).replace(" ", "").replace(" ", ""))
    except ValueError:
        number = -1.0
    if isinstance(value, bool) or not 0 <= number <= MAX_AMOUNT:
        raise InputError(f"{where}: found {str(value)[:40]!r}, expected a plain number of at least 0 such as 1234.5")
    return number


def _flag(value: Any, where: str) -> bool | None:
    if value is None or (isinstance(value, str) and is_absent(value)):
        return None
    try:
        return flag_of(value)
    except UnreadError as error:
        raise InputError(f"{where}: {error}") from error


def by_creator(outcomes: Iterable[Outcome], names: Mapping[str, str]) -> dict[str, list[Outcome]]:
    """Rows of each creator, by id. names : id by id and by handle, as the results or the list has them."""
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(names.get(one.creator, one.creator), []).append(one)
    return found


def ran(rows: Sequence[Outcome], count: str) -> list[float]:
    """What each post that ran and was counted got."""
    return [value for one in rows if one.posted is not False and (value := getattr(one, count)) is not None]
