"""A brief's language is told and read, or refused with what to do; creators in other languages are judged and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bonafit import Brief, Creator, Scorer
from bonafit.bundle.resolve import newest_bundle
from bonafit.errors import BriefError
from bonafit.records import Post
from bonafit.scorer.languages import Languages

DOOR = Languages(frozenset({"en"}), {"de": 0.63, "la": None})
GERMAN = Brief(
    brand="B", description="Wir verkaufen sanfte Hautpflege für empfindliche Haut und suchen Gesichter dazu."
)
ENGLISH = Brief(brand="B", description="Gentle skincare for sensitive skin, serums and sunscreen.", keywords=("sérum",))
DHIVEHI = Brief(brand="B", description="ބައެއް މީހުން ދިވެހިރާއްޖޭގައި އުޅޭ")

SKIN = {
    "de": "Sanfte Reinigung und jeden Tag Sonnenschutz, meine Routine für trockene Haut, Teil {}",
    "tr": "Nazik temizleyici ve her gün güneş kremi, kuru cilt için rutinim, bölüm {}",
    "en": "Gentle cleansers and sunscreen every day, my routine for dry skin, part {}",
}
COFFEE = {
    "de": "Frisch gemahlener Kaffee am Morgen, heute ein Espresso aus der neuen Maschine, Folge {}",
    "tr": "Sabah taze çekilmiş kahve, bugün yeni makineden bir espresso, bölüm {}",
    "en": "Freshly ground coffee in the morning, today an espresso from the new machine, part {}",
}


def creator(name: str, text: str) -> Creator:
    return Creator(creator_id=name, posts=tuple(Post(post_id=f"{i}", caption=text.format(i)) for i in range(12)))


def test_a_brief_in_the_encoders_language_needs_no_word() -> None:
    assert DOOR.told(ENGLISH) == []
    assert Languages().told(GERMAN) == []


def test_a_brief_through_the_door_is_told() -> None:
    assert DOOR.told(GERMAN) == ["The brief is in German, which is read a little less exactly than English."]


def test_a_brief_that_is_not_read_is_refused_with_what_to_do() -> None:
    with pytest.raises(BriefError, match=r"in German, which this bundle does not read; it reads English: write"):
        Languages(frozenset({"en"})).told(GERMAN)
    with pytest.raises(
        BriefError, match=r"in Divehi, .* it reads English and 2 languages through its map \(de la\): write"
    ):
        DOOR.check(DHIVEHI)


@pytest.fixture(scope="module")
def scorer(repository: Path) -> Scorer:
    return Scorer.load(newest_bundle(repository / "models"))


@pytest.mark.slow
def test_the_niche_decides_in_every_language_of_brief_and_creator(scorer: Scorer) -> None:
    people = [
        creator(f"{kind}-{code}", texts[code]) for kind, texts in (("skin", SKIN), ("coffee", COFFEE)) for code in texts
    ]
    for brief in (GERMAN, ENGLISH):
        fits = {result.creator_id: result.niche_fit for result in scorer.score(people, brief)}
        values = {name: part.value for name, part in fits.items()}
        assert all(value is not None for value in values.values())
        assert min(v for n, v in values.items() if n[0] == "s") > max(v for n, v in values.items() if n[0] == "c")
        assert "language_through_map:tr" in fits["skin-tr"].flags
        assert not [flag for flag in fits["skin-en"].flags if flag.startswith("language")]


@pytest.mark.slow
def test_results_through_the_door_are_wider_and_alike(scorer: Scorer) -> None:
    english, german = scorer.score([creator(code, SKIN[code]) for code in ("en", "de")], ENGLISH)
    assert english.niche_fit.value is not None
    assert german.niche_fit.value is not None
    assert abs(english.niche_fit.value - german.niche_fit.value) <= 0.2
    assert german.niche_fit.detail["share_through_map"] > 0.9


def test_refused_everywhere(scorer: Scorer) -> None:
    with pytest.raises(BriefError, match="does not read"):
        scorer.score([creator("a", SKIN["en"])], DHIVEHI)
    with pytest.raises(BriefError, match="does not read"):
        scorer.prepare_brief(DHIVEHI)
