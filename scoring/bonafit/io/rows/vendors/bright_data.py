"""Bright Data's Instagram and TikTok profiles."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Creator

VENDOR = Vendor(
    name="Bright Data",
    marks=(
        ("account", "followers", "avg_engagement"),
        ("account", "followers", "posts_count", "profile_name"),
        ("account_id", "nickname", "videos_count"),
        ("account_id", "awg_engagement_rate"),
    ),
    fields={
        Creator: {
            "account": "handle",
            "accountid": "handle",
            "nickname": "display_name",
            "profilename": "display_name",
            "timestamp": "read_at",
            "likes": "",
        }
    },
    facts={
        "avg_engagement": "mean engagement rate by Bright Data, as given",
        "awg_engagement_rate": "mean engagement rate by Bright Data, as given",
        "comment_engagement_rate": "comments by views, as given",
        "like_engagement_rate": "likes by views, as given",
    },
)
