"""InsightIQ (formerly Phyllo): profile analytics."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Creator, Post

VENDORS = (
    Vendor(
        name="InsightIQ",
        exports=(
            (
                *within("", "work_platform.name pricing"),
                *within(
                    "profile.",
                    "external_id platform_username full_name introduction follower_count following_count content_count is_verified url country language average_likes engagement_rate reputation_history[].month reputation_history[].follower_count",
                ),
                *within(
                    "profile.recent_contents[].",
                    "type url description published_at engagement.like_count engagement.comment_count engagement.view_count engagement.share_count engagement.save_count",
                ),
            ),
        ),
        marks=(
            ("profile.platform_username",),
            ("platform_username", "follower_count"),
            ("profile.introduction", "profile.follower_count"),
            ("data.profile.platform_username",),
        ),
        fields={
            Creator: {
                "profile.externalid": "creator_id",
                "workplatform": "platform",
                "profile.workplatform": "platform",
                "profile.url": "profile_url",
                # by kind of post, each with a range
                "pricing": "price",
                "profile.pricing": "price",
            },
            Post: {"type": "kind"},
        },
        facts={
            "profile.engagement_rate": "engagement rate by InsightIQ, as given",
            "profile.average_likes": "mean likes of recent contents",
            "engagement_rate": "engagement rate by InsightIQ, as given",
            "audience.credibility_score": "InsightIQ's share of followers that it takes for genuine, a fraction",
        },
    ),
)
