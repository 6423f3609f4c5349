"""Units of creators and facets of briefs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonafit.errors import BriefError
from bonafit.records import Brief, Creator, Post
from bonafit.text.units import MAX_FACETS, MAX_POSTS, brief_facets, creator_units

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def test_most_recent_posts_come_first_and_undated_ones_last() -> None:
    posts = (
        Post(caption="old words"),
        Post(caption="first of may", posted_at=DAY),
        Post(caption="second of may", posted_at=DAY + timedelta(days=1), title="a title"),
    )
    units = creator_units(Creator(creator_id="a", bio="I cook", posts=posts))
    assert [(u.kind, u.text, u.post) for u in units] == [
        ("bio", "I cook", None),
        ("title", "a title", 2),
        ("caption", "second of may", 2),
        ("caption", "first of may", 1),
        ("caption", "old words", 0),
    ]
    assert units[2].at == DAY + timedelta(days=1)


def test_tags_stand_with_the_caption() -> None:
    creator = Creator(creator_id="a", posts=(Post(caption="new video", tags=("clean beauty", "VeganFood")),))
    assert creator_units(creator)[0].text == "new video clean beauty vegan food"


def test_what_is_said_in_a_video_is_read_like_a_caption() -> None:
    creator = Creator(creator_id="a", posts=(Post(caption="new video", transcript="today I bake rye bread"),))
    assert [(u.kind, u.text) for u in creator_units(creator)] == [
        ("caption", "new video"),
        ("caption", "today I bake rye bread"),
    ]


def test_repeated_captions_are_said_once() -> None:
    posts = [Post(caption=f"Buy yoga mats\u200b {'!' * i} 🔥", posted_at=DAY + timedelta(days=i)) for i in range(50)]
    units = creator_units(Creator(creator_id="a", posts=tuple(posts)))
    assert [u.post for u in units] == [49]


def test_at_most_so_many_posts_are_read() -> None:
    words = [f"{chr(97 + i % 26)}{chr(97 + i // 26)}x" for i in range(MAX_POSTS + 40)]
    posts = tuple(Post(caption=word, posted_at=DAY + timedelta(days=i)) for i, word in enumerate(words))
    units = creator_units(Creator(creator_id="a", posts=posts))
    assert len(units) == MAX_POSTS
    assert units[0].post == len(posts) - 1


def test_nothing_to_say() -> None:
    assert creator_units(Creator(creator_id="a", bio="😍", posts=(Post(caption="@someone"), Post()))) == ()


def test_facets_in_order_without_the_brands_name() -> None:
    brief = Brief(
        brand="Lumen Skin",
        description="Lumen Skin makes gentle skincare. Made for sensitive skin!\nVegan and fragrance-free.",
        keywords=("#cleanbeauty", "SPF"),
        values=("cruelty free",),
        excluded_topics=("gambling", "fast fashion"),
    )
    assert [(f.kind, f.text) for f in brief_facets(brief)] == [
        ("sentence", "makes gentle skincare."),
        ("sentence", "Made for sensitive skin!"),
        ("sentence", "Vegan and fragrance-free."),
        ("keyword", "clean beauty"),
        ("keyword", "spf"),
        ("value", "cruelty free"),
        ("excluded", "gambling"),
        ("excluded", "fast fashion"),
    ]


def test_a_brief_that_says_nothing_is_refused() -> None:
    with pytest.raises(BriefError, match="nothing left"):
        brief_facets(Brief(brand="Acme", description="Acme!"))


@given(st.text(min_size=1, max_size=400), st.lists(st.text(max_size=40), max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_brief_gives_facets_or_says_why_not(description: str, keywords: list[str]) -> None:
    brief = Brief(brand="Acme", description=description, keywords=tuple(keywords))
    try:
        facets = brief_facets(brief)
    except BriefError:
        return
    assert 0 < len(facets) <= 2 * MAX_FACETS
    assert all(facet.text for facet in facets)


def test_a_brief_with_lists_for_tuples_has_the_same_facets() -> None:
    given = Brief(brand="a", description="Soap.", keywords=["olive oil", "lye"])  # type: ignore[arg-type]
    assert brief_facets(given) == brief_facets(Brief(brand="a", description="Soap.", keywords=("olive oil", "lye")))
