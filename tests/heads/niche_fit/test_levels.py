"""What texts of a language have in common is taken off their vectors, and off nobody else's."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.errors import BundleCorruptError
from bonafit.heads.niche_fit.levels import Levels
from bonafit.heads.niche_fit.reference import Reference
from bonafit.prepared import Prepared
from bonafit.records import Creator
from bonafit.text.units import Unit

LEVELS = Levels(("de", "fr"), ("en",), np.array([[0.6, 0, 0], [0, 0.6, 0], [0.3, 0.3, 0]], np.float32))


def texts(*languages: str | None) -> Prepared:
    units = tuple(Unit("caption", "0", "0", language=code) for code in languages)
    return Prepared(Creator(creator_id="c"), units, np.tile(np.float32([0.6, 0.0, 0.8]), (len(units), 1)))


def test_the_encoders_own_language_keeps_its_vectors() -> None:
    english = texts("en", None)
    assert LEVELS.level(english) is english


def test_a_language_loses_what_its_texts_have_in_common_and_an_unknown_one_the_mean() -> None:
    levelled = LEVELS.level(texts("de", "en", "sw"))
    np.testing.assert_allclose(levelled.vectors[0], [0, 0, 1], atol=1e-6)
    np.testing.assert_array_equal(levelled.vectors[1], np.float32([0.6, 0.0, 0.8]))
    assert levelled.vectors[2, 0] > 0 > levelled.vectors[2, 1]
    np.testing.assert_allclose(np.linalg.norm(levelled.vectors, axis=1), 1, atol=1e-6)


def test_nothing_but_what_a_language_has_in_common_has_no_length() -> None:
    only = Prepared(Creator(creator_id="c"), (Unit("caption", "0", "0", language="de"),), np.float32([[0.6, 0, 0]]))
    assert not LEVELS.level(only).vectors.any()


def test_a_reference_keeps_its_levels_and_is_made_of_levelled_texts() -> None:
    people = [texts("de", "fr", "en"), texts("en", "de")]
    reference = Reference.fit(people, levels=LEVELS)
    plain = Reference.fit([LEVELS.level(one) for one in people])
    np.testing.assert_array_equal(reference.posts.mean, plain.posts.mean)
    read = Reference.from_tables(reference.to_tables())
    assert read.levels is not None
    assert (read.levels.languages, read.levels.own) == (LEVELS.languages, LEVELS.own)
    np.testing.assert_array_equal(read.levels.shifts, LEVELS.shifts)
    assert Reference.from_tables(plain.to_tables()).levels is None


def test_levels_of_another_size_are_refused() -> None:
    tables = LEVELS.to_tables() | {"levels.shifts": LEVELS.shifts[:2]}
    with pytest.raises(BundleCorruptError, match="2 languages"):
        Levels.from_tables(tables)
