"""A program that uses the library as README says: what type checkers must know of it."""

from __future__ import annotations

from typing import Any

from bonafit import Brief, Creator, CreatorScore, Post, RecordError, Scorer
from bonafit.index import CreatorIndex, Filters
from bonafit.ordering import Ordering, Quota, order


def best(scorer: Scorer, people: list[Creator], brief: Brief) -> list[tuple[str, float]]:
    results: list[CreatorScore] = scorer.score(people, brief)
    policy = Ordering(k=2, quotas=(Quota(attribute="platform", value="tiktok", at_most=1),))
    places = order(results, policy).places
    return [(place.creator_id, place.score) for place in places]


def fit_of(scorer: Scorer, creator: Creator, brief: Brief) -> float | None:
    return scorer.score([creator], brief, budget_ms=50)[0].niche_fit.value


def ranked(path: str, scorer: Scorer, brief: Brief) -> list[str]:
    with CreatorIndex(path, scorer) as index:
        answer = index.rank(brief, 10, filters=Filters(platforms=("tiktok",), min_followers=1_000))
    return [one.creator_id for one in answer.best]


def table_of(scorer: Scorer, frame: Any, brief: Brief) -> int:
    return int(scorer.score_table(frame, brief, compact=True).num_rows)


def main() -> None:
    brief = Brief(brand="Example Skin", description="Fragrance-free skincare.", keywords=("sunscreen",))
    try:
        posts = tuple(
            Post(caption=f"my mineral sunscreen routine, {word}", likes=300 + 10 * i, comments=20 + i)
            for i, word in enumerate(("morning", "at the beach", "for dry cheeks", "in winter"))
        )
        creator = Creator(
            creator_id="c1", platform="instagram", bio="gentle skincare, SPF daily", followers=8_200, following=300,
            posts_count=140, posts=posts,
        )  # fmt: skip
    except RecordError as error:
        print(error.field, error.reason)
        return
    with Scorer.load() as scorer:
        print(best(scorer, [creator], brief), fit_of(scorer, creator, brief))


if __name__ == "__main__":
    main()
