"""TikTok-Api and other readers of TikTok's own web interface: author, stats or statsV2 beside the video."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Creator

_CREATOR = {"stats.heartcount": "", "statsv2.heartcount": "", "stats.diggcount": "", "statsv2.diggcount": ""}
VENDORS = (
    Vendor(
        name="TikTok-Api",
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
