"""Posts as Meta Business Suite exports them."""

from bonafit.io.rows.vendors import Vendor
from bonafit.records import Post

VENDORS = (
    Vendor(
        name="Meta Business Suite",
        exports=(
            (
                "Post ID",
                "Account ID",
                "Account username",
                "Account name",
                "Description",
                "Duration (sec)",
                "Publish time",
                "Permalink",
                "Post type",
                "Date",
                "Views",
                "Reach",
                "Likes",
                "Shares",
                "Follows",
                "Comments",
                "Saves",
            ),
        ),
        marks=(("Post ID", "Publish time", "Post type"),),
        fields={
            Post: {"date": "", "datacomment": "", "reach": "", "impressions": "", "durationsec": "duration_seconds"}
        },
    ),
)
