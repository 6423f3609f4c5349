"""Lists of records within a row: posts, comments, accounts, points in time; and the texts of posts in one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bonafit.io.rows.context import RowContext
from bonafit.io.rows.nesting import decoded
from bonafit.io.rows.steps import Field, Node, Out, Step
from bonafit.io.rows.values import UnreadError
from bonafit.records import is_absent
from bonafit.records.messages import shown

# Records of one list. Who posts hourly for eleven years has as many posts.
MAX_ITEMS = 100_000
# What stands between posts in one cell, what surely does first; and what begins one in a numbered list.
_BETWEEN_POSTS = (re.compile(r"\n+"), re.compile(r"\s\|+\s|\|\|"), re.compile(r";\s+"))
_NUMBERED = re.compile(r"^\s*(?:[0-9]{1,2}[.)]\s+|[-•*]\s+)")


def _is_text(cell: str) -> bool:
    """Whether a cell is words, and no number and no JSON, broken or not."""
    return not cell.isdigit() and cell.lstrip()[:1] not in ("[", "{")


def texts_of_posts(cell: str) -> list[str]:
    """The texts of several posts in one cell."""
    for mark in _BETWEEN_POSTS:
        parts = [_NUMBERED.sub("", part).strip() for part in mark.split(cell)]
        if len(parts) > 1:
            break
    return [part for part in parts if part]


class Records(Step):
    """A list of records: posts, comments, accounts, points in time."""

    def __init__(self, node: Node, key: str, name: str, inner: Node, rank: int, *, sponsored: bool = False) -> None:
        super().__init__(node, key)
        self.name = name
        self.where = node.where + name
        self.inner = inner
        self.rank = rank + node.rank
        self.sponsored = sponsored
        # values of the first look that are no list
        self.unread = 0

    def apply(self, value: Any, out: Out, reader: RowContext) -> None:
        if isinstance(value, str) and is_absent(value):
            return
        items = decoded(value)
        if isinstance(items, str) and self.name == "posts" and _is_text(items):
            items = [{"caption": text} for text in texts_of_posts(items)]
            if not reader.observing:
                reader.note("posts: texts in one cell, cut at ends of lines, bars and semicolons")
        if isinstance(items, Mapping):
            # posts by number or by id, as {"0": {...}, "1": {...}}
            items = list(items.values()) if all(isinstance(item, Mapping) for item in items.values()) else [items]
        if isinstance(items, list | tuple) and len(items) > MAX_ITEMS:
            raise reader.rejected(
                f"found {len(items):,} of them, expected at most {MAX_ITEMS:,}; leave the oldest out", field=self.where
            )
        if not isinstance(items, list | tuple):
            self.unread += 1
            reader.lose(self, UnreadError(f"found {shown(value)}, expected a list"), value)
            return
        self.n += 1
        records: list[Any] = out.values.setdefault(self.name, [])
        out.ranks.setdefault(self.name, self.rank)
        if self.name != self.key and not reader.observing:
            reader.alias(self)
        is_text = self.name == "posts"
        for i, item in enumerate(items):
            if item is None:
                continue
            if is_text and isinstance(item, str) and any(map(str.isspace, item.strip())):
                records.append(self._of_text(item))
                continue
            reader.indices.append(i)
            try:
                if not isinstance(item, Mapping):
                    reader.lose(self, UnreadError(f"found {shown(item)}, expected an object"), item, item=True)
                    continue
                record = Out()
                reader.walk(item, self.inner, record)
                if self.sponsored:
                    record.values.setdefault("is_sponsored", True)
                records.append(record)
            finally:
                reader.indices.pop()

    def _of_text(self, text: str) -> Out:
        """A post of which a list has the text alone."""
        record = Out()
        record.values["caption"] = text
        record.ranks["caption"] = 0
        return record


class Container(Step):
    """An object around a list of records, with their number: `{"count": 240, "edges": [...]}`."""

    HOLDERS = ("data", "edges", "items", "nodes", "list", "results", "records", "values", "content", "posts", "videos")

    def __init__(self, node: Node, key: str, records: Records, count: Field | None) -> None:
        super().__init__(node, key)
        self.records = records
        self.count = count

    def apply(self, value: Any, out: Out, reader: RowContext) -> None:
        value = decoded(value)
        if not isinstance(value, Mapping):
            self.records.apply(value, out, reader)
            return
        self.n += 1
        items = next((value[name] for name in self.HOLDERS if isinstance(value.get(name), list)), None)
        if items is None and all(key.isdecimal() for key in value):
            items = list(value.values())
        if items is not None:
            self.records.apply(items, out, reader)
        count = next((value[name] for name in ("count", "total", "total_count", "totalCount") if name in value), None)
        if self.count is not None and count is not None:
            self.count.apply(count, out, reader)
