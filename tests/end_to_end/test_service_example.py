"""The example service: answers, errors with the field's path, changes, and no work at import."""

from __future__ import annotations

import importlib.util
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
pytest.importorskip("httpx", reason="the service example's client is httpx, in the test extra")

PEOPLE = creators(12)


def plain(one: Any) -> dict[str, Any]:
    return {key: value for key, value in msgspec.to_builtins(one).items() if key != "extra"}


BODY = {"brief": plain(BRIEF), "creators": [plain(one) for one in PEOPLE]}


@pytest.fixture(scope="module")
def service(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "bonafit_service_example", repository / "examples" / "service" / "app.py"
    )
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
        ("/score", {**BODY, "creators": [{"creator_id": "a", "posts": [{"likes": -1}]}]}, 422,
         "creators[0].posts[0].likes"),
        ("/score", {**BODY, "budget_ms": "fast"}, 422, "budget_ms"),
        ("/rank", {"brief": BODY["brief"], "k": 0}, 422, "k"),
        ("/rank", {"brief": BODY["brief"], "filters": {"platforms": "tiktok"}}, 422, "filters"),
        ("/rank", [1], 422, ""),
    ],
)  # fmt: skip
def test_mistakes_name_their_field(client: Any, path: str, body: Any, status: int, field: str) -> None:
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["field"]) == (status, field), answer.json()


def test_other_refusals(client: Any, service: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.post("/score", content=b"{broken").status_code == 400
    monkeypatch.setattr(service, "MAX_BODY", 10)
    assert client.post("/score", json=BODY).status_code == 413
    monkeypatch.undo()
    from bonafit.index.store import Writer

    with Writer(tmp_path / "i"):
        assert client.put("/creators", json={"creators": BODY["creators"][:1]}).status_code == 409
    monkeypatch.setattr(service, "QUEUE", 0)
    assert client.post("/score", json=BODY).status_code == 503


def test_without_an_index_only_scoring_works(service: ModuleType) -> None:
    from fastapi.testclient import TestClient

    with TestClient(service.create_app(lambda: service.Service(indexed_scorer()))) as client:
        assert client.post("/score", json=BODY).status_code == 200
        assert client.post("/rank", json={"brief": BODY["brief"]}).status_code == 404
