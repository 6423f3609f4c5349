"""Three lists and a verdict: who is ranked, who cannot be judged, who is never to be booked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from bonafit.errors import BriefError
from bonafit.heads import HEADS
from bonafit.io.brief import brief_from_dict, check_brief
from bonafit.jobs.ranking import Best, rank
from bonafit.records import Brief, Creator, FollowerPoint, Post, VerdictMarks, Weights
from bonafit.results import Component, CreatorScore, Evidence, Reason
from bonafit.scorer.combine import normalised_weights
from bonafit.scorer.verdict import fresh, freshness_unknown, missing, never, unsafe_posts, verdict_of, widened

BRIEF = Brief(brand="b", description="d")
NOW = datetime(2026, 10, 31, tzinfo=UTC)


def posts(age_days: int, *, counted: bool = True) -> tuple[Post, ...]:
    return (Post(caption="a", posted_at=NOW - timedelta(days=age_days), counted_at=NOW if counted else None),)


def part(name: str, value: float | None, *flags: str, reasons: tuple[Reason, ...] = ()) -> Component:
    return Component(
        name=name, status="insufficient" if value is None else "ok", value=value,
        interval=None if value is None else (max(0.0, value - 0.1), min(1.0, value + 0.1)), sufficiency=0.5,
        flags=flags, reasons=reasons,
    )  # fmt: skip


def parts(fit: float | None = 0.8, genuine: float | None = 0.8, engaged: float | None = 0.8) -> dict[str, Component]:
    values = {"niche_fit": fit, "authenticity": genuine, "engagement_quality": engaged}
    return {name: part(name, values.get(name, 1.0)) for name in HEADS}


def lacking(creator: Creator, found: dict[str, Component] | None = None, brief: Brief = BRIEF) -> list[str]:
    return missing(creator, brief, found or parts(), normalised_weights(brief.weights))


def test_private_without_posts_and_no_posts_cannot_be_judged() -> None:
    assert lacking(Creator(creator_id="a", is_private=True)) == ["The account is private and shows no posts."]
    assert lacking(Creator(creator_id="a")) == ["There are no posts."]
    assert lacking(Creator(creator_id="a", is_private=True, posts=posts(1))) == []


def test_nothing_newer_than_six_months_cannot_be_judged() -> None:
    assert lacking(Creator(creator_id="a", posts=posts(183))) == []
    told = lacking(Creator(creator_id="a", posts=posts(184)))
    assert told == ["The newest post, of 2026-04-30, was 184 days old on 2026-10-31; at most 183 are allowed."]
    fresh = Creator(creator_id="a", posts=(*posts(400), *posts(10)))
    assert lacking(fresh) == []


def test_the_age_is_counted_from_what_is_stated_never_from_the_clock() -> None:
    old = Creator(creator_id="a", posts=posts(3_000, counted=False))
    assert lacking(old) == []
    stated = msgspec.structs.replace(BRIEF, as_of=date(2026, 10, 31))
    assert "3000 days old" in lacking(old, brief=stated)[0]
    seen = msgspec.structs.replace(old, follower_history=(FollowerPoint(at=NOW, followers=5),))
    assert "3000 days old" in lacking(seen)[0]
    undated = Creator(creator_id="a", posts=(*posts(400), Post(caption="b")))
    assert lacking(undated, brief=stated) == []


def test_freshness_is_known_only_where_a_day_of_reading_is_stated() -> None:
    stated = msgspec.structs.replace(BRIEF, as_of=date(2026, 10, 31))
    unread = Creator(creator_id="a", posts=posts(5, counted=False))
    assert not fresh(unread, BRIEF)
    assert fresh(unread, stated)
    assert fresh(Creator(creator_id="a", posts=posts(5)), BRIEF)
    # an undated post beside old ones says nothing
    undated = Creator(creator_id="a", posts=(*posts(400), Post(caption="b")))
    assert not fresh(undated, stated)
    assert freshness_unknown(undated, stated)
    assert freshness_unknown(unread, BRIEF)
    # of whom all is known to be old, that is said instead
    assert not freshness_unknown(Creator(creator_id="a", posts=posts(400)), stated)
    assert not freshness_unknown(unread, stated)


def test_posts_without_any_text_cannot_be_judged() -> None:
    silent = Creator(creator_id="a", bio="vegan baker", posts=(msgspec.structs.replace(posts(1)[0], caption=""),))
    assert lacking(silent) == ["No post has a text, so nobody knows what they are about."]
    unasked = msgspec.structs.replace(BRIEF, weights=Weights(niche_fit=0))
    assert lacking(silent, brief=unasked) == []


def test_a_head_that_abstains_is_missing_unless_it_has_no_weight() -> None:
    creator = Creator(creator_id="a", posts=posts(1))
    silent = parts() | {"niche_fit": part("niche_fit", None, "too_little_text")}
    assert lacking(creator, silent) == ["Fit cannot be judged. There is too little text to compare with the brief."]
    unasked = msgspec.structs.replace(BRIEF, weights=Weights(niche_fit=0))
    assert lacking(creator, silent, unasked) == []


def test_never_names_the_posts() -> None:
    evidence = (Evidence(kind="unsafe_post", text="win at my casino", weight=1.0, at="2026-10-01T00:00:00Z"),)
    unsafe = parts() | {"safety": msgspec.structs.replace(part("safety", 0.9, "never_book"), evidence=evidence)}
    assert never(unsafe)
    assert unsafe_posts(unsafe) == ["2026-10-01: win at my casino"]
    assert not never(parts())
    assert unsafe_posts(parts()) == []


@pytest.mark.parametrize("interval", [(0.97, 0.98), (0.0, 0.01), (0.4, 0.5), (0.1, 0.9), (0.5, 0.95), (0.0, 1.0)])
def test_what_is_said_of_the_unjudged_is_wide(interval: tuple[float, float]) -> None:
    known = msgspec.structs.replace(part("authenticity", interval[0]), interval=interval)
    wide = widened(known).interval
    assert wide is not None
    assert 0 <= wide[0] <= interval[0] <= interval[1] <= wide[1] <= 1
    assert wide[1] - wide[0] >= 0.6 - 1e-12
    assert widened(part("authenticity", None)).interval is None


def decided(
    found: dict[str, Component], score: float, *flags: str, brief: Brief = BRIEF
) -> tuple[str, tuple[str, ...]]:
    return verdict_of(brief, found, normalised_weights(brief.weights), score, flags)


def test_shortlist_review_and_pass_part_at_the_marks_of_the_brief() -> None:
    assert decided(parts(), 0.8)[0] == "shortlist"
    assert decided(parts(), 0.59)[0] == "review"
    assert decided(parts(), 0.29)[0] == "pass"
    assert decided(parts(fit=0.19), 0.8) == ("pass", ("Fit is 0.19; below 0.20 creators are passed over.",))
    assert decided(parts(genuine=0.4), 0.8) == (
        "review",
        ("Authenticity is 0.40; the shortlist asks for at least 0.50.",),
    )
    strict = msgspec.structs.replace(BRIEF, verdict=VerdictMarks(shortlist_score=0.9))
    assert decided(parts(), 0.8, brief=strict) == (
        "review",
        ("The score is 0.80; the shortlist asks for at least 0.90.",),
    )


def test_a_signal_asks_for_a_person() -> None:
    verdict, reasons = decided(parts(), 0.8, "authenticity:suspicious_audience", "engagement_quality:counts_hidden")
    assert (verdict, reasons) == ("review", ("More of the sampled followers look suspicious than is usual.",))
    assert decided(parts(), 0.8, "country_outside_brief")[0] == "review"
    assert decided(parts(), 0.8, "engagement_quality:counts_hidden")[0] == "shortlist"


def test_reasons_are_one_to_three_and_name_what_moved_the_head() -> None:
    reasons = tuple(
        Reason(feature=f, seen=None if f == "baseline" else 9.0, effect=p, points=p, text="")
        for f, p in (("baseline", 0.5), ("posts_count", -0.3), ("follower_jumps", -0.1), ("machine_habits", 0.1))
    )
    found = parts() | {"authenticity": part("authenticity", 0.2, reasons=reasons)}
    assert decided(found, 0.8) == (
        "pass",
        (
            "Authenticity is 0.20; below 0.30 creators are passed over. "
            "9 posts are unusual for a genuine account, which lowers authenticity a lot.",
        ),
    )
    signals = [f"authenticity:signal_{i}" for i in range(9)]
    assert len(decided(parts(), 0.5, *signals)[1]) == 3


def scored(creator_id: str, score: float | None, verdict: str = "review") -> CreatorScore:
    found = parts()
    return CreatorScore(
        creator_id=creator_id, score=score, interval=None if score is None else (0.0, 1.0), sufficiency=0.5,
        verdict=verdict, verdict_reasons=("r",), contributions=(), flags=(), input_digest="i", bundle_digest="b",
        **found,
    )  # fmt: skip


RESULTS = [
    scored("n", None, "never"), scored("u", None, "not_judgeable"), scored("low", 0.0, "pass"), scored("b", 0.9),
    scored("a", 0.9),
]  # fmt: skip


def test_nobody_unjudged_stands_above_somebody_judged() -> None:
    assert [result.creator_id for result in rank(RESULTS)] == ["a", "b", "low", "u", "n"]


@pytest.mark.parametrize("as_lines", [True, False])
def test_the_best_hold_the_ranked_alone_and_the_others_are_counted_apart(as_lines: bool) -> None:
    best = Best(3)
    for result in RESULTS * 2 if not as_lines else ():
        best.add(result)
    if as_lines:
        assert len(list(best.watch_lines(map(msgspec.json.encode, RESULTS * 2)))) == 10
    assert [result.creator_id for result in best.ranked()] == ["a", "a", "b"]
    assert [result.creator_id for result in best.apart()] == ["u", "u", "n", "n"]
    assert best.verdicts == {"never": 2, "not_judgeable": 2, "pass": 2, "review": 4}


def test_a_brief_sets_the_marks_and_crossed_ones_are_refused() -> None:
    brief = brief_from_dict(
        {"brand": "b", "description": "d", "as_of": "2026-10-31", "verdict": {"shortlist_score": 0.7}}
    )
    assert (brief.as_of, brief.verdict.shortlist_score) == (date(2026, 10, 31), 0.7)
    with pytest.raises(BriefError, match=r"verdict.pass_score: found 0.9, above shortlist_score 0.6; swap them"):
        check_brief(msgspec.structs.replace(BRIEF, verdict=VerdictMarks(pass_score=0.9)))
    with pytest.raises(BriefError, match=r"verdict.shortlist: unknown field"):
        brief_from_dict({"brand": "b", "description": "d", "verdict": {"shortlist": 1}})


def test_who_is_ranked_without_a_head_that_could_not_answer_is_reviewed() -> None:
    unseen = parts() | {"engagement_quality": part("engagement_quality", None, "comments_not_shown")}
    weights = {"niche_fit": 0.67, "authenticity": 0.33, "engagement_quality": 0.0}
    verdict, why = verdict_of(BRIEF, unseen, weights, 0.8, [])
    assert (verdict, why) == (
        "review",
        ("Comment counts are not shown, so nobody knows who stands behind the likes.",),
    )
    left_out = parts() | {"engagement_quality": part("engagement_quality", 0.2)}
    assert verdict_of(BRIEF, left_out, weights, 0.8, [])[0] == "shortlist"
