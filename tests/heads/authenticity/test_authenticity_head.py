"""The authenticity head on invented creators: additivity, order, save and load, and what is promised of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta

import msgspec
import numpy as np
import pytest
from benchmarks.measures.fairness import GATE, changes
from hypothesis import given
from hypothesis import strategies as st

from bonafit.heads.authenticity.account_columns import PROFILE
from bonafit.heads.authenticity.combine import LABEL_NOISE, VALUE_MAP, Part, Signal, combine_parts, credible
from bonafit.heads.authenticity.evidence import share_effect
from bonafit.heads.authenticity.head import AuthenticityHead
from bonafit.heads.authenticity.wording import amount
from bonafit.records import Comment, Creator, FollowerPoint, Post
from tests.heads.authenticity.invented import START, creator, sample, score, small_head, value

replace = msgspec.structs.replace
PROFILE_ONLY = Creator(creator_id="profile", followers=900, following=800, posts_count=4, bio="", has_picture=False)
PEOPLE = [*(creator(i, rich=i % 2 == 0) for i in range(8)), Creator(creator_id="bare"), PROFILE_ONLY]


@pytest.fixture(scope="module")
def head() -> AuthenticityHead:
    return small_head()


def on_posts(record: Creator, change: Callable[[Post], dict[str, object]]) -> Creator:
    return replace(record, posts=tuple(replace(p, **change(p)) for p in record.posts))


def test_reasons_add_up_to_value_and_log_odds(head: AuthenticityHead) -> None:
    for found in score(head, *PEOPLE):
        if found.value is None:
            assert found.status == "insufficient"
            continue
        assert math.fsum(r.points for r in found.reasons) == pytest.approx(found.value, abs=1e-9)
        eta = math.fsum(r.effect for r in found.reasons)
        assert float(VALUE_MAP(np.array([eta]))[0]) == pytest.approx(found.value, abs=1e-9)
        assert found.interval is not None
        assert 0 <= found.interval[0] <= found.value <= found.interval[1] <= 1


def test_same_bytes_alone_reversed_and_after_save_and_load(head: AuthenticityHead) -> None:
    together = [msgspec.json.encode(c) for c in score(head, *PEOPLE)]
    assert [msgspec.json.encode(c) for c in score(head, *reversed(PEOPLE))][::-1] == together
    assert [msgspec.json.encode(score(head, c)[0]) for c in PEOPLE] == together
    section, tables = head.to_bundle()
    again = AuthenticityHead.from_bundle(msgspec.json.decode(msgspec.json.encode(section)), tables)
    assert [msgspec.json.encode(c) for c in score(again, *PEOPLE)] == together


def test_nothing_known_is_insufficient_and_little_is_said_to_be_little(head: AuthenticityHead) -> None:
    bare, profile, rich = score(head, Creator(creator_id="bare", bio="hello"), PROFILE_ONLY, PEOPLE[0])
    assert bare.status == "insufficient"
    assert bare.value is None
    assert "too_little_to_judge" in bare.flags
    assert 0 < profile.sufficiency < 0.3 < rich.sufficiency
    assert profile.interval is not None
    assert rich.interval is not None
    known, little = (np.diff([math.log(p / (1 - p)) for p in c.interval or ()])[0] for c in (rich, profile))
    assert little > 1.3 * known
    assert {"account", "audience", "automation", "engagement", "follower_history", "comments"} < set(rich.detail)


def test_what_costs_nothing_says_nothing(head: AuthenticityHead) -> None:
    full = creator(2, rich=True)
    bare = on_posts(full, lambda p: {"kind": None, "location": "Harbour", "tags": ("a", "b")})
    bare = replace(bare, bio="x", external_url=None, has_picture=False, display_name="✨", handle="user123456")
    assert value(head, bare) == value(head, full)


@pytest.mark.parametrize("dose", [3, 5, 10])
def test_likes_without_comments_or_views_lower_it_the_more_the_larger_the_dose(
    head: AuthenticityHead, dose: int
) -> None:
    for i in range(8):
        clean = creator(i)
        bought = on_posts(clean, lambda p: {"likes": (p.likes or 0) * dose})
        some = replace(clean, posts=(*bought.posts[:7], *clean.posts[7:]))
        assert value(head, bought) < value(head, some) < value(head, clean)
        if dose >= 5:
            assert value(head, bought) < value(head, clean) - 0.1
        hidden = on_posts(bought, lambda _: {"comments": None})
        assert value(head, hidden) <= value(head, clean)


def test_comments_never_hurt_and_hiding_never_pays(head: AuthenticityHead) -> None:
    full = creator(4, rich=True)
    clean = score(head, full)[0]
    assert clean.value is not None
    assert value(head, on_posts(full, lambda p: {"comments": (p.comments or 0) * 2})) >= clean.value
    assert value(head, on_posts(full, lambda p: {"comments": (p.comments or 0) // 2})) <= clean.value
    hides: list[Creator] = [replace(full, **{name: None}) for name in ("followers", "following", "posts_count")]
    hides += [replace(full, **{name: ()}) for name in ("audience", "comments", "follower_history")]
    hides += [on_posts(full, lambda _, name=name: {name: None}) for name in ("likes", "comments", "views", "posted_at")]
    for less in hides:
        found = score(head, less)[0]
        assert (found.value or 0.0) <= clean.value + 0.02
        if found.interval is not None and clean.interval is not None:
            logit = [[math.log(p / (1 - p)) for p in c] for c in (found.interval, clean.interval)]
            assert logit[0][1] - logit[0][0] >= logit[1][1] - logit[1][0] - 1e-9
        assert found.sufficiency <= clean.sufficiency


def test_posts_whose_comments_are_switched_off_are_not_posts_nobody_commented(head: AuthenticityHead) -> None:
    off = on_posts(creator(3), lambda _: {"comments": 0})
    unknown = on_posts(creator(3), lambda _: {"comments": None})
    assert value(head, off) == value(head, unknown)
    quiet = on_posts(creator(3), lambda _: {"comments": 0, "likes": 3, "views": None})
    assert "likes for each comment" in next(
        r.text for r in score(head, quiet)[0].reasons if r.feature == "likes_per_comment"
    )


def history(jump: float, lost: float = 0.0, points: int = 10, days: int = 30) -> tuple[FollowerPoint, ...]:
    """Points of a steady creator; before the last three `jump` more followers, of whom a share leaves in two steps."""
    counts = [10_000 + 50 * k for k in range(points)]
    for k, left in zip(range(points - 3, points), (0.0, 0.5, 1.0), strict=True):
        counts[k] += round(jump * counts[points - 4] * (1 - lost * left))
    return tuple(FollowerPoint(at=START + timedelta(days=days * k), followers=c) for k, c in enumerate(counts))


@pytest.mark.parametrize(("points", "days"), [(6, 30), (13, 30), (8, 1), (60, 1)])
def test_a_jump_counts_by_its_size_its_decay_and_what_explains_it(
    head: AuthenticityHead, points: int, days: int
) -> None:
    base = creator(1)
    steady, small, kept, melted = (
        score(head, replace(base, follower_history=history(*dose, points=points, days=days)))[0]
        for dose in ((0.0, 0.0), (0.3, 0.0), (1.0, 0.0), (1.0, 0.4))
    )
    assert steady.value == small.value == value(head, replace(base, follower_history=history(0.0)))
    assert (kept.value or 0) < (steady.value or 0) - 0.1
    assert (melted.value or 0) < (steady.value or 0) - 0.25
    assert "unexplained_follower_jump" in kept.flags
    assert "follower_jump_then_decay" in melted.flags
    jumped = history(1.0, points=points, days=days)
    viral = Post(posted_at=jumped[-3].at - timedelta(hours=5), views=900_000, likes=60_000, comments=900)
    explained = score(head, replace(base, posts=(*base.posts, viral), follower_history=jumped))[0]
    assert not any("jump" in flag for flag in explained.flags)
    alone = value(head, replace(base, posts=(*base.posts, viral), follower_history=history(0.0)))
    assert explained.value == pytest.approx(alone, abs=0.05)


def test_a_sample_counts_by_its_share_of_shells_and_its_size(head: AuthenticityHead) -> None:
    base = creator(1)
    values = [value(head, replace(base, audience=sample(60, k))) for k in (0, 6, 12, 20, 29, 30, 31, 45, 60)]
    assert values == sorted(values, reverse=True)
    assert values[4] - values[6] <= 0.03
    assert values[5] <= 0.45
    assert values[-1] <= 0.15
    assert values[0] >= value(head, base) - 0.02
    ten = value(head, replace(base, audience=sample(10, 10)))
    assert values[-1] < ten < value(head, base) - 0.02
    few = score(head, replace(base, audience=sample(6, 6)))[0]
    assert few.detail["audience_sample"] == {"sampled": 6, "readable_needed": 8}


@given(st.floats(0, 1), st.floats(0, 0.02))
def test_the_effect_of_a_share_is_continuous_and_only_falls(share: float, step: float) -> None:
    more = share_effect(min(1.0, share + step))
    assert share_effect(share) - 26 * step - 1e-9 <= more <= share_effect(share) <= 0


@pytest.mark.parametrize(
    "phrases",
    [("nice pic", "so cool", "love it"), ("素敵な写真", "かわいい", "最高"), ("рада за вас", "класс", "огонь")],
)
def test_pods_are_seen_in_every_language(head: AuthenticityHead, phrases: tuple[str, ...]) -> None:
    base = creator(2, rich=True)
    several = [
        tuple(Comment(text=phrases[k % 3], author=f"a{k}", post_id=f"p{k % 20}") for k in range(40)),
        tuple(Comment(text=f"{phrases[k % 3]} {k * 7}", author=f"a{k % 8}", post_id=f"p{k % 20}") for k in range(40)),
    ]
    for comments, flag in zip(several, ("repeated_comments", "few_commenters"), strict=True):
        found = score(head, replace(base, comments=comments))[0]
        assert (found.value or 1) < value(head, base) - 0.1
        assert flag in found.flags
    talk = tuple(Comment(text=f"{phrases[0]} {k * 7}", author=f"a{k % 3}", post_id="p1") for k in range(40))
    assert "few_commenters" not in score(head, replace(base, comments=talk))[0].flags
    own = tuple(Comment(text="thank you!", author=base.creator_id, post_id=f"p{k % 20}") for k in range(40))
    assert value(head, replace(base, comments=base.comments + own)) == value(head, base)


def test_a_clock_is_no_machine_and_three_habits_are(head: AuthenticityHead) -> None:
    base = creator(1)
    clock = replace(
        base, posts=tuple(replace(p, posted_at=START + timedelta(days=k)) for k, p in enumerate(base.posts))
    )
    minutes = replace(
        base,
        posts=tuple(replace(p, posted_at=START + timedelta(days=k, seconds=7 * k)) for k, p in enumerate(base.posts)),
    )
    assert value(head, clock) >= value(head, base) - 0.03
    assert value(head, minutes) >= value(head, base) - 0.03
    burst = tuple(
        replace(p, posted_at=START + timedelta(days=k // 5, seconds=12 * (k % 5) + 3), caption=f"new drop {k % 2}")
        for k, p in enumerate(base.posts)
    )
    machine = score(head, replace(base, posts=burst))[0]
    assert (machine.value or 1) < value(head, base) - 0.15
    assert "posting_looks_automated" in machine.flags


def test_equal_rates_at_another_size_and_another_platform_say_the_same(head: AuthenticityHead) -> None:
    base = creator(5)
    values = []
    for followers in (9_000, 30_000, 90_000):
        factor = followers / (base.followers or 1)

        def scaled(post: Post, factor: float = factor) -> dict[str, object]:
            counts = {"likes": post.likes, "comments": post.comments, "views": post.views}
            return {k: None if v is None else round(v * factor) for k, v in counts.items()}

        values.append(value(head, replace(on_posts(base, scaled), followers=followers)))
    assert max(values) - min(values) <= 0.05
    labels = [score(head, replace(base, platform=p))[0] for p in ("instagram", "tiktok", "youtube", "elsewhere", None)]
    assert len({c.value for c in labels}) == 1
    assert "platform_outside_training" in labels[3].flags
    ends = [c.interval for c in labels if c.interval is not None]
    assert ends[3][1] - ends[3][0] > ends[0][1] - ends[0][0]


def test_every_signal_says_what_was_seen_and_what_is_usual(head: AuthenticityHead) -> None:
    told = {r.feature: r for c in score(head, *PEOPLE) for r in c.reasons}
    for column in PROFILE:
        reason = told[column.name]
        assert reason.usual is not None
        assert 0 <= reason.usual <= 1
        assert reason.text.startswith(f"{column.description}: ")
    for name in ("audience_share", "comment_spam", "same_phrase", "same_commenter", "follower_jumps"):
        assert "is usual" in told[name].text
    for name in ("likes_per_comment", "likes_per_view"):
        assert "nearly all genuine creators stay under" in told[name].text


def test_figures_are_written_as_people_read_them() -> None:
    assert [amount(v, "rate") for v in (0.0, 0.0002335, 0.0123, 1.0)] == ["0.0%", "0.023%", "1.2%", "100.0%"]
    assert [amount(v, "hours") for v in (1.55, 99.58, 3784.2)] == ["1.6 hours", "100 hours", "3,784 hours"]
    assert amount(-1.0, "log10 ratio") == "0.1"
    assert amount(1.0, "flag") == "yes"


def test_no_word_of_guilt(head: AuthenticityHead) -> None:
    text = msgspec.json.encode(score(head, *PEOPLE)).decode().lower()
    assert "fraud" not in text


def test_equal_creators_of_other_languages_scripts_and_platforms_score_equally(head: AuthenticityHead) -> None:
    found = changes(head, [creator(i) for i in range(30)])
    for swap in ("language", "country", "platform label", "platform label unknown", "emoji in every text"):
        assert found[swap][1] == pytest.approx(0, abs=1e-12), swap
    for swap, (mean, _, n) in found.items():
        assert n == 30
        assert mean <= GATE, (swap, mean)


def test_no_evidence_of_an_account_is_surer_than_its_labels() -> None:
    found = [credible(x) for x in (-1e4, -6.0, -1.0, 0.0, 1.0, 6.0, 1e4)]
    assert found == sorted(found)
    assert found[-1] == pytest.approx(math.log((1 - LABEL_NOISE) / LABEL_NOISE))
    assert found[0] == pytest.approx(-found[-1])


def test_what_is_unknown_widens_and_moves_nothing() -> None:
    part = Part("account", (Signal("a", 1.0, 0.4, "a"),), 0.04, 1.0, {})
    value_, (low, high), reasons = combine_parts([part], 0.5)
    again, (lower, higher), _ = combine_parts([part], 0.5, unknown=0.5)
    assert [r.feature for r in reasons] == ["baseline", "a"]
    assert again == value_ == pytest.approx(1 / (1 + math.exp(-0.4)), abs=1e-5)
    assert lower < low < value_ < high < higher
