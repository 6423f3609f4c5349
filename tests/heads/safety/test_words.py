"""Words of many languages and scripts are found, as words and not inside of others."""

from __future__ import annotations

import zlib

import pytest

from bonafit.errors import BundleCorruptError
from bonafit.heads.safety.words import COLUMNS, LISTED, WordColumns

WORDS = {
    "alcohol": ["wine", "vodk*", "*bier", "ワイン", "शराब", "خمر", "red wine"],
    "gambling": ["casino", "free spins", "赌场"],
    "offer": ["code"],
}


def named(text: str, words: WordColumns | None = None) -> set[str]:
    columns = words or WordColumns(WORDS)
    return {COLUMNS[place] for place in columns.columns(text)}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("A glass of wine", "alcohol"), ("Vodka!", "alcohol"), ("Lieblingsbier", "alcohol"),
        ("赤ワインが好き", "alcohol"),
        ("मुझे शराब पसंद", "alcohol"), ("والخمر", "alcohol"),
        ("20 free spins today", "gambling"), ("新赌场开业", "gambling"),
    ],
)  # fmt: skip
def test_a_word_is_found_in_its_script(text: str, column: str) -> None:
    assert column in named(text)


@pytest.mark.parametrize("text", ["twine", "freely spins", "bierhaus", "", "अशराब"])
def test_a_part_of_another_word_is_not(text: str) -> None:
    assert named(text) == set()


def test_listed_words_are_kept_as_checksums() -> None:
    words = WordColumns({}, [zlib.crc32(b"rude")])
    assert named("how Rude", words) == {LISTED}
    again = WordColumns.from_tables(words.to_tables())
    assert named("rude", again) == {LISTED}


def test_words_come_back_from_tables() -> None:
    again = WordColumns.from_tables(WordColumns(WORDS).to_tables())
    assert again.words == WordColumns(WORDS).words
    assert again.matrix(["casino code", "rain"]).sum(axis=1).tolist() == [2, 0]
    with pytest.raises(BundleCorruptError, match="words cannot be read"):
        WordColumns.from_tables({})


def test_categories_of_a_topic_in_free_words() -> None:
    words = WordColumns(WORDS)
    assert words.named("casino and wine") == ("alcohol", "gambling")
    assert words.named("code") == ()
