"""influencers.club. Its engagement_percent is percent."""

from bonafit.io.rows.vendors import Vendor

VENDORS = (
    Vendor(
        name="influencers.club",
        marks=(("engagement_percent", "follower_count"), ("engagement_percent", "biography")),
        facts={"engagement_percent": "mean engagement by followers, percent"},
    ),
)
