"""Languages of texts: said by the text, else by the texts around it; never against a creator who writes little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.records import Brief, Creator, Post
from bonafit.text.language import guess_language, language_code, language_of, tagged, untagged
from bonafit.text.units import Unit, brief_facets, creator_units, for_encoder, unit_language
from bonafit.text.words import count_words

GERMAN = "Endlich wieder Urlaub mit der ganzen Familie in den Bergen"


def texts_in(units: tuple[Unit, ...]) -> dict[str, str | None]:
    return {unit.text: unit_language(unit) for unit in units}


@pytest.mark.parametrize(
    ("declared", "code"),
    [("pt-BR", "pt"), ("DE", "de"), ("Turkish", "tr"), ("sp", None), ("unknown", None), ("", None), (None, None)],
)
def test_declared_languages(declared: str | None, code: str | None) -> None:
    assert language_code(declared) == code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("今日は", "ja"),
        ("你好世界", "zh"),
        ("สวัสดีครับ", "th"),
        ("오늘", "ko"),
        ("Доброе утро, друзья", "ru"),
        ("123 !!", None),
    ],
)
def test_scripts_decide_short_texts(text: str, language: str | None) -> None:
    assert guess_language(text) == language


def test_short_texts_have_the_language_of_those_around_them() -> None:
    creator = Creator(creator_id="a", bio="Kaffee & Sport", posts=(Post(caption=GERMAN), Post(caption="Sunset vibes")))
    assert texts_in(creator_units(creator)) == {"Kaffee Sport": "de", GERMAN: "de", "Sunset vibes": "de"}


def test_a_declared_language_counts_where_texts_say_little_and_not_against_them() -> None:
    short = Creator(creator_id="a", language="tr", posts=(Post(caption="Kahve"),))
    assert texts_in(creator_units(short)) == {"Kahve": "tr"}
    wrong = Creator(creator_id="b", language="tr", posts=(Post(caption=GERMAN), Post(caption="Kaffee")))
    assert texts_in(creator_units(wrong)) == {GERMAN: "de", "Kaffee": "de"}


def test_mixed_creators_keep_each_texts_language() -> None:
    english = "What a beautiful day it was for all of us in the mountains with friends"
    creator = Creator(creator_id="a", posts=(Post(caption=GERMAN), Post(caption=english)))
    assert texts_in(creator_units(creator)) == {GERMAN: "de", english: "en"}


def test_words_that_english_briefs_borrow_stay_english() -> None:
    brief = Brief(brand="B", description="Machines for people who love coffee at home.", keywords=("espresso", "moka"))
    assert set(texts_in(brief_facets(brief)).values()) == {"en"}


def test_words_of_scripts_without_spaces_are_counted() -> None:
    assert count_words("fresh bread today") == 3
    assert count_words("今日は新しいパンを焼きました") >= 5
    assert count_words("สวัสดีครับวันนี้อากาศดีมาก") >= 5


@given(st.text(max_size=60), st.sampled_from(["de", "zh", "en"]))
def test_tags_come_off_whole(text: str, language: str) -> None:
    text = untagged(text)
    assert untagged(tagged(text, language)) == text
    assert language_of(tagged("text", language)) == language


def test_units_are_tagged_only_where_their_text_does_not_tell() -> None:
    units = creator_units(Creator(creator_id="a", bio="Kaffee & Sport", posts=(Post(caption=GERMAN),)))
    assert [for_encoder(unit) == unit.text for unit in units] == [False, True]
