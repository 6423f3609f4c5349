"""Leaving the platform out never raises quality, and the answer is wide enough for each platform."""

import msgspec
import pytest

from bonafit.heads.engagement_quality.head import EngagementQualityHead
from tests.engagement_makers import BRIEF, creator_of, prepared


@pytest.mark.parametrize("seed", range(740, 748))
def test_a_platform_left_out_is_the_one_where_the_creator_stands_lowest(head: EngagementQualityHead, seed: int) -> None:
    creator = creator_of(seed, n_posts=20)
    nameless = msgspec.structs.replace(creator, platform=None)
    named, unnamed = head.score([prepared(creator), prepared(nameless)], BRIEF)
    assert named.value is not None
    assert unnamed.value is not None
    assert unnamed.value <= named.value
    assert named.interval is not None
    assert unnamed.interval is not None
    assert unnamed.interval[0] <= named.interval[0]
    assert unnamed.interval[1] >= named.interval[1]
    assert unnamed.sufficiency < named.sufficiency
    assert "platform_not_stated" in unnamed.flags


def test_a_neighbour_without_platform_changes_nobody_else(head: EngagementQualityHead) -> None:
    creator = creator_of(750, n_posts=20)
    nameless = msgspec.structs.replace(creator_of(751, n_posts=20), platform=None)
    (alone,) = head.score([prepared(creator)], BRIEF)
    beside = head.score([prepared(nameless), prepared(creator)], BRIEF)[1]
    assert msgspec.json.encode(alone) == msgspec.json.encode(beside)
