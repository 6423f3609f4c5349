"""Cleaning: what is removed, what is put into words, what never happens."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonafit.text.clean import MAX_CLEAN, MAX_HASHTAGS, clean, pictograph_name
from bonafit.text.hashtags import split_hashtag, word_cost
from bonafit.text.language import guess_language
from bonafit.text.words import words_of

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("cleanbeautytips", "clean beauty tips"),
        ("CleanBeauty_tips", "clean beauty tips"),
        ("thestruggleisreal", "the struggle is real"),
        ("veganfood", "vegan food"),
        ("photooftheday", "photo of the day"),
        ("fashionweek2024", "fashion week 2024"),
        ("東京", "東京"),
        ("didga", "didga"),
        ("ceramides", "ceramides"),
        ("hyperpigmentation", "hyperpigmentation"),
        ("whatieatinaday", "what i eat in a day"),
        ("", ""),
    ],
)
def test_hashtags_become_words(tag: str, words: str) -> None:
    assert split_hashtag(tag) == words


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("Check out the LINK IN BIO 💄", "lipstick"),
        ("DM for collabs! I bake sourdough", "I bake sourdough"),
        ("Business inquiries: me@mail.com", ""),
        ("Vegan cook 🌱 IG: @someone www.site.com/x", "Vegan cook seedling"),
        ("𝓜𝓪𝓴𝓮𝓾𝓹 artist", "Makeup artist"),
        ("ma\u200bke\u2060up\u202e tips", "makeup tips"),
        ("yoga yoga YOGA mats", "yoga mats"),
        ("Love this 😍😍❤️👏🏽", "Love this"),
        ("so good #vegan #vegan #Vegan", "so good vegan"),
        ("call +1 (555) 123-4567", "call"),
        ("follow 4 follow, f4f", ""),
        ("same line\nsame line", "same line"),
        ("[handle] [email] baker", "baker"),
        ("", ""),
    ],
)
def test_cleaning(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_a_hashtag_wall_counts_as_a_few_hashtags() -> None:
    wall = " ".join(f"#niche{chr(97 + i)}word" for i in range(26))
    assert len(clean(wall).split()) <= 3 * MAX_HASHTAGS


def test_pictographs_that_show_a_subject_have_a_name() -> None:
    assert pictograph_name("💄") == "lipstick"
    assert pictograph_name("🚴") == "bicyclist"
    assert pictograph_name("😍") == ""


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("slow mornings ☕", "slow mornings hot beverage"),
        ("☕ ☕ 🥐", "hot beverage croissant"),
        ("my new serum for dry skin in winter ☕", "my new serum for dry skin in winter"),
        ("冬の乾燥肌におすすめの美容液です ☕", "冬の乾燥肌におすすめの美容液です"),
        ("DM for collabs ☕", "hot beverage"),
    ],
)
def test_pictographs_are_named_where_few_words_stand_beside_them(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_rare_words_cost_more() -> None:
    assert word_cost("the") < word_cost("beauty") < word_cost("zzxxyq")
    assert word_cost("smoothies") < word_cost("zzxxyq")


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_cleaned_text_is_one_short_visible_line(raw: str) -> None:
    text = clean(raw)
    assert len(text) <= MAX_CLEAN
    assert text == " ".join(text.split())
    assert not {unicodedata.category(ch) for ch in text} & {"Cf", "Cc", "Cs", "Co"}
    assert all(word == word.lower() for word in words_of(text))
    assert clean(raw) == text


@given(st.text(alphabet="abc #@[].", max_size=3_000))
@settings(max_examples=60, deadline=2_000)
def test_adversarial_punctuation_stays_cheap(raw: str) -> None:
    clean(raw)


def test_a_huge_caption_is_read_in_part() -> None:
    assert len(clean("word " * 1_000_000)) <= MAX_CLEAN


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the best places to eat in the city with my friends", "en"),
        ("las mejores recetas de mi cocina para la vida", "es"),
        ("as melhores receitas da minha cozinha e muito amor para você", "pt"),
        ("je partage mes recettes avec vous pour la vie", "fr"),
        ("ich liebe das Leben und die Berge mit meinem Hund", "de"),
        ("мои рецепты и путешествия", "ru"),
        ("وصفات ونصائح يومية", "ar"),
        ("毎日の料理レシピ", "ja"),
        ("매일 요리", "ko"),
        ("sourdough", None),
        ("Kaffee", None),
        ("", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("सब्ज़ियों का बगीचा!", ("सब्ज़ियों", "का", "बगीचा")),
        ("สวัสดี", ("สวัสดี",)),
        ("ভালো বই", ("ভালো", "বই")),
        ("naïve café_au-lait", ("naïve", "café", "au", "lait")),
        ("\u0301 a", ("a",)),
    ],
)
def test_vowel_signs_belong_to_their_word(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words
