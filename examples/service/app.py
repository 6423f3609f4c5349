"""A recommendation service: score creators for a brief, rank an index for it, keep the index up to date.

    BONAFIT_BUNDLE=models/2026.3 BONAFIT_INDEX=build/creators.index uvicorn --app-dir examples/service app:app

Requests are decoded by bonafit's own readers, so a mistake comes back as a 422 with the field's path. Work runs on a
few threads beside the event loop; where all are taken and the queue is full, the answer is 503 at once.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import msgspec
from fastapi import FastAPI, Request, Response

from bonafit import BonafitError, Brief, BriefError, Creator, RecordError, Scorer
from bonafit.errors import IndexLockedError
from bonafit.index import CreatorIndex, Filters
from bonafit.io.brief import brief_from_dict
from bonafit.io.read import creator_from_dict

T = TypeVar("T")

MAX_BODY = 16 * 2**20
MAX_K = 1_000
# Requests at work at a time and waiting beyond those. Two cores answer no faster with more at work.
WORKERS, QUEUE = 4, 32


@dataclass
class Service:
    """What the requests share. Scorer and index are safe between threads. index None: /rank answers 404."""

    scorer: Scorer
    index: CreatorIndex | None = None

    def score(self, body: dict[str, Any]) -> Any:
        brief, budget = _brief(body), _number(body, "budget_ms", 1, 60_000)
        people = [_creator(one, f"creators[{i}]") for i, one in enumerate(_list(body, "creators"))]
        return {"results": self.scorer.score(people, brief, budget_ms=budget)}

    def rank(self, body: dict[str, Any]) -> Any:
        k = int(_number(body, "k", 1, MAX_K) or 100)
        try:
            filters = msgspec.convert(body.get("filters") or {}, Filters)
        except msgspec.ValidationError as error:
            raise RefusedError(422, "filters", str(error)) from None
        return self.opened().rank(_brief(body), k, filters=filters)

    def upsert(self, body: dict[str, Any]) -> Any:
        people = [_creator(one, f"creators[{i}]") for i, one in enumerate(_list(body, "creators"))]
        return {"written": self.opened().upsert(people)}

    def delete(self, creator_id: str) -> Any:
        return {"removed": self.opened().delete([creator_id])}

    def opened(self) -> CreatorIndex:
        if self.index is None:
            raise RefusedError(404, "", "this service was started without an index; set BONAFIT_INDEX")
        return self.index


class RefusedError(Exception):
    """A request that is not answered: status, path of the field at fault, what was found and expected."""

    def __init__(self, status: int, field: str, message: str) -> None:
        super().__init__(message)
        self.status, self.field, self.message = status, field, message


def from_environment() -> Service:
    """Load as the environment says: BONAFIT_BUNDLE, BONAFIT_INDEX, BONAFIT_CACHE, BONAFIT_BUDGET_MS."""
    budget = os.environ.get("BONAFIT_BUDGET_MS")
    scorer = Scorer.load(
        os.environ["BONAFIT_BUNDLE"],
        cache=os.environ.get("BONAFIT_CACHE"),
        budget_ms=float(budget) if budget else None,
    )
    path = os.environ.get("BONAFIT_INDEX")
    return Service(scorer, CreatorIndex(path, scorer) if path else None)


def create_app(load: Callable[[], Service] = from_environment) -> FastAPI:
    """The application; `load` runs when it starts, not when it is imported."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        def warmed() -> Service:
            service = load()
            service.scorer.warm()
            if service.index is not None:
                service.index.warm()
            return service

        service = await anyio.to_thread.run_sync(warmed)
        app.state.service = service
        app.state.limiter = anyio.CapacityLimiter(WORKERS)
        yield
        if service.index is not None:
            service.index.close()
        service.scorer.close()

    app = FastAPI(title="bonafit", lifespan=lifespan)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RecordError, _refused)
    app.add_exception_handler(BonafitError, _refused)

    @app.get("/health")
    async def health() -> Response:
        service: Service = app.state.service
        index = (
            None if service.index is None else {"creators": len(service.index), "dtype": service.index.manifest.dtype}
        )
        return _json({"bundle": service.scorer.bundle.digest, "index": index})

    @app.post("/score")
    async def score(request: Request) -> Response:
        body = await _body(request)
        return await _run(app, lambda: app.state.service.score(body))

    @app.post("/rank")
    async def rank(request: Request) -> Response:
        body = await _body(request)
        return await _run(app, lambda: app.state.service.rank(body))

    @app.put("/creators")
    async def upsert(request: Request) -> Response:
        body = await _body(request)
        return await _run(app, lambda: app.state.service.upsert(body))

    @app.delete("/creators/{creator_id:path}")
    async def delete(creator_id: str) -> Response:
        return await _run(app, lambda: app.state.service.delete(creator_id))

    return app


async def _run(app: FastAPI, work: Callable[[], T]) -> Response:
    limiter: anyio.CapacityLimiter = app.state.limiter
    if limiter.statistics().tasks_waiting >= QUEUE:
        raise RefusedError(503, "", f"{QUEUE} requests are waiting already; try again in a second")
    return _json(await anyio.to_thread.run_sync(work, limiter=limiter))


async def _body(request: Request) -> dict[str, Any]:
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > MAX_BODY:
            raise RefusedError(413, "", f"body over {MAX_BODY:,} bytes; send fewer creators a request")
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise RefusedError(400, "", f"not JSON: {error}") from None
    if not isinstance(body, dict):
        raise RefusedError(422, "", "expected an object")
    return body


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def _refused(request: Request, error: Exception) -> Response:
    """Every error bonafit raises on purpose as a status and {"error", "field", "message"}."""
    kind, status, field = type(error).__name__, 500, ""
    if isinstance(error, RefusedError):
        status, field = error.status, error.field
    elif isinstance(error, RecordError):
        status, field = 422, error.field
    elif isinstance(error, BriefError):
        name = str(error).split(":", 1)[0]
        status, field = 422, f"brief.{name}" if name.split(".")[0] in Brief.__struct_fields__ else "brief"
    elif isinstance(error, IndexLockedError):
        status = 409
    return _json({"error": kind, "field": field, "message": str(error)}, status)


def _brief(body: dict[str, Any]) -> Brief:
    if "brief" not in body:
        raise RefusedError(422, "brief", "is missing")
    return brief_from_dict(body["brief"])


def _creator(plain: Any, path: str) -> Creator:
    try:
        if not isinstance(plain, dict):
            raise RecordError("expected an object")
        return creator_from_dict(plain)
    except RecordError as error:
        where = f"{path}.{error.field}" if error.field else path
        raise RefusedError(422, where, error.reason) from None


def _list(body: dict[str, Any], name: str) -> list[Any]:
    found = body.get(name)
    if not isinstance(found, list) or not found:
        raise RefusedError(422, name, "expected a list of at least one creator")
    return found


def _number(body: dict[str, Any], name: str, low: float, high: float) -> float | None:
    found = body.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not low <= found <= high:
        raise RefusedError(422, name, f"expected a number from {low:,} to {high:,}")
    return float(found)


app = create_app()
