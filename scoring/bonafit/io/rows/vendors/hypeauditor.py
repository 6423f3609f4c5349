"""HypeAuditor's reports."""

from bonafit.io.rows.vendors import Vendor, within

VENDORS = (
    Vendor(
        name="HypeAuditor",
        exports=(
            (
                *within(
                    "user.",
                    "id username full_name about followers_count followings_count posts_count avg_likes avg_comments aqs",
                ),
                *within("", "followers_chart[].date followers_chart[].count audience_type.real audience_type.susp"),
            ),
        ),
        marks=(
            ("user.aqs",),
            ("user.followers_count", "user.about"),
            ("aqs", "audience_type"),
            ("aqs", "followers_chart"),
        ),
        facts={
            "user.aqs": "HypeAuditor's Audience Quality Score, 1 to 100",
            "aqs": "HypeAuditor's Audience Quality Score, 1 to 100",
            "user.er.value": "engagement rate by HypeAuditor, percent",
            "er.value": "engagement rate by HypeAuditor, percent",
            "user.avg_likes": "mean likes of recent posts",
            "user.avg_comments": "mean comments of recent posts",
            "likes_comments_ratio.value": "comments for each hundred likes",
            "audience_type.real": "HypeAuditor's share of real people among followers, percent",
            "audience_type.susp": "HypeAuditor's share of suspicious accounts among followers, percent",
        },
    ),
)
