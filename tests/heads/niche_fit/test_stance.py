"""Posts against the niche: faint one by one, told together; those that name the brand by their mean."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.errors import BundleCorruptError
from bonafit.heads.niche_fit.contempt import Contempt
from bonafit.heads.niche_fit.stance import ADVERSE_SHARE, AGAINST, Opinion, Stance
from bonafit.text.units import Unit

WORDS = Contempt({"en": ["hate", "disgust*", "waste of"], "hi": ["घटिया*"], "ja": ["大嫌い"], "tr": ["asla"]})
STANCE = Stance(np.array([2.0, 0.0]), -1.0, threshold=0.5, word=2.0, contempt=WORDS)


def caption(text: str, language: str | None = None) -> Unit:
    return Unit("caption", text, text, language=language)


def opinion_of(vectors: np.ndarray, names: np.ndarray | None = None) -> Opinion:
    units = [caption(f"post number {i}") for i in range(len(vectors))]
    return STANCE.opinion(STANCE.log_odds(units, vectors), names)


def posts(odds: list[float]) -> np.ndarray:
    return np.array([[(o + 1.0) / 2.0, 0.0] for o in odds], dtype=np.float32)


def test_one_adverse_post_of_many_is_not_told() -> None:
    opinion = opinion_of(posts([2.0] + [-1.0] * 39))
    assert not opinion.found
    assert opinion.effect(2.0) == 0.0


def test_three_posts_of_ten_are_told_and_take_the_fit_away() -> None:
    opinion = opinion_of(posts([2.0] * 12 + [-1.0] * 28))
    assert opinion.found
    assert opinion.share == pytest.approx(ADVERSE_SHARE, abs=0.15)
    assert 3.0 + opinion.effect(3.0) == AGAINST
    assert opinion.effect(AGAINST - 1.0) == 0.0
    assert opinion.adverse[:12].min() > opinion.adverse[12:].max()


def test_posts_that_name_the_brand_speak_by_their_mean() -> None:
    names = np.array([True] * 4 + [False] * 36)
    assert opinion_of(posts([0.5] * 4 + [-1.5] * 36), names).found
    assert not opinion_of(posts([-0.5] * 4 + [-1.5] * 36), names).found
    assert not opinion_of(posts([0.5] * 2 + [-1.5] * 38), names & (np.arange(40) < 2)).found


def test_a_text_said_in_ten_posts_counts_ten_times() -> None:
    logs, names = np.array([1.5, -1.0, -1.0]), np.array([True, False, False])
    assert not STANCE.opinion(logs, names, np.array([2, 1, 1])).on_brand
    often = STANCE.opinion(logs, names, np.array([10, 1, 1]))
    assert often.on_brand
    assert often.share == pytest.approx(10 / 12)
    assert not STANCE.opinion(logs, ~names, np.array([10, 1, 1])).on_brand


def test_nothing_to_read_is_no_opinion_and_tables_come_back() -> None:
    assert not opinion_of(np.zeros((0, 2), np.float32)).found
    read = Stance.from_tables(STANCE.to_tables())
    np.testing.assert_array_equal(read.weights, STANCE.weights)
    assert (read.bias, read.threshold, read.word) == (STANCE.bias, STANCE.threshold, STANCE.word)
    assert read.contempt.words == WORDS.words
    with pytest.raises(BundleCorruptError, match="stance cannot be read"):
        Stance.from_tables({})


def test_words_of_contempt_are_those_of_the_texts_language() -> None:
    said = [
        caption("What a WASTE OF time"),
        caption("Disgusting, all of it"),
        caption("the shop in Hateford"),
        caption("यह बहुत घटियाहै", "hi"),
        caption("ヨガは大嫌いです", "ja"),
        caption("asla", "tr"),
        caption("asla", "de"),
        caption("hate", "fr"),
    ]
    assert WORDS.of(said).tolist() == [True, True, False, True, True, True, False, False]
    np.testing.assert_allclose(STANCE.log_odds(said[1:3], posts([0.0, 0.0])), [2.0, 0.0])


def test_tables_without_words_are_those_of_older_bundles() -> None:
    tables = STANCE.to_tables()
    del tables["stance.words"]
    tables["stance.bias"] = tables["stance.bias"][:2]
    old = Stance.from_tables(tables)
    assert old.word == 0.0
    assert not old.contempt.of([caption("I hate it")]).any()
