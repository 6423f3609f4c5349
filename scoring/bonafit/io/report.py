"""What reading tells besides the records: rejects, and counts of everything that was not taken as it stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bonafit.errors import RecordError

# Enough to recognise a value, too little to copy a 5 MB caption into the rejects file.
FOUND_LENGTH = 120


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """One input row that was not scored.

    line       : 1-based line of the input (row number in Parquet).
    creator_id : the row's id where it could be read, else None.
    field      : path of the offending field, such as `posts[3].likes`; empty for the row as a whole.
    reason     : what was found, what was expected, what to do.
    found      : the start of the offending value, at most `FOUND_LENGTH` characters.
    source     : `creators`, or `posts` for a row of the posts file beside a table.
    """

    line: int
    creator_id: str | None
    field: str
    reason: str
    found: str = ""
    source: str = "creators"


OnReject = Callable[[Reject], None]


@dataclass
class ReadReport:
    """Counts that grow while a reader runs; complete once its iterator is exhausted.

    rows            : rows of the creators input; always accepted + rejected.
    blank_lines     : empty lines, which are no rows.
    post_rows       : rows of the posts file; always post_rows_attached + post_rows_rejected.
    unknown         : rows in which a column was present that bonafit does not know, by path (`posts[].foo`).
                      Top-level ones are kept in `Creator.extra`, nested ones are only counted here.
    aliases         : rows in which a column was read under another name, by `found -> field`.
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
    share: float | None = None

    def lines(self) -> list[str]:
        """The report for people, one fact a line."""
        told = [f"{self.rows} rows = {self.accepted} read + {self.rejected} rejected"]
        if self.post_rows:
            attached, rejected = self.post_rows_attached, self.post_rows_rejected
            told.append(f"{self.post_rows} post rows = {attached} attached + {rejected} rejected")
        if self.blank_lines:
            told.append(f"{self.blank_lines} blank lines skipped")
        told += [f"column {name}: read as given in {n} rows" for name, n in sorted(self.aliases.items())]
        told += [
            f"column {path}: not known, {'counted only' if '[]' in path else 'kept in extra'}, in {n} rows"
            for path, n in sorted(self.unknown.items())
        ]
        return told


def shown(value: Any) -> str:
    """The start of a value as text, on one line, at most FOUND_LENGTH characters and an ellipsis."""
    # slice before repr: the repr of a 5 MB caption is made for nobody
    if isinstance(value, str | bytes):
        text = repr(value[: FOUND_LENGTH + 1])
    elif isinstance(value, dict | list | tuple):
        return f"{'object' if isinstance(value, dict) else 'list'} of {len(value)}"
    else:
        text = str(value)
    return text if len(text) <= FOUND_LENGTH else text[: FOUND_LENGTH - 1] + "…"


def reject_from(error: RecordError, *, source: str = "creators") -> Reject:
    """A RecordError as the line it takes in the rejects file."""
    return Reject(
        line=error.line,
        creator_id=error.creator_id,
        field=error.field,
        reason=error.reason,
        found=error.found,
        source=source,
    )
