"""What posts take away from a fit: copies of the brief by their share, posts against it all of it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bonafit.heads.niche_fit.contempt import Contempt
from bonafit.heads.niche_fit.pair import PairFeatures, pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.stance import AGAINST, Stance
from bonafit.heads.niche_fit.taken import COPIES, NO_OPINION, REFUSALS, opinion_of, refused_of, taken_away, times_said
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator, Post
from bonafit.text.units import brief_facets, creator_units

BRIEF = Brief(brand="Velt", description="Light trail running shoes for muddy mornings and long days.")
COPY = "Light trail running shoes for muddy mornings and long days"
STANCE = Stance(np.zeros(4), -1.0, threshold=math.log(99), word=4.0, contempt=Contempt({"en": ["hate", "garbage"]}))


def prepared(*captions: str) -> Prepared:
    """A creator whose texts all lie where the brief does, but for those about the rain."""
    posts = tuple(Post(caption=text) for text in captions)
    creator = Creator(creator_id="c", posts=posts)
    units = creator_units(creator)
    off = np.float32([0, 0, 0, 1])
    on = np.float32([1, 0, 0, 0])
    return Prepared(creator, units, np.array([off if "rain" in unit.text else on for unit in units]))


def features(one: Prepared) -> PairFeatures:
    noise = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    at_large = prepared(*(f"post number {i}" for i in range(50)))
    facets = brief_facets(BRIEF)
    asked = PreparedBrief(BRIEF, facets, np.tile(np.float32([1, 0, 0, 0]), (len(facets), 1)))
    return pair_features(one, BriefView(asked, Reference.fit([replace_vectors(at_large, noise)])))


def replace_vectors(one: Prepared, vectors: np.ndarray) -> Prepared:
    return Prepared(one.creator, one.units, vectors)


def test_a_text_is_counted_as_often_as_it_is_posted() -> None:
    one = prepared("My run today", "my run today!", "Another one", "My run today")
    assert times_said(one, np.arange(len(one.units))).tolist() == [3, 1]
    assert times_said(prepared("a b c", "d e f"), np.arange(2)).tolist() == [1, 1]


def test_one_sentence_against_the_brand_in_many_posts_is_told() -> None:
    one = prepared(*["Velt is garbage"] * 6, *(f"Morning run number {i}" for i in range(10)))
    opinion, about = opinion_of(STANCE, one, features(one))
    assert opinion.on_brand
    assert "Velt is garbage" in [one.units[i].raw for i in about.tolist()]
    (taken,) = taken_away(one, features(one), opinion, 2.0)
    assert taken.feature == "adverse_share"
    assert 2.0 + taken.effect == AGAINST


def test_contempt_of_what_the_brief_is_not_about_is_no_opinion_of_it() -> None:
    one = prepared(*(f"I hate the rain of day {i}" for i in range(9)), *(f"Run number {i}" for i in range(9)))
    opinion, about = opinion_of(STANCE, one, features(one))
    assert not opinion.found
    assert len(about) == 9
    assert opinion_of(None, one, features(one))[0].found is False


def test_copies_take_away_by_their_share_of_the_posts() -> None:
    one = prepared(*[COPY] * 5, *(f"Morning run number {i}" for i in range(15)))
    found = features(one)
    assert found.copied == 1
    (taken,) = taken_away(one, found, opinion_of(STANCE, one, found)[0], 0.0)
    assert (taken.feature, taken.share, taken.effect) == ("copied_share", 0.25, -COPIES / 4)
    assert not taken_away(one, replace(found, copies=np.zeros_like(found.copies)), opinion_of(None, one, found)[0], 0.0)


def test_a_copy_in_a_script_without_spaces_is_told() -> None:
    said = Brief(brand="Velt", description="朝の山道を軽く走るための靴を作っています。")
    facets = brief_facets(said)
    asked = PreparedBrief(said, facets, np.tile(np.float32([1, 0, 0, 0]), (len(facets), 1)))
    view = BriefView(asked, Reference.fit([prepared(*(f"post number {i}" for i in range(9)))]))
    assert view.repeats_sentence("朝の山道を軽く走るための靴を作っています")
    assert not view.repeats_sentence("今朝は山道で新しい靴を試しました")


def test_posts_about_what_the_brief_refuses_count_against_a_fit() -> None:
    brief = Brief(brand="Velt", description="Light running shoes for muddy mornings. No treadmills.")
    facets = brief_facets(brief)
    vectors = np.array([[0, 1, 0, 0] if facet.kind == "refused" else [1, 0, 0, 0] for facet in facets], np.float32)
    noise = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32) / 4
    at_large = prepared(*(f"post number {i}" for i in range(50)))
    view = BriefView(PreparedBrief(brief, facets, vectors), Reference.fit([replace_vectors(at_large, noise)]))
    one = prepared(*(f"Post number {i}" for i in range(10)))
    effects = []
    for n in (0, 2, 6, 10):
        moved = np.tile(np.float32([1, 0, 0, 0]), (10, 1))
        moved[:n] = [0, 1, 0, 0]
        creator = replace_vectors(one, moved)
        refused = refused_of(creator, pair_features(creator, view), view)
        assert (len(refused.units), refused.told) == (n, n > 2)
        taken = taken_away(creator, pair_features(creator, view), NO_OPINION, 2.0, refused.share)
        effects.append(sum(piece.effect for piece in taken))
    assert effects == pytest.approx([0.0, 0.0, -REFUSALS / 2, -REFUSALS])
