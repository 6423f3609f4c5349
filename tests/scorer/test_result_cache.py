"""Results remembered are the results computed, byte for byte, and are found only by what computed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from bonafit.bundle.manifest import encoder_folder, read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.encoders import DeferredEncoder, OnnxEncoder
from bonafit.errors import BriefError, EncoderError
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator, Weights
from bonafit.results import Component
from bonafit.scorer import result_cache as module
from bonafit.scorer.panel import Panel
from bonafit.scorer.result_cache import ResultCache
from bonafit.scorer.scorer import Scorer
from tests.tiny import BRIEF, HashEncoder, creators
from tests.tiny_scorer import tiny_scorer

# Input digests with whose they are.
ASKED = {"ab": "x", "cd": "y"}


class Counting:
    """A head that passes on to another and counts whom it was asked about."""

    def __init__(self, head: object) -> None:
        self._head = head
        self.asked: list[str] = []

    def score(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        self.asked += [one.creator.creator_id for one in prepared]
        return self._head.score(prepared, brief)  # type: ignore[attr-defined, no-any-return]


def counted(folder: Path | None, *, remember: int = 512) -> tuple[Scorer, Counting]:
    plain = tiny_scorer()
    head = Counting(plain.heads["niche_fit"])
    heads = {**plain.heads, "niche_fit": head}
    panel = Panel(plain.bundle, heads, HashEncoder(), brief_free=(), remember=remember)  # type: ignore[dict-item]
    return Scorer(panel, cache=folder), head


def lines(scorer: Scorer, people: Sequence[Creator], brief: Brief = BRIEF) -> list[bytes]:
    return [msgspec.json.encode(result) for result in scorer.score(people, brief)]


@pytest.mark.slow
def test_another_process_is_answered_from_the_disk(tmp_path: Path) -> None:
    people = creators(300)
    expected = lines(tiny_scorer(), people)
    first, head = counted(tmp_path)
    assert lines(first, people) == expected
    assert len(head.asked) == 300
    second, head = counted(tmp_path)
    assert lines(second, people[::-1]) == expected[::-1]
    assert list(second.lines(people, BRIEF, batch=7)) == expected
    assert head.asked == []


def test_what_changed_is_computed_anew(tmp_path: Path) -> None:
    people = creators(20)
    first, _ = counted(tmp_path)
    lines(first, people)
    changed = msgspec.structs.replace(people[4], followers=123)
    mixed = [*people[:4], changed, *people[5:], changed]
    second, head = counted(tmp_path)
    assert lines(second, mixed) == lines(tiny_scorer(), mixed)
    assert head.asked == [changed.creator_id]
    other = msgspec.structs.replace(BRIEF, weights=Weights(niche_fit=1.0, authenticity=0.0, engagement_quality=0.0))
    assert lines(second, people, other) == lines(tiny_scorer(), people, other)
    assert len(head.asked) == 21


@pytest.mark.parametrize("changed", ["bundle", "encoder", "source"])
def test_a_result_is_found_only_by_what_computed_it(
    tmp_path: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ResultCache(("bundle", "encoder"), tmp_path, limit=9)
    line = b'{"score":0.5,"input_digest":"ab"}'
    kept.keep({"ab": line}, ASKED)
    kept.close()
    assert ResultCache(("bundle", "encoder"), tmp_path, limit=9).find(ASKED) == {"ab": line}
    if changed == "source":
        monkeypatch.setattr(module, "source_digest", lambda: "another")
    of = ("bundle" if changed != "bundle" else "other", "encoder" if changed != "encoder" else "other")
    assert ResultCache(of, tmp_path, limit=9).find(ASKED) == {}


def test_the_source_digest_moves_with_a_file_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (module.PACKAGE / "heads" / "niche_fit" / "head.py").is_file()
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    (tmp_path / "heads").mkdir()
    digests = []
    for text in ("a = 1\n", "a = 2\n"):
        (tmp_path / "heads" / "head.py").write_text(text)
        digests.append(module.source_digest.__wrapped__())
    assert digests[0] != digests[1]
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "archive.zip")
    assert module.source_digest.__wrapped__() is None


@pytest.mark.parametrize(
    "value", [b"", b"\0\0\0\0", b"\xff\xff\xff\xffxx", module._packed(b"{}"), module._packed(b'{"input_digest":"cd"}')]
)
def test_what_is_no_result_of_the_input_counts_as_absent(tmp_path: Path, value: bytes) -> None:
    kept = ResultCache(("bundle", "encoder"), tmp_path, limit=9)
    kept.keep({"ab": b'{"input_digest":"ab"}'}, ASKED)
    store = kept._opened()
    assert store is not None
    store.put([(kept._key("ab", "x"), kept._ciphered(value, "ab") if value else b"")])
    kept.close()
    assert ResultCache(("bundle", "encoder"), tmp_path, limit=9).find(ASKED) == {}


def test_a_damaged_answer_is_computed_again(tmp_path: Path) -> None:
    people = creators(5)
    first, _ = counted(tmp_path)
    expected = lines(first, people)
    first.close()
    (file,) = tmp_path.rglob("results.sqlite")
    file.write_bytes(file.read_bytes()[:3000])
    second, head = counted(tmp_path)
    with pytest.warns(UserWarning, match="begun again"):
        assert lines(second, people) == expected
    assert len(head.asked) == 5


def test_memory_is_bounded_and_can_be_none(tmp_path: Path) -> None:
    kept = ResultCache(("b", "e"), None, limit=2)
    asked = dict.fromkeys("abc", "x")
    kept.keep({"a": b"1", "b": b"2"}, asked)
    kept.find({"a": "x"})
    kept.keep({"c": b"3"}, asked)
    assert kept.find(asked) == {"a": b"1", "c": b"3"}
    people = creators(3)
    scorer, head = counted(tmp_path, remember=0)
    assert lines(scorer, people) == lines(scorer, people)
    assert len(head.asked) == 6
    assert not any(tmp_path.iterdir())


def test_a_result_cut_short_is_not_remembered() -> None:
    people = creators(30)
    expected = lines(tiny_scorer(), people)
    scorer, _ = counted(None)
    hurried = scorer.score(people, BRIEF, budget_ms=0.001)
    assert all("budget:cut_short" in result.flags for result in hurried)
    assert lines(scorer, people) == expected
    # once known, no limit cuts them
    assert [msgspec.json.encode(r) for r in scorer.score(people, BRIEF, budget_ms=0.001)] == expected


def test_a_brief_that_says_nothing_is_refused_before_any_creator_is_read() -> None:
    def never() -> Iterator[Creator]:
        yield from ()
        raise AssertionError("a creator was read")

    with pytest.raises(BriefError):
        next(tiny_scorer().lines(never(), Brief(brand="x", description=" ")))


def test_a_deferred_encoder_is_the_encoder_and_names_a_missing_file(repository: Path, tmp_path: Path) -> None:
    bundle = read_bundle(newest_bundle(repository / "models"))
    folder = encoder_folder(bundle)
    deferred, whole = DeferredEncoder.load(folder), OnnxEncoder.load(folder)
    assert (deferred.name, deferred.width, deferred.digest) == (whole.name, whole.width, whole.digest)
    texts = ["a bakery in Lyon", "trail running"]
    assert deferred.encode(texts).tobytes() == whole.encode(texts).tobytes()
    copy = tmp_path / folder.name
    copy.mkdir()
    (copy / "encoder.json").write_bytes((folder / "encoder.json").read_bytes())
    with pytest.raises(EncoderError, match=r"cannot be read|absent|missing"):
        DeferredEncoder.load(copy).encode(texts)
