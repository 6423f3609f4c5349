"""Names of what stands around fields: lists of records, objects that only wrap, objects that speak of who made a post,
boxes around one value.
"""

from __future__ import annotations

import re

from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post

# lists of records by the names they go by
LISTS: dict[type, dict[str, str]] = {
    Creator: {
        "posts": "posts, latest_posts, recent_posts, recent_media, media, medias, videos, top_videos, top_posts, recent_contents, contents, content, "
        "items, timeline, feed, reels, recent_reels, latest_videos, latest_igtv_videos, tweets, statuses, sponsored_posts, popular_posts, "
        "top_contents, sponsored_contents, recent_videos, user_posts, edge_owner_to_timeline_media, edge_felix_video_timeline, clips, uploads, "
        "captions, recent_captions, latest_captions, last_captions, post_captions, post_texts, top_posts_data, post_list, aweme_list, item_list, entries, beiträge, publicaciones, publications",
        "comments": "comments, latest_comments, recent_comments, comment_list, kommentare",
        "audience": "audience, audience_sample, followers, followers_list, follower_list, follower_sample, sample_followers, commenters",
        "follower_history": "follower_history, stat_history, followers_chart, reputation_history, followers_history, growth_history, "
        "history, follower_growth, followers_growth, historical_followers, followers_by_month, growth",
    },
    Post: {
        "replies": "replies, creator_replies, own_replies",
        "comment_sample": "comments, latest_comments, top_comments, comment_list, preview_comments, edge_media_to_comment, "
        "edge_media_to_parent_comment, edge_media_preview_comment, first_comments, comments_data",
    },
    Comment: {"thread": "replies, edge_threaded_comments, child_comments"},
    AudienceAccount: {},
    FollowerPoint: {},
}  # fmt: skip
# objects whose fields are the record's own
WRAPPERS: dict[type, str] = {
    Creator: "person, user, profile, user_profile, user_info, account, channel, influencer, creator, data, result, response, graphql, statistics, stats, "
    "stats_v2, snippet, branding_settings, metrics, info, basic_info, summary, attributes, public_metrics, legacy, author, author_meta, "
    "author_stats, author_stats_v2, owner, node, counts, profile_data, user_data, page, blogger, about, kol, public, core, features, source, fields, account_info, page_info, basic, metadata, meta, raw, details, user_details, profile_info, profile_details, additional_info",
    Post: "statistics, stats, stats_v2, stat, engagement, snippet, metrics, public_metrics, node, caption, content_details, counts, video_meta, "
    "video, engagement_statistics, insights, data, post, media, item, item_info, item_struct, legacy, meta, engagements",
    Comment: "node, snippet, top_level_comment, data, comment",
    AudienceAccount: "user, profile, node, data",
    FollowerPoint: "node, data, metrics",
}
# objects and prefixes of a post that speak of who made it
OWNERS = "owner, author, author_meta, author_info, author_stats, author_stats_v2, user, channel, uploader, account, creator, influencer, profile, poster, page"
# a post's own names that can only speak of who made it
OWNED = frozenset(
    (
        "creator_id",
        "handle",
        "display_name",
        "followers",
        "following",
        "bio",
        "platform",
        "country",
        "verified",
        "is_private",
        "posts_count",
    )
)
NOT_OWNED = frozenset(
    ["id", "pk", "title", "name", "nom", "nombre", "nome", "nama", "description", "about", "signature", "channel", "uploader", "video", "videos", "media", "reels", "post", "posts", "location", "region", "geo", "market", "contents", "introduction", "intro", "tagline", "deskripsi", "beschreibung", "descripcion", "descricao", "descrizione", "social", "medium", "network", "verification", "user", "followed", "follows", "topics", "title", "externalid", "friends"]
)  # fmt: skip
# one value in an object or a list of them: `{"count": 8400}`, `{"code": "DE", "name": "Germany"}`
BOXES = [
    "value",
    "count",
    "total",
    "total_count",
    "amount",
    "code",
    "name",
    "text",
    "url",
    "username",
    "title",
    "tag",
    "hashtag_name",
    "hashtag",
    "simple_text",
    "plain_text",
    "label",
    "display_url",
    "link",
    "expanded_url",
    "id",
    # MongoDB's own JSON
    "$oid",
    "$date",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
    "$numberDecimal",
    # DynamoDB's
    "S",
    "N",
]
# Objects that speak of others, or of means over posts: never searched for the creator's own facts.
OTHERS = re.compile(
    r"audience|lookalike|similar|related|mutual|mention|tagged|average|avg|mean|median|bench|growth|history|paid|sponsor|notable|suggest|brand|"
    r"commenter|top|coauthor|collab|competitor|example|previous|before|business|contact|hashtag|music|playlist|parent"
)
