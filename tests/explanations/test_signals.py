"""Signals: every column that a head computes belongs to one; heads without words are told in general ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.explanations.signals import RESERVED, WORDS, signals_of, strongest
from bonafit.heads import HEADS
from bonafit.heads.engagement_quality.columns import COLUMNS as ENGAGEMENT
from bonafit.heads.niche_fit.pair import COLUMNS as FIT
from bonafit.heads.safety.categories import NAMES
from bonafit.results import Component, Reason

# Terms of authenticity: `Signal("name", ...)` in its evidence; and what is no column in the other heads.
MORE = {
    "niche_fit": {"adverse_share"},
    "engagement_quality": {"comments_against_likes", "views_against_likes"},
    "authenticity": {
        "followers", "following", "posts_count", "likes_per_comment", "likes_per_view", "audience_share",
        "follower_jumps", "machine_habits", "same_phrase", "same_commenter", "comment_spam",
    },
    "safety": {*NAMES, "excluded_topic"},
}  # fmt: skip
COLUMNS = {"niche_fit": FIT, "engagement_quality": ENGAGEMENT, "authenticity": (), "safety": ()}


def answer(name: str, *reasons: tuple[str, float | None, float]) -> Component:
    return Component(
        name=name, status="ok", value=sum(points for _, _, points in reasons), interval=(0.0, 1.0), sufficiency=1.0,
        reasons=tuple(
            Reason(feature=f, seen=s, effect=10 * p, points=p, text="t", usual=0.9) for f, s, p in reasons
        ),
    )  # fmt: skip


@pytest.mark.parametrize("head", sorted(HEADS))
def test_every_term_of_a_head_belongs_to_one_signal(head: str) -> None:
    words = WORDS[head]
    features = [feature for group in words.groups for feature in group.features]
    assert len(features) == len(set(features))
    assert set(features) == MORE[head] | {column.name for column in COLUMNS[head]}
    assert len(words.groups) <= 6
    assert not {group.name for group in words.groups} & set(RESERVED)


def test_the_terms_of_authenticity_are_those_of_its_source(repository: Path) -> None:
    source = "".join(
        (repository / "scoring" / "bonafit" / "heads" / "authenticity" / name).read_text(encoding="utf-8")
        for name in ("evidence.py", "wording.py")
    )
    named = {piece.split('"')[1] for piece in source.split("Signal(")[1:] if piece.lstrip().startswith('"')}
    columns = {
        c["name"]
        for c in read_bundle(newest_bundle(repository / "models")).manifest.heads["authenticity"]["accounts"]["counts"][
            "columns"
        ]
    }
    assert named | columns == MORE["authenticity"] | {"account_average"}


def test_what_is_absent_stands_apart_and_the_sum_is_exact() -> None:
    part = answer("niche_fit", ("baseline", None, 0.2), ("best_posts", 1.0, 0.3), ("bio_only_fit", None, -0.05))
    signals = signals_of(part, counts_for=0.5)
    assert [(s.name, s.points) for s in signals] == [("start", 0.2), ("posts", 0.3), ("not_shown", -0.05)]
    assert [s.is_reason for s in signals] == [False, True, False]
    assert signals[1].share_of_score == 0.15
    assert signals[1].effect == pytest.approx(3.0)
    assert signals[2].sentence == "What is not shown lowers fit."


def test_a_term_over_two_columns_goes_with_the_first() -> None:
    part = answer("niche_fit", ("baseline", None, 0.2), ("best_posts x bio_fit", None, 0.3))
    assert [s.name for s in signals_of(part)] == ["start", "posts"]


def test_the_strongest_in_a_direction_passes_over_start_and_what_is_absent() -> None:
    part = answer(
        "authenticity", ("baseline", None, 0.5), ("likes_per_comment", None, -0.3), ("followers", 10.0, -0.1),
        ("following", 10.0, -0.05),
    )  # fmt: skip
    lowering = strongest(part, lowers=True)
    assert lowering is not None
    assert (lowering.name, lowering.points) == ("profile", pytest.approx(-0.15))
    assert lowering.sentence.startswith("10 followers and 10 accounts followed are unusual")
    assert strongest(part, lowers=False) is None


def test_a_term_without_a_signal_is_told_in_general_and_still_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(WORDS, "engagement_quality")
    part = answer("engagement_quality", ("baseline", None, 0.5), ("brand_new", 1.0, 0.2))
    from bonafit.explanations import signals as module

    module._group_of.cache_clear()
    told = signals_of(part)
    module._group_of.cache_clear()
    assert [(s.name, s.sentence) for s in told] == [
        ("start", "A creator of whom nothing is known would stand at 0.50."),
        ("other", "What else was seen raises engagement a lot."),
    ]
