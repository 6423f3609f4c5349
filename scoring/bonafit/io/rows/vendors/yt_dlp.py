"""yt-dlp's --dump-json: a row a video, the channel in fields of its own."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Post

VENDORS = (
    Vendor(
        name="yt-dlp",
        exports=(
            (
                *within(
                    "",
                    "id title description channel channel_id uploader_id channel_follower_count view_count like_count comment_count upload_date duration webpage_url tags",
                ),
            ),
        ),
        marks=(
            ("channel_follower_count", "channel_id", "entries"),
            ("channel_id", "view_count", "upload_date"),
            ("channel_follower_count", "webpage_url"),
        ),
        platform="youtube",
        fields={
            Post: {
                "format": "",
                "type": "",
                "uploaderurl": "",
                "ext": "",
                "mediatype": "",
                "uploaderid": "owner.handle",
            }
        },
    ),
)
