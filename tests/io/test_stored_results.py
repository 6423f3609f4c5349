"""Results that were edited between two runs: refused at the border with line and field, and never a traceback."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from benchmarks.faults import verbs

from bonafit.bundle.resolve import default_bundle
from bonafit.cli import INTERNAL, main
from bonafit.errors import InputError
from bonafit.io.stored_results import read_results, result_of
from tests.campaign.makers import BRIEF, result
from tests.sample_results import APART, RANKED

Edit = Callable[[dict[str, Any]], None]


def edited(edit: Edit, *path: str) -> Edit:
    def change(row: dict[str, Any]) -> None:
        inner: Any = row
        for name in path:
            inner = inner[name]
        edit(inner)

    return change


def put(name: str, value: Any) -> Edit:
    return lambda row: row.__setitem__(name, value)


def counted(*names: str) -> Edit:
    return put(
        "contributions",
        [{"component": name, "weight": 0.5, "value": 0.5, "effective_weight": 0.5, "points": 0.25} for name in names],
    )


DETAIL = ("engagement_quality", "detail")
OUT_OF_RANGE: dict[str, tuple[Edit, str]] = {
    "followers below none": (edited(put("followers", -1), "profile"), "profile.followers: found -1, expected"),
    "a price below nothing": (edited(put("price", -5), "profile"), "profile.price: found -5"),
    "no day of any calendar": (edited(put("as_of", "2026-13-01"), "profile"), "profile.as_of: found '2026-13-01'"),
    "a score above 1": (put("score", 1.5), "score: found 1.5"),
    "an interval the wrong way round": (put("interval", [0.9, 0.7]), "a low end that is not above"),
    "a rank without a score": (put("score", None), "a score with a verdict"),
    "a figure for nothing": (edited(put("status", "insufficient"), "niche_fit"), "value and interval of status ok"),
    "another head's answer": (edited(put("name", "safety"), "niche_fit"), "the name niche_fit"),
    "likes below none": (edited(put("value", -3), *DETAIL, "next_post", "likes"), "next_post.likes.value"),
    "text for a figure": (edited(put("predicted_rate", "x"), *DETAIL), "predicted_rate: found 'x', expected a number"),
    "a list for an object": (edited(put("parts", []), *DETAIL), "detail.parts"),
    "half a character": (edited(put("handle", "\ud800"), "profile"), "surrogate pair"),
    "no id": (put("creator_id", ""), "creator_id: is empty"),
    "a score without its interval": (put("interval", None), "score and interval, or neither"),
    "a component twice": (counted("niche_fit", "niche_fit"), "each component among the contributions once"),
    "a component of no head": (counted("luck"), "a component out of niche_fit"),
    "a rate of no model": (edited(lambda detail: detail.update(predicted_rate=0.1, expected_rate=None), *DETAIL),
                           "platform_model and expected_rate beside predicted_rate"),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "reason"), OUT_OF_RANGE.values(), ids=OUT_OF_RANGE)
def test_an_edited_result_is_refused_with_its_line_and_field(edit: Edit, reason: str, tmp_path: Path) -> None:
    rows = [msgspec.to_builtins(result(name)) for name in ("a", "b")]
    edit(rows[1])
    path = tmp_path / "scores.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(InputError) as refused:
        read_results(path)
    assert f"{path}, line 2: " in str(refused.value)
    assert reason in str(refused.value)


def test_results_as_they_were_written_pass() -> None:
    for stored in (*RANKED, *APART, result("a"), result("b", likes=None), result("c", fit=None)):
        assert result_of(msgspec.json.encode(stored)) == stored


@pytest.mark.parametrize("name", ["measure", "drift", "control"])
def test_a_table_with_half_a_character_is_refused_with_its_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brief, table = tmp_path / "brief.json", tmp_path / "rows.jsonl"
    brief.write_bytes(msgspec.json.encode({"brand": BRIEF.brand, "description": BRIEF.description}))
    sound = tmp_path / "sound.jsonl"
    sound.write_text('{"creator_id": "a", "likes": 3}\n')
    table.write_text('{"creator_id": "a", "likes": 3}\n{"creator_id": "\\ud800", "likes": 3}\n')
    scores = tmp_path / "scores.jsonl"
    scores.write_bytes(msgspec.json.encode(result("a")) + b"\n")
    argv = {
        "measure": ["measure", str(table), "--brief", str(brief)],
        "drift": ["drift", str(scores), str(scores), "--outcomes", str(table)],
        "control": ["measure", str(sound), "--brief", str(brief), "--control", str(table)],
    }[name]
    assert main(argv) == 1
    reason = capsys.readouterr().err
    assert "lone surrogate" in reason or "expected a unit" in reason
    assert INTERNAL not in reason


def test_creators_who_are_not_those_of_the_results_are_not_passed_over_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores, picture = tmp_path / "scores.jsonl", tmp_path / "wrong.png"
    scores.write_bytes(msgspec.json.encode(result("a")) + b"\n")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(500))
    out = tmp_path / "page.html"
    assert main(["report", str(scores), "--creators", str(picture), "-o", str(out)]) == 1
    assert "wrong.png" in capsys.readouterr().err
    assert not out.exists()


def test_an_error_that_nobody_foresaw_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("\x1b[2Jx\ny")

    monkeypatch.setattr("bonafit.cli.money.money", broken)
    scores, brief = tmp_path / "scores.jsonl", tmp_path / "brief.json"
    scores.write_bytes(msgspec.json.encode(result("a")) + b"\n")
    brief.write_bytes(msgspec.json.encode({"brand": "x", "description": "y"}))
    argv = ["money", str(scores), "--brief", str(brief)]
    assert main(argv) == 1
    reason = capsys.readouterr().err
    assert reason.startswith(f"bonafit: {INTERNAL}: KeyError")
    assert reason.count("\n") == 1
    assert "\x1b" not in reason
    monkeypatch.setenv("BONAFIT_TRACEBACK", "1")
    with pytest.raises(KeyError):
        main(argv)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_few_hostile_runs_of_verbs_end_in_words(tmp_path: Path) -> None:
    light = tuple(verb for verb in verbs.VERBS if not verb.heavy)
    count = verbs.fuzz(Path(default_bundle()), tmp_path, limit=4, verbs=light)
    assert count.tried == 4 * len(light)
    assert count.lost == 0, count.losses
