"""What every step of reading a row knows: what the user said, the file's vendor, the row at hand, and who is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bonafit.errors import RecordError
from bonafit.io.report import ReadReport
from bonafit.io.rows.check import latest_instant
from bonafit.io.rows.names import plain
from bonafit.io.rows.vendors import Vendor
from bonafit.io.streams import MAX_ROW
from bonafit.records import MAX_TEXT, Creator, Post
from bonafit.records.messages import shown


@dataclass(frozen=True)
class ReadOptions:
    """What the user says of a file.

    names     : column -> field (`followers`, `posts.likes`), or "" for a column to leave out.
    decimal   : the mark that begins decimals, where columns do not say.
    day_first : whether 05/11 is the fifth of November, where columns do not say.
    read_at   : when the file was made, which `2 days ago` counts from.
    sheet     : of a workbook. max_row : bytes of one line, beyond which it is a reject.
    max_text  : characters of one text, beyond which it alone is not read; at most MAX_TEXT.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    decimal: str | None = None
    day_first: bool | None = None
    read_at: datetime | None = None
    sheet: str | None = None
    max_row: int = MAX_ROW
    max_text: int = MAX_TEXT

    def target(self, path: str, key: str) -> str | None:
        """The field that the user names for a column, by its whole path or its name; None where nothing is said."""
        if not self.names:
            return None
        for name in (path, key):
            if name in self.names:
                return self.names[name]
        return next((target for name, target in self.names.items() if plain(name) in (plain(path), plain(key))), None)


NO_OPTIONS = ReadOptions()


class NamedStep(Protocol):
    """A column that a value came from. path, where : with its nesting. key : as it stands. name : the field filled."""

    key: str
    name: str

    @property
    def path(self) -> str: ...

    @property
    def where(self) -> str: ...


class RowContext(ABC):
    """State of reading one file's rows.

    kind   : Creator or Post, what a row is.
    strict : a value that cannot be read raises, instead of being lost and told.
    report : is told of names, values lost and what was taken for absent.
    now    : what "in the future" is measured against; the clock where None.
    """

    def __init__(
        self,
        kind: type[Creator] | type[Post],
        *,
        report: ReadReport | None,
        options: ReadOptions,
        strict: bool,
        now: datetime | None,
    ) -> None:
        self.kind = kind
        self.report = ReadReport() if report is None else report
        self.options = options
        self.strict = strict
        self.latest = latest_instant(now)
        self.vendor: Vendor | None = None
        self.platform: str | None = None
        self.platform_prefix: str | None = None
        # columns that look like fields of the row and are not (rows.layout)
        self.set_aside: frozenset[str] = frozenset()
        # a column of whose name nobody knows anything, and whose cells can only be handles
        self.who_column: str | None = None
        # what the first look settled, in words
        self.assumed: list[str] = []
        self.observing = False
        self.indices: list[int] = []
        self.begin()

    @abstractmethod
    def walk(self, obj: Mapping[str, Any], node: Any, out: Any) -> None:
        """Apply the step of every key of an object to what the row fills."""

    def begin(self) -> None:
        """Forget the row before."""
        self.line = 0
        self.row: Any = None
        self.who: str | None = None
        self.currency: str | None = None
        # the platform of a link that stands for the handle
        self.linked: str | None = None
        # why the row's id could not be read
        self.lost_id: str | None = None
        self.n_lost = 0
        self.read_at = self.options.read_at
        self.in_owner = False
        self.indices.clear()

    def rejected(self, reason: str, field: str = "", value: str = "") -> RecordError:
        """The error of the row being read."""
        return RecordError(reason, line=self.line, creator_id=self.who, field=field, found=value)

    def lose(self, step: NamedStep, error: Exception, value: Any, *, item: bool = False) -> None:
        """One value is lost and told; in strict reading it is an error."""
        if self.observing:
            return
        if step.name == "creator_id":
            self.lost_id = str(error)
        self.n_lost += 1
        where = self._place(step.where + ("[]" if item else ""))
        if self.strict:
            raise RecordError(f"{error}; correct it or leave the field out", field=where, found=shown(value)) from error
        self.report.lose(step.path, str(error), line=self.line, who=self.who)

    def _place(self, where: str) -> str:
        """The field's path with the numbers of the items that are being read."""
        for index in self.indices:
            where = where.replace("[]", f"[{index}]", 1)
        return where

    def note(self, treatment: str) -> None:
        """Something was taken otherwise than it stood."""
        self.report.treat(treatment)

    def unknown(self, path: str) -> None:
        self.report.know_not(path)

    def alias(self, step: NamedStep) -> None:
        base = step.path.removesuffix(step.key)
        self.report.aliases[f"{step.path} -> {base}{step.name}"] += 1
