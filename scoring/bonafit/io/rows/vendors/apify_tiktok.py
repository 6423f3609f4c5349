"""Apify's tiktok-scraper: a row a video, the author in authorMeta."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Creator

VENDORS = (
    Vendor(
        name="Apify TikTok",
        exports=(
            (
                *within(
                    "",
                    "id text createTimeISO diggCount commentCount playCount shareCount collectCount isPinned isAd webVideoUrl hashtags videoMeta.duration",
                ),
                *within("authorMeta.", "id name nickName signature verified fans following video privateAccount"),
            ),
        ),
        marks=(("authorMeta.name", "diggCount"), ("authorMeta.fans",), ("authorMeta.name", "playCount")),
        platform="tiktok",
        fields={Creator: {"name": "handle", "authormeta.name": "handle", "heart": "", "authormeta.heart": ""}},
    ),
)
