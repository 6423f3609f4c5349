"""The ledger of engagement rates: hand-checked figures, stamps, and what must not be compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bonafit.errors import DefinitionError
from bonafit.heads.engagement_quality.ledger import Definition, Rate, engagement_ledger, find_rate, vendor_rate
from bonafit.records import Post

END = datetime(2026, 3, 31, tzinfo=UTC)
MEAN = Definition("likes_comments", "followers", "mean", "all")


def post(days: float | None, likes: int | None, comments: int | None, **more: int) -> Post:
    return Post(posted_at=None if days is None else END - timedelta(days=days), likes=likes, comments=comments, **more)


def value(rates: tuple[Rate, ...], *definition: str) -> Rate:
    found = find_rate(rates, Definition(*definition))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_rates_checked_by_hand() -> None:
    posts = [
        post(1, 90, 10, views=1_000, shares=20, saves=5),
        post(10, 40, 10, views=500),
        post(200, 290, 10, views=2_000, shares=30),
    ]
    rates = engagement_ledger(posts, followers=1_000)
    # 100, 50 and 300 interactions over 1,000 followers
    assert value(rates, "likes_comments", "followers", "mean", "all").value == pytest.approx(0.15)
    assert value(rates, "likes_comments", "followers", "median", "all").value == pytest.approx(0.10)
    assert value(rates, "likes_comments", "followers", "pooled", "all").value == pytest.approx(450 / 3_000)
    # the third is older than 90 days
    assert value(rates, "likes_comments", "followers", "mean", "days_90").value == pytest.approx(0.075)
    assert value(rates, "likes_comments", "followers", "mean", "days_90").n == 2
    # 0.1, 0.1 and 0.15 of views
    assert value(rates, "likes_comments", "views", "mean", "all").value == pytest.approx(0.35 / 3)
    assert value(rates, "likes_comments", "views", "pooled", "all").value == pytest.approx(450 / 3_500)
    # likes alone: 90 + 40 + 290; all: 125 + 50 + 330
    assert value(rates, "likes", "followers", "mean", "all").value == pytest.approx(0.14)
    assert value(rates, "all", "followers", "mean", "all").value == pytest.approx((0.125 + 0.05 + 0.33) / 3)


def test_the_window_of_twelve_takes_the_newest() -> None:
    posts = [post(i, 100 if i < 12 else 0, 0) for i in range(30)]
    rates = engagement_ledger(posts[::-1], followers=1_000)
    assert value(rates, "likes", "followers", "mean", "last_12").value == pytest.approx(0.1)
    assert value(rates, "likes", "followers", "mean", "last_12").n == 12


def test_hidden_counts_are_left_out_and_said() -> None:
    rates = engagement_ledger([post(1, None, 5), post(2, 50, None), post(3, 50, 50)], followers=100)
    both = value(rates, "likes_comments", "followers", "mean", "all")
    assert (both.value, both.n, both.hidden_share) == (pytest.approx(1.0), 1, pytest.approx(2 / 3))
    likes = value(rates, "likes", "followers", "mean", "all")
    assert (likes.n, likes.hidden_share) == (2, pytest.approx(1 / 3))


def test_zero_is_a_count_and_not_hidden() -> None:
    rate = value(engagement_ledger([post(1, 0, 0)], followers=100), "likes_comments", "followers", "mean", "all")
    assert (rate.value, rate.n, rate.hidden_share) == (0.0, 1, 0.0)


def test_posts_in_the_future_and_undated_ones() -> None:
    posts = [post(-3, 900, 100), post(1, 90, 10), post(None, 190, 10)]
    rates = engagement_ledger(posts, followers=1_000, as_of=END)
    assert value(rates, "likes_comments", "followers", "mean", "all").value == pytest.approx(0.15)
    assert value(rates, "likes_comments", "followers", "mean", "last_12").n == 1


@pytest.mark.parametrize("followers", [None, 0])
def test_without_followers_only_rates_by_views(followers: int | None) -> None:
    rates = engagement_ledger([post(1, 5, 5, views=100), post(2, 5, 5, views=0)], followers=followers)
    assert {rate.definition.denominator for rate in rates} == {"views"}
    assert value(rates, "likes_comments", "views", "mean", "all").hidden_share == pytest.approx(0.5)
    assert engagement_ledger([], followers=followers) == ()


def test_followers_of_the_time() -> None:
    posts = [post(1, 100, 0), post(100, 100, 0)]
    rates = engagement_ledger(posts, followers=2_000, followers_then=lambda p: 500 if p is posts[1] else None)
    assert value(rates, "likes", "followers", "mean", "all").value == pytest.approx((100 / 2_000 + 100 / 500) / 2)


def test_one_definition_is_never_compared_with_another() -> None:
    rates = engagement_ledger([post(1, 90, 10, views=1_000)], followers=1_000)
    mean = value(rates, "likes_comments", "followers", "mean", "all")
    median = value(rates, "likes_comments", "followers", "median", "all")
    with pytest.raises(DefinitionError, match=r"mean of likes_comments by followers, all .* median"):
        mean.ratio_to(median)
    with pytest.raises(DefinitionError, match="expected one definition"):
        assert mean < median
    assert mean.ratio_to(mean) == 1.0


def test_vendor_figures_are_converted_only_with_their_unit() -> None:
    percent = vendor_rate(2.5, unit="percent", definition=MEAN, vendor="a vendor")
    fraction = vendor_rate(0.025, unit="fraction", definition=MEAN, vendor="another")
    assert percent.value == pytest.approx(0.025)
    assert percent.ratio_to(fraction) == pytest.approx(1.0)
    with pytest.raises(DefinitionError, match="unit 'share'"):
        vendor_rate(2.5, unit="share", definition=MEAN, vendor="a vendor")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="finite figure"):
        vendor_rate(float("nan"), unit="percent", definition=MEAN, vendor="a vendor")
    with pytest.raises(DefinitionError, match="by reach"):
        reach = Definition("likes_comments", "reach", "mean", "all")
        percent.ratio_to(vendor_rate(2.5, unit="percent", definition=reach, vendor="a third"))
