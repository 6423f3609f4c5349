"""Plain rows of one file as records: names resolved once, values by their column's format, what is lost told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bonafit.errors import RecordError
from bonafit.io.report import ReadReport
from bonafit.io.rows.check import CODES, latest_instant
from bonafit.io.rows.fields import SHAPES
from bonafit.io.rows.finish import OwnedPost, creator_of, post_of
from bonafit.io.rows.names import plain
from bonafit.io.rows.nesting import MAX_DEPTH, is_deep
from bonafit.io.rows.resolve import platform_prefix_of, resolved
from bonafit.io.rows.steps import Field, Node, Out, Records, Step
from bonafit.io.rows.values import FLAGS
from bonafit.io.rows.vendors import Vendor, vendor_of
from bonafit.messages import shown
from bonafit.records import Creator, Post

# Columns of a row; a table of 12 posts by forty fields has 500.
MAX_KEYS = 20_000


@dataclass(frozen=True)
class ReadOptions:
    """What the user says of a file.

    names     : column -> field (`followers`, `posts.likes`), or "" for a column to leave out.
    decimal   : the mark that begins decimals, where columns do not say.
    day_first : whether 05/11 is the fifth of November, where columns do not say.
    read_at   : when the file was made, which `2 days ago` counts from.
    sheet     : of a workbook.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    decimal: str | None = None
    day_first: bool | None = None
    read_at: datetime | None = None
    sheet: str | None = None

    def target(self, path: str, key: str) -> str | None:
        """The field that the user names for a column, by its whole path or its name; None where nothing is said."""
        if not self.names:
            return None
        for name in (path, key):
            if name in self.names:
                return self.names[name]
        return next((target for name, target in self.names.items() if plain(name) in (plain(path), plain(key))), None)


NO_OPTIONS = ReadOptions()


class RowReader:
    """Rows of one file as creators, or as posts.

    kind   : Creator or Post, what a row is. strict : a value that cannot be read raises, instead of being lost and
    told.
    report : is told of names, values lost and what was taken for absent.
    now    : what "in the future" is measured against; the clock where None.
    """

    def __init__(
        self,
        kind: type[Creator] | type[Post] = Creator,
        *,
        report: ReadReport | None = None,
        options: ReadOptions = NO_OPTIONS,
        strict: bool = False,
        now: datetime | None = None,
    ) -> None:
        self.kind = kind
        self.report = ReadReport() if report is None else report
        self.options = options
        self.strict = strict
        self.latest = latest_instant(now)
        self.vendor: Vendor | None = None
        self.platform: str | None = None
        self.platform_prefix: str | None = None
        self.root = Node(kind, "posts[]." if kind is Post else "")
        self.observing = False
        self.indices: list[int] = []
        self._flat: dict[str, tuple[str, str, Callable[[str], str | None] | None]] = {}
        self._flat_aliases: list[Field] = []
        self._row_state()

    def _row_state(self) -> None:
        self.line = 0
        self.row: Any = None
        self.who: str | None = None
        self.currency: str | None = None
        # why the row's id could not be read
        self.lost_id: str | None = None
        self.n_lost = 0
        self.read_at = self.options.read_at
        self.in_owner = False
        self.indices.clear()

    def look(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Learn vendor, platform and the columns' formats from a file's first rows."""
        self.vendor = vendor_of(rows)
        if self.vendor is not None:
            self.platform = self.vendor.platform
        keys = {key: None for row in rows[:50] for key in row if isinstance(key, str)}
        self.platform_prefix = platform_prefix_of(list(keys))
        self.platform = self.platform or self.platform_prefix
        self.root.steps.clear()
        for row in rows:
            self.observed(row)
        for step in self.steps():
            if isinstance(step, Field):
                step.decide(self)
            step.seen, step.n = step.n, 0

    def observed(self, row: Mapping[str, Any]) -> Out:
        """What a row would fill, its values as they are; formats are gathered."""
        self.observing = True
        out = Out()
        try:
            if not is_deep(row):
                self.walk(row, self.root, out)
        except RecordError:
            # named again when the row is read
            pass
        finally:
            self.observing = False
            self.indices.clear()
        return out

    def steps(self) -> Iterable[Step]:
        """Every step taken so far, in the order first met."""
        seen: dict[int, Step] = {}
        pending = [self.root]
        while pending:
            node = pending.pop(0)
            for step in list(node.steps.values()):
                if id(step) in seen:
                    continue
                seen[id(step)] = step
                records = getattr(step, "records", None)
                for part in (records, getattr(step, "count", None)):
                    if part is not None:
                        seen[id(part)] = part
                inner = getattr(step, "inner", None) or getattr(records, "inner", None)
                if inner is not None:
                    pending.append(inner)
        return seen.values()

    def walk(self, obj: Mapping[str, Any], node: Node, out: Out) -> None:
        """Apply every key's step. Raises RecordError for a key that is no text, or in strict reading."""
        steps = node.steps
        for key, value in obj.items():
            if value is None:
                continue
            # a cell may hold a number in one row and a list as JSON in another
            kind = type(value)
            place = (key, value[:1] in ("[", "{")) if kind is str else (key, kind)
            step = steps.get(place)
            if step is None:
                if not isinstance(key, str):
                    raise RecordError(f"found the key {shown(key)}, expected text; name the column", field=node.where)
                step = steps[place] = self._step(node, key, value)
            step.apply(value, out, self)

    def _step(self, node: Node, key: str, value: Any) -> Step:
        step = resolved(node, key, value, self)
        # the same column in another spelling (a number here, text there) keeps one format
        for other in node.steps.values():
            if isinstance(other, Field) and isinstance(step, Field) and (other.key, other.name) == (key, step.name):
                return other
        return step

    def creator(self, row: Mapping[str, Any], line: int = 0) -> Creator:
        """One row as a creator. Raises RecordError where it is none: no object, nobody named, in strict reading a
        value."""
        out = self._read(row, line)
        return creator_of(out, self)

    def flat(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """A row of texts as a plain creator, where every cell is spelt in the commonest way; None where one is not.

        What takes most of the time of a table: 100,000 rows of ten columns in 1.7 s of one core, 4.5 s by `creator`.
        """
        out: dict[str, Any] = {}
        for key, value in row.items():
            use = self._flat.get(key)
            if use is None:
                use = self._flat[key] = self._flat_use(key)
            name, shape, code_of = use
            if type(value) is not str or name in out:
                return None
            if shape == "count":
                if not (value.isdigit() and value.isascii() and len(value) < 13):
                    return None
                out[name] = int(value)
            elif shape == "text":
                out[name] = value
            elif shape == "flag":
                flag = FLAGS.get(value.lower())
                if flag is None:
                    return None
                out[name] = flag
            elif shape == "code" and code_of is not None and (code := code_of(value)) is not None:
                out[name] = code
            else:
                return None
        # an id that is a link, or that another name stands for, may say more
        if "/" in out.get("creator_id", "/") or ("handle" not in out and "display_name" in out):
            return None
        for step in self._flat_aliases:
            if step.key in row:
                self.alias(step)
        return out

    def _flat_use(self, key: str) -> tuple[str, str, Callable[[str], str | None] | None]:
        """Field, shape and function of codes for a column of a table; a shape that `flat` does not read for others."""
        step = self.root.steps.get((key, False))
        if not isinstance(step, Field) or step.to_owner or step.name not in SHAPES[Creator] or step.column.scale != 1:
            return key, "", None
        if step.name != step.key:
            self._flat_aliases.append(step)
        shape = {"id": "text", "handle": "text"}.get(step.column.shape, step.column.shape)
        return step.name, shape, CODES.get(step.name)

    def post(self, row: Mapping[str, Any], line: int = 0) -> OwnedPost:
        """One row as who made the post, the post, and comments under it. Raises RecordError."""
        out = self._read(row, line)
        return post_of(out, self)

    def _read(self, row: Mapping[str, Any], line: int) -> Out:
        self._row_state()
        self.line = line
        self.row = row
        if not isinstance(row, Mapping):
            expected = "an object with one creator's fields" if self.kind is Creator else "an object with one post"
            raise RecordError(f"found {type(row).__name__}, expected {expected}", line=line, found=shown(row))
        self.who = id_of(row, self.kind)
        if len(row) > MAX_KEYS:
            raise self.rejected(f"found {len(row):,} columns, expected at most {MAX_KEYS:,}")
        out = Out()
        if is_deep(row):
            raise self.rejected(f"nested deeper than {MAX_DEPTH} objects, expected the fields of a creator")
        try:
            self.walk(row, self.root, out)
        except RecordError as error:
            raise RecordError(
                error.reason, line=line, creator_id=self.who, field=error.field, found=error.found
            ) from error.__cause__
        return out

    def rejected(self, reason: str, field: str = "", found: str = "") -> RecordError:
        """The error of the row being read."""
        return RecordError(reason, line=self.line, creator_id=self.who, field=field, found=found)

    def lose(self, step: Field | Records, error: Exception, value: Any, *, item: bool = False) -> None:
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

    def note(self, what: str) -> None:
        """Something was taken otherwise than it stood."""
        self.report.treat(what)

    def unknown(self, path: str) -> None:
        self.report.know_not(path)

    def alias(self, step: Field | Records) -> None:
        base = step.path.removesuffix(step.key)
        self.report.aliases[f"{step.path} -> {base}{step.name}"] += 1


def id_of(obj: Mapping[str, Any], kind: type = Creator) -> str | None:
    """The row's id for messages, shortened, where there is one at all; of a post the id of who made it."""
    for name in ("creator_id", "id", "handle", "username") if kind is Creator else ("creator_id", "handle", "username"):
        value = obj.get(name)
        if isinstance(value, int) and abs(value) >= 10**300:
            continue
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)[:300].encode("utf-8", "replace").decode()
    return None


def creator_from_dict(
    obj: Mapping[str, Any],
    *,
    line: int = 0,
    report: ReadReport | None = None,
    now: datetime | None = None,
    strict: bool = True,
) -> Creator:
    """A plain object, as JSON or a service gives it, as a validated Creator.

    Names, spellings and shapes are understood as those of files (docs/formats.md); words for nothing are absent.
    strict : a value that cannot be read raises RecordError with its path; else it alone is lost, as in files.
    now    : what "in the future" is measured against; the clock where None.
    Raises RecordError where the row as a whole is no creator.
    """
    reader = RowReader(report=report, now=now, strict=strict)
    if isinstance(obj, Mapping) and not is_deep(obj):
        reader.look([obj])
    return reader.creator(obj, line)


def is_field(name: str) -> bool:
    """Whether a mapping may name this field: of a creator, or of a post as `posts.likes`."""
    if name.startswith("posts."):
        return name.removeprefix("posts.") in SHAPES[Post]
    return name.removeprefix("creator.") in SHAPES[Creator]
