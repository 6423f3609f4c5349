"""Invented texts of safety are whole in every language, labels say what they should, and the fit learns from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bonafit.heads.safety.categories import CATEGORIES, NAMES
from bonafit.heads.safety.post_model import MIXED
from bonafit.heads.safety.words import COLUMNS
from bonafit_training.data.catalogue import DATASETS
from bonafit_training.data.safety import MEASURES, OBSCENE, TRAINING
from bonafit_training.heads.safety.examples import INVENTED, UNKNOWN, Examples
from bonafit_training.heads.safety.fit import DATASETS as TRAINED_ON
from bonafit_training.heads.safety.model import HARD, PRIOR, even_weights, fit_model, prior_weights
from bonafit_training.heads.safety.texts import (
    SOUNDS_LIKE,
    Invented,
    invented,
    labels_of,
    languages,
    read_texts,
    word_columns,
)

OWN = invented(seed=7)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_column_and_category(language: str) -> None:
    texts = read_texts(language)
    assert set(texts["words"]) == set(COLUMNS) - {"listed"}
    assert set(texts["posts"]) == set(NAMES)
    assert all(by_kind.get("promotes") for by_kind in texts["posts"].values())
    assert all(entry for words in texts["words"].values() for entry in words.split(", "))


def test_invented_posts_are_the_same_each_time_and_none_stands_twice() -> None:
    assert invented(seed=7) == OWN
    assert len({(item.language, item.text) for item in OWN}) == len(OWN)
    assert not [item.text for item in OWN if "{" in item.text or "}" in item.text]
    assert len(languages()) == 18


def test_labels_of_what_is_said() -> None:
    about, promotes, does = labels_of(
        Invented("en", "a cigar and whisky", "tobacco", "promotes", "g"), frozenset(("alcohol", "tobacco"))
    )
    assert (about["tobacco"], promotes["tobacco"], does) == (True, True, "promotes")
    assert "alcohol" not in about
    assert "alcohol" not in promotes
    about, promotes, does = labels_of(Invented("en", "I quit", "tobacco", "condemns", "g"), frozenset(("tobacco",)))
    assert (about["tobacco"], promotes["tobacco"], does) == (True, False, "condemns")
    about, promotes, does = labels_of(Invented("en", "a smoky eye", "tobacco", SOUNDS_LIKE, "g"), frozenset())
    assert not any(about.values())
    assert not any(promotes.values())
    assert does is None
    about, _, does = labels_of(Invented("en", "racism is vile", "hate", "condemns", "g"), frozenset())
    assert (about["hate"], does) == (False, None)


def test_only_sets_that_may_train_do() -> None:
    assert set(TRAINED_ON) == {*TRAINING, OBSCENE, "instagram_2017", "sib200"}
    assert all(DATASETS[name].trains for name in TRAINED_ON)
    assert not any(DATASETS[name].trains for name in MEASURES)
    assert not any("NC" in DATASETS[name].licence for name in TRAINED_ON)


def test_weights_are_the_stated_prior() -> None:
    y = np.array([1, 0, 0, 0, 0], dtype=np.int8)
    kind = np.array([0, 0, 1, 2, 2])
    assert even_weights(y, kind)[1:].tolist() == pytest.approx([5 / 6, 5 / 6, 5 / 12, 5 / 12])
    weights = prior_weights(y, kind) / 5
    assert weights[0] == pytest.approx(PRIOR)
    assert weights[1:3].sum() == pytest.approx((1 - PRIOR) * HARD)
    assert weights.sum() == pytest.approx(1)


@pytest.mark.slow
def test_the_fit_tells_offers_from_warnings() -> None:
    """Vectors of noise: what is learned is learned of words, and is the same each time."""
    rng = np.random.default_rng(0)
    own = [item for item in OWN if item.language == "en"]
    vectors = rng.normal(size=(len(own), 8)).astype(np.float32) / 8
    words = word_columns()
    about = np.full((len(own), len(NAMES)), UNKNOWN, dtype=np.int8)
    promotes, stance = about.copy(), np.full(len(own), UNKNOWN, dtype=np.int8)
    for i, item in enumerate(own):
        is_about, does, stands = labels_of(item, frozenset(words.named(item.text)))
        for name, is_so in is_about.items():
            about[i, NAMES.index(name)] = is_so
        for name, is_so in does.items():
            promotes[i, NAMES.index(name)] = is_so
        if stands is not None:
            stance[i] = ("promotes", "reports", "jokes", "condemns").index(stands)
    texts = [item.text for item in own]
    groups, source = [item.group for item in own], [INVENTED] * len(own)
    examples = Examples(texts, vectors, about, promotes, stance, groups, ["en"] * len(own), source)
    model, _ = fit_model(examples, words)
    assert model.mix.shape == (len(NAMES), len(MIXED))
    said = model.judge(np.zeros((2, 8), np.float32), ["Vodka with my code, great deal", "Quit vodka, it ruined me"])
    j = NAMES.index("alcohol")
    assert said.promoted[0, j] > 2 * said.promoted[1, j]


def test_the_page_defines_every_category(repository: Path) -> None:
    page = (repository / "docs" / "methods" / "safety.md").read_text(encoding="utf-8")
    for category in CATEGORIES:
        assert f"| `{category.name}` | {category.label} | {category.counts} | {category.not_counts} |" in page
