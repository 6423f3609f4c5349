"""JSON that was flattened into columns or keys (`authorMeta/name`, `latestPosts.0.caption`), nested again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bonafit.io.rows.names import field_of
from bonafit.records import Creator, Post

_MARKS = (".", "/")


def paths_of(header: Iterable[str]) -> dict[str, list[str]]:
    """Columns of flattened JSON (`authorMeta/name`, `latestPosts.0.caption`) with their steps; none in other tables."""
    paths = {}
    for mark in _MARKS:
        # R writes `follower.count` for a name with a space; that is a name, no path
        split = {
            name: name.split(mark)
            for name in header
            if mark in name.strip(mark) and " " not in name and not (field_of(Creator, name) or field_of(Post, name))
        }
        if len(split) >= 2 or any(part.isdecimal() for steps in split.values() for part in steps):
            paths.update({name: steps for name, steps in split.items() if all(map(_is_name, steps))})
    return paths


def _is_name(step: str) -> bool:
    """Whether a step is a name, and not what a mark in `comments(avg.)` leaves."""
    return any(map(str.isalnum, step)) and step.count("(") == step.count(")")


def nested_again(row: Mapping[str, Any], paths: Mapping[str, list[str]]) -> dict[str, Any]:
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
