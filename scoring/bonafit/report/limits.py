"""How much a page holds; help names these limits and needs nothing of what makes a page."""

# Results that a page holds unless asked otherwise: what people read in a morning, and 3 MB at most.
MOST = 500

# Cards whose quotes and charts stand in the page as they are: everybody's on a page of so many creators; on a longer
# one the first ones', the others' are packed, so that 500 creators stay under 3 MB (`make benchmark ONLY=speed/page`).
ALL_INLINE, INLINE = 200, 60
