"""The example service: answers, errors with the field's path, changes, and no work at import."""

from __future__ import annotations

import importlib.util
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from bonafit.index import CreatorIndex
from tests.end_to_end.test_service_habits import indexed_scorer
from tests.tiny import BRIEF, creators

pytest.importorskip("fastapi", reason="the service example needs fastapi, in the test extra")
pytest.importorskip("prometheus_client", reason="the service example needs prometheus_client, in the test extra")
pytest.importorskip("httpx", reason="the service example's client is httpx, in the test extra")

PEOPLE = creators(12)


def plain(one: Any) -> dict[str, Any]:
    return {key: value for key, value in msgspec.to_builtins(one).items() if key != "extra"}


BODY = {"brief": plain(BRIEF), "creators": [plain(one) for one in PEOPLE]}


@pytest.fixture(scope="module")
def service(repository: Path) -> ModuleType:
    folder = repository / "examples" / "service"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("bonafit_service_example", folder / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def client(service: ModuleType, tmp_path: Path) -> Iterator[Any]:
    from fastapi.testclient import TestClient

    def load() -> Any:
        scorer = indexed_scorer()
        return service.Service(scorer, CreatorIndex.build(tmp_path / "i", scorer, PEOPLE, threads=1))

    with TestClient(service.create_app(load)) as opened:
        yield opened


def test_scores_are_those_of_the_library(client: Any) -> None:
    answer = client.post("/score", json=BODY)
    assert answer.status_code == 200
    expected = msgspec.json.encode({"results": indexed_scorer().score(PEOPLE, BRIEF)})
    assert answer.content == expected
    assert client.post("/score", json={**BODY, "budget_ms": 60_000}).content == expected


def test_rankings_filters_and_changes(client: Any, service: ModuleType) -> None:
    assert client.get("/health").json()["index"] == {"creators": 12, "dtype": "float32"}
    best = client.post("/rank", json={"brief": BODY["brief"], "k": 3}).json()["best"]
    assert [one["rank"] for one in best] == [1, 2, 3]
    few = client.post("/rank", json={"brief": BODY["brief"], "filters": {"max_followers": 2_000}}).json()
    assert few["considered"] == 2
    assert client.delete(f"/creators/{best[0]['creator_id']}").json() == {"removed": 1}
    assert client.post("/rank", json={"brief": BODY["brief"]}).json()["considered"] == 11
    assert client.put("/creators", json={"creators": BODY["creators"]}).json() == {"written": 12}
    assert client.post("/rank", json={"brief": BODY["brief"]}).json()["considered"] == 12


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("/score", {"creators": BODY["creators"]}, 422, "brief"),
        ("/score", {"brief": {"brand": "b"}, "creators": BODY["creators"]}, 422, "brief.description"),
        ("/score", {**BODY, "creators": []}, 422, "creators"),
        ("/score", {**BODY, "creators": [{"creator_id": "a"}, {"creator_id": "b", "followers": "x"}]}, 422,
         "creators[1].followers"),
        ("/score", {**BODY, "creators": [{"creator_id": "a", "posts": [{"likes": -7}]}]}, 422,
         "creators[0].posts[0].likes"),
        ("/score", {**BODY, "budget_ms": "fast"}, 422, "budget_ms"),
        ("/score", {**BODY, "budget": 5}, 422, "budget"),
        ("/score", {**BODY, "compact": 1}, 422, "compact"),
        ("/rank", {"brief": BODY["brief"], "k": 0}, 422, "k"),
        ("/rank", {"brief": BODY["brief"], "filters": {"platforms": "tiktok"}}, 422, "filters.platforms"),
        ("/rank", {"brief": BODY["brief"], "filters": {"platfroms": ["tiktok"]}}, 422, "filters.platfroms"),
        ("/rank", [1], 422, ""),
    ],
)  # fmt: skip
def test_mistakes_name_their_field(client: Any, path: str, body: Any, status: int, field: str) -> None:
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["field"]) == (status, field), answer.json()


def test_other_refusals(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import limits

    for raw in (b"{broken", b"\xff\xfe{}", b"[" * 100_000, b""):
        answer = client.post("/score", content=raw)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == "RefusedError"
    monkeypatch.setattr(limits, "MAX_BODY", 10)
    assert client.post("/score", json=BODY).status_code == 413
    assert client.post("/score", content=(part for part in [b"x" * 8, b"x" * 8])).status_code == 413
    monkeypatch.undo()
    from bonafit.index.store import Writer

    with Writer(tmp_path / "i"):
        assert client.put("/creators", json={"creators": BODY["creators"][:1]}).status_code == 409
    many = {**BODY, "creators": [{"creator_id": str(i)} for i in range(257)]}
    assert client.post("/score", json=many).json()["field"] == "creators"
    monkeypatch.setattr(limits, "MAX_HELD", 10)
    assert client.post("/score", json=BODY).status_code == 503
    metrics = client.get("/metrics").text
    assert 'bonafit_requests_total{route="score",status="503"} 1.0' in metrics
    assert "bonafit_admitted 0.0" in metrics


def test_work_for_a_client_that_is_gone_stops(service: ModuleType) -> None:
    import limits

    scored: list[int] = []

    class Slow:
        budget_ms = None

        def lines(self, creators: Any, brief: Any) -> list[bytes]:
            scored.append(len(creators))
            return [b"0"] * len(creators)

    def check() -> None:
        if len(scored) == 2:
            raise limits.ClientGoneError

    body = {**BODY, "creators": [{"creator_id": str(i)} for i in range(100)]}
    with pytest.raises(limits.ClientGoneError):
        service.Service(Slow()).score(body, check)
    assert scored == [service.STEP] * 2


def test_a_body_that_does_not_come_is_refused(service: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    import anyio
    import limits
    from fastapi import Request

    async def never() -> dict[str, Any]:
        await anyio.sleep(60)
        raise AssertionError

    async def read() -> None:
        await limits.read_body(Request({"type": "http", "method": "POST", "headers": []}, never))

    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    with pytest.raises(limits.RefusedError, match="the body had not come"):
        anyio.run(read)


def test_a_bundle_is_taken_up_without_a_pause(service: ModuleType, tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    from bonafit.errors import BundleCorruptError

    services = [service.Service(indexed_scorer()), service.Service(indexed_scorer())]
    given = iter(services)

    def load() -> Any:
        try:
            return next(given)
        except StopIteration:
            raise BundleCorruptError("broken") from None

    with TestClient(service.create_app(load)) as client:
        first = client.post("/score", json=BODY).content
        with services[0].used():
            assert client.post("/reload").status_code == 200
            # somebody still uses the old one, which is closed only then
            assert services[0].scorer.score(PEOPLE[:1], BRIEF)
        assert client.post("/score", json=BODY).content == first
        refused = client.post("/reload")
        assert refused.status_code == 409
        assert "the old bundle goes on: broken" in refused.json()["detail"]
        assert client.post("/score", json=BODY).status_code == 200


def test_lines_of_the_log_say_nothing_of_anybody(client: Any, service: ModuleType, tmp_path: Path) -> None:
    import log

    told: list[str] = []
    lines = log.LOGGER.handlers[0].formatter

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(lines.format(record))

    handler = Kept()
    log.LOGGER.addHandler(handler)
    try:
        client.post("/score", json=BODY)
        client.post("/score", json={**BODY, "creators": [{"creator_id": "a", "followers": "x"}]})
        client.delete("/creators/c003")
    finally:
        log.LOGGER.removeHandler(handler)
    fields = [msgspec.json.decode(line) for line in told]
    assert [(line["event"], line["route"], line["status"]) for line in fields] == [
        ("request", "score", 200),
        ("request", "score", 422),
        ("request", "delete", 200),
    ]
    assert all(set(line) == {"at", "level", "event", "route", "status", "ms", "bundle"} for line in fields)
    text = "".join(told) + client.get("/metrics").text
    assert "bonafit_creators_total" in text
    words = (BRIEF.brand, *(word for one in PEOPLE for word in (one.creator_id, one.bio or "")))
    assert not any(word in text for word in words)


def test_the_document_says_what_is_taken_and_answered(client: Any) -> None:
    document = client.get("/openapi.json").json()
    components = document["components"]["schemas"]
    text = msgspec.json.encode(document).decode()
    for name in re.findall(r'"#/components/schemas/([^"]+)"', text):
        assert name in components
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            problem = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}, (path, method)
    taken = document["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert taken == {"$ref": "#/components/schemas/ScoreBody"}
    assert components["Creator"]["properties"]["creator_id"]["maxLength"] == 300
    answer = client.post("/score", json=BODY).json()["results"][0]
    assert set(answer) == set(components["CreatorScore"]["properties"])
    problem = client.post("/score", json={}).json()
    assert set(problem) == set(components["Problem"]["properties"])


def test_compact_answers_are_the_rows_of_a_table(client: Any) -> None:
    whole = client.post("/score", json=BODY).json()["results"]
    compact = client.post("/score", json={**BODY, "compact": True}).json()
    assert [row["score"] for row in compact["results"]] == [row["score"] for row in whole]
    assert compact["bundle_digest"] == whole[0]["bundle_digest"]
    assert "input_digest" not in compact["results"][0]


def test_a_path_that_there_is_not_is_a_problem_too(client: Any) -> None:
    for answer in (client.get("/scores"), client.get("/score")):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


def test_without_an_index_only_scoring_works(service: ModuleType) -> None:
    from fastapi.testclient import TestClient

    with TestClient(service.create_app(lambda: service.Service(indexed_scorer()))) as client:
        assert client.post("/score", json=BODY).status_code == 200
        assert client.post("/rank", json={"brief": BODY["brief"]}).status_code == 404


def test_requests_wait_where_there_is_no_thread_and_are_refused_when_nobody_listens_any_more(
    client: Any, service: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    import limits

    # many more than there are threads, all at once: every one has its answer
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.post("/score", json=BODY).status_code))
        for _ in range(6 * limits.WORKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200] * len(threads)
    monkeypatch.setattr(limits, "WAIT_SECONDS", 0.0)
    late = client.post("/score", json=BODY)
    assert late.status_code == 503
    assert "no thread was free" in late.json()["detail"]
