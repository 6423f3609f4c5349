"""A recommendation service: score creators for a brief, rank an index for it, keep both up to date.

    BONAFIT_INDEX=build/creators.index uvicorn --app-dir examples/service app:app

Requests are decoded by bonafit's own readers, so a mistake comes back as a 422 with the field's path. Work runs on a
few threads beside the event loop (limits.py). A newly promoted bundle is taken up without a pause by POST /reload.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import anyio.to_thread
import msgspec
from fastapi import FastAPI, Request, Response
from limits import MAX_CREATORS, MAX_K, Clock, Door, Metrics, RefusedError, json_response, problem
from log import set_up, tell
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from bonafit import BonafitError, Brief, Creator, RecordError, Scorer
from bonafit.index import CreatorIndex, Filters
from bonafit.io.brief import brief_from_dict
from bonafit.io.read import creator_from_dict
from bonafit.records.messages import closest
from bonafit.scorer.flat import flat_row
from contract import CreatorsBody, RankBody, ScoreBody, document

# Creators that are scored between two looks at whether the client is still there.
STEP = 16
# What a bundle must answer before it serves: twice the same, alone and among others.
CANARY = tuple(
    Creator(creator_id=f"canary-{i}", platform="instagram", bio=f"A canary, {i}.", followers=5_000 + i)
    for i in range(3)
)
CANARY_BRIEF = Brief(brand="Canary", description="Whether a bundle answers at all.")

Check = Callable[[], None]


class Service:
    """What requests share: a scorer and, where there is one, an index; both safe between threads.

    A request holds the service it began with until it has its answer: `close` waits for the last of them.
    """

    def __init__(self, scorer: Scorer, index: CreatorIndex | None = None) -> None:
        self.scorer, self.index = scorer, index
        self._users, self._closing = 0, False
        self._lock = threading.Lock()

    @contextmanager
    def used(self) -> Iterator[None]:
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                last = self._closing and self._users == 0
            if last:
                self._release()

    def close(self) -> None:
        """Release caches and threads once nobody uses them."""
        with self._lock:
            self._closing = True
            last = self._users == 0
        if last:
            self._release()

    def _release(self) -> None:
        if self.index is not None:
            self.index.close()
        self.scorer.close()

    def warm(self) -> None:
        """Pay the first call's costs, and see the bundle answer. Raises BonafitError where it does not."""
        self.scorer.warm()
        together = self.scorer.score(CANARY, CANARY_BRIEF)
        alone = [self.scorer.score([creator], CANARY_BRIEF)[0] for creator in CANARY]
        if together != alone:
            raise BonafitError(f"bundle {self.scorer.bundle.digest[:12]}: a creator alone is scored otherwise")
        if self.index is not None:
            self.index.warm()

    def score(self, body: dict[str, Any], check: Check) -> Any:
        _known(body, ScoreBody)
        brief, budget = _brief(body), _number(body, "budget_ms", 1, 60_000)
        creators = _creators(body)
        compact = _flag(body, "compact")
        results: list[Any] = []
        if budget is not None or self.scorer.budget_ms is not None:
            results = self.scorer.score(creators, brief, budget_ms=budget)
        else:
            for start in range(0, len(creators), STEP):
                check()
                part = creators[start : start + STEP]
                # a known result is sent as it is remembered, neither parsed nor written again
                results += (
                    self.scorer.score(part, brief) if compact else map(msgspec.Raw, self.scorer.lines(part, brief))
                )
        if compact:
            bundle = self.scorer.bundle.digest
            return {"bundle_digest": bundle, "results": [flat_row(result, compact=True) for result in results]}
        return {"results": results}

    def rank(self, body: dict[str, Any], check: Check) -> Any:
        _known(body, RankBody)
        k = int(_number(body, "k", 1, MAX_K) or 100)
        return self.opened().rank(_brief(body), k, filters=_filters(body))

    def upsert(self, body: dict[str, Any], check: Check) -> Any:
        _known(body, CreatorsBody)
        return {"written": self.opened().upsert(_creators(body))}

    def delete(self, creator_id: str) -> Any:
        return {"removed": self.opened().delete([creator_id])}

    def opened(self) -> CreatorIndex:
        if self.index is None:
            raise RefusedError(404, "", "this service was started without an index; set BONAFIT_INDEX")
        return self.index


def from_environment() -> Service:
    """Load as BONAFIT_BUNDLE (default the installed one), BONAFIT_INDEX, BONAFIT_CACHE and BONAFIT_BUDGET_MS say."""
    budget = os.environ.get("BONAFIT_BUDGET_MS")
    scorer = Scorer.load(
        cache=os.environ.get("BONAFIT_CACHE") or None,
        budget_ms=float(budget) if budget else None,
    )
    path = os.environ.get("BONAFIT_INDEX")
    return Service(scorer, CreatorIndex(path, scorer) if path else None)


def create_app(load: Callable[[], Service] = from_environment) -> FastAPI:
    """The application; `load` runs when it starts and at each reload, not when it is imported."""
    metrics = Metrics()
    state: dict[str, Any] = {}

    def loaded() -> Service:
        service = load()
        try:
            service.warm()
        except BaseException:
            service.close()
            raise
        return service

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        set_up()
        state["door"] = Door(metrics)
        state["reloading"] = anyio.Lock()
        state["service"] = await anyio.to_thread.run_sync(loaded)
        yield
        state["service"].close()

    app = FastAPI(title="bonafit", lifespan=lifespan)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]

    @app.exception_handler(HTTPException)
    async def no_route(request: Request, error: HTTPException) -> Response:
        refused = problem(RefusedError(error.status_code, "", str(error.detail)))
        refused.headers.update(error.headers or {})
        return refused

    async def answer(request: Request, route: str, work: Callable[[Service, dict[str, Any], Check], Any]) -> Response:
        clock, service = Clock(), state["service"]

        def held(body: dict[str, Any], check: Check) -> Any:
            result = work(service, body, check)
            if route == "score":
                metrics.creators.inc(len(result["results"]))
            return result

        with service.used():
            try:
                response: Response = await state["door"].answer(request, held)
            except Exception as error:
                response = problem(error)
        seconds = clock.seconds()
        metrics.requests.labels(route, response.status_code).inc()
        metrics.seconds.labels(route).observe(seconds)
        bundle = service.scorer.bundle.digest[:16]
        tell("request", route=route, status=response.status_code, ms=round(seconds * 1e3, 1), bundle=bundle)
        return response

    @app.get("/health")
    async def health() -> Response:
        service: Service = state["service"]
        index = service.index
        held = None if index is None else {"creators": len(index), "dtype": index.manifest.dtype}
        return json_response({"bundle": service.scorer.bundle.digest, "index": held})

    @app.get("/metrics")
    async def show_metrics() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @app.post("/score")
    async def score(request: Request) -> Response:
        return await answer(request, "score", Service.score)

    @app.post("/rank")
    async def rank(request: Request) -> Response:
        return await answer(request, "rank", Service.rank)

    @app.put("/creators")
    async def upsert(request: Request) -> Response:
        return await answer(request, "upsert", Service.upsert)

    @app.delete("/creators/{creator_id:path}")
    async def delete(request: Request, creator_id: str) -> Response:
        return await answer(request, "delete", lambda service, body, check: service.delete(creator_id))

    @app.post("/reload")
    async def reload(request: Request) -> Response:
        """Load what the environment names now; the old bundle serves until the new one has answered the canary."""
        async with state["reloading"]:
            try:
                fresh = await anyio.to_thread.run_sync(loaded)
            except BonafitError as error:
                metrics.reloads.labels("refused").inc()
                tell("reload refused", level=logging.WARNING, error=type(error).__name__)
                return problem(RefusedError(409, "", f"the old bundle goes on: {error}"))
            state["service"], old = fresh, state["service"]
            old.close()
            metrics.reloads.labels("done").inc()
            tell("reload", before=old.scorer.bundle.digest[:16], bundle=fresh.scorer.bundle.digest[:16])
        return json_response({"bundle": fresh.scorer.bundle.digest})

    return app


def _known(body: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    names = kind.__struct_fields__
    for name in body:
        if name not in names:
            raise RefusedError(422, name, f"unknown field, expected {', '.join(names)}" + closest(name, names))


def _brief(body: dict[str, Any]) -> Brief:
    if "brief" not in body:
        raise RefusedError(422, "brief", "is missing")
    return brief_from_dict(body["brief"])


def _filters(body: dict[str, Any]) -> Filters:
    given = body.get("filters") or {}
    if not isinstance(given, dict):
        raise RefusedError(422, "filters", "expected an object")
    return Filters(**given)


def _creators(body: dict[str, Any]) -> list[Creator]:
    rows = body.get("creators")
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_CREATORS:
        raise RefusedError(422, "creators", f"expected a list of 1 to {MAX_CREATORS} creators")
    return [_creator(row, f"creators[{i}]") for i, row in enumerate(rows)]


def _creator(plain: Any, path: str) -> Creator:
    try:
        if not isinstance(plain, dict):
            raise RecordError("expected an object")
        return creator_from_dict(plain)
    except RecordError as error:
        where = f"{path}.{error.field}" if error.field else path
        raise RefusedError(422, where, error.reason) from None


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise RefusedError(422, name, "expected true or false")
    return bool(value)


def _number(body: dict[str, Any], name: str, low: float, high: float) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise RefusedError(422, name, f"expected a number from {low:,} to {high:,}")
    return float(value)


app = create_app()
