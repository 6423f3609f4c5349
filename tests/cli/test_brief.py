"""`bonafit brief`, `doctor` and `completion`: comfort around scoring."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.cli import main
from bonafit.cli.brief import QUESTIONS, as_toml, asked, shown
from bonafit.errors import InputError
from bonafit.io.brief import brief_from_dict, read_brief
from bonafit.records import Brief
from bonafit.scorer.understood import Understood

ANSWERS = {
    "brand": "Aubelle", "description": "Gentle skincare for sensitive skin.", "keywords": "skin barrier, sunscreen",
    "platforms": "Instagram, tiktok", "languages": "German", "markets": "Germany", "min_followers": "1,000",
    "max_followers": "100 000",
}  # fmt: skip


@pytest.fixture(scope="module")
def bundle(repository: Path) -> str:
    return str(max((repository / "models").glob("20*")))


@pytest.fixture(autouse=True)
def _no_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BONAFIT_CACHE", str(tmp_path_factory.mktemp("cache")))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


@pytest.mark.slow
def test_a_brief_is_asked_for_written_and_shown(
    tmp_path: Path, bundle: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, *(ANSWERS.get(field, "") for field, _, _ in QUESTIONS))
    place = tmp_path / "brief.toml"
    assert main(["brief", "new", str(place), "--bundle", bundle]) == 0
    brief = read_brief(place)
    assert (brief.brand, brief.keywords) == ("Aubelle", ("skin barrier", "sunscreen"))
    assert (brief.platforms, brief.languages, brief.markets) == (("instagram", "tiktok"), ("de",), ("de",))
    assert (brief.min_followers, brief.max_followers) == (1000, 100_000)
    told = capsys.readouterr()
    assert "Name of the brand: " in told.err
    assert "    + Gentle skincare for sensitive skin." in told.out
    assert "on instagram, tiktok; posting in German; from DE; with 1,000 to 100,000 followers" in told.out
    assert main(["brief", "new", str(place)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_what_cannot_be_used_is_asked_for_again(capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter(["", "Aubelle", "Skincare.", *[""] * 7, "many", "5000", "10", "9000"])
    brief = asked(lambda question: next(answers))
    assert (brief.min_followers, brief.max_followers) == (5000, 9000)
    told = capsys.readouterr().err
    for words in ("brand: is blank", "found 'many', expected a whole number", "max_followers"):
        assert words in told


def test_input_that_ends_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "Aubelle")
    assert main(["brief", "new", str(tmp_path / "brief.toml")]) == 1
    assert "ended before the last question" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main(["brief", "new", str(tmp_path / "brief.txt")]) == 1
    assert "expected .toml" in capsys.readouterr().err


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
def test_any_brief_reads_back_equal(brand: str, description: str, keywords: list[str]) -> None:
    brief = Brief(brand=brand, description=description, keywords=tuple(keywords), min_followers=5)
    assert brief_from_dict(tomllib.loads(as_toml(brief))) == brief


def read(**more: object) -> Understood:
    brief = msgspec.convert({"brand": "b", "description": "d"} | more, Brief)
    return Understood(
        brand="b", languages=("English",), told=("brief in German, read through the map",),
        wanted=("Gentle skincare.",), left_out=("We were founded in 1999.",), refused=("No capsules.",),
        unwanted=("gambling", "capsule coffee"), close=("capsule coffee",),
        weights={"niche_fit": 0.5, "authenticity": 0.25, "engagement_quality": 0.25}, brief=brief,
        safety={"gambling": "never", "scams": 0.0, "alcohol": 0.25, "profanity": "no matter"},
    )  # fmt: skip


def test_what_is_left_out_of_a_brief_is_said() -> None:
    told = shown(read(exclusivity_days=30, competitors=["Other | Otherbrand"], min_followers=7), width=70)
    for words in (
        "b. Written in English.", "! brief in German, read through the map", "+ Gentle skincare.",
        "- We were founded in 1999.", "- No capsules.", "! gambling", "Close to what is wanted is “capsule coffee”",
        "with 7 followers or more",
        "exclusivity days: 30", "competitors: Other | Otherbrand", "fit 50%, authenticity 25%, engagement 25%",
        "Never: gambling.", "None: spam and scams.", "25% at most: alcohol.", "No matter: profanity and insults.",
    ):  # fmt: skip
        assert words in told
    assert max(map(len, told.splitlines())) <= 70


@pytest.mark.slow
def test_sentences_about_the_company_are_left_out_by_the_published_bundle(
    tmp_path: Path, bundle: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "brief.json"
    company = "Our company was founded in Berlin in 2009 and employs two hundred people."
    place.write_text(json.dumps({"brand": "b", "description": f"Mineral sunscreen for sensitive skin. {company}"}))
    assert main(["brief", "show", str(place), "--bundle", bundle, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["wanted"] == ["Mineral sunscreen for sensitive skin."]
    assert told["left_out"] == [company]
    assert told["languages"] == ["English"]


@pytest.mark.slow
def test_the_doctor_looks_at_everything(
    tmp_path: Path, bundle: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BONAFIT_CACHE", str(tmp_path / "cache"))
    assert main(["doctor", "--bundle", bundle, "--json"]) == 0
    found = {finding["what"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert {"bonafit", "bundle", "encoder", "cache", "excel"} <= set(found)
    assert found["bundle"]["found"].startswith(Path(bundle).name)
    assert main(["doctor", "--bundle", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "bad     bundle" in out
    assert "no manifest.json" in out


def test_a_script_of_completion_names_every_verb() -> None:
    pytest.importorskip("shtab", reason="needs bonafit[completion]")
    done = subprocess.run(
        [sys.executable, "-m", "bonafit", "completion", "bash"], capture_output=True, check=True, text=True
    )
    for verb in ("score", "explain", "doctor", "brief"):
        assert verb in done.stdout
    assert "--brief" in done.stdout


def test_answers_are_read_from_the_terminal_or_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    from bonafit.cli.brief import _answer

    typed(monkeypatch, "  an answer ")
    assert _answer("?") == "an answer"
    with pytest.raises(InputError, match="nothing was written"):
        _answer("?")
