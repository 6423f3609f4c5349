"""StarNgage's lists."""

from bonafit.io.rows.vendors import Vendor

VENDORS = (
    Vendor(
        name="StarNgage",
        exports=(("#", "Influencer", "Followers", "Engagement Rate", "Topics of Influence", "Country"),),
        marks=(
            ("influencer", "followers", "engagement rate", "topics of influence"),
            ("name", "rank", "followers", "er", "topic of influence"),
        ),
        facts={
            "engagement rate": "engagement rate by StarNgage, as given",
            "er": "engagement rate by StarNgage, as given",
        },
    ),
)
