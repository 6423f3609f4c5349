"""HypeAuditor's reports."""

from bonafit.io.rows.vendors import Vendor

VENDORS = (
    Vendor(
        name="HypeAuditor",
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
