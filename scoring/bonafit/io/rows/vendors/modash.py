"""Modash's creator reports. Rates are fractions."""

from bonafit.io.rows.vendors import Vendor, within

VENDORS = (
    Vendor(
        name="Modash",
        exports=(
            (
                *within(
                    "profile.",
                    "userId profile.username profile.fullname profile.followers profile.engagementRate profile.url bio postsCount isVerified isPrivate country avgLikes statHistory[].month statHistory[].followers",
                ),
                *within("profile.recentPosts[].", "id text likes comments views created type"),
            ),
        ),
        marks=(
            ("profile.followers", "profile.engagementRate"),
            ("profile.profile.followers",),
            ("statHistory", "engagementRate"),
            ("audience.credibility", "engagementRate"),
            ("profile.profile.engagementRate",),
        ),
        facts={
            "engagementRate": "mean likes and comments by followers, a fraction",
            "avgLikes": "mean likes of recent posts",
            "avgComments": "mean comments of recent posts",
            "avgViews": "mean views of recent posts",
            "audience.credibility": "Modash's share of followers that it takes for genuine, a fraction",
            "profile.engagementRate": "mean likes and comments by followers, a fraction",
        },
    ),
)
