"""The authenticity head, fitted small on invented accounts: additivity, order, save and load, monotony, fairness."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from benchmarks.measures.fairness import GATE, changes

from bonafit.heads.authenticity.account_columns import CONTENT, PROFILE, Values, derived
from bonafit.heads.authenticity.combine import LABEL_NOISE, VALUE_MAP, Part, Signal, combine_parts, credible
from bonafit.heads.authenticity.head import AuthenticityHead, Models
from bonafit.heads.authenticity.wording import amount
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import AudienceAccount, Brief, Comment, Creator, FollowerPoint, Post
from bonafit.results import Component
from bonafit_training.heads.authenticity.account import Settings, fit_accounts, fit_evidence
from bonafit_training.heads.authenticity.audience import fit_audiences
from bonafit_training.heads.authenticity.comments import fit_spam
from bonafit_training.heads.authenticity.plausibility import fit_plausibility
from tests.heads.authenticity.test_signals import series

SMALL = Settings(
    interactions=2, outer_bags=2, max_bins=8, max_interaction_bins=4, calibration_folds=2, calibration_bags=1
)
START = datetime(2024, 1, 1, tzinfo=UTC)
EMPTY = np.zeros((0, 0), dtype=np.float32)
BRIEF = PreparedBrief(Brief(brand="none", description="none"), (), EMPTY)


def invented(n: int, seed: int) -> tuple[list[Values], np.ndarray]:
    rng = np.random.default_rng(seed)
    rows: list[Values] = []
    fake = (rng.random(n) < 0.5).astype(np.int64)
    for label in fake:
        rows.append(
            {
                "followers": float(round(10 ** rng.uniform(2, 5))),
                "following": float(round(10 ** rng.normal(3.2 if label else 2.8, 0.5))),
                "posts_count": float(round(10 ** rng.uniform(1, 3))),
                "bio_length": float(rng.integers(0, 60 if label else 140)),
                "has_picture": float(rng.random() < (0.8 if label else 0.97)),
                "has_url": float(rng.random() < (0.2 if label else 0.5)),
                "caption_length": float(rng.uniform(0, 200)),
                "caption_empty_share": float(rng.uniform(0, 0.6)),
                "non_image_share": float(rng.uniform(0, 0.9)),
                "like_rate": float(10 ** rng.normal(-1.5 if label else -1.2, 0.4)),
                "comment_rate": float(10 ** rng.normal(-2.8 if label else -2.5, 0.4)),
                "location_share": float(rng.uniform(0, 0.6 if label else 0.9)),
                "hashtags": float(rng.uniform(0, 5)),
                "promo_words": 0.0,
                "follow_words": float(rng.uniform(0, 2) * label * (rng.random() < 0.3)),
                "caption_similarity": float(rng.uniform(0, 0.6 if label else 0.4)),
                "gap_hours": float(10 ** rng.uniform(0.5, 2.5)),
            }
        )
    return rows, fake


@pytest.fixture(scope="module")
def head() -> AuthenticityHead:
    from bonafit.heads.authenticity.posting_columns import POSTING

    rows, fake = invented(400, 0)
    rng = np.random.default_rng(1)
    posting: list[Values] = [
        {c.name: float(rng.beta(2 + 3 * label * (c.direction < 0), 5)) for c in POSTING} for label in fake
    ]
    lean = Settings(interactions=0, outer_bags=2, max_bins=16, calibration_folds=2, calibration_bags=1)
    texts = ["check out my channel [url]", "subscribe to me please", "what a lovely song", "a great voice"] * 20
    return AuthenticityHead(
        Models(
            accounts=fit_accounts(rows, fake, full=SMALL, profile=SMALL, seed=0),
            audiences=fit_audiences(rows, fake, settings=SMALL, seed=0),
            automation=fit_evidence(posting, fake, POSTING, settings=lean, seed=0, sized=False),
            plausibility=fit_plausibility({"instagram": series(150, 4), "tiktok": series(150, 5)}, series(150, 6)),
            spam=fit_spam(texts, np.array([1, 1, 0, 0] * 20)),
        ),
        prior=0.5,
    )


def creator(i: int, *, rich: bool = False) -> Creator:
    rng = np.random.default_rng(i)
    followers = round(10 ** rng.uniform(3.2, 5.5))
    posts = tuple(
        Post(
            posted_at=START + timedelta(hours=float(20 * k + rng.uniform(0, 9))),
            caption=f"Morning walk number {k} with the dog through {('woods', 'town', 'fields')[k % 3]} #walk",
            likes=round(followers * 10 ** rng.normal(-1.2, 0.2)),
            comments=round(followers * 10 ** rng.normal(-2.5, 0.2)),
            kind="image" if k % 2 else "video", location="Lyon" if k % 3 else "",
        )
        for k in range(14)
    )  # fmt: skip
    more = {}
    if rich:
        audience = tuple(
            AudienceAccount(
                followers=int(a), following=int(b), posts_count=int(c), bio="x" * int(d), has_picture=True,
                external_url="",
            )
            for a, b, c, d in zip(
                rng.integers(10, 900, 60), rng.integers(100, 4000, 60), rng.integers(0, 90, 60),
                rng.integers(0, 90, 60), strict=True,
            )
        )  # fmt: skip
        history = tuple(FollowerPoint(at=START + timedelta(days=d), followers=followers + 7 * d) for d in range(40))
        comments = tuple(Comment(text=f"lovely day in {d} places") for d in range(12))
        more = {"audience": audience, "follower_history": history, "comments": comments}
    return Creator(
        creator_id=f"c{i}", platform="instagram", language="en", country="FR", bio="Walks with a dog in Lyon",
        followers=followers, following=int(rng.integers(100, 3000)), posts_count=int(rng.integers(20, 900)),
        has_picture=True, external_url=("", "https://x.example", None)[i % 3], posts=posts, **more,
    )  # fmt: skip


def score(head: AuthenticityHead, *records: Creator) -> list[Component]:
    return head.score([Prepared(c, (), EMPTY) for c in records], BRIEF)


PROFILE_ONLY = Creator(creator_id="profile", followers=900, following=800, posts_count=4, bio="", has_picture=False)
PEOPLE = [*(creator(i, rich=i % 2 == 0) for i in range(8)), Creator(creator_id="bare"), PROFILE_ONLY]


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
    assert {"account", "audience", "automation", "plausibility", "follower_history", "comments"} < set(rich.detail)


def test_what_is_missing_counts_neither_way_and_widens_the_interval(head: AuthenticityHead) -> None:
    full = creator(1)
    less = msgspec.structs.replace(full, following=None)
    known, unknown = score(head, full, less)
    assert next(r for r in unknown.reasons if r.feature == "following").effect == 0
    model = head.models.accounts.models["url"]
    found = model.effects([{}])[0]
    assert found.log_odds == pytest.approx(model.average)
    usual = [model.moves[j] for j, _ in model.mains]
    assert found.variance == pytest.approx(model.slope**2 * np.sum(np.square(usual)))
    assert known.sufficiency > unknown.sufficiency


def test_head_is_monotone_where_a_column_says_so(head: AuthenticityHead) -> None:
    rows, _ = invented(60, 3)
    for name, model in head.models.accounts.models.items():
        for column in model.columns:
            if not column.direction:
                continue
            ladder = (0.0, 1.0) if column.unit == "flag" else (0.0, 0.2, 0.5, 0.9, 1.5)
            for row in rows[:20]:
                found = model.effects([{**derived(row), column.name: v} for v in ladder])
                steps = np.diff([e.log_odds for e in found]) * column.direction
                assert np.all(steps >= -1e-6), (name, column.name)


def test_an_audience_of_fakes_lowers_the_value_and_shows_the_share(head: AuthenticityHead) -> None:
    rows, fake = invented(400, 8)

    def accounts(label: int) -> tuple[AudienceAccount, ...]:
        chosen = [r for r, f in zip(rows, fake, strict=True) if f == label][:100]
        return tuple(
            AudienceAccount(
                followers=int(r["followers"] or 0), following=int(r["following"] or 0),
                external_url="x" * int(r["has_url"] or 0), posts_count=int(r["posts_count"] or 0),
                bio="b" * int(r["bio_length"] or 0), has_picture=bool(r["has_picture"]),
            )
            for r in chosen
        )  # fmt: skip

    base = creator(1)
    clean, bought = score(
        head, msgspec.structs.replace(base, audience=accounts(0)), msgspec.structs.replace(base, audience=accounts(1))
    )
    assert clean.detail["audience"]["share"] < 0.2
    assert bought.detail["audience"]["share"] > 0.7
    assert bought.value is not None
    assert clean.value is not None
    assert bought.value < clean.value
    assert "suspicious_audience" in bought.flags
    few = score(head, msgspec.structs.replace(base, audience=accounts(1)[:20]))[0]
    assert "audience" not in few.detail
    assert few.detail["audience_sample"] == {"sampled": 20, "readable_needed": 30}
    # thirty fakes and nothing else known: the bounded effect is a value with an interval, no certainty
    alone = score(head, Creator(creator_id="alone", audience=accounts(1)[:30]))[0]
    assert alone.value is not None
    assert alone.interval is not None
    assert alone.interval[0] < alone.value < alone.interval[1]
    assert alone.detail["audience"]["n"] == 30


def test_every_signal_says_what_was_seen_and_what_is_usual(head: AuthenticityHead) -> None:
    told = {r.feature: r for c in score(head, *PEOPLE) for r in c.reasons}
    columns = {c.name: c for c in PROFILE + CONTENT}
    pairs = [name for name in told if " x " in name]
    assert pairs
    for name in pairs:
        for part in name.split(" x "):
            assert f"{columns[part].description}: " in told[name].text
    for name, column in columns.items():
        if (reason := told.get(name)) is not None and reason.seen is not None and name != "has_url":
            assert reason.usual is not None, name
            assert 0 <= reason.usual <= 1
            assert reason.text.startswith(f"{column.description}: ")
    for name in ("audience_share", "comment_spam", "repeated_comments", "follower_jumps"):
        assert "is usual" in told[name].text


def test_figures_are_written_as_people_read_them() -> None:
    assert [amount(v, "rate") for v in (0.0, 0.0002335, 0.0123, 1.0)] == ["0.0%", "0.023%", "1.2%", "100.0%"]
    assert [amount(v, "hours") for v in (1.55, 99.58, 3784.2)] == ["1.6 hours", "100 hours", "3,784 hours"]
    assert amount(-1.0, "log10 ratio") == "0.1"
    assert amount(1.0, "flag") == "yes"


def test_no_word_of_guilt(head: AuthenticityHead) -> None:
    text = msgspec.json.encode(score(head, *PEOPLE)).decode().lower()
    assert "fraud" not in text


def test_equal_creators_of_other_languages_scripts_and_platforms_score_equally(head: AuthenticityHead) -> None:
    names = {c.name for c in PROFILE}
    assert not names & {"language", "country", "platform", "category"}
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
    assert found[4] == pytest.approx(1.0, abs=0.05)


def test_small_pairs_are_reported_together_and_exactly() -> None:
    signals = (Signal("a", 1.0, 0.4, "a"), Signal("a x b", None, 0.01, "ab"), Signal("a x c", None, -0.015, "ac"))
    part = Part("account", signals, 0.04, 1.0, {})
    value, (low, high), reasons = combine_parts([part], 0.5)
    assert [r.feature for r in reasons] == ["baseline", "a", "other_pairs"]
    assert reasons[2].effect == pytest.approx(-0.005)
    assert value == pytest.approx(1 / (1 + math.exp(-0.395)), abs=1e-5)
    assert low < value < high


def test_held_out_log_odds_are_those_of_the_model_that_serves_each_account() -> None:
    rows, fake = invented(300, 5)
    for row in rows[:40]:
        del row["caption_length"]
    rows[50]["has_url"] = None
    held = np.full(len(rows), np.nan)
    fit_accounts(rows, fake, full=SMALL, profile=SMALL, seed=0, held=held)
    assert np.flatnonzero(np.isnan(held)).tolist() == [50]
    known = np.arange(len(rows)) != 50
    chance = np.mean(held[known][fake[known] == 1]) - np.mean(held[known][fake[known] == 0])
    assert chance > 0.3
