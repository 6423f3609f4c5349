"""The service's OpenAPI document: bodies and answers by the schemas of bonafit's own records."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from limits import MAX_CREATORS, MAX_K, PROBLEM

from bonafit import Brief, Creator, CreatorScore
from bonafit.index import Filters, Ranking

REFERENCE = "#/components/schemas/{name}"


class ScoreBody(msgspec.Struct, forbid_unknown_fields=True):
    """What POST /score takes."""

    brief: Brief
    creators: tuple[Creator, ...]
    budget_ms: float | None = None
    compact: bool = False


class RankBody(msgspec.Struct, forbid_unknown_fields=True):
    """What POST /rank takes."""

    brief: Brief
    k: int = 100
    filters: Filters = msgspec.field(default_factory=Filters)


class CreatorsBody(msgspec.Struct, forbid_unknown_fields=True):
    """What PUT /creators takes."""

    creators: tuple[Creator, ...]


class Scores(msgspec.Struct):
    """What POST /score answers; with `compact` the rows of docs/table.md instead."""

    results: tuple[CreatorScore, ...]


class Written(msgspec.Struct):
    """What PUT /creators answers: how many are added or replaced."""

    written: int


class Removed(msgspec.Struct):
    """What DELETE /creators/{creator_id} answers: 0 or 1."""

    removed: int


class Problem(msgspec.Struct):
    """Every error (RFC 9457). field : path of the field at fault; empty where it is none."""

    type: str
    title: str
    status: int
    detail: str
    field: str


READ_WIDELY = ("Creator", "Post", "Comment", "AudienceAccount", "FollowerPoint")
BODIES: dict[tuple[str, str], type] = {
    ("/score", "post"): ScoreBody,
    ("/rank", "post"): RankBody,
    ("/creators", "put"): CreatorsBody,
}
ANSWERS: dict[tuple[str, str], type] = {
    ("/score", "post"): Scores,
    ("/rank", "post"): Ranking,
    ("/creators", "put"): Written,
    ("/creators/{creator_id}", "delete"): Removed,
}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application."""
    if app.openapi_schema:
        return app.openapi_schema
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    kinds = list({kind.__name__: kind for kind in (*BODIES.values(), *ANSWERS.values(), Problem)}.values())
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    reference = dict(zip(kinds, schemas, strict=True))
    for name in READ_WIDELY:
        # the reader knows other names, too, and keeps those it does not know
        components[name]["additionalProperties"] = True
    components["ScoreBody"]["properties"]["creators"] |= {"minItems": 1, "maxItems": MAX_CREATORS}
    components["CreatorsBody"]["properties"]["creators"] |= {"minItems": 1, "maxItems": MAX_CREATORS}
    components["RankBody"]["properties"]["k"] |= {"minimum": 1, "maximum": MAX_K}
    made["components"] = {"schemas": components}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            if (path, method) in BODIES:
                schema = reference[BODIES[path, method]]
                operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
            answered = operation["responses"]
            if (path, method) in ANSWERS:
                answered["200"]["content"] = {"application/json": {"schema": reference[ANSWERS[path, method]]}}
            if path == "/metrics":
                answered["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
            answered.pop("422", None)
            answered["default"] = {
                "description": "a problem document",
                "content": {PROBLEM: {"schema": reference[Problem]}},
            }
    app.openapi_schema = made
    return made
