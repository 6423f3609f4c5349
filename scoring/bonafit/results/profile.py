"""Who a creator is to people, and where the platform shows them."""

from __future__ import annotations

import re

import msgspec

# Addresses of profiles by platform.
PROFILE_LINKS = {
    "instagram": "https://www.instagram.com/{}/",
    "tiktok": "https://www.tiktok.com/@{}",
    "youtube": "https://www.youtube.com/@{}",
    "twitch": "https://www.twitch.tv/{}",
    "x": "https://x.com/{}",
    "twitter": "https://x.com/{}",
    "threads": "https://www.threads.net/@{}",
    "pinterest": "https://www.pinterest.com/{}/",
    "facebook": "https://www.facebook.com/{}",
}
# What a handle may be made of; whatever else somebody calls a handle is put into no address.
_HANDLE, _CHANNEL = re.compile(r"[\w.\-]{1,100}", re.ASCII), re.compile(r"UC[\w\-]{22}", re.ASCII)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Who the creator is to people, as read from the input; nothing here is a judgement.

    as_of : ISO date on which the record was true: the newest reading of counts, else the newest comment or post.
    """

    handle: str | None = None
    display_name: str | None = None
    platform: str | None = None
    followers: int | None = None
    price: float | None = None
    currency: str | None = None
    country: str | None = None
    language: str | None = None
    category: str | None = None
    as_of: str | None = None

    @property
    def link(self) -> str | None:
        """Where the platform shows this handle, by the platform's own form of addresses; it is not looked up.

        None without a handle, and on platforms whose form is not known here.
        """
        handle = (self.handle or "").removeprefix("@")
        form = PROFILE_LINKS.get((self.platform or "").lower())
        if form is None or not _HANDLE.fullmatch(handle):
            return None
        if self.platform == "youtube" and _CHANNEL.fullmatch(handle):
            form = "https://www.youtube.com/channel/{}"
        return form.format(handle)
