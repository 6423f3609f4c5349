"""Known orders: creators whose order for a brief any agency would agree on, and whether the total finds it.

An order holds honest creators on the niche (engaged, usual), half on it, off it, creators whose figures were bought,
and one who cannot be judged. What was bought and what is off the niche share a place: nobody would book either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from benchmarks.judge import bought as purchases
from benchmarks.judge.bases import Base, base
from benchmarks.judge.changes import likes_bought_comments_hidden
from benchmarks.judge.edits import scaled
from benchmarks.judge.rewritten import private_empty
from benchmarks.judge.texts import LANGUAGES, NICHES, UNRELATED, brief_of, caption_plan, rendered
from msgspec.structs import replace
from scipy.stats import spearmanr

from bonafit import Brief, Creator, CreatorScore

ORDERS = 24
# (what, share on the niche, log engagement above the curve, place: higher is better)
HONEST = (
    ("engaged", 1.0, 0.8, 4), ("engaged", 0.9, 0.8, 4), ("engaged", 1.0, 0.6, 4),
    ("usual", 1.0, -0.1, 3), ("usual", 0.9, 0.0, 3), ("usual", 1.0, 0.1, 3),
    ("half on the niche", 0.5, 0.0, 2), ("half on the niche", 0.5, -0.1, 2),
    ("off the niche", 0.0, 0.3, 1), ("off the niche", 0.0, -0.1, 1),
)  # fmt: skip
BOUGHT = ("likes x10", "likes x5, comments hidden", "everything", "jump and shells", "pod and likes")


@dataclass(frozen=True)
class Member:
    creator: Creator
    place: int
    manipulated: bool


@dataclass(frozen=True)
class Order:
    """One brief and its creators."""

    brief: Brief
    niche: str
    language: str
    members: tuple[Member, ...]


def orders(n: int, seed: int) -> list[Order]:
    """n orders: seeds, niches and languages (half of them English) in turn."""
    foreign = [language for language in LANGUAGES if language != "en"]
    return [
        order(seed + i, NICHES[i % len(NICHES)], "en" if i % 2 == 0 else foreign[(i // 2) % len(foreign)])
        for i in range(n)
    ]


def order(seed: int, niche: str, language: str) -> Order:
    """One order. Its creators tell of the same things, each in an order of their own."""
    rng = Random(f"order:{seed}")
    on = rendered(caption_plan(rng, niche, 40, on_niche=1.0), language)
    off = rendered(caption_plan(rng, UNRELATED[niche], 40, on_niche=1.0), language)
    platform = ("instagram", "tiktok", "youtube")[seed % 3]
    # of like size: whether a rate is high is another question at another size
    followers = 3_000 * 10 ** (1.5 * rng.random())

    def person(k: int, share: float, level: float) -> Base:
        base_creator = base(
            1000 * seed + k, seed, niche=niche if share else UNRELATED[niche], language=language, platform=platform,
            followers=round(followers * math.exp(rng.uniform(-0.2, 0.2))), level=level,
        )  # fmt: skip
        captions = rng.sample(on, round(40 * share)) + rng.sample(off, 40 - round(40 * share))
        rng.shuffle(captions)
        posts = tuple(replace(p, caption=c) for p, c in zip(base_creator.creator.posts, captions, strict=True))
        return replace_creator(base_creator, replace(base_creator.creator, posts=posts))

    members = [
        Member(person(k, share, level).creator, place, manipulated=False)
        for k, (_, share, level, place) in enumerate(HONEST)
    ]
    for k, kind in enumerate(BOUGHT, start=len(HONEST)):
        members.append(Member(bought(kind, person(k, 1.0, 0.0)), 1, manipulated=True))
    empty = private_empty(person(90, 1.0, 0.0))
    members.append(Member(empty, 0, manipulated=False))
    return Order(brief_of(niche), niche, language, tuple(members))


def replace_creator(base_creator: Base, creator: Creator) -> Base:
    return Base(
        base_creator.number,
        creator,
        base_creator.brief,
        base_creator.niche,
        base_creator.language,
        base_creator.plan,
        base_creator.bio,
    )


def bought(kind: str, person: Base) -> Creator:
    """What was bought, on a creator who is otherwise a usual one on the niche."""
    if kind == "likes x10":
        return scaled(person.creator, likes=10)
    if kind == "likes x5, comments hidden":
        return likes_bought_comments_hidden(person)
    if kind == "everything":
        return purchases.everything(person)
    if kind == "jump and shells":
        grown = purchases.jump(1.86, "daily")(person)
        assert grown is not None
        shells = purchases.sample(60, 45)(person)
        assert shells is not None
        return replace(grown, audience=shells.audience)
    assert kind == "pod and likes"
    return purchases.pod(replace_creator(person, scaled(person.creator, likes=5)), authors=8, varied=False)


def agreement(order: Order, results: list[CreatorScore]) -> float:
    """Spearman's correlation of the total with the places; who is in no ranking stands below everybody."""
    totals = [-1.0 if result.score is None else result.score for result in results]
    if len(set(totals)) == 1:
        return math.nan
    return float(spearmanr(totals, [member.place for member in order.members]).statistic)


def manipulated_above(order: Order, results: list[CreatorScore]) -> int:
    """Manipulated creators in the top half."""
    totals = np.array([-1.0 if result.score is None else result.score for result in results])
    top = np.argsort(-totals, kind="stable")[: len(totals) // 2]
    return sum(order.members[i].manipulated for i in top)


def verdict_share(order: Order, results: list[CreatorScore], who: str, verdict: str) -> float | None:
    """Share of the order's honest creators at least nine tenths on the niche, of those off it, or of the manipulated
    ones whose verdict this is; of the ranked alone, None where nobody is."""
    places = {"honest": range(3, 5), "off": range(1, 2), "manipulated": range(1, 2)}[who]
    some = [
        result.verdict
        for member, result in zip(order.members, results, strict=True)
        if member.place in places and member.manipulated == (who == "manipulated") and result.score is not None
    ]
    return some.count(verdict) / len(some) if some else None
