"""instaloader and Instagram's own web interface: edges and nodes."""

from bonafit.io.rows.vendors import Vendor, within

VENDORS = (
    Vendor(
        name="instaloader",
        exports=(
            (
                *within(
                    "",
                    "id username full_name biography is_private is_verified external_url category_name edge_followed_by.count edge_follow.count edge_owner_to_timeline_media.count",
                ),
                *within(
                    "edge_owner_to_timeline_media.edges[].node.",
                    "id __typename shortcode taken_at_timestamp edge_media_to_caption.edges[].node.text edge_media_to_comment.count edge_liked_by.count video_view_count is_video comments_disabled location.name",
                ),
            ),
        ),
        marks=(
            ("edge_followed_by.count",),
            ("node.edge_followed_by.count",),
            ("graphql.user.edge_followed_by.count",),
            ("data.user.edge_followed_by.count",),
            ("node.edge_media_to_caption",),
            ("edge_media_to_caption", "shortcode"),
        ),
        platform="instagram",
    ),
)
