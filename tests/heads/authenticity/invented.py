"""Invented accounts, creators and a head fitted on them in a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from bonafit.heads.authenticity.account_columns import Values
from bonafit.heads.authenticity.head import AuthenticityHead, Models
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import AudienceAccount, Brief, Comment, Creator, FollowerPoint, Post
from bonafit.results import Component
from bonafit_training.data.authenticity import Series
from bonafit_training.heads.authenticity.account import LabelledSet, fit_accounts
from bonafit_training.heads.authenticity.audience import fit_audiences
from bonafit_training.heads.authenticity.comments import fit_spam
from bonafit_training.heads.authenticity.plausibility import fit_norms

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
EMPTY = np.zeros((0, 0), dtype=np.float32)
BRIEF = PreparedBrief(Brief(brand="none", description="none"), (), EMPTY)


def accounts(n: int, seed: int, *, following: float = 3.5) -> LabelledSet:
    """Half genuine, half shells: few followers, many followed, hardly a post."""
    rng = np.random.default_rng(seed)
    fake = (np.arange(n) % 2).astype(np.int64)
    rows: list[Values] = [
        {
            "followers": float(round(10 ** rng.normal(1.3 if label else 2.6, 0.5))),
            "following": float(round(10 ** rng.normal(following if label else 2.6, 0.3))),
            "posts_count": float(max(0, round(10 ** rng.normal(0.2 if label else 1.7, 0.4)) - 1)),
        }
        for label in fake
    ]
    return LabelledSet(f"set {seed}", rows, fake)


def series(n: int, seed: int, *, said: float = -3.6) -> list[Series]:
    """Genuine creators: a comment for every 37 likes, ten views for every like."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(n):
        likes = np.round(10 ** (rng.uniform(2.5, 4.5) + rng.normal(0, 0.2, 30)))
        comments = np.round(likes * np.exp(said + rng.normal(0, 0.5) + rng.normal(0, 0.4, 30)))
        views = np.round(likes * np.exp(2.3 + rng.normal(0, 0.3) + rng.normal(0, 0.2, 30)))
        out.append(Series(1e4, likes, comments, views, np.arange(30) * 20.0))
    return out


def small_head() -> AuthenticityHead:
    sets = [accounts(300, 1), accounts(200, 2, following=3.3)]
    models = fit_accounts(sets)
    texts = ["check out my channel [url]", "subscribe to me please", "what a lovely song", "a great voice"] * 20
    return AuthenticityHead(
        Models(
            accounts=models,
            audiences=fit_audiences(models, sets),
            norms=fit_norms({"tiktok": series(80, 3), "youtube": series(80, 4, said=-3.0)}, {}),
            spam=fit_spam(texts, np.array([1, 1, 0, 0] * 20)),
        ),
        prior=0.5,
    )


def sample(n: int, shells: int, seed: int = 7) -> tuple[AudienceAccount, ...]:
    """A sample of followers, so many of them shells."""
    drawn = accounts(4 * n, seed)
    by_label = [[r for r, f in zip(drawn.rows, drawn.fake, strict=True) if f == label] for label in (0, 1)]
    chosen = [*by_label[1][:shells], *by_label[0][: n - shells]]
    return tuple(AudienceAccount(**{k: int(v or 0) for k, v in row.items()}) for row in chosen)


def creator(i: int, *, rich: bool = False) -> Creator:
    """An honest creator of twenty posts; rich: with a sample, a history and comments."""
    rng = np.random.default_rng(i)
    followers = round(10 ** rng.uniform(3.4, 5.2))
    posts = tuple(
        Post(
            post_id=f"p{k}", posted_at=START + timedelta(hours=float(30 * k + rng.uniform(0, 9))),
            caption=f"Morning walk number {k} with the dog through {('woods', 'town', 'fields')[k % 3]} #walk",
            likes=round(followers * 10 ** rng.normal(-1.4, 0.2)), kind="image" if k % 2 else "video",
            comments=round(followers * 10 ** rng.normal(-3, 0.2)) + 1, views=followers if k % 2 == 0 else None,
        )
        for k in range(20)
    )  # fmt: skip
    more = {}
    if rich:
        points = tuple(FollowerPoint(at=START + timedelta(days=d), followers=followers + 7 * d) for d in range(40))
        comments = tuple(
            Comment(text=f"lovely day in {d} places", author=f"reader {d}", post_id=f"p{d % 20}") for d in range(24)
        )
        more = {"audience": sample(60, 3), "follower_history": points, "comments": comments}
    return Creator(
        creator_id=f"c{i}", platform="instagram", language="en", country="FR", bio="Walks with a dog in Lyon",
        followers=followers, following=int(rng.integers(100, 900)), posts_count=int(rng.integers(20, 900)),
        has_picture=True, external_url="https://x.example" if i % 2 else None, posts=posts, **more,
    )  # fmt: skip


def score(head: AuthenticityHead, *records: Creator) -> list[Component]:
    return head.score([Prepared(c, (), EMPTY) for c in records], BRIEF)


def value(head: AuthenticityHead, record: Creator) -> float:
    found = score(head, record)[0].value
    assert found is not None
    return found
