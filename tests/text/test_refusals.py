"""What a brief does not want is told apart, in eighteen languages."""

from __future__ import annotations

import pytest

from bonafit.records import Brief
from bonafit.text.refusals import refuses, refuses_word, wanted_and_refused
from bonafit.text.units import brief_facets

REFUSED = [
    ("en", "We don't want vegan food."), ("en", "No capsules please"), ("en", "Please avoid fitness content"),
    ("de", "Keine Kapseln."), ("de", "Veganes Essen passt nicht zu uns."), ("fr", "Nous ne voulons pas de recettes."),
    ("es", "No queremos comida vegana."), ("pt", "Nada de cápsulas"), ("it", "Non cerchiamo ricette vegane"),
    ("nl", "We willen geen veganistisch eten"), ("sv", "Inga kapslar"), ("pl", "Nie chcemy kapsułek"),
    ("ru", "Никаких капсул."), ("tr", "Kapsül istemiyoruz."), ("id", "Kami tidak mencari makanan vegan"),
    ("vi", "Chúng tôi không muốn đồ chay"), ("hi", "कैप्सूल नहीं चाहिए"), ("ar", "لا نريد الكبسولات"),
    ("ja", "カプセルは不要です。"), ("ko", "캡슐은 사절합니다"), ("zh", "我们不想要素食内容"),
]  # fmt: skip
WANTED = [
    ("en", "No more dry skin: our serum solves it."), ("en", "Not just a coffee brand."),
    ("en", "Never miss a sunrise."),
    ("de", "Nicht nur für Anfänger."), ("fr", "Pas seulement pour les experts"), ("es", "No solo para expertos"),
    ("ru", "Не только для новичков"), ("ja", "初心者だけでなく上級者にも"), ("ko", "초보자뿐만 아니라 전문가도"),
    ("tr", "Evde espresso yapanlar için"), ("xx", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "sentence"), REFUSED)
def test_a_sentence_that_refuses_is_told(language: str, sentence: str) -> None:
    assert refuses(sentence, language)
    assert wanted_and_refused(sentence, language)[0] == ""


@pytest.mark.parametrize(("language", "sentence"), WANTED)
def test_what_looks_like_a_refusal_stays_as_it_is(language: str, sentence: str) -> None:
    assert wanted_and_refused(sentence, language) == (sentence, ())


def test_a_clause_is_taken_out_of_its_sentence() -> None:
    assert wanted_and_refused("Coffee beans, no capsules, and grinders.", "en") == (
        "Coffee beans, and grinders.",
        ("no capsules",),
    )
    said = wanted_and_refused("Wir rösten Kaffee, aber Kapseln wollen wir nicht.", "de")
    assert said == ("Wir rösten Kaffee", ("aber Kapseln wollen wir nicht.",))


def test_facets_of_a_brief_part_what_is_wanted_from_what_is_not() -> None:
    brief = Brief(
        brand="Rostavi", description="Coffee beans for home. No capsules.", keywords=("ceramides", "latteArt")
    )
    assert [(facet.kind, facet.text) for facet in brief_facets(brief)] == [
        ("sentence", "Coffee beans for home."),
        ("keyword", "ceramides"),
        ("keyword", "latte art"),
        ("refused", "No capsules."),
    ]


def test_a_brief_of_refusals_alone_is_compared_with_what_it_speaks_of() -> None:
    (facet,) = brief_facets(Brief(brand="Rostavi", description="No capsules."))
    assert facet.kind == "sentence"


@pytest.mark.parametrize(
    ("keyword", "language", "refused"),
    [
        ("no capsules", "de", True), ("keine Kapseln", "en", True), ("nada de carne", "es", True),
        ("ohne Zucker", "de", False), ("without sugar", "en", False), ("no-bake cakes", "en", False),
        ("notebooks", "en", False), ("espresso", "de", False),
    ],
)  # fmt: skip
def test_a_keyword_that_refuses_is_not_wanted(keyword: str, language: str, refused: bool) -> None:
    assert refuses_word(keyword, language) is refused
    facets = brief_facets(Brief(brand="x", description="We roast coffee at home.", keywords=(keyword,)))
    assert [facet.kind for facet in facets] == ["sentence", "refused" if refused else "keyword"]
