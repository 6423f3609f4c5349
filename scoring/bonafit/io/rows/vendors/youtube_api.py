"""The YouTube Data API: channels and videos, counts as text."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Creator, Post

VENDORS = (
    Vendor(
        name="YouTube Data API",
        marks=(
            ("snippet.title", "statistics.subscriberCount"),
            ("snippet.channelId", "statistics.viewCount"),
            ("snippet.channelId", "snippet.publishedAt"),
        ),
        platform="youtube",
        fields={
            Creator: {
                "snippet.title": "display_name",
                "snippet.customurl": "handle",
                "snippet.description": "bio",
                "snippet.publishedat": "",
            },
            Post: {
                "snippet.title": "title",
                "snippet.description": "caption",
                "kind": "",
                "snippet.livebroadcastcontent": "",
            },
        },
    ),
)
