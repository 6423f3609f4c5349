"""A creator's ledger: every usual rate, by followers at the time where a follower history has them."""

from __future__ import annotations

import numpy as np

from bonafit.heads.engagement_quality.ledger import Rate, engagement_ledger
from bonafit.heads.engagement_quality.series import FollowersThen, as_of, days
from bonafit.records import Creator, Post


def creator_ledger(creator: Creator) -> tuple[Rate, ...]:
    """Every usual rate of a creator's posts, in a fixed order; empty where none can be computed."""
    then = FollowersThen(creator)

    def followers_then(post: Post) -> int | None:
        log = None if post.posted_at is None else then.log_at(days(post.posted_at))
        return None if log is None else round(float(np.exp(log)))

    return engagement_ledger(
        creator.posts,
        followers=creator.followers,
        as_of=as_of(creator),
        followers_then=followers_then if creator.follower_history else None,
    )
