"""Account features against slow references, and the account part of the authenticity head."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bonafit.heads.authenticity.account_columns import account_values, display_cells, mean_pairwise_cosine, words
from bonafit.records import Creator, Post

START = datetime(2024, 1, 1, tzinfo=UTC)


def slow_cosine(texts: list[str]) -> float:
    values = []
    for a, b in itertools.combinations(texts, 2):
        x, y = Counter(words(a)), Counter(words(b))
        if not x and not y:
            values.append(1.0)
        elif not x or not y:
            values.append(0.0)
        else:
            names = sorted(set(x) | set(y))
            u, v = (np.array([bag[n] for n in names], dtype=float) for bag in (x, y))
            values.append(float(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))
    return float(np.mean(values))


def test_caption_similarity_equals_its_definition() -> None:
    texts = ["bread and butter", "bread and jam", "", "", "パンを焼く", "パンを食べる", "Bread BREAD"]
    assert mean_pairwise_cosine(texts) == pytest.approx(slow_cosine(texts), abs=1e-12)
    assert mean_pairwise_cosine(["one"]) is None


def test_cells_ignore_emoji_and_count_wide_scripts_twice() -> None:
    assert display_cells("bread") == 5
    assert display_cells("bread 🍞🔥") == 6
    assert display_cells("パン") == 4


def test_values_follow_the_published_definitions() -> None:
    posts = tuple(
        Post(
            posted_at=START + timedelta(hours=10 * i), caption="" if i == 0 else f"day {i} #f4f", likes=10 * (i + 1),
            comments=2, kind="image" if i else "video", location="" if i else "Lyon",
        )
        for i in range(4)
    )  # fmt: skip
    values = account_values(Creator(creator_id="a", followers=1000, following=99, posts_count=4, posts=posts))
    assert values["like_rate"] == pytest.approx(0.025)
    assert values["mean_comments"] == pytest.approx(2)
    assert values["gap_hours"] == pytest.approx(10)
    assert values["active_hours"] == pytest.approx(40)
    assert values["caption_empty_share"] == pytest.approx(0.25)
    assert values["non_image_share"] == pytest.approx(0.25)
    assert values["location_share"] == pytest.approx(0.25)
    assert values["follow_words"] == pytest.approx(0.75)
    assert values["followers_per_following"] == pytest.approx(math.log10(1001 / 100))
    assert values["bio_length"] is None


def test_only_the_eighteen_latest_posts_count() -> None:
    posts = tuple(Post(posted_at=START + timedelta(days=i), likes=i, caption="x") for i in range(40))
    values = account_values(Creator(creator_id="a", followers=1, posts=posts))
    assert values["mean_likes"] == pytest.approx(np.mean(np.arange(22, 40)))


def test_a_place_without_images_says_nothing_about_kinds() -> None:
    posts = tuple(Post(kind="video", caption="x") for _ in range(5))
    assert account_values(Creator(creator_id="a", posts=posts))["non_image_share"] is None
