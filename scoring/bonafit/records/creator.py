"""A creator with what is known of them: account, posts, comments, audience, follower history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bonafit.records.absent import drop_absent, drop_words, is_absent
from bonafit.records.checked import Checked
from bonafit.records.fields import Count, Identifier, Money, Name, Seconds, Text

_COMMENT_NAMES = ("comment_id", "post_id", "author", "reply_to")
_POST_NAMES = ("post_id", "kind", "location")
_ACCOUNT_TEXTS = ("account_id", "handle", "display_name", "external_url", "relation")
_CREATOR_TEXTS = (
    "platform",
    "handle",
    "display_name",
    "bio",
    "external_url",
    "category",
    "country",
    "language",
    "currency",
)


class Comment(Checked, frozen=True, kw_only=True):
    """One comment under a post, or one reply by the creator (then `reply_to` names the comment answered)."""

    text: Text = ""
    comment_id: Name | None = None
    post_id: Name | None = None
    author: Name | None = None
    posted_at: datetime | None = None
    reply_to: Name | None = None
    likes: Count | None = None

    def __post_init__(self) -> None:
        drop_absent(self, _COMMENT_NAMES)
        drop_words(self, ("text",))


class Post(Checked, frozen=True, kw_only=True):
    """One post. Counts that the platform hides are None.

    kind : image, carousel, video, reel, short, story, live or text, as the source says (lower case).
    replies : the creator's own replies to comments under this post.
    counted_at : when the counts were read; a post's first days are not yet its reach.
    duration_seconds : length of a video. transcript : what is said in it, read like a caption.
    """

    post_id: Name | None = None
    posted_at: datetime | None = None
    caption: Text = ""
    title: Text = ""
    tags: tuple[Name, ...] = ()
    likes: Count | None = None
    comments: Count | None = None
    views: Count | None = None
    shares: Count | None = None
    saves: Count | None = None
    kind: Name | None = None
    location: Name | None = None
    is_sponsored: bool | None = None
    mentions: tuple[Name, ...] = ()
    replies: tuple[Comment, ...] = ()
    counted_at: datetime | None = None
    duration_seconds: Seconds | None = None
    transcript: Text = ""

    def __post_init__(self) -> None:
        drop_absent(self, _POST_NAMES)
        drop_words(self, ("caption", "title", "transcript"))


class AudienceAccount(Checked, frozen=True, kw_only=True):
    """One account sampled from the followers or commenters of a creator.

    bio : "" where the account is known to have none, None where it is not known.
    """

    account_id: Name | None = None
    handle: Name | None = None
    display_name: Name | None = None
    bio: Text | None = None
    followers: Count | None = None
    following: Count | None = None
    posts_count: Count | None = None
    verified: bool | None = None
    is_private: bool | None = None
    has_picture: bool | None = None
    external_url: Text | None = None
    relation: Name | None = None

    def __post_init__(self) -> None:
        drop_absent(self, _ACCOUNT_TEXTS)
        if self.bio and is_absent(self.bio):
            msgspec.structs.force_setattr(self, "bio", None)


class FollowerPoint(Checked, frozen=True, kw_only=True):
    """Followers counted at one instant."""

    at: datetime
    followers: Count


class Creator(Checked, frozen=True, kw_only=True):
    """One creator with what is known of them; only `creator_id` is required.

    extra : columns of the input that bonafit does not know, kept as read.
    """

    creator_id: Identifier
    platform: Name | None = None
    handle: Name | None = None
    display_name: Name | None = None
    bio: Text | None = None
    followers: Count | None = None
    following: Count | None = None
    posts_count: Count | None = None
    verified: bool | None = None
    is_private: bool | None = None
    has_picture: bool | None = None
    external_url: Text | None = None
    category: Name | None = None
    country: Name | None = None
    language: Name | None = None
    price: Money | None = None
    currency: Name | None = None
    posts: tuple[Post, ...] = ()
    comments: tuple[Comment, ...] = ()
    audience: tuple[AudienceAccount, ...] = ()
    follower_history: tuple[FollowerPoint, ...] = ()
    extra: dict[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        drop_absent(self, _CREATOR_TEXTS)
