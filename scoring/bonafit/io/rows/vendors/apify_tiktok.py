"""Apify's tiktok-scraper: a row a video, the author in authorMeta."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Creator

VENDORS = (
    Vendor(
        name="Apify TikTok",
        marks=(("authorMeta.name", "diggCount"), ("authorMeta.fans",), ("authorMeta.name", "playCount")),
        platform="tiktok",
        fields={Creator: {"name": "handle", "authormeta.name": "handle", "heart": "", "authormeta.heart": ""}},
    ),
)
