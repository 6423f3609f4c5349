"""Apify's instagram-profile-scraper and instagram-post-scraper."""

from bonafit.io.rows.vendors import Vendor, within

VENDORS = (
    Vendor(
        name="Apify Instagram",
        exports=(
            (
                *within(
                    "",
                    "id username fullName biography followersCount followsCount postsCount private verified externalUrl businessCategoryName",
                ),
                *within(
                    "latestPosts[].",
                    "id type shortCode caption likesCount commentsCount videoViewCount timestamp isPinned ownerUsername hashtags mentions locationName latestComments[].text latestComments[].ownerUsername",
                ),
            ),
            (
                *within(
                    "",
                    "id type shortCode caption likesCount commentsCount videoPlayCount timestamp ownerUsername ownerFullName ownerId url hashtags mentions locationName isSponsored videoDuration",
                ),
            ),
        ),
        marks=(
            ("followersCount", "followsCount", "latestPosts"),
            ("ownerUsername", "likesCount", "commentsCount", "shortCode"),
        ),
        platform="instagram",
    ),
)
