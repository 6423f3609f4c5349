"""yt-dlp's --dump-json: a row a video, the channel in fields of its own."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Post

VENDORS = (
    Vendor(
        name="yt-dlp",
        marks=(("channel_id", "view_count", "upload_date"), ("channel_follower_count", "webpage_url")),
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
