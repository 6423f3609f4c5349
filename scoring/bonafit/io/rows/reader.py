"""Plain rows of one file as records: names resolved once, values by their column's format, what is lost told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bonafit.errors import RecordError
from bonafit.io.report import ReadReport
from bonafit.io.rows.aside import no_fields
from bonafit.io.rows.check import CODES
from bonafit.io.rows.context import NO_OPTIONS, ReadOptions, RowContext
from bonafit.io.rows.fields import SHAPES
from bonafit.io.rows.finish import OwnedPost, creator_of, post_of
from bonafit.io.rows.flags import FLAGS
from bonafit.io.rows.nesting import MAX_DEPTH, is_deep
from bonafit.io.rows.platform_columns import platform_of_word, platform_prefix_of
from bonafit.io.rows.resolve import resolved
from bonafit.io.rows.steps import Field, Node, Out, Rate, Step
from bonafit.io.rows.vendors import vendor_of
from bonafit.io.rows.who import column_of_handles, column_of_numbers, platform_of_links
from bonafit.records import Creator, Post
from bonafit.records.messages import shown

# Columns of a row; a table of 12 posts by forty fields has 500.
MAX_KEYS = 20_000
# Steps that are remembered at one place of the nesting; further keys are looked up again in each row.
MAX_STEPS = 2 * MAX_KEYS


class RowReader(RowContext):
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
        super().__init__(kind, report=report, options=options, strict=strict, now=now)
        self.root = Node(kind, "posts[]." if kind is Post else "")
        self._flat: dict[str, tuple[str, str, Callable[[str], str | None] | None]] = {}
        self._flat_aliases: list[Field] = []

    def look(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Learn vendor, platform and the columns' formats from a file's first rows."""
        self.vendor = vendor_of(rows)
        if self.vendor is not None:
            self.platform = self.vendor.platform
        keys = {key: None for row in rows[:50] for key in row if isinstance(key, str) and key not in self.set_aside}
        self.platform_prefix = platform_prefix_of(keys)
        self.platform = self.platform or self.platform_prefix
        if self.kind is Post and self.platform is None:
            self.platform = platform_of_links(rows)
        self._observe_all(rows)
        steps = [step for step in self.steps() if step.key not in self.set_aside]
        if self.kind is Creator and (column := column_of_handles(steps, rows)) is not None:
            self.who_column = column
            self.platform = self.platform or platform_of_word(column)
            self._observe_all(rows)
        aside = no_fields(self.steps(), rows)
        if self.kind is Creator and (numbering := column_of_numbers(list(self.steps()), rows)) is not None:
            aside |= {numbering}
            self.assumed.append(f"{numbering}: numbers the rows of several lists, and is nobody's id")
        if aside:
            self.set_aside |= aside
            self._observe_all(rows)
        for step in self.steps():
            if isinstance(step, Field | Rate):
                step.decide(self)
            step.seen, step.n = step.n, 0

    def _observe_all(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.root.steps.clear()
        self.root.by_key.clear()
        for row in rows:
            self.observed(row)

    def observed(self, row: Mapping[str, Any]) -> Out:
        """What a row would fill, its values as they are; formats are gathered."""
        self.observing = True
        out = Out()
        try:
            if len(row) <= MAX_KEYS and not is_deep(row):
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
        steps: dict[int, Step] = {}
        pending = [self.root]
        while pending:
            node = pending.pop(0)
            for step in list(node.steps.values()):
                if id(step) in steps:
                    continue
                steps[id(step)] = step
                records = getattr(step, "records", None)
                for part in (records, getattr(step, "count", None)):
                    if part is not None:
                        steps[id(part)] = part
                inner = getattr(step, "inner", None) or getattr(records, "inner", None)
                if inner is not None:
                    pending.append(inner)
        return steps.values()

    def walk(self, obj: Mapping[str, Any], node: Node, out: Out) -> None:
        """Apply every key's step. Raises RecordError for too many keys, one that is no text, or in strict reading."""
        if len(obj) > MAX_KEYS:
            raise RecordError(f"found {len(obj):,} names, expected at most {MAX_KEYS:,}", field=node.where)
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
                step = self._step(node, key, value)
                if len(steps) < MAX_STEPS:
                    steps[place] = step
                    node.by_key.setdefault(key, []).append(step)
            step.apply(value, out, self)

    def _step(self, node: Node, key: str, value: Any) -> Step:
        step = resolved(node, key, value, self)
        # the same column in another spelling (a number here, text there) keeps one format
        for other in node.by_key.get(key, ()):
            if isinstance(other, Field) and isinstance(step, Field) and other.name == step.name:
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
        self.begin()
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


def id_of(obj: Mapping[str, Any], kind: type = Creator) -> str | None:
    """The row's id for messages, shortened, where there is one at all; of a post the id of who made it."""
    for name in ("creator_id", "id", "handle", "username") if kind is Creator else ("creator_id", "handle", "username"):
        value = obj.get(name)
        if isinstance(value, int) and abs(value) >= 10**300:
            continue
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)[:300].encode("utf-8", "replace").decode()
    return None
