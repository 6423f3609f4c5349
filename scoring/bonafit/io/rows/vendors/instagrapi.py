"""instagrapi, HikerAPI and other readers of Instagram's private interface."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Creator, Post

VENDORS = (
    Vendor(
        name="instagrapi",
        marks=(
            ("pk", "caption_text", "like_count"),
            ("pk", "taken_at", "media_type"),
            ("pk", "username", "follower_count", "media_count"),
            ("pk", "follower_count", "biography"),
        ),
        platform="instagram",
        fields={Creator: {"pk": "creator_id", "id": "creator_id"}, Post: {"producttype": "", "title": ""}},
    ),
)
