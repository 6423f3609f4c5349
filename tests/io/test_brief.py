"""Briefs: what is read, and how each mistake is named."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bonafit.errors import BriefError
from bonafit.io.brief import brief_from_dict, check_brief, read_brief
from bonafit.records import Brief, Weights
from bonafit.tiers import TIER_SCHEMES

LEAST = {"brand": "a", "description": "b"}


@pytest.mark.parametrize("name", ["brief.toml", "brief_coffee.toml", "brief_trains.json"])
def test_the_examples_are_read(repository: Path, name: str) -> None:
    brief = read_brief(repository / "examples" / name)
    assert brief.brand
    assert brief.tier_scheme in {*TIER_SCHEMES, "custom"}


def test_toml_json_and_standard_input_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml = 'brand = "a"\ndescription = "b"\nmarkets = ["DE", " at "]\n[weights]\nniche_fit = 1\n'
    json = '{"brand": "a", "description": "b", "markets": ["DE", " at "], "weights": {"niche_fit": 1}}'
    expected = Brief(brand="a", description="b", markets=("de", "at"), weights=Weights(niche_fit=1.0))
    for name, text in (("b.toml", toml), ("b.json", json), ("noname", json), ("other.txt", "\ufeff" + toml)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert read_brief(tmp_path / name) == expected
    for text in (toml, json):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
        assert read_brief("-") == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"brand": None}, "brand: found None, expected text"),
        ({"brand": ""}, "brand: found '', expected text of length >= 1"),
        ({"brand": "  "}, "brand: is blank"),
        ({"keyword": ["x"]}, "keyword: unknown field, expected brand, description, .*did you mean keywords"),
        ({"competitors": ["Nivea", "@ "]}, "competitors: found '@ ', expected the name or handle of a brand"),
        ({"exclusivity_days": 0}, "exclusivity_days: found 0, expected a whole number >= 1"),
        ({"zzz": 1}, "zzz: unknown field, expected brand"),
        ({"keywords": "x"}, "keywords: found 'x', expected a list"),
        ({"keywords": [3]}, r"keywords\[0\]: found 3, expected text"),
        ({"weights": {"niche": 1}}, r"weights\.niche: unknown field, expected niche_fit.*did you mean niche_fit"),
        ({"weights": {"niche_fit": -1}}, r"weights\.niche_fit: found -1, expected a number >= 0"),
        ({"weights": {"niche_fit": float("inf")}}, r"weights\.niche_fit: found inf, expected a finite"),
        ({"weights": dict.fromkeys(Weights.__struct_fields__, 0)}, "weights: all are 0"),
        ({"tier_scheme": "1k_10k"}, "tier_scheme: found '1k_10k', expected one of berger_1k_10k, 10k_50k, 3k_100k"),
        ({"tier_scheme": "custom"}, "custom needs min_followers or max_followers"),
        ({"min_followers": 10, "max_followers": 5}, "min_followers: found 10, above max_followers 5; swap"),
        ({"min_followers": -1}, "min_followers: found -1, expected a whole number >= 0"),
    ],
)
def test_mistakes_are_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BriefError, match=message):
        brief_from_dict({**LEAST, **change})


def test_one_market_may_be_named_alone() -> None:
    assert brief_from_dict({**LEAST, "market": "Germany"}).markets == ("de",)
    with pytest.raises(BriefError, match="market: unknown field"):
        brief_from_dict({**LEAST, "market": "de", "markets": ["at"]})


def test_missing_fields_and_other_shapes() -> None:
    with pytest.raises(BriefError, match="description: is missing"):
        brief_from_dict({"brand": "a"})
    with pytest.raises(BriefError, match="found list of 0, expected a table"):
        brief_from_dict([])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("b.toml", b"brand = ", r"b\.toml: is not valid TOML"),
        ("b.json", b"{", r"b\.json: is not valid JSON"),
        ("b.toml", b'brand = "\xff"', "is not UTF-8 at byte 9"),
        ("b.toml", b'brand = "a"', r"b\.toml: description: is missing"),
        ("b.toml", b"#" * (1 << 21), "larger than 1,048,576 bytes"),
    ],
)
def test_files_are_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BriefError, match=message):
        read_brief(tmp_path / name)


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(BriefError, match=r"cannot be read \(No such file"):
        read_brief(tmp_path / "none.toml")


def test_briefs_built_by_programs_are_checked_too() -> None:
    brief = Brief(brand="a", description="b", weights=Weights(niche_fit=0, authenticity=0, engagement_quality=0))
    with pytest.raises(BriefError, match="all are 0"):
        check_brief(brief)


def test_a_word_that_other_briefs_have_for_a_field() -> None:
    with pytest.raises(BriefError, match=r"countries: unknown field.*did you mean markets"):
        brief_from_dict({"brand": "Rye", "description": "Bread.", "countries": ["de"]})
