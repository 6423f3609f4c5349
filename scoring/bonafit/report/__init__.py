"""Pages for people: a shortlist to send to a client, and the card of a bundle. One self-contained file each.

What strangers wrote (names, bios, captions) is escaped by the templates, runs nothing, and reaches nothing: a page's
policy allows its own script and style by their digests and no request at all. Needs `pip install 'bonafit[report]'`.
"""

from bonafit.report.bundle_page import bundle_page
from bonafit.report.material import MOST, Material, add_bundle, add_creators, material_of, read_material
from bonafit.report.page import check_page, write_page
from bonafit.report.shortlist import ALL_INLINE, INLINE, shortlist_page

__all__ = [
    "ALL_INLINE",
    "INLINE",
    "MOST",
    "Material",
    "add_bundle",
    "add_creators",
    "bundle_page",
    "check_page",
    "material_of",
    "read_material",
    "shortlist_page",
    "write_page",
]
