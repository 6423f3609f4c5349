"""influencers.club. Its engagement_percent is percent."""

from bonafit.io.rows.vendors import Vendor, within

VENDORS = (
    Vendor(
        name="influencers.club",
        exports=(
            (
                *within(
                    "",
                    "username full_name biography follower_count following_count media_count is_verified platform engagement_percent",
                ),
            ),
        ),
        marks=(("engagement_percent", "follower_count"), ("engagement_percent", "biography")),
        facts={"engagement_percent": "mean engagement by followers, percent"},
    ),
)
