"""instagrapi, HikerAPI and other readers of Instagram's private interface."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Creator, Post

VENDORS = (
    Vendor(
        name="instagrapi",
        exports=(
            (
                *within(
                    "",
                    "pk username full_name biography follower_count following_count media_count is_private is_verified external_url category",
                ),
            ),
            (
                *within(
                    "",
                    "pk code taken_at media_type caption_text like_count comment_count play_count like_and_view_counts_disabled location.name usertags[].user.username video_duration",
                ),
                *within("user.", "pk username full_name is_private is_verified"),
            ),
        ),
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
