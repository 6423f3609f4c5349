"""What reading does with one column, or one key of an object: a field, an object to look into, a list of records, or
nothing.

A `Step` is chosen once for a key of a file (`rows.resolve`) and applied to every row. Nodes mirror the input's nesting,
`Out` gathers what was read for one record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Any

import msgspec

from bonafit.io.rows import names
from bonafit.io.rows.codes import is_platform
from bonafit.io.rows.context import RowContext
from bonafit.io.rows.fields import SHAPES
from bonafit.io.rows.identity import of_link
from bonafit.io.rows.money import currency_of_header
from bonafit.io.rows.nesting import decoded
from bonafit.io.rows.parsing import Column, parsed
from bonafit.io.rows.rates import RateUnit
from bonafit.io.rows.values import UnreadError
from bonafit.io.rows.wrappings import BOXES
from bonafit.records import AudienceAccount, Creator, is_absent

# A column of this name holds accounts, or platforms: its cells say which.
CHANNEL = frozenset(("channel", "kanal", "canal", "canale", "saluran"))
_TURKISH = frozenset(("takipci", "takipciler", "begeni", "begeniler", "goruntulenme", "izlenme", "yorum", "yorumlar"))
# Texts of a column that decide its format, at most.
SAMPLES = 2_000


class Out:
    """What was read for one record: values by field, how near each one's name was, and whoever the row says made it."""

    __slots__ = ("extra", "owner", "ranks", "rates", "sources", "values")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.ranks: dict[str, int] = {}
        # the creator's column that each value came from, and the value as it stood
        self.sources: dict[str, tuple[Field, Any]] = {}
        self.owner: Out | None = None
        self.extra: dict[str, Any] = {}
        # rates that the row states, as fractions by column
        self.rates: dict[str, float] = {}

    def owned(self) -> Out:
        if self.owner is None:
            self.owner = Out()
        return self.owner


@dataclass(eq=False)
class Node:
    """One place of the input's nesting.

    kind  : the record that it speaks of. path : as the source names it (`latestPosts[].`). where : the same as fields
    (`posts[].`). inside : plain names of the wrapping objects within the record. owner : of a post, who made it.
    rank  : added to the rank of all names inside: what lies deeper counts less.
    """

    kind: type[msgspec.Struct]
    path: str = ""
    where: str = ""
    inside: tuple[str, ...] = ()
    owner: bool = False
    rank: int = 0
    steps: dict[Any, Step] = field(default_factory=dict)
    # the steps of each key, whatever values it holds
    by_key: dict[str, list[Step]] = field(default_factory=dict)


class Step:
    """The base: a key that nobody knows. It is counted, and kept in `extra` where the record has one."""

    def __init__(self, node: Node, key: str) -> None:
        self.key = key
        self.path = node.path + key
        self.top = node.kind is Creator and not node.inside and not node.where and not node.owner
        self.n = 0
        # rows of the first look that have it
        self.seen = 0

    def apply(self, value: Any, out: Out, reader: RowContext) -> None:
        if isinstance(value, str) and is_absent(value):
            return
        self.n += 1
        if reader.observing:
            return
        reader.unknown(self.path)
        if self.top:
            out.extra[self.key] = value


class Rate(Step):
    """A column of the creator's that states an engagement rate: kept as it stands, and as a fact in one unit."""

    def __init__(self, node: Node, key: str) -> None:
        super().__init__(node, key)
        self.unit = RateUnit(key)
        self.samples: list[Any] = []
        # for messages
        self.name = self.where = "engagement rate"

    def apply(self, value: Any, out: Out, reader: RowContext) -> None:
        if isinstance(value, str) and is_absent(value):
            return
        self.n += 1
        if reader.observing:
            if len(self.samples) < SAMPLES:
                self.samples.append(value)
            return
        if self.top:
            out.extra[self.key] = value
        try:
            fraction = self.unit.fraction(value)
        except UnreadError as error:
            reader.lose(self, error, value)
            return
        if fraction is not None:
            out.rates[self.path] = fraction

    def decide(self, reader: RowContext) -> None:
        """Fix the unit by the values seen."""
        self.unit.decide(self.samples)


class Ignored(Step):
    """A column that the user leaves out."""

    def apply(self, value: Any, out: Out, reader: RowContext) -> None:
        self.n += 1


class Into(Step):
    """An object whose fields are the record's own, or those of a post's owner."""

    def __init__(self, node: Node, key: str, inner: Node) -> None:
        super().__init__(node, key)
        self.inner = inner

    def apply(self, value: Any, out: Out, reader: RowContext) -> None:
        value = decoded(value)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, Mapping):
            return
        self.n += 1
        reader.walk(value, self.inner, out.owned() if self.inner.owner and not reader.in_owner else out)


class Field(Step):
    """A column that is read into a field."""

    def __init__(self, node: Node, key: str, name: str, shape: str, rank: int, *, to_owner: bool = False) -> None:
        super().__init__(node, key)
        self.name = name
        self.kind = node.kind
        self.where = node.where + name
        self.rank = rank + node.rank
        self.to_owner = to_owner
        currency = currency_of_header(key)[1] if name == "price" else None
        self.column = Column(name=name, shape=shape, scale=names.scale_of_header(key), currency=currency)
        self.column.is_turkish = not _TURKISH.isdisjoint(names.words_of(key))
        if name == "price" and "价" in key:
            self.column.yen = "CNY"
        self.samples: dict[str, None] = {}
        # lists call the platform a channel too
        named = node.kind is Creator and rank >= 0 and name in ("account", "display_name")
        self.only_platforms = named and names.plain(key) in CHANNEL
        # "Profile" beside "Influencer" may be the link
        self.only_links = node.kind is Creator and rank >= 0 and name == "account"
        # texts that may be counts, and those too long for one
        self.n_texts = self.n_long = 0
        # of a platform's column, cells that name one that is known
        self.n_platforms = 0
        self.lost = 0

    def apply(self, value: Any, out: Out, reader: RowContext) -> None:
        if isinstance(value, str):
            if is_absent(value) and not (value == "" and self.kind is AudienceAccount and self.name == "bio"):
                return
        elif isinstance(value, float) and isnan(value):  # as data frames write absent values
            return
        if self.to_owner:
            out = out.owned()
        name = self.name
        if reader.observing:
            self.n += 1
            self._observe(value)
            if name not in out.values or self.rank < out.ranks[name]:
                out.values[name] = value
                out.ranks[name] = self.rank
            return
        rank = out.ranks.get(name)
        # of several counts of views those that the platform does not keep are 0
        if rank is not None and rank <= self.rank and not (name == "views" and out.values[name] == 0):
            if self.top and out.values[name] != value:
                reader.unknown(self.path)
                out.extra[self.key] = value
            return
        try:
            read = parsed(value, self.column, reader)
        except UnreadError as error:
            self.lost += 1
            reader.lose(self, error, value)
            return
        if read is None or (name == "views" and read == 0 and rank is not None):
            return
        self.n += 1
        if self.top:
            if rank is not None:
                self._keep_former(out, reader, read)
            out.sources[name] = self, value
        out.values[name] = read
        out.ranks[name] = self.rank
        if name != self.key:
            reader.alias(self)

    def _keep_former(self, out: Out, reader: RowContext, read: Any) -> None:
        """A value that a nearer name takes the place of is kept as it stood, as one that comes later is."""
        former, value = out.sources.get(self.name, (self, None))
        if former is not self and out.values[self.name] != read:
            reader.unknown(former.path)
            out.extra[former.key] = value

    def _observe(self, value: Any) -> None:
        self.only_platforms = self.only_platforms and isinstance(value, str) and is_platform(value)
        self.only_links = self.only_links and isinstance(value, str) and of_link(value)[0] is not None
        if self.name == "platform":
            self.n_platforms += not isinstance(value, str) or is_platform(value)
        if len(self.samples) < SAMPLES and self.column.shape in ("count", "number", "time"):
            if isinstance(value, Mapping):
                value = next((value[box] for box in BOXES if isinstance(value.get(box), str)), None)
            if isinstance(value, str):
                self.n_texts += 1
                self.n_long += len(value) > 64
                if len(value) <= 64:
                    self.samples[value] = None

    def decide(self, reader: RowContext) -> None:
        """Fix the column's format by the texts seen, and its field where all that a channel's column says are
        platforms, or all that an account's says are links."""
        if self.n and (self.only_platforms or self.only_links):
            self.name = "platform" if self.only_platforms else "profile_url"
            self.where = self.where.removesuffix(self.column.name) + self.name
            self.column = Column(name=self.name, shape=SHAPES[self.kind].get(self.name, "text"))
            return
        self.column.decide(list(self.samples), reader.options, reader.latest)
