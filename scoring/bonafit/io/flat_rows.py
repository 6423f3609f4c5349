"""Records as rows of flat cells, and as plain objects without their defaults."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from bonafit.records import Creator
from bonafit.results import COMPONENTS, Component, Contribution, CreatorScore, Profile

# Spreadsheets execute cells that begin with one of these; a leading apostrophe makes them text again.
# Source: OWASP, "CSV Injection".
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TOP_REASONS = 3


def defused(text: str) -> str:
    """A text cell that a spreadsheet will not execute."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def sparse(record: msgspec.Struct) -> dict[str, Any]:
    """A record as a plain object without the fields that hold their default."""
    out: dict[str, Any] = {}
    for name, default in _defaults(type(record)):
        value = getattr(record, name)
        if value == default:
            continue
        if isinstance(value, tuple):
            value = [sparse(item) if isinstance(item, msgspec.Struct) else item for item in value]
        out[name] = value
    return out


@cache
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """Field names with their defaults; NODEFAULT, equal to nothing, for required ones."""
    # structs.fields takes a millisecond a call
    return tuple(
        (field.name, field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory())
        for field in msgspec.structs.fields(kind)
    )


def creator_columns(creator: Creator) -> dict[str, Any]:
    row = {}
    for name in creator.__struct_fields__:
        value = getattr(creator, name)
        if isinstance(value, tuple):
            value = msgspec.json.encode([sparse(item) for item in value]).decode() if value else None
        elif isinstance(value, dict):
            value = msgspec.json.encode(value).decode() if value else None
        elif isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, float):
            value = _unmistakable(value)
        row[name] = value
    return row


def _unmistakable(number: float) -> str:
    """A number as a reader of tables cannot mistake it: 1.875 alone in a column may be 1,875 by a German hand."""
    text = repr(number)
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def head_cells(component: Component, part: Contribution | None) -> dict[str, Any]:
    """One head's figures as flat cells, named after it; weight and points are None for a head that is not averaged."""
    name = component.name
    low, high = component.interval or (None, None)
    return {
        name: component.value,
        f"{name}_low": low,
        f"{name}_high": high,
        f"{name}_status": component.status,
        f"{name}_sufficiency": component.sufficiency,
        f"{name}_weight": part.weight if part else None,
        f"{name}_points": part.points if part else None,
    }


def result_columns(result: CreatorScore) -> dict[str, Any]:
    """One result as flat cells; text cells are made safe for spreadsheets."""
    row: dict[str, Any] = {
        "creator_id": defused(result.creator_id),
        **{name: _cell(getattr(result.profile, name)) for name in Profile.__struct_fields__},
        "score": result.score,
        "score_low": result.interval[0] if result.interval else None,
        "score_high": result.interval[1] if result.interval else None,
        "verdict": result.verdict,
        "verdict_reasons": defused(" | ".join(result.verdict_reasons)),
        "sufficiency": result.sufficiency,
        "flags": defused("|".join(result.flags)),
    }
    sold = result.commercial
    row |= {
        "ad_load": sold.ad_load if sold else None,
        "partners": defused(" | ".join(sold.partner_names)) if sold else None,
        "competitors": defused(" | ".join(sold.competitor_states)) if sold else None,
    }
    parts = {contribution.component: contribution for contribution in result.contributions}
    for name in COMPONENTS:
        component: Component = getattr(result, name)
        row |= {
            **head_cells(component, parts.get(name)),
            f"{name}_flags": defused("|".join(component.flags)),
            f"{name}_reasons": defused(" | ".join(_top_reasons(component))),
        }
    return row | {"input_digest": result.input_digest, "bundle_digest": result.bundle_digest}


def _cell(value: Any) -> Any:
    return defused(value) if isinstance(value, str) else value


def _top_reasons(component: Component) -> list[str]:
    """The texts of the reasons that moved the value most, the baseline left out; ties keep their order."""
    moved = [reason for reason in component.reasons if reason.feature != "baseline"]
    return [reason.text for reason in sorted(moved, key=lambda reason: -abs(reason.points))[:TOP_REASONS]]
