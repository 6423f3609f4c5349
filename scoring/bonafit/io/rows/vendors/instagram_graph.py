"""The Instagram Graph API: an account with its media."""

from bonafit.io.rows.vendors import Vendor, within

VENDORS = (
    Vendor(
        name="Instagram Graph API",
        exports=(
            (
                *within("", "id username name biography followers_count follows_count media_count website"),
                *within("media.data[].", "id caption like_count comments_count timestamp media_type permalink"),
            ),
        ),
        marks=(
            ("followers_count", "follows_count", "media_count"),
            ("media.data[].media_type",),
            ("business_discovery.username",),
        ),
        platform="instagram",
    ),
)
