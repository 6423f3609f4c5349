"""Structs whose constructor checks what it is given, as reading a file checks it.

msgspec checks what it decodes and takes a constructor's arguments unseen, so that `Creator(followers="many")` fails
deep inside of scoring. Here the constructor converts its arguments: types, bounds and lengths are checked, lists become
tuples, texts of times times, and a name that does not exist is answered with the nearest that does. Decoding,
`msgspec.convert` and `msgspec.structs.replace` do not pass here and cost what they did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from bonafit.errors import BonafitError, RecordError
from bonafit.records.messages import closest, shown, taken_apart, value_at

# What msgspec says of a value that does not fit, and what it lets through of a value that is nothing it knows: half a
# character for a number, an array of numpy for an object.
_REFUSALS = (msgspec.ValidationError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)

if TYPE_CHECKING:

    class Checked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """Type checkers see an ordinary struct, whose arguments they know."""

        raises: ClassVar[type[BonafitError]] = RecordError

else:

    class _Checking(msgspec.StructMeta):
        def __call__(cls, *arguments: Any, **fields: Any) -> Any:  # noqa: N805 -- a metaclass
            if arguments:
                return super().__call__(*arguments, **fields)
            try:
                return msgspec.convert(fields, cls)
            except _REFUSALS:
                return _again(cls, fields)

    class Checked(msgspec.Struct, metaclass=_Checking, frozen=True, kw_only=True, forbid_unknown_fields=True):
        """A struct whose constructor checks. raises : the error that says what is wrong."""

        raises: ClassVar[type[BonafitError]] = RecordError


def _again(kind: type[Checked], fields: dict[str, Any]) -> Any:
    """The record after all where only numpy's numbers were in the way. Raises `kind.raises` with the field's path."""
    names = kind.__struct_fields__
    for name in fields:
        if name not in names:
            raise error_of(kind, name, f"unknown field, expected {', '.join(names)}" + closest(name, names), fields)
    plain = {name: value.item() if _is_number(value) else value for name, value in fields.items()}
    try:
        return msgspec.convert(plain, kind)
    except _REFUSALS as error:
        if isinstance(error, msgspec.ValidationError):
            field, expected = taken_apart(str(error))
        else:
            field, expected = _unfit(kind, plain), "a value of its kind"
        if expected == "missing":
            raise error_of(kind, field, "is missing; every record needs it", fields) from None
        shown_value = shown(value_at(plain, field))
        reason = f"found {shown_value}, expected {expected}; correct it or leave the field out"
        raise error_of(kind, field, reason, fields, value=shown_value) from None


def _unfit(kind: type[Checked], fields: dict[str, Any]) -> str:
    """The first of the fields whose value cannot be looked at."""
    for field in msgspec.structs.fields(kind):
        try:
            msgspec.convert(fields.get(field.name, field.default), field.type)
        except msgspec.ValidationError:
            continue
        except _REFUSALS:
            return field.name
    return ""


def error_of(kind: type[Checked], field: str, reason: str, fields: dict[str, Any], *, value: str = "") -> BonafitError:
    """What `kind` raises, naming the field; a RecordError names the creator, too, where the fields do."""
    if kind.raises is not RecordError:
        return kind.raises(f"{field}: {reason}")
    who = fields.get("creator_id")
    return RecordError(reason, creator_id=who if isinstance(who, str) else None, field=field, found=value)


def _is_number(value: Any) -> bool:
    """Whether a value is a number of numpy, as a row of a data frame gives it."""
    return type(value).__module__ == "numpy" and getattr(value, "shape", None) == ()
