"""What keeps the service alive whatever it is sent: limits on bodies and work, gone clients, errors, metrics."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import msgspec
from fastapi import Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bonafit import Brief, BriefError, RecordError
from bonafit.errors import FiltersError, IndexLockedError

T = TypeVar("T")

# Bytes of a body, and seconds in which it must have come: 40 creators of 200 posts fit in.
MAX_BODY, BODY_SECONDS = 8 * 2**20, 10.0
# Requests at work at a time; two cores answer no faster with more. Others wait, so that what comes while a bundle is
# taken up is late and not lost: as many as their bodies leave room for, and no longer than anybody listens.
WORKERS, MAX_HELD, MAX_WAITING, WAIT_SECONDS = 4, 20 * MAX_BODY, 1_000, 30.0
PROBLEM = "application/problem+json"
# Creators of one request, and places of one ranking.
MAX_CREATORS, MAX_K = 256, 1_000


class RefusedError(Exception):
    """A request that is not answered: status, path of the field at fault, what was found and expected."""

    def __init__(self, status: int, field: str, message: str) -> None:
        super().__init__(message)
        self.status, self.field, self.message = status, field, message


class ClientGoneError(Exception):
    """The client hung up before its answer was ready: nobody reads it."""


class Metrics:
    """What an operator watches, without a word of any request: /metrics in Prometheus' format."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("bonafit_requests", "Requests answered.", ["route", "status"], registry=self.registry)
        self.seconds = Histogram("bonafit_seconds", "Seconds to an answer.", ["route"], registry=self.registry)
        self.creators = Counter("bonafit_creators", "Creators scored.", registry=self.registry)
        self.admitted = Gauge("bonafit_admitted", "Requests being read or answered.", registry=self.registry)
        self.reloads = Counter("bonafit_reloads", "Bundles taken up.", ["outcome"], registry=self.registry)


class Door:
    """Lets requests in before their bodies are read, as long as all bodies together stay under MAX_HELD bytes; others
    are told 503 at once. A body counts as what it announces, and as MAX_BODY where it announces nothing."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self._limiter = anyio.CapacityLimiter(WORKERS)
        self._admitted = self._held = 0

    @asynccontextmanager
    async def admit(self, size: int) -> AsyncIterator[Callable[[int], None]]:
        """A place for a request of so many bytes; gives a function that corrects them once they are known."""
        if self._admitted >= MAX_WAITING or self._held + size > MAX_HELD:
            raise RefusedError(503, "", f"{self._admitted} requests are waiting already; try again in a second")
        held = size

        def correct(n: int) -> None:
            nonlocal held
            self._held, held = self._held + n - held, n

        self._admitted, self._held = self._admitted + 1, self._held + size
        self.metrics.admitted.inc()
        try:
            yield correct
        finally:
            self._admitted, self._held = self._admitted - 1, self._held - held
            self.metrics.admitted.dec()

    async def answer(self, request: Request, work: Callable[[dict[str, Any], Callable[[], None]], T]) -> Response:
        """Read the body and do the work on a thread. `work` is given a call that raises once the client is gone."""
        has_body = request.method in ("POST", "PUT")
        async with self.admit(announced(request) if has_body else 0) as correct:
            raw = await read_body(request) if has_body else b"{}"
            correct(len(raw))
            # parsed where the work is done: a body that waits is bytes, and the loop stays free
            return json_response(await self._attended(request, lambda check: work(parsed(raw), check)))

    async def _attended(self, request: Request, work: Callable[[Callable[[], None]], T]) -> T:
        gone = threading.Event()

        def check() -> None:
            if gone.is_set():
                raise ClientGoneError

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            gone.set()

        def run() -> T:
            check()
            return work(check)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch)
            # an error is kept until the group has ended, which would wrap it
            outcome: T | Exception
            try:
                with anyio.fail_after(WAIT_SECONDS):
                    await self._limiter.acquire()
                try:
                    outcome = await anyio.to_thread.run_sync(run)
                finally:
                    self._limiter.release()
            except TimeoutError:
                outcome = RefusedError(503, "", f"no thread was free in {WAIT_SECONDS:g} seconds; try again later")
            except Exception as error:
                outcome = error
            tasks.cancel_scope.cancel()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def announced(request: Request) -> int:
    """Bytes that a body says it has, MAX_BODY where it does not. Raises RefusedError: 413 where that is too many."""
    said = request.headers.get("content-length", str(MAX_BODY))
    if not (said.isascii() and said.isdigit() and len(said) < 12) or int(said) > MAX_BODY:
        raise _too_large()
    return int(said)


def _too_large() -> RefusedError:
    return RefusedError(413, "", f"body over {MAX_BODY:,} bytes; send fewer creators a request")


async def read_body(request: Request) -> bytes:
    """The bytes of the body. Raises RefusedError: 408 too slow, 413 too large."""
    raw = bytearray()
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for part in request.stream():
                raw += part
                if len(raw) > MAX_BODY:
                    raise _too_large()
    except TimeoutError:
        raise RefusedError(408, "", f"the body had not come after {BODY_SECONDS:g} seconds") from None
    return bytes(raw)


def parsed(raw: bytes) -> dict[str, Any]:
    """A body as an object. Raises RefusedError: 400 not JSON, 422 no object."""
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(400, "", f"not JSON: {error}") from None
    if not isinstance(body, dict):
        raise RefusedError(422, "", "expected an object")
    return body


def json_response(value: Any, status: int = 200, media_type: str = "application/json") -> Response:
    return Response(msgspec.json.encode(value), status, media_type=media_type)


def problem(error: Exception) -> Response:
    """Any error as a problem document (RFC 9457), with the path of the field at fault as `field`."""
    kind, status, field, detail = type(error).__name__, 500, "", str(error)
    if isinstance(error, RefusedError):
        status, field = error.status, error.field
    elif isinstance(error, RecordError):
        status, field = 422, error.field
    elif isinstance(error, BriefError):
        name = str(error).split(":", 1)[0]
        status, field = 422, f"brief.{name}" if name.split(".")[0] in Brief.__struct_fields__ else "brief"
    elif isinstance(error, FiltersError):
        status, field = 422, f"filters.{str(error).split(':', 1)[0]}"
    elif isinstance(error, IndexLockedError):
        status = 409
    elif isinstance(error, ClientGoneError):
        status, detail = 499, "the client hung up"
    elif isinstance(error, RecursionError):
        status, detail = 422, "nested too deep"
    document = {"type": "about:blank", "title": kind, "status": status, "detail": detail, "field": field}
    return json_response(document, status, PROBLEM)


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def seconds(self) -> float:
        return time.perf_counter() - self._began
