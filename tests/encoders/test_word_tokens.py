"""Tokens word by word are the tokenizer's own, whatever the text, the limit and what was met before."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.encoders import StaticEncoder
from bonafit.encoders import word_tokens as words
from bonafit.encoders.tokenizer import load_tokenizer, storable
from bonafit.encoders.word_tokens import WordTokens, by_words
from tests.encoder_texts import EDGES, invented_texts

ROOT = Path(__file__).resolve().parents[2]
(FOLDER,) = (ROOT / "models" / "encoders").glob("static-MiniLM-*")
RAW = (FOLDER / "tokenizer.json").read_bytes()
LIMIT = 24
TEXTS = [storable(text) for text in [*EDGES, *invented_texts(40, seed=8)]]
WHOLE, CUT = load_tokenizer(RAW, max_tokens=None), load_tokenizer(RAW, max_tokens=LIMIT)
BY_WORDS, BY_WORDS_CUT = WordTokens(RAW, max_tokens=None), WordTokens(RAW, max_tokens=LIMIT)
# Spaces of several kinds, accents that combine, special tokens, scripts without spaces, what is dropped or split.
SPACES = [" ", "  ", "\t", "\n", "\u00a0", "\u2009", "\u200b"]
ODD = [
    "\u0301",
    "é",
    "İ",
    "ſ",
    "Σς",
    "[CLS]",
    "[MASK]",
    "[SEP",
    "##s",
    "don't",
    "東京",
    "한국어",
    "نص",
    "👩‍🍳",
    "\x00",
    "\ufffd",
]
PIECES = st.sampled_from([*SPACES, *ODD, "vegan", "Ramen", "10k", "#", "a.b", "x" * 120])
TEXT = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join))


def ids(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    return [tokenizer.encode(text).ids for text in texts]


@given(st.lists(TEXT, min_size=1, max_size=8))
def test_the_same_ids_as_the_tokenizer(texts: list[str]) -> None:
    texts = [storable(text) for text in texts]
    assert BY_WORDS(texts) == ids(WHOLE, texts)
    assert BY_WORDS_CUT(texts) == ids(CUT, texts)


def test_more_words_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "REMEMBERED", 40)
    few = WordTokens(RAW, max_tokens=LIMIT)
    texts = [*EDGES, *invented_texts(300, seed=5)]
    expected = ids(CUT, [storable(text) for text in texts])
    for _ in range(2):
        for start in range(0, len(texts), 7):
            part = [storable(text) for text in texts[start : start + 7]]
            assert few(part) == expected[start : start + 7]
    assert len(few._known) <= 40 + 7 * 60


def test_from_several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "REMEMBERED", 100)
    shared = WordTokens(RAW, max_tokens=None)
    texts = invented_texts(400, seed=6)
    parts = [texts[start : start + 20] for start in range(0, 400, 20)] * 4
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(shared, parts)) == [ids(WHOLE, part) for part in parts]


@pytest.mark.slow
def test_a_tokenizer_that_counts_the_space_to_a_word_is_asked_for_whole_texts() -> None:
    other = json.loads(RAW) | {"pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}}
    raw = json.dumps(other).encode()
    assert by_words(RAW)
    assert not by_words(raw)
    encoder = StaticEncoder.load(FOLDER)
    plain = StaticEncoder.load(FOLDER)
    plain._words = None
    for texts in (TEXTS, TEXTS * 10):
        assert np.array_equal(plain.encode(texts), encoder.encode(texts))


def test_long_words_are_tokenised_and_not_remembered() -> None:
    tokens = WordTokens(RAW, max_tokens=LIMIT)
    long = "好" * 40
    first = tokens([f"a {long} b", long])
    assert first == ids(CUT, [f"a {long} b", long])
    assert tokens([f"a {long} b", long]) == first
    assert long not in tokens._known
    assert "a" in tokens._known
