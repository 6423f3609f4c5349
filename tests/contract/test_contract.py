"""One contract for every head of the published bundle, on the invented sample."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit import Creator, Scorer
from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.heads import HEADS, WEIGHTED
from bonafit.heads.head import NOT_IN_BUNDLE, Head
from bonafit.io.brief import read_brief
from bonafit.io.read import read_creators
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.results import Component
from bonafit.scorer.load import load_heads

# the published bundle encodes the whole sample for them
pytestmark = pytest.mark.slow
TOLERANCE = 1e-9
STRANGE = (
    Creator(creator_id="nothing known"),
    Creator(creator_id="zeros", followers=0, following=0, posts_count=0, bio="", has_picture=False),
    Creator(creator_id="huge", followers=10**12, following=10**12, posts_count=10**12, bio="x" * 50_000),
    Creator(creator_id="right to left", bio="مرحبا بالعالم", language="ar", followers=500),
)


@pytest.fixture(scope="module")
def bundle_path(repository: Path) -> Path:
    return newest_bundle(repository / "models")


@pytest.fixture(scope="module")
def scorer(bundle_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    # remembering nothing but vectors: every answer that is compared is computed
    return Scorer.load(bundle_path, cache=tmp_path_factory.mktemp("vectors"), remember=0)


@pytest.fixture(scope="module")
def sample(repository: Path) -> list[Creator]:
    return [c for _, c in read_creators(repository / "examples" / "creators.jsonl", on_reject=_never)]


def _never(reject: object) -> None:
    raise AssertionError(f"the sample has a bad row: {reject}")


@pytest.fixture(scope="module")
def prepared(scorer: Scorer, sample: list[Creator]) -> list[Prepared]:
    return scorer.prepare([*sample, *STRANGE])


@pytest.fixture(scope="module")
def brief(scorer: Scorer, repository: Path) -> PreparedBrief:
    return scorer.prepare_brief(read_brief(repository / "examples" / "brief.toml"))


@pytest.fixture(scope="module", params=HEADS)
def head(request: pytest.FixtureRequest, scorer: Scorer) -> Head:
    return scorer.heads[request.param]


@pytest.fixture(scope="module")
def answers(head: Head, prepared: list[Prepared], brief: PreparedBrief) -> list[Component]:
    return head.score(prepared, brief)


def as_bytes(components: list[Component]) -> list[bytes]:
    return [msgspec.json.encode(c) for c in components]


def test_answers_are_finite_in_range_and_complete(
    head: Head, answers: list[Component], prepared: list[Prepared]
) -> None:
    assert len(answers) == len(prepared)
    for answer in answers:
        assert answer.name == head.name
        assert 0 <= answer.sufficiency <= 1
        assert isinstance(answer.sufficiency, float), "0 and 0.0 are other bytes once they went through Arrow"
        assert (answer.value is None) == (answer.status == "insufficient") == (answer.interval is None)
        if answer.value is not None and answer.interval is not None:
            low, high = answer.interval
            assert 0 <= low <= answer.value <= high <= 1
        assert all(np.isfinite((r.effect, r.points)).all() and r.text for r in answer.reasons)


def test_reasons_sum_to_the_value(answers: list[Component]) -> None:
    scored = [a for a in answers if a.value is not None]
    # a bundle published before a gate was thought of lacks it
    assert scored or all(a.flags == (NOT_IN_BUNDLE,) for a in answers)
    for answer in scored:
        assert sum(r.points for r in answer.reasons) == pytest.approx(answer.value, abs=TOLERANCE)


def test_batch_equals_single(
    head: Head, answers: list[Component], prepared: list[Prepared], brief: PreparedBrief
) -> None:
    chosen = [*range(0, len(prepared), 9), *range(len(prepared) - len(STRANGE), len(prepared))]
    singles = [head.score([prepared[i]], brief)[0] for i in chosen]
    assert as_bytes(singles) == as_bytes([answers[i] for i in chosen])


def test_order_does_not_matter(
    head: Head, answers: list[Component], prepared: list[Prepared], brief: PreparedBrief
) -> None:
    assert as_bytes(head.score(prepared[::-1], brief)[::-1]) == as_bytes(answers)


def test_no_creators_give_no_answers(head: Head, brief: PreparedBrief) -> None:
    assert head.score([], brief) == []


def test_same_after_another_load(
    head: Head, answers: list[Component], prepared: list[Prepared], brief: PreparedBrief, bundle_path: Path
) -> None:
    again = load_heads(read_bundle(bundle_path))[head.name]
    assert as_bytes(again.score(prepared[:30], brief)) == as_bytes(answers[:30])


def test_no_head_speaks_of_fraud(answers: list[Component]) -> None:
    assert "fraud" not in b"".join(as_bytes(answers)).decode().casefold()


@pytest.mark.parametrize("batch", [1, 7, 500])
def test_the_score_has_the_same_bytes_in_any_batch_and_order(
    scorer: Scorer, sample: list[Creator], repository: Path, batch: int
) -> None:
    brief = read_brief(repository / "examples" / "brief.toml")
    some = sample[::4]
    reference = {r.creator_id: msgspec.json.encode(r) for r in scorer.stream(some, brief)}
    other = {r.creator_id: msgspec.json.encode(r) for r in scorer.stream(some[::-1], brief, batch=batch)}
    assert other == reference


def test_contributions_and_reasons_sum_to_the_score(scorer: Scorer, sample: list[Creator], repository: Path) -> None:
    brief = read_brief(repository / "examples" / "brief.toml")
    for result in scorer.stream([*sample, *STRANGE], brief):
        assert (result.score is None) == (result.interval is None) == (not result.contributions)
        assert (result.score is None) == (result.verdict in {"not_judgeable", "never"})
        assert result.verdict_reasons
        if result.score is None:
            continue
        assert sum(c.points for c in result.contributions) == pytest.approx(result.score, abs=TOLERANCE)
        effective = {c.component: c.effective_weight for c in result.contributions}
        total = sum(
            effective[part.name] * sum(r.points for r in part.reasons)
            for part in result.components
            if part.name in effective
        )
        assert total == pytest.approx(result.score, abs=TOLERANCE)


def test_weights_of_the_brief_move_the_score(scorer: Scorer, sample: list[Creator], repository: Path) -> None:
    brief = read_brief(repository / "examples" / "brief.toml")
    scores = []
    for name in WEIGHTED:
        weights = msgspec.structs.replace(brief.weights, **{h: float(h == name) for h in WEIGHTED})
        result = scorer.score(sample[:1], msgspec.structs.replace(brief, weights=weights))[0]
        value = getattr(result, name).value
        assert (result.score is None) == (value is None)
        if value is not None:
            assert result.score == pytest.approx(value, abs=TOLERANCE)
            scores.append(result.score)
    assert len(scores) > 1
    assert any(a != b for a, b in itertools.pairwise(scores))
