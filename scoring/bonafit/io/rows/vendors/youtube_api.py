"""The YouTube Data API: channels and videos, counts as text."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Creator, Post

VENDORS = (
    Vendor(
        name="YouTube Data API",
        exports=(
            (
                *within("", "id"),
                *within("snippet.", "title description customUrl publishedAt country"),
                *within("statistics.", "viewCount subscriberCount hiddenSubscriberCount videoCount"),
            ),
            (
                *within("", "id contentDetails.duration"),
                *within("snippet.", "publishedAt channelId channelTitle title description tags defaultLanguage"),
                *within("statistics.", "viewCount likeCount commentCount"),
            ),
        ),
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
