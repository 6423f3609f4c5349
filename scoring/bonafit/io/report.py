"""What reading tells besides the records: rejects, what was made of the file, and everything that was not taken as it
stood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.printable import printable

# Names of unknown columns that are kept apart; a hostile file has millions.
MAX_NAMES = 1_000
OTHERS = "(other columns)"
# Columns and causes that a run prints; `bonafit inspect` prints all.
SHOWN = 8


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """One input row that was not scored.

    line       : 1-based line of the input (row number in Parquet and workbooks).
    creator_id : the row's id, or its handle, where it could be read, else None.
    field      : path of the offending field, such as `posts[3].likes`; empty for the row as a whole.
    reason     : what was found, what was expected, what to do.
    found      : the start of the offending value, at most `bonafit.records.messages.FOUND_LENGTH` characters.
    source     : `creators`, or `posts` for a row of the posts file beside a table.
    """

    line: int
    creator_id: str | None
    field: str
    reason: str
    found: str = ""
    source: str = "creators"


OnReject = Callable[[Reject], None]


class ColumnUse(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the input. field : what it was read into, None for nothing; share : of the rows looked at that
    have it."""

    column: str
    field: str | None
    share: float


class Lost(msgspec.Struct, kw_only=True):
    """Values of one column that could not be read: how many, and where and why the first of each cause."""

    n: int = 0
    reason: str = ""
    line: int = 0
    who: str | None = None


@dataclass
class ReadReport:
    """What was made of a file, complete once the reader's iterator is exhausted.

    rows            : rows of the creators input; always accepted + rejected.
    blank_lines     : empty lines, which are no rows.
    post_rows       : rows of the posts file, or of an input that is one; always post_rows_attached +
    post_rows_rejected.
    unknown         : rows in which a column was present that bonafit does not know, by path (`posts[].foo`).
                      Top-level ones are kept in `Creator.extra`, nested ones are only counted here.
    aliases         : rows in which a column was read under another name, by `found -> field`.
    lost            : values that could not be read, by path.
    treated         : values and posts taken otherwise than they stood, by what was done.
    source          : format, encoding and whatever else the first look found (`posts.` before those of a posts file).
    columns         : every column of the first look.
    assumed         : units, decimal marks, orders of dates that the first look settled.
    problems        : what stops a run: a column that looks like evidence and is not read, no evidence at all.
    remedies        : mappings that would read such columns, as `--map` takes them.
    mapped          : names of the user's mapping that some column has.
    share           : how much of the creators input has been read, 0 to 1; None where its length is not known.
    """

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    blank_lines: int = 0
    post_rows: int = 0
    post_rows_attached: int = 0
    post_rows_rejected: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    aliases: Counter[str] = field(default_factory=Counter)
    lost: dict[str, Lost] = field(default_factory=dict)
    treated: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    source: dict[str, Any] = field(default_factory=dict)
    columns: list[ColumnUse] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)
    share: float | None = None
    mapped: set[str] = field(default_factory=set)

    def lose(self, path: str, reason: str, *, line: int, who: str | None) -> None:
        """A value of a column could not be read."""
        if path not in self.lost and len(self.lost) >= MAX_NAMES:
            path = OTHERS
        lost = self.lost.setdefault(path, Lost(reason=reason, line=line, who=who))
        lost.n += 1

    def treat(self, treatment: str) -> None:
        """A value or a post was taken otherwise than it stood."""
        self.treated[treatment] += 1

    def know_not(self, path: str) -> None:
        """A column is unknown in this row."""
        if path not in self.unknown and len(self.unknown) >= MAX_NAMES:
            path = OTHERS
        self.unknown[path] += 1

    def reject(self, reject: Reject) -> None:
        """A row was rejected; its cause is counted."""
        self.causes[cause_of(reject)] += 1

    def made_of_it(self) -> list[str]:
        """What the first look found, one fact a line."""
        lines = []
        facts = ", ".join(f"{name} {value}" for name, value in self.source.items() if value not in (None, ""))
        if facts:
            lines.append(f"read as: {facts}")
        read = [c for c in self.columns if c.field is not None]
        if read:
            lines.append("fields: " + ", ".join(_use(column) for column in read))
        lines += [f"assumed: {assumption}" for assumption in self.assumed]
        return lines

    def lines(self, *, all_of_it: bool = False) -> list[str]:
        """The report for people, one fact a line: the first is the sum of the rows."""
        limit = None if all_of_it else SHOWN
        lines = [f"{self.rows} rows = {self.accepted} read + {self.rejected} rejected"]
        if self.post_rows:
            attached, rejected = self.post_rows_attached, self.post_rows_rejected
            lines.append(f"{self.post_rows} post rows = {attached} attached + {rejected} rejected")
        if self.blank_lines:
            lines.append(f"{self.blank_lines} blank lines skipped")
        lines += [f"{treatment}: {n:,} times" for treatment, n in sorted(self.treated.items())]
        for path, lost in sorted(self.lost.items()):
            who = f", first in line {lost.line}" + (f" ({lost.who})" if lost.who else "")
            lines.append(
                f"column {printable(path)}: {lost.n:,} value{'s' * (lost.n != 1)} not read{printable(who)}: "
                f"{printable(lost.reason)}"
            )
        if all_of_it:
            aliases = sorted(self.aliases.items())
            lines += [f"column {printable(name)}: read as given in {n} rows" for name, n in aliases]
        unknown = sorted(self.unknown.items())
        lines += [
            f"column {printable(path)}: not known, {'counted only' if '[]' in path else 'kept in extra'}, in {n} rows"
            for path, n in unknown[:limit]
        ]
        if limit and len(unknown) > limit:
            lines.append(f"{len(unknown) - limit} more columns not known; bonafit inspect lists them")
        return lines

    def commonest_causes(self, n: int = 3) -> list[str]:
        """The commonest causes of rejects with what to do, one a line."""
        ranked = sorted(self.causes.items(), key=lambda item: (-item[1], item[0]))[:n]
        return [f"rejected {count:,}: {printable(cause)}" for cause, count in ranked]

    def document(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {
            "source": self.source,
            "rows": self.rows,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "blank_lines": self.blank_lines,
            "post_rows": self.post_rows,
            "post_rows_attached": self.post_rows_attached,
            "post_rows_rejected": self.post_rows_rejected,
            "columns": [msgspec.to_builtins(column) for column in self.columns],
            "assumed": self.assumed,
            "treated": dict(sorted(self.treated.items())),
            "lost": {path: msgspec.to_builtins(lost) for path, lost in sorted(self.lost.items())},
            "unknown": dict(sorted(self.unknown.items())),
            "aliases": dict(sorted(self.aliases.items())),
            "causes": dict(sorted(self.causes.items())),
            "problems": self.problems,
            "remedies": self.remedies,
        }


def _use(column: ColumnUse) -> str:
    name = printable(column.column)
    named = name if name == column.field else f"{name} as {column.field}"
    return f"{named} ({column.share:.0%})"


_VALUES = re.compile(r"found .*?(?=, expected|; |, but|, in which|, which|$)", re.DOTALL)
_LINES = re.compile(r"of line [0-9,]+")
_PLACES = re.compile(r"\[[0-9]+\]")


def cause_of(reject: Reject) -> str:
    """What a reject has in common with others of its cause: the field and the reason without the value found."""
    reason = _VALUES.sub("", reject.reason).strip(" ,;") or reject.reason
    reason = _LINES.sub("of an earlier line", reason)
    where = _PLACES.sub("[]", reject.field)
    return f"{where}: {reason}" if where else reason


# Controls, line ends, marks that turn or hide text, surrogates; joiners stay, which emoji are made with.


def reject_from(error: RecordError, *, source: str = "creators") -> Reject:
    """A RecordError as the line it takes in the rejects file, whatever bytes it was read from."""
    return Reject(
        line=error.line,
        creator_id=None if error.creator_id is None else _valid(error.creator_id),
        field=_valid(error.field),
        reason=_valid(error.reason),
        found=_valid(error.found),
        source=source,
    )


def _valid(text: str) -> str:
    """The text without lone surrogates, which no file in UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode()
