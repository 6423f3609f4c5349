"""Bodies that schemathesis makes from the service's own document, sound and broken: an answer, or a 4xx with why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.end_to_end.test_service_example import client, service

__all__ = ["client", "service"]

schemathesis = pytest.importorskip("schemathesis", reason="makes bodies from the document; in the test extra")

OPERATIONS = (("/score", "POST"), ("/rank", "POST"), ("/creators", "PUT"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
def test_no_body_is_an_error_of_the_service(client: Any, mode: str) -> None:
    from hypothesis import HealthCheck, Phase, given, settings

    document = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    statuses: list[int] = []
    for path, method in OPERATIONS:
        bodies = document[path][method].as_strategy(generation_mode=schemathesis.GenerationMode[mode])

        @settings(
            max_examples=4, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=bodies)
        def ask(case: Any) -> None:
            made = case.as_transport_kwargs(base_url="http://testserver")
            body = json.dumps(made["json"]).encode() if "json" in made else made.get("data")
            answer = client.request(made["method"], made["url"], content=body, headers=made.get("headers"))
            statuses.append(answer.status_code)
            assert answer.status_code < 500, answer.text
            if answer.status_code != 200:
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["detail"]

        ask()
    assert len(statuses) >= 2 * len(OPERATIONS)
    if mode == "NEGATIVE":
        # one bad value loses one value, so that some of these bodies are answered for what else they hold
        assert all(status == 200 or 400 <= status < 500 for status in statuses), statuses
        assert any(status != 200 for status in statuses), statuses
