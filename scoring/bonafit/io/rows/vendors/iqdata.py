"""The IQData family (IQData, SocialData and resellers)."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Creator

VENDORS = (
    Vendor(
        name="IQData",
        exports=(
            (
                *within(
                    "user_profile.",
                    "type user_id username fullname description followers following posts_count is_verified engagement_rate stat_history[].month stat_history[].followers",
                ),
                *within(
                    "user_profile.recent_posts[].",
                    "post_id text created type stat.likes stat.comments stat.views stat.shares stat.saves sponsor",
                ),
            ),
        ),
        marks=(
            ("user_profile.stat_history",),
            ("user_profile.engagement_rate",),
            ("user_profile.username", "user_profile.followers"),
        ),
        fields={Creator: {"userprofile.type": "platform"}},
        facts={
            "user_profile.engagement_rate": "mean likes and comments by followers, a fraction",
            "user_profile.avg_likes": "mean likes of recent posts",
            "audience_credibility": "IQData's share of followers that it takes for genuine, a fraction",
        },
    ),
)
