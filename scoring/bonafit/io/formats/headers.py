"""Where a table's header stands, and headers of two rows: names under merged cells that say whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bonafit.errors import RecordError
from bonafit.io.rows.codes import KNOWN_PLATFORMS, platform_code
from bonafit.io.rows.names import field_of, owners, words_of
from bonafit.records import Creator, Post

# A title, a line of what was exported, an empty one; lists with more above their header have not been seen.
HEADER_WITHIN = 30
# Cells of a row in which names are looked for.
NAMES_WITHIN = 1_000


def text_of(cell: Any) -> str:
    """A cell as text without spaces around it."""
    return "" if cell is None else str(cell).strip()


def known_names(cells: Sequence[Any]) -> int:
    """How many cells of a row name a field of a creator or of a post, each field once."""
    names = {text_of(cell) for cell in cells[:NAMES_WITHIN] if isinstance(cell, str) and len(cell) <= 80}
    fields: set[tuple[str, str]] = set()
    for name in names:
        last = name.replace("/", ".").rsplit(".", 1)[-1]
        words = words_of(last)
        rest = " ".join(words[1:]) if words and words[0] in owners() else ""
        for kind in (Creator, Post):
            field = field_of(kind, last) or (field_of(kind, rest) if rest else None)
            if field is not None:
                fields.add((kind.__name__, field[0]))
    creators = sum(kind == "Creator" for kind, _ in fields)
    return max(creators, len(fields) - creators)


def worth_of(table: Sequence[Sequence[Any]]) -> int:
    """How many fields the best header of a table names."""
    return max((known_names(row) for row in table[:HEADER_WITHIN]), default=0)


def header_place(head: Sequence[Sequence[Any] | RecordError]) -> int | None:
    """The first of the rows with the most known names; without any, the first that is filled as wide as the widest."""
    scores = [0 if isinstance(cells, RecordError) else known_names(cells) for cells in head]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    filled = [0 if isinstance(cells, RecordError) else sum(bool(text_of(cell)) for cell in cells) for cells in head]
    widest = max(filled, default=0)
    return filled.index(widest) if widest else None


def header_of(head: Sequence[Sequence[Any] | RecordError], place: int) -> tuple[list[str], int]:
    """The names of a header at `place`, and how many rows it takes: 2 where the row under it names what stands below
    its merged cells. Names under a merged cell of the row above begin with it where they need it."""
    names = _texts(head[place])
    above = _texts(head[place - 1]) if place else []
    under = _texts(head[place + 1]) if place + 1 < len(head) else []
    if _goes_under(names, under):
        return _joined(names, under), 2
    groups = sum(map(bool, above))
    # a platform alone at the left stands above all columns
    is_section = groups == 1 and bool(above[0]) and bool(names[0]) and len(names) >= 3
    if (any(map(_is_platform, above)) and not is_section) or (groups >= 2 and (_doubled(names) or not all(names))):
        return _joined(above, names), 1
    return names, 1


def _texts(cells: Sequence[Any] | RecordError) -> list[str]:
    return [] if isinstance(cells, RecordError) else [text_of(cell) for cell in cells]


def _doubled(names: Sequence[str]) -> frozenset[str]:
    """Names that stand more than once and mean a field."""
    times = Counter(name for name in names if name)
    return frozenset(name for name, n in times.items() if n > 1 and (field_of(Creator, name) or field_of(Post, name)))


def _is_platform(name: str) -> bool:
    return bool(name) and platform_code(name) in KNOWN_PLATFORMS


def _goes_under(names: Sequence[str], under: Sequence[str]) -> bool:
    """Whether a row names the columns below merged cells: known names, all below empty cells and platforms."""
    if not under or known_names(under) == 0 or not any(map(_is_platform, names)):
        return False
    below = [(name, text) for name, text in zip(names, under, strict=False) if text]
    return len(below) >= 2 and all(not name or _is_platform(name) for name, _ in below)


def _joined(above: Sequence[str], names: Sequence[str]) -> list[str]:
    """Names with their groups: a group's cell is merged over the empty ones to its right."""
    doubled = _doubled(names)
    width = max(len(above), len(names))
    joined = []
    group = ""
    for i in range(width):
        own = above[i] if i < len(above) else ""
        name = names[i] if i < len(names) else ""
        group = own or group
        if not name:
            joined.append(own)
        elif group and (_is_platform(group) or name in doubled):
            joined.append(f"{group} {name}")
        else:
            joined.append(name)
    return joined
