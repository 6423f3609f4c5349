"""Rows as plain objects to records: other names for columns, times as exports write them, unknown columns kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.report import ReadReport, shown
from bonafit.io.rows.aliases import ALIASES, NESTED, SHAPES
from bonafit.io.rows.check import check_creator, latest_instant
from bonafit.io.rows.messages import taken_apart, value_at
from bonafit.io.rows.times import instant
from bonafit.records import Creator


def creator_from_dict(
    obj: Mapping[str, Any], *, line: int = 0, report: ReadReport | None = None, now: datetime | None = None
) -> Creator:
    """A plain object, as JSON or a service gives it, as a validated Creator.

    Known names and ALIASES become fields, other names go to `extra`; null is absent. Instants may be ISO 8601
    (without a zone: UTC), epoch seconds, date or datetime; integer ids become text; 1200.0 is the count 1200; 0
    and 1 are flags.
    now : what "in the future" is measured against; the clock where None.
    Raises RecordError with the field's path.
    """
    unknown: set[str] = set()
    aliases: set[str] = set()
    who: str | None = None
    try:
        if not isinstance(obj, Mapping):
            raise RecordError(
                f"found {type(obj).__name__}, expected an object with one creator's fields", found=shown(obj)
            )
        who = id_of(obj)
        folded = fold(obj, Creator, "", "", unknown, aliases)
        creator = converted(folded, Creator)
        return check_creator(creator, latest=latest_instant(now))
    except RecordError as error:
        raise RecordError(
            error.reason, line=line, creator_id=who, field=error.field, found=error.found
        ) from error.__cause__
    finally:
        if report is not None:
            report.unknown.update(unknown)
            report.aliases.update(aliases)


def id_of(obj: Mapping[str, Any]) -> str | None:
    """The row's id for messages, shortened, where there is one at all."""
    value = obj.get("creator_id", obj.get("id"))
    return str(value)[:300] if isinstance(value, str | int) and value != "" else None


def field_of(key: str, kind: type, present: Mapping[str, Any]) -> str | None:
    """The field that a column is read into; None for a column nobody knows, or one whose field is there by name."""
    if key in SHAPES[kind]:
        return key
    name = ALIASES[kind].get(key)
    return None if name is None or present.get(name) is not None else name


def fold(obj: Any, kind: type, path: str, generic: str, unknown: set[str], aliases: set[str]) -> Any:
    """One object with its names and values as the record `kind` spells them; nested objects too.

    path, generic : where the object stands, `posts[3].` and `posts[].`.
    Anything that is not an object is handed on, so that the conversion names its type. Raises RecordError.
    """
    if not isinstance(obj, dict | Mapping):
        return obj
    shapes, nested = SHAPES[kind], NESTED[kind]
    out: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in obj.items():
        if value is None:
            continue
        if not isinstance(key, str):
            raise RecordError(f"found the key {shown(key)}, expected text; name the column", field=path)
        name = field_of(key, kind, obj)
        if name is None or name in out:
            unknown.add(generic + key)
            extra[key] = value
            continue
        if name != key:
            aliases.add(f"{generic}{key} -> {generic}{name}")
        if name in nested and isinstance(value, list | tuple):
            inner, under = nested[name], f"{generic}{name}[]."
            out[name] = [
                fold(item, inner, f"{path}{name}[{i}].", under, unknown, aliases) for i, item in enumerate(value)
            ]
        else:
            out[name] = spelled(shapes[name], value, path, name)
    if kind is Creator and extra:
        given = out.setdefault("extra", {})
        # anything but an object stays, for the conversion to reject
        if isinstance(given, Mapping):
            out["extra"] = {**given, **extra}
    return out


def spelled(shape: str, value: Any, path: str, name: str) -> Any:
    """One value as its field spells it, where exports have several spellings of the same fact."""
    if shape == "time":
        return instant(value, path + name)
    if isinstance(value, str):
        return value.lower() if shape == "code" else value
    if isinstance(value, float):
        return int(value) if shape == "count" and value.is_integer() else value
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if shape == "id":
            return str(value)
        return bool(value) if shape == "flag" and value in (0, 1) else value
    if isinstance(value, bytes):
        reason = "found bytes that are not UTF-8 text, expected text; save the file as UTF-8"
        raise RecordError(reason, field=path + name, found=shown(value))
    return value


def converted(folded: Any, kind: type[Any]) -> Any:
    """The folded object as a record. Raises RecordError with the path, what was found and what was expected."""
    try:
        return msgspec.convert(folded, kind)
    except msgspec.ValidationError as error:
        raise _explained(str(error), folded) from error
    except RecursionError as error:
        raise RecordError("nested too deep; expected the fields of a creator", found=shown(folded)) from error


def _explained(message: str, folded: Any) -> RecordError:
    field, expected = taken_apart(message)
    if expected == "missing":
        return RecordError(f"{field} is missing; every row needs it", field=field)
    value = value_at(folded, field)
    size = f"text of {len(value):,} characters" if isinstance(value, str) and "length" in expected else shown(value)
    return RecordError(
        f"found {size}, expected {expected}; correct it or leave the field out", field=field, found=shown(value)
    )
