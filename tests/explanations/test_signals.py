"""Signals: every column that a head computes belongs to one; heads without words are told in general ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.explanations.flags import BY_WORDS, notes_of
from bonafit.explanations.sentences import say
from bonafit.explanations.signals import RESERVED, WORDS, not_looked_at, signals_of, strongest
from bonafit.heads import HEADS
from bonafit.heads.niche_fit.pair import COLUMNS as FIT
from bonafit.heads.safety.categories import NAMES
from bonafit.results import Component, Reason

# Terms of authenticity: `Signal("name", ...)` in its evidence; and what is no column in the other heads.
MORE = {
    "niche_fit": {"adverse_share", "refused_share", "copied_share"},
    "engagement_quality": {
        "level", "comments_against_likes", "views_against_likes", "rate_against_likes", "hidden_posts", "undated_posts",
    },
    "authenticity": {
        "followers", "following", "posts_count", "likes_per_comment", "likes_per_view", "likes_alike",
        "likes_per_follower", "audience_share",
        "follower_jumps", "machine_habits", "same_phrase", "same_commenter", "comment_spam",
    },
    "safety": {*NAMES, "excluded_topic"},
}  # fmt: skip
COLUMNS = {"niche_fit": FIT, "engagement_quality": (), "authenticity": (), "safety": ()}


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
    assert set(features) | (words.unseen & MORE[head]) == MORE[head] | {column.name for column in COLUMNS[head]}
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


def told_of(name: str, detail: dict[str, object], *reasons: tuple[str, float | None, float]) -> str:
    """The sentence of the one signal seen."""
    part = replace(answer(name, ("baseline", None, 0.2), *reasons), detail=detail)
    (signal,) = (signal for signal in signals_of(part) if signal.is_reason)
    return signal.sentence


def test_the_number_of_posts_is_said_where_it_bears_out_what_they_do() -> None:
    for on, points, says in (
        (9, 0.4, "9 of 13 posts are on the brief's subject, where 7% is usual, which raises fit a lot."),
        (0, -0.1, "0 of 13 posts are on the brief's subject, where 7% is usual, which lowers fit."),
        (1, 0.1, "The closest posts (three in ten) beat 90% of posts elsewhere for this brief, which raises fit."),
        (5, -0.1, "The closest posts (three in ten) beat 90% of posts elsewhere for this brief, which lowers fit."),
    ):
        detail: dict[str, object] = {"posts_used": 13, "posts_on_niche": on}
        assert told_of("niche_fit", detail, ("best_posts", 2.0, points)) == says


def test_machine_habits_are_said_with_the_two_that_show_most() -> None:
    shares = {"same_gap_share": 0.93, "repeated_caption_share": 1.0, "burst_share": 0.6}
    for clock, repeats, bursts, says in (
        (1.0, 1.0, 0.0, "93% of gaps between posts are equal and 100% of captions repeat, rare together, which"),
        (1.0, 0.2, 0.9, "93% of gaps are equal and 60% of posts come in bursts, rare together, which"),
        (0.1, 1.0, 0.9, "100% of captions repeat and 60% of posts come in bursts, rare together, which"),
    ):
        detail: dict[str, object] = {
            "automation": {"clock": clock, "repeated_captions": repeats, "bursts": bursts, **shares}
        }
        assert told_of("authenticity", detail, ("machine_habits", 0.1, -0.05)) == f"{says} lowers authenticity."
    detail = {"automation": {"clock": 1.0, "repeated_captions": 1.0, "bursts": 0.0, "repeated_caption_share": 1.0}}
    assert told_of("authenticity", detail, ("machine_habits", 0.1, -0.05)).startswith("A fixed clock, repeated")
    assert told_of("authenticity", detail, ("machine_habits", 0.0, 0.0)).startswith("Posting times and captions look")


def test_the_jump_that_nothing_explains_is_said_with_its_day() -> None:
    jumps = [
        {"at": "2026-01-05", "growth": 3.0, "explained": 0.9},
        {"at": "2026-02-01", "growth": 1.8, "explained": 0.0},
    ]
    detail: dict[str, object] = {"follower_history": {"jumps": jumps}}
    assert told_of("authenticity", detail, ("follower_jumps", 1.0, -0.3)) == (
        "Followers jumped by 180% on 2026-02-01 without a post to explain it, which lowers authenticity a lot."
    )
    assert told_of("authenticity", detail, ("follower_jumps", 0.0, 0.0)).startswith("Posts explain every jump")
    assert told_of("authenticity", {}, ("follower_jumps", 0.0, 0.0)).startswith("The follower count never jumps")


def test_the_rate_said_is_the_one_that_people_count_themselves() -> None:
    rate = {"statistic": "median", "window": "last_12", "interactions": "likes", "denominator": "followers"}
    detail: dict[str, object] = {
        "definition": {"interactions": "likes", "denominator": "followers", "settled_days": 3.0},
        "expected_rate": 0.019,
        "ledger": [{**rate, "window": "all", "value": 0.9}, {**rate, "value": 0.03}],
    }
    level = ("level", 0.6, 0.2)
    assert told_of("engagement_quality", detail, level) == (
        "Posts get likes from 3% of followers; 1.9% is usual at this size, which raises engagement a lot."
    )
    # where the plain figures would not bear out what the model makes of the posts, its own factor is said
    for changed in (detail | {"expected_rate": 0.05}, detail | {"ledger": []}):
        said = told_of("engagement_quality", changed, level)
        assert said == "Posts get 7.4 times the reactions of such posts elsewhere, which raises engagement a lot."


def test_what_is_missing_is_named_by_the_figure_that_moves_most() -> None:
    for terms, says in (
        ([("comments_against_likes", None, -0.2)], "Comment counts are not shown, which lowers engagement a lot."),
        (
            [("views_against_likes", None, -0.1), ("undated_posts", None, -0.02)],
            "Among other things, view counts are not shown, which lowers engagement a lot.",
        ),
        ([("undated_posts", None, -0.001)], "What is not shown hardly changes engagement."),
    ):
        part = answer("engagement_quality", ("baseline", None, 0.5), *terms)
        assert signals_of(part)[-1].sentence == says


AUTHENTIC = {"posts_with_comments": 9, "posts_with_views": 4}


@pytest.mark.parametrize(
    ("detail", "reason", "says"),
    [
        ({"engagement": AUTHENTIC}, ("likes_per_follower", 12.0, -0.3), "The middle post has 12 likes for each"),
        ({"engagement": AUTHENTIC}, ("likes_alike", 0.5, -0.3), "Likes hardly differ from post to post"),
        ({"engagement": AUTHENTIC}, ("likes_per_comment", 40.0, 0.1), "Each comment comes with 40 likes over 9 posts"),
        ({"engagement": AUTHENTIC}, ("likes_per_view", 0.1, 0.1), "10% of views bring a like over 4 posts"),
        # of results of older releases
        ({"audience": {"share": 0.4, "n": 9}}, ("audience_share", 0.4, -0.3), "What else was seen lowers"),
        ({}, ("same_phrase", 0.4, -0.3), "What else was seen lowers"),
        ({"comments": {"n": 30, "commenters": 3}}, ("same_phrase", 0.4, -0.3), "What else was seen lowers"),
    ],
)  # fmt: skip
def test_what_was_not_measured_is_not_told(
    detail: dict[str, object], reason: tuple[str, float, float], says: str
) -> None:
    assert told_of("authenticity", detail, reason).startswith(says)


def test_a_small_sample_of_the_audience_says_how_many_are_needed() -> None:
    part = replace(answer("authenticity", ("baseline", None, 0.5)), detail={"audience_sample": {"readable_needed": 8}})
    told = not_looked_at(part)
    assert "The sample of followers is too small; 8 readable accounts are needed." in told
    assert not any("audience" in sentence for sentence in told[:-1])


@pytest.mark.parametrize(
    ("head", "detail", "told"),
    [
        ("niche_fit",
         {"posts_used": 3, "share_outside_languages": 0.4, "texts_naming_brand": 2, "texts_repeating_brief": 1},
         [("unread_language", {"share": "40%"}), ("naming_brand", {"n": 2}), ("repeating_brief", {"n": 1})]),
        ("niche_fit", {}, [("no_posts", {})]),
        ("safety", {"posts_without_text": 4, "posts_older_than_read": 5, "share_not_measured": 0.25},
         [("without_text", {"n": 4}), ("older", {"n": 5}), ("unread_language", {"share": "25%"}), ("no_pictures", {})]),
        ("safety", {}, []),
    ],
)  # fmt: skip
def test_what_was_not_read_is_said_with_how_much(
    head: str, detail: dict[str, object], told: list[tuple[str, dict[str, object]]]
) -> None:
    part = replace(answer(head, ("baseline", None, 0.2)), detail=detail)
    assert list(not_looked_at(part)) == [say(head, key, **places) for key, places in told]


def test_a_place_that_no_table_has_is_told_in_general() -> None:
    part = replace(answer("niche_fit", ("bio_only_fit", 1.0, 0.1)), detail={"posts_used": 0})
    bare = replace(part, reasons=tuple(replace(reason, usual=None) for reason in part.reasons))
    (signal,) = (signal for signal in signals_of(bare) if signal.is_reason)
    assert signal.sentence.startswith("What else was seen raises fit")


def test_comments_are_told_by_people_and_by_likes_as_far_as_either_is_known() -> None:
    talk = {"people": 12, "says_something": {"value": 0.5}}
    against = {"times_usual": 2.0, "n": 8}
    term = ("comments_against_likes", 1.0, 0.2)
    told = [
        told_of("engagement_quality", {"parts": parts}, term)
        for parts in (
            {"conversation": talk, "comments_against_likes": against}, {"conversation": talk},
            {"comments_against_likes": against}, {},
        )
    ]  # fmt: skip
    assert len(set(told)) == 4
    assert all(("12" in sentence) == (i < 2) for i, sentence in enumerate(told))
    doubted = told_of("engagement_quality", {"parts": {}}, ("views_against_likes", 1.0, -0.2))
    assert doubted != told_of(
        "engagement_quality", {"parts": {"views_against_likes": against}}, ("views_against_likes", 1.0, -0.2)
    )


def test_a_topic_the_safety_head_judged_is_not_asked_again_by_words() -> None:
    by_words = BY_WORDS
    judged = [note.flag for note in notes_of([by_words, "safety:promotes:excluded_topic"])]
    assert judged == ["safety:promotes:excluded_topic"]
    assert [note.severity for note in notes_of([by_words])] == ["note"]
