"""Invented texts of safety are whole in every language, labels say what they should, and the fit learns from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bonafit.heads.safety.categories import CATEGORIES, NAMES
from bonafit.heads.safety.post_model import MIXED, STANCES, together
from bonafit.heads.safety.words import COLUMNS
from bonafit_training.data.catalogue import DATASETS
from bonafit_training.data.niche_fit import INSTAGRAM
from bonafit_training.data.safety import MEASURES, OBSCENE, TRAINING
from bonafit_training.heads.safety.examples import INVENTED, UNKNOWN, Examples
from bonafit_training.heads.safety.fit import DATASETS as TRAINED_ON
from bonafit_training.heads.safety.model import (
    BOUNDS,
    ELSEWHERE,
    OTHERS,
    PRIOR,
    even_weights,
    excess,
    fit_model,
    folds_of,
    prior_weights,
)
from bonafit_training.heads.safety.model import (
    OWN as OWN_SHARE,
)
from bonafit_training.heads.safety.texts import (
    FRAMES,
    LOTS,
    SAME_FRAMES,
    SOUNDS_LIKE,
    Invented,
    invented,
    labels_of,
    languages,
    lot,
    read_texts,
    word_columns,
)
from bonafit_training.heads.safety.together import AT_LARGE, MISSED, POSTS, bounds_together, creators

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


def test_what_is_held_out_has_no_topic_and_no_frame_in_common_with_what_trains() -> None:
    for language in languages():
        texts = read_texts(language)
        for name, (section, kind) in FRAMES.items():
            frames = texts["frames"][SAME_FRAMES.get(name, name)]
            assert len(frames) >= LOTS
            assert all("{x}" in frame for frame in frames), (language, name)
            assert kind in (*STANCES, SOUNDS_LIKE)
            assert all(len(set(things)) == len(things) >= LOTS for things in texts[section].values())
        assert set(texts["near"]) == set(NAMES)
        assert set(texts["harmless"]) >= {"hate", "drugs", "injury", "terrorism", "arms"}
        assert len(texts["harmless"]["hate"]) >= 2 * LOTS
        assert set(texts["things"]) | set(texts["said"]) == set(NAMES)
    fold = dict(zip([item.group for item in OWN], folds_of([item.group for item in OWN]).tolist(), strict=True))
    assert sorted(fold[lot(k)] for k in range(LOTS)) == list(range(LOTS))
    german = [item for item in OWN if item.language == "de" and item.group.startswith("lot")]
    lots: dict[str, set[str]] = {}
    for item in german:
        for thing in read_texts("de")["things"].get(item.category, ()):
            if thing in item.text:
                lots.setdefault(thing, set()).add(item.group)
    assert lots
    assert all(len(groups) == 1 for groups in lots.values())


def test_hatred_of_a_thing_and_idioms_are_of_no_category() -> None:
    texts = {item.text: item for item in OWN}
    for post, category in (("Ich hasse Montage und meinen Wecker", "hate"), ("This salsa is the bomb", "terrorism")):
        item = texts[post]
        assert (item.category, item.kind) == (category, SOUNDS_LIKE)
        about, promotes, does = labels_of(item, frozenset((category,)))
        assert not any((*about.values(), *promotes.values()))
        assert (set(about), does) == (set(NAMES), None)


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
    kind = np.array([3, 3, 1, 2, 2])
    assert even_weights(y, kind)[1:].tolist() == pytest.approx([5 / 6, 5 / 6, 5 / 12, 5 / 12])
    weights = prior_weights(y, kind) / 5
    assert weights[0] == pytest.approx(PRIOR)
    assert weights[1] == pytest.approx((1 - PRIOR) * OWN_SHARE)
    assert weights[2] == pytest.approx((1 - PRIOR) * OTHERS)
    assert weights.sum() == pytest.approx(1)


def test_a_category_that_takes_too_many_is_lowered_to_its_bound() -> None:
    n, j = 200, NAMES.index("alcohol")
    labels = np.zeros((n, len(NAMES)), dtype=np.int8)
    examples = Examples(
        [""] * n, np.zeros((n, 2), np.float32), labels, labels, np.full(n, UNKNOWN), ["g"] * n, ["en"] * n,
        [INVENTED] * n, ["alcohol"] * n,
    )  # fmt: skip
    held = np.linspace(0.0, 1.0, n)
    assert (held - excess(held, examples, j) > 0).mean() == pytest.approx(BOUNDS["own"], abs=1 / n)
    assert excess(held - 9.0, examples, j) == 0


def test_posts_that_promote_another_category_are_bound_less() -> None:
    n, j = 400, NAMES.index("alcohol")
    promotes = np.zeros((n, len(NAMES)), dtype=np.int8)
    promotes[: n // 2, NAMES.index("tobacco")] = 1
    examples = Examples(
        [""] * n, np.zeros((n, 2), np.float32), promotes, promotes, np.full(n, UNKNOWN), ["g"] * n, ["en"] * n,
        [INVENTED] * n, [""] * n,
    )  # fmt: skip
    held = np.concatenate([np.linspace(0.0, 1.0, n // 2), np.full(n // 2, -1.0)])
    lowered = excess(held, examples, j)
    assert (held[: n // 2] - lowered > 0).mean() == pytest.approx(BOUNDS[ELSEWHERE], abs=2 / n)
    assert excess(held[::-1], examples, j) > lowered


def test_bounds_together_keep_their_shares() -> None:
    rng, n, j = np.random.default_rng(0), 300, NAMES.index("crime")
    promotes = np.zeros((2 * n, len(NAMES)), dtype=np.int8)
    promotes[:n, j] = 1
    near = ["crime"] * n + [""] * n
    examples = Examples(
        [""] * 2 * n, rng.normal(size=(2 * n, 3)).astype(np.float32), promotes, promotes, np.full(2 * n, UNKNOWN),
        ["g"] * 2 * n, ["en"] * 2 * n, [INVENTED] * n + [INSTAGRAM] * n, near,
    )  # fmt: skip
    held = np.concatenate([rng.normal(2.0, 1.0, (n, 1)), rng.normal(-3.0, 1.0, (n, 1))]) + np.zeros(len(NAMES))
    bound = bounds_together(held, examples, seed=7)[j]
    large = np.arange(n, 2 * n)
    drawn = creators(np.arange(n), examples.language, large, np.random.default_rng(1))
    assert (together(held[drawn, j]) >= bound).mean() == pytest.approx(1 - MISSED, abs=0.02)
    assert (together(held[rng.choice(large, (2_000, POSTS)), j]) >= bound).mean() <= AT_LARGE
    assert np.isinf(bounds_together(held[:n], examples.rows(np.arange(2 * n) < n), seed=7)).all()


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
    groups, source, near = [item.group for item in own], [INVENTED] * len(own), [item.category or "" for item in own]
    examples = Examples(texts, vectors, about, promotes, stance, groups, ["en"] * len(own), source, near)
    model, held = fit_model(examples, words, seed=7)
    assert held.shape == (len(own), len(NAMES))
    assert model.mix.shape == (len(NAMES), len(MIXED))
    said = model.judge(np.zeros((2, 8), np.float32), ["Vodka with my code, great deal", "Quit vodka, it ruined me"])
    j = NAMES.index("alcohol")
    assert said.promoted[0, j] > 2 * said.promoted[1, j]


def test_the_page_defines_every_category(repository: Path) -> None:
    page = (repository / "docs" / "methods" / "safety.md").read_text(encoding="utf-8")
    for category in CATEGORIES:
        assert f"| `{category.name}` | {category.label} | {category.counts} | {category.not_counts} |" in page
