"""The Instagram Graph API: an account with its media."""

from bonafit.io.rows.vendors import Vendor

VENDORS = (
    Vendor(
        name="Instagram Graph API",
        marks=(
            ("followers_count", "follows_count", "media_count"),
            ("media.data[].media_type",),
            ("business_discovery.username",),
        ),
        platform="instagram",
    ),
)
