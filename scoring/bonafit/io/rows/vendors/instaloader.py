"""instaloader and Instagram's own web interface: edges and nodes."""

from bonafit.io.rows.vendors import Vendor

VENDORS = (
    Vendor(
        name="instaloader",
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
