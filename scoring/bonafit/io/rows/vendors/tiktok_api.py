"""TikTok-Api and other readers of TikTok's own web interface: author, stats or statsV2 beside the video."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Creator

_CREATOR = {
    "stats.heartcount": "",
    "statsv2.heartcount": "",
    "stats.diggcount": "",
    "statsv2.diggcount": "",
    "contents": "",
}
VENDORS = (
    Vendor(
        name="TikTok-Api",
        exports=(
            (
                *within(
                    "",
                    "id desc createTime stats.diggCount stats.commentCount stats.playCount stats.shareCount stats.collectCount video.duration",
                ),
                *within("author.", "id uniqueId nickname signature verified privateAccount"),
                *within("authorStats.", "followerCount followingCount videoCount"),
            ),
        ),
        marks=(
            ("author.uniqueId", "stats.diggCount"),
            ("author.uniqueId", "statsV2.diggCount"),
            ("user.uniqueId", "stats.followerCount"),
            ("userInfo.user.uniqueId",),
            ("uniqueId", "signature", "followerCount"),
        ),
        platform="tiktok",
        fields={Creator: _CREATOR},
    ),
)
