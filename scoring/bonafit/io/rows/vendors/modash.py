"""Modash's creator reports. Rates are fractions."""

from bonafit.io.rows.vendors import Vendor

VENDORS = (
    Vendor(
        name="Modash",
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
