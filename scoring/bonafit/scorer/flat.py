"""One result as a flat row, and the Arrow schema of such rows (docs/table.md, written by `make docs`)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from bonafit.io.arrow_schema import schema_of
from bonafit.io.flat_rows import head_cells
from bonafit.results import COMPONENTS, CreatorScore, Profile, Reason

if TYPE_CHECKING:
    import pyarrow as pa

# Of a compact result: reasons a head, and characters of a text.
COMPACT_REASONS, COMPACT_TEXT = 2, 46
BASELINE = "baseline"
DESCRIPTIONS = {
    "creator_id": "as read; null only where the row has none",
    "score": "in [0, 1]; null, as its interval, where the creator is in no ranking",
    "score_low": "lower end of the 90 % interval",
    "score_high": "upper end of the 90 % interval",
    "verdict": "shortlist, review, pass, not_judgeable or never; null only where `rejected` is not",
    "verdict_reasons": "what decided, in words",
    "sufficiency": "share in [0, 1] of the evidence that was there",
    "flags": "signals for review",
    "ad_load": "share of the posts looked at that are ads, declared or hinted; null with fewer than 5",
    "partners": "brands that paid for posts, most posts first",
    "competitors": "competitors of the brief that the creator names, with what the tie is",
    "reasons": "per head: points of all sum to the head's value, effects to its linear predictor",
    "features": "`head.column` to the value seen, of every column that was there; with `features=True`",
    "input_digest": "of the creator and the brief",
    "bundle_digest": "of the bundle",
    "rejected": "why the row could not be read: field, reason, what was found; null where it was scored",
}
# Of each head; the first is the head's own column.
OF_HEAD = {
    "": "in [0, 1], higher is better for the brand; null where there is too little evidence",
    "_low": "lower end of the 90 % interval",
    "_high": "upper end of the 90 % interval",
    "_status": "ok or insufficient",
    "_sufficiency": "share in [0, 1] of the evidence that the head can use",
    "_weight": "the brief's, normalised; null where there is no score",
    "_points": "part of the score; these sum to it",
    "_flags": "the head's own signals",
}
DESCRIPTIONS |= {name + part: text for name in COMPONENTS for part, text in OF_HEAD.items()}
LEFT_OUT_OF_COMPACT = (
    "input_digest",
    "bundle_digest",
    *(name + part for name in COMPONENTS for part in ("_status", "_sufficiency", "_weight", "_flags")),
)


INTRODUCTION = f"""\
# Columns of a scored table

What `scorer.score_table(table, brief)` returns, a row for every row of the input, in order; written by `make docs`.
`compact=True` keeps the {COMPACT_REASONS} reasons of each head that moved most (head, points, text), clips texts to
{COMPACT_TEXT} characters and leaves out both digests and each head's status, sufficiency, weight and flags.
`features=True` adds `features`.

| column | type | what |
|---|---|---|
"""


@cache
def table_schema(*, compact: bool = False, features: bool = False) -> pa.Schema:
    """The columns that come out, each with its description as metadata."""
    import pyarrow as pa

    text, number, texts = pa.string(), pa.float64(), pa.list_(pa.string())
    kinds: dict[str, pa.DataType] = {"creator_id": text}
    kinds |= {field.name: field.type for field in schema_of(Profile)}
    kinds |= {"score": number, "score_low": number, "score_high": number, "verdict": text, "verdict_reasons": texts}
    kinds |= {"sufficiency": number, "flags": texts}
    kinds |= {"ad_load": number, "partners": texts, "competitors": texts}
    for name in COMPONENTS:
        kinds |= {name: number, f"{name}_low": number, f"{name}_high": number, f"{name}_status": text}
        kinds |= {f"{name}_{part}": number for part in ("sufficiency", "weight", "points")}
        kinds[f"{name}_flags"] = texts
    kinds["reasons"] = pa.list_(_reason_type(compact))
    if features:
        kinds["features"] = pa.map_(text, number)
    kinds |= {"input_digest": text, "bundle_digest": text}
    kinds["rejected"] = pa.struct([("field", text), ("reason", text), ("found", text)])
    return pa.schema(
        [
            pa.field(name, kind, metadata={"description": DESCRIPTIONS.get(name, "as read")})
            for name, kind in kinds.items()
            if not (compact and name in LEFT_OUT_OF_COMPACT)
        ]
    )


def flat_row(result: CreatorScore, *, compact: bool = False, features: bool = False) -> dict[str, Any]:
    """One result as the cells of a row; `reasons` as a list of objects, `features` as a mapping."""
    clip = _clipped if compact else _whole
    low, high = result.interval or (None, None)
    sold = result.commercial
    cells: dict[str, Any] = {
        "creator_id": result.creator_id,
        **{name: getattr(result.profile, name) for name in Profile.__struct_fields__},
        "score": result.score,
        "score_low": low,
        "score_high": high,
        "verdict": result.verdict,
        "verdict_reasons": [clip(reason) for reason in result.verdict_reasons],
        "sufficiency": result.sufficiency,
        "flags": list(result.flags),
        "ad_load": sold.ad_load if sold else None,
        "partners": list(sold.partner_names) if sold else [],
        "competitors": list(sold.competitor_states) if sold else [],
    }
    parts = {contribution.component: contribution for contribution in result.contributions}
    reasons: list[dict[str, Any]] = []
    values: dict[str, float] = {}
    for component in result.components:
        name = component.name
        cells |= {**head_cells(component, parts.get(name)), f"{name}_flags": list(component.flags)}
        listed = _foremost(component.reasons) if compact else component.reasons
        reasons += (_reason(name, reason, compact) for reason in listed)
        if features:
            values |= {
                f"{name}.{reason.feature}": reason.seen for reason in component.reasons if reason.seen is not None
            }
    cells["reasons"] = reasons
    if features:
        cells["features"] = values
    cells |= {"input_digest": result.input_digest, "bundle_digest": result.bundle_digest}
    if compact:
        for name in LEFT_OUT_OF_COMPACT:
            del cells[name]
    return cells


@cache
def _reason_type(compact: bool) -> pa.DataType:
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    short = [("head", text), ("points", number), ("text", text)]
    whole = [("head", text), ("feature", text), ("seen", number), ("usual", number), ("effect", number)]
    return pa.struct(short if compact else [*whole, *short[1:]])


def _reason(head: str, reason: Reason, compact: bool) -> dict[str, Any]:
    if compact:
        return {"head": head, "points": reason.points, "text": _clipped(reason.text)}
    return {
        "head": head,
        "feature": reason.feature,
        "seen": reason.seen,
        "usual": reason.usual,
        "effect": reason.effect,
        "points": reason.points,
        "text": reason.text,
    }


def _foremost(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons that moved the value most, the baseline left out; ties keep their order."""
    moved = [reason for reason in reasons if reason.feature != BASELINE]
    return sorted(moved, key=lambda reason: -abs(reason.points))[:COMPACT_REASONS]


def _clipped(text: str) -> str:
    return text if len(text) <= COMPACT_TEXT else text[: COMPACT_TEXT - 1] + "…"


def _whole(text: str) -> str:
    return text


def described() -> str:
    """docs/table.md: the columns of a scored table."""
    rows = [
        f"| `{field.name}` | {field.type} | {field.metadata[b'description'].decode()} |"
        for field in table_schema(features=True)
    ]
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(described())
