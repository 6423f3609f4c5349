"""Tables of cells, of CSV or of a sheet: which line is the header, which rows are none, which columns have no name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from bonafit.errors import InputError, RecordError
from bonafit.io.formats import Source
from bonafit.io.rows.codes import folded
from bonafit.io.rows.names import field_of, owners, words_of
from bonafit.records import Creator, Post

Cells = tuple[int, Sequence[Any] | RecordError]
Plain = tuple[int, dict[str, Any] | RecordError]

# A title, a line of what was exported, an empty one; lists with more above their header have not been seen.
HEADER_WITHIN = 30
_TOTALS = frozenset(
    [
        "total",
        "totals",
        "totale",
        "totales",
        "sum",
        "summe",
        "gesamt",
        "insgesamt",
        "suma",
        "soma",
        "somme",
        "grandtotal",
        "average",
        "mean",
        "mittelwert",
        "durchschnitt",
        "media",
        "moyenne",
        "promedio",
    ]
)
_PATH_MARKS = (".", "/")


def rows_of_cells(rows: Iterator[Cells], source: Source) -> Iterator[Plain]:
    """Line and plain object of every row under the header, or the error that makes it a reject.

    Lines above the header and rows without any cell are no rows; a row of totals is a reject.
    Raises InputError for the whole input: no header, a column that means a field twice.
    """
    head = list(islice(rows, HEADER_WITHIN))
    place = _header_place(head)
    if place is None:
        if head or source.kind is Post:
            raise InputError(f"{source.name}: has no row of names, expected a header; check the export")
        return
    for line, cells in head[:place]:
        if isinstance(cells, RecordError):
            yield line, cells
    above = sum(not isinstance(cells, RecordError) and any(map(_text, cells)) for _, cells in head[:place])
    line, names = head[place]
    source.facts["header"] = f"in line {line}" if place else None
    if above:
        source.facts["lines above the header"] = above
    header = _header([] if isinstance(names, RecordError) else list(names), source)
    nested = _paths(header)
    for line, cells in chain(head[place + 1 :], rows):
        if isinstance(cells, RecordError):
            yield line, cells
            continue
        row = _row(cells, header, line)
        if row is None:
            source.blank_lines += 1
        elif isinstance(row, RecordError):
            yield line, row
        else:
            yield line, _unflattened(row, nested) if nested else row


def known_names(cells: Sequence[Any]) -> int:
    """How many cells of a row name a field of a creator or of a post, each field once."""
    names = {_text(cell) for cell in cells if isinstance(cell, str) and len(cell) <= 80}
    found: set[tuple[str, str]] = set()
    for name in names:
        last = name.replace("/", ".").rsplit(".", 1)[-1]
        words = words_of(last)
        rest = " ".join(words[1:]) if words and words[0] in owners() else ""
        for kind in (Creator, Post):
            field = field_of(kind, last) or (field_of(kind, rest) if rest else None)
            if field is not None:
                found.add((kind.__name__, field[0]))
    creators = sum(kind == "Creator" for kind, _ in found)
    return max(creators, len(found) - creators)


def _header_place(head: list[Cells]) -> int | None:
    """The first of the rows with the most known names; without any, the first that is filled as wide as the widest."""
    scores = [0 if isinstance(cells, RecordError) else known_names(cells) for _, cells in head]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    filled = [0 if isinstance(cells, RecordError) else sum(bool(_text(cell)) for cell in cells) for _, cells in head]
    widest = max(filled, default=0)
    return filled.index(widest) if widest else None


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _header(cells: list[Any], source: Source) -> list[str]:
    header = [_text(cell) for cell in cells]
    named = Counter(name for name in header if name)
    doubled = sorted(name for name, n in named.items() if n > 1)
    meant = [name for name in doubled if field_of(Creator, name) or field_of(Post, name)]
    if meant:
        raise InputError(
            f"{source.name}: the columns {', '.join(meant)[:300]} appear more than once; rename or drop the copies"
        )
    times: Counter[str] = Counter()
    for i, name in enumerate(header):
        times[name] += 1
        if not name:
            header[i] = ""
        elif times[name] > 1:
            header[i] = f"{name} ({times[name]})"
    return header


def _row(cells: Sequence[Any], header: list[str], line: int) -> dict[str, Any] | RecordError | None:
    extra = len(cells) - len(header)
    row = {name: cell for name, cell in zip(header, cells, strict=False) if cell not in (None, "")}
    if "" in row:
        row = {
            name or f"column {i}": cell
            for i, (name, cell) in enumerate(zip(header, cells, strict=False), start=1)
            if cell not in (None, "")
        }
    if extra > 0 and any(map(_text, cells[len(header) :])):
        return _ragged(cells, header, line, row)
    if not row or not any(map(_text, row.values())):
        return None
    if extra < 0:
        return _ragged(cells, header, line, row)
    first = next(iter(row.values()))
    if len(row) <= (len(header) + 1) // 2 + 1 and isinstance(first, str) and folded(first) in _TOTALS:
        return RecordError(
            "found a row of totals, expected a creator or a post; it is left out", line=line, found=first[:120]
        )
    return row


def _ragged(cells: Sequence[Any], header: list[str], line: int, row: dict[str, Any]) -> RecordError:
    from bonafit.io.rows.reader import id_of

    reason = f"found {len(cells)} cells, expected {len(header)} as in the header; quote cells that hold separators"
    return RecordError(reason, line=line, creator_id=id_of(row))


def _paths(header: list[str]) -> dict[str, list[str]]:
    """Columns of flattened JSON (`authorMeta/name`, `latestPosts.0.caption`) with their steps; none in other tables."""
    paths = {}
    for mark in _PATH_MARKS:
        # R writes `follower.count` for a name with a space; that is a name, no path
        split = {
            name: name.split(mark)
            for name in header
            if mark in name.strip(mark) and " " not in name and not (field_of(Creator, name) or field_of(Post, name))
        }
        if len(split) >= 2 or any(part.isdecimal() for steps in split.values() for part in steps):
            paths.update({name: steps for name, steps in split.items() if all(steps)})
    return paths


def _unflattened(row: dict[str, Any], paths: dict[str, list[str]]) -> dict[str, Any]:
    """The row with the columns of flattened JSON as objects and lists again."""
    out: dict[str, Any] = {}
    for name, value in row.items():
        steps = paths.get(name)
        if steps is None:
            out[name] = value
            continue
        holder = out
        for step in steps[:-1]:
            inner = holder.setdefault(step, {})
            if not isinstance(inner, dict):
                inner = holder[step] = {}
            holder = inner
        holder[steps[-1]] = value
    return {name: _with_lists(value) for name, value in out.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(item) for name, item in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
