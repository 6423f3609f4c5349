"""Pages for people: a shortlist to send to a client, and the card of a bundle. One self-contained file each.

What strangers wrote (names, bios, captions) is escaped by the templates, runs nothing, and reaches nothing: a page's
policy allows its own script and style by their digests and no request at all. Needs `pip install 'bonafit[report]'`.
"""
