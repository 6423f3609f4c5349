"""Bright Data's Instagram, TikTok and X profiles, and posts as it sells them for several platforms."""

from bonafit.io.rows.vendors import Vendor, within
from bonafit.records import Creator, Post

_CREATOR = {"nickname": "display_name", "profilename": "display_name", "timestamp": "read_at", "likes": ""}
_FACTS = {
    "avg_engagement": "mean engagement rate by Bright Data, as given",
    "awg_engagement_rate": "mean engagement rate by Bright Data, as given",
    "comment_engagement_rate": "comments by views, as given",
    "like_engagement_rate": "likes by views, as given",
}
VENDORS = (
    Vendor(
        name="Bright Data Instagram",
        exports=(
            (
                *within(
                    "",
                    "account fbid profile_name biography followers following posts_count is_verified is_private external_url category_name avg_engagement",
                ),
                *within("posts[].", "id caption likes comments datetime content_type video_view_count url"),
            ),
        ),
        marks=(("account", "followers", "avg_engagement"), ("account", "followers", "posts_count", "profile_name")),
        platform="instagram",
        fields={Creator: {"account": "handle", **_CREATOR}},
        facts=_FACTS,
    ),
    Vendor(
        name="Bright Data TikTok",
        exports=(
            (
                *within(
                    "",
                    "account_id id nickname biography followers following videos_count is_verified is_private bio_link region predicted_lang url awg_engagement_rate",
                ),
                *within(
                    "top_videos[].",
                    "video_id create_date description diggcount commentcount playcount share_count favorites_count",
                ),
            ),
        ),
        marks=(("account_id", "nickname", "videos_count"), ("account_id", "awg_engagement_rate")),
        platform="tiktok",
        fields={
            Creator: {
                "accountid": "handle",
                "diggcount": "",
                "createtime": "",
                "predictedlang": "language",
                **_CREATOR,
            },
            Post: {"favoritescount": "saves"},
        },
        facts=_FACTS,
    ),
    Vendor(
        name="Bright Data X",
        exports=(
            (
                *within(
                    "",
                    "x_id id profile_name biography followers following posts_count is_verified external_link location url",
                ),
                *within("posts[].", "post_id post_url description date_posted likes replies reposts views hashtags"),
            ),
        ),
        marks=(("x_id", "profile_name", "biography"),),
        platform="x",
        fields={Creator: {"xid": "creator_id", "id": "handle", **_CREATOR}},
    ),
    Vendor(
        name="Bright Data posts",
        exports=(
            within(
                "",
                "url user_posted name description date_posted replies num_comments reposts likes views hashtags followers "
                "biography posts_count following is_verified bookmarks id",
            ),
        ),
        marks=(("user_posted", "date_posted"),),
        # what it tells of who made a post stands beside the post's own
        fields={Post: {"name": "owner.display_name", "postscount": "owner.posts_count", "timestamp": "counted_at"}},
    ),
)
