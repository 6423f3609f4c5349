"""Apify's instagram-profile-scraper and instagram-post-scraper."""

from bonafit.io.rows.vendors import Vendor

VENDORS = (
    Vendor(
        name="Apify Instagram",
        marks=(
            ("followersCount", "followsCount", "latestPosts"),
            ("ownerUsername", "likesCount", "commentsCount", "shortCode"),
        ),
        platform="instagram",
    ),
)
