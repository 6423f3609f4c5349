"""From a plain object to a valid record: what does not fit is taken out and told, one bad value losing one value."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.rows.context import RowContext
from bonafit.io.rows.fields import SHAPES
from bonafit.records import Post
from bonafit.records.messages import shown, taken_apart, value_at

_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
# More bad values than this in one row, and the row is no creator.
MAX_LOST = 200


def converted(plain: dict[str, Any], kind: type[Any], reader: RowContext) -> Any:
    """The plain object as a record; what does not fit is taken out and told. Raises RecordError for the row as a
    whole."""
    plain = {name: value for name, value in plain.items() if name in SHAPES[kind]}
    if plain.get("posts"):
        plain["posts"] = [{n: v for n, v in post.items() if n in SHAPES[Post]} for post in plain["posts"]]
    if not reader.strict and not _is_unicode(plain):
        plain = _with_unicode(plain)
        reader.note("text with a lone surrogate, which no text can hold: replaced")
    for _ in range(MAX_LOST):
        try:
            return msgspec.convert(plain, kind)
        except msgspec.ValidationError as error:
            path, expected = taken_apart(str(error))
            problem = _explained(path, expected, plain)
            if reader.strict or path in ("", "creator_id"):
                raise reader.rejected(problem.reason, field=path, value=problem.found) from error
            _remove(plain, path, expected)
            if expected == "missing" and reader.n_lost:
                # it was there, could not be read, and is told already
                continue
            reader.report.lose(re.sub(r"\[[0-9]+\]", "[]", path), problem.reason, line=reader.line, who=reader.who)
    raise reader.rejected(f"found more than {MAX_LOST} values that cannot be read; export the row again")


def _explained(path: str, expected: str, plain: Any) -> RecordError:
    if expected == "missing":
        return RecordError(f"{path} is missing; every row needs it", field=path)
    value = value_at(plain, path)
    size = f"text of {len(value):,} characters" if isinstance(value, str) and "length" in expected else shown(value)
    reason = f"found {size}, expected {expected}; correct it or leave the field out"
    return RecordError(reason, field=path, found=shown(value))


def _remove(plain: Any, path: str, expected: str) -> None:
    """Take out the value at a path; of a record that lacks something, or of a list, the item."""
    steps: list[str | int] = [int(index) if index else name for name, index in _STEP.findall(path)]
    if expected == "missing":
        steps = steps[:-1] or steps
    holder = plain
    for step in steps[:-1]:
        holder = holder[step]
    last = steps[-1]
    if isinstance(holder, tuple):
        parent = plain
        for step in steps[:-2]:
            parent = parent[step]
        parent[steps[-2]] = tuple(item for i, item in enumerate(holder) if i != last)
    else:
        del holder[last]


def _is_unicode(value: Any) -> bool:
    try:
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        return False
    except (TypeError, OverflowError, ValueError):
        return True
    return True


def _with_unicode(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_with_unicode(key): _with_unicode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_unicode(item) for item in value]
    return value
