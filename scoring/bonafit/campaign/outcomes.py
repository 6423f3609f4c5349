"""What happened: a table of posts or creators with their counts, clicks, sales and costs, as records."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from bonafit.campaign.candidates import converted
from bonafit.campaign.outcome_columns import fields_of, formats_of
from bonafit.campaign.terms import Terms
from bonafit.errors import InputError, RecordError
from bonafit.io.rows.flags import flag_of
from bonafit.io.rows.identity import join_key
from bonafit.io.rows.money import price_of
from bonafit.io.rows.values import NumberFormat, UnreadError, amount_of
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
# A mark beside a number: a currency that several countries have, where none was told by it.
_WORDS = re.compile(r"[^\W\d_]{2}")
_MARKED = re.compile(r"[^\d\s.,'+-]")


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
    lines, rows, n_rows = list[int](), list[Mapping[str, Any]](), dict[str, int]()
    for line, row in read_rows(path):
        if isinstance(row, RecordError):
            raise InputError(f"{named(path)}, line {line}: {row.reason}")
        lines.append(line)
        rows.append(row)
        for name in row:
            n_rows[name] = n_rows.get(name, 0) + 1
    fields = fields_of(n_rows, (*Outcome.__struct_fields__, *IDS, "currency"))
    rows = [{fields[name]: value for name, value in row.items() if name in fields} for row in rows]
    formats = formats_of(rows, (*AMOUNTS, *MONEY), whole=AMOUNTS)
    out = [_outcome(row, f"{named(path)}, line {line}", terms, formats) for line, row in zip(lines, rows, strict=True)]
    if not out:
        raise InputError(f"{named(path)}: holds no row; expected creator_id and what was counted")
    posts = [(outcome.creator, outcome.post_id) for outcome in out if outcome.post_id is not None]
    if doubled := sorted({post for post in posts if posts.count(post) > 1}):
        raise InputError(f"{named(path)}: post {doubled[0][1]} of {doubled[0][0]} stands in two rows; keep one of them")
    notes = [f"column {name} is read as {field}" for name, field in fields.items() if name.casefold() != field]
    unknown = sorted((name, n) for name, n in n_rows.items() if name not in fields)
    return out, notes + [f"column {name} is not known and was not read ({n:,} rows)" for name, n in unknown]


def _outcome(row: Mapping[str, Any], where: str, terms: Terms | None, formats: Mapping[str, NumberFormat]) -> Outcome:
    creator = next((str(row[name]) for name in IDS if row.get(name) not in (None, "")), None)
    if creator is None:
        raise InputError(f"{where}: has no creator_id; expected one in every row")
    values: dict[str, Any] = {"creator": creator}
    if (post := row.get("post_id")) not in (None, ""):
        values["post_id"] = str(post)
    for name in AMOUNTS:
        values[name] = _amount(row.get(name), f"{where}: {name}", formats[name])
    for name in FLAGS:
        values[name] = _flag(row.get(name), f"{where}: {name}")
    if terms is not None:
        for name in MONEY:
            values[name] = _money(row, name, where, terms, formats[name])
    return Outcome(**values)


def _money(row: Mapping[str, Any], name: str, where: str, terms: Terms, format: NumberFormat) -> float | None:
    """An amount in the currency of the terms: of its own mark, else of the row's currency, else as it is."""
    value, currency = row.get(name), row.get("currency")
    if value is None or (isinstance(value, str) and is_absent(value)):
        return None
    try:
        read = price_of(value, format)
    except UnreadError as error:
        raise InputError(f"{_expected(value, f'{where}: {name}')} ({error})") from error
    if read.of_range or not 0 <= read.amount <= MAX_AMOUNT:
        raise InputError(_expected(value, f"{where}: {name}"))
    code = read.currency or (None if currency in (None, "") else str(currency))
    if code is None:
        if isinstance(value, str) and _MARKED.search(value):
            raise InputError(f"{where}: {name}: {value[:40]!r} names no single currency; add a column currency")
        return read.amount
    amount, source = converted(read.amount, code, terms)
    if amount is None:
        raise InputError(f"{where}: {name} {source}")
    return amount


def _amount(value: Any, where: str, format: NumberFormat) -> float | None:
    if value is None or (isinstance(value, str) and is_absent(value)):
        return None
    number = -1.0
    if isinstance(value, str) and not _WORDS.search(value):
        try:
            number, _ = amount_of(value, format, whole=False)
        except UnreadError as error:
            raise InputError(f"{_expected(value, where)} ({error})") from error
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    if not 0 <= number <= MAX_AMOUNT:
        raise InputError(_expected(value, where))
    return number


def _expected(value: Any, where: str) -> str:
    return f"{where}: found {str(value)[:40]!r}, expected a plain number of at least 0 such as 1234.5"


def _flag(value: Any, where: str) -> bool | None:
    if value is None or (isinstance(value, str) and is_absent(value)):
        return None
    try:
        return flag_of(value)
    except UnreadError as error:
        raise InputError(f"{where}: {error}") from error


def by_creator(outcomes: Iterable[Outcome], listed: Iterable[tuple[str, str]]) -> dict[str, list[Outcome]]:
    """Rows of each creator, by id; of somebody who is not listed by the name that stands first.

    listed : (id, handle or name) of every creator, as the results or the list has them. A row may name either, with @,
    as a link or in capitals. Raises InputError for a handle that two listed creators have.
    """
    ids: set[str] = set()
    known: dict[str, set[str]] = {}
    for creator_id, label in listed:
        ids.add(creator_id)
        for name in (creator_id, label):
            known.setdefault(join_key(name), set()).add(creator_id)
    rows: dict[str, list[Outcome]] = {}
    strangers: dict[str, str] = {}
    for outcome in outcomes:
        key = join_key(outcome.creator)
        ids_of = {outcome.creator} if outcome.creator in ids else known.get(key, set())
        if len(ids_of) > 1:
            raise InputError(
                f"{outcome.creator}: is the handle of {len(ids_of)} creators; write the creator_id: "
                f"{' or '.join(sorted(ids_of))}"
            )
        rows.setdefault(next(iter(ids_of), strangers.setdefault(key, outcome.creator)), []).append(outcome)
    return rows


def ran(rows: Sequence[Outcome], count: str) -> list[float]:
    """What each post that ran and was counted got."""
    return [value for row in rows if row.posted is not False and (value := getattr(row, count)) is not None]
