"""InsightIQ (formerly Phyllo): profile analytics."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Creator, Post

VENDORS = (
    Vendor(
        name="InsightIQ",
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
