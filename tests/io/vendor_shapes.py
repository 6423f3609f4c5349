"""One invented creator in every vendor's shape: what each would export of her, nothing of anybody real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bonafit.records import Creator, Post

NAME, FULL, BIO = "lea.fjordlauf", "Lea Fjordlauf", "Trail running north of everything. Coffee after."
FOLLOWERS, FOLLOWING, POSTS_COUNT = 23_480, 612, 318
FIRST = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
CAPTIONS = (
    "Ten kilometres in sleet, shoes survived",
    "Which socks for wet trails? My three",
    "Hill repeats before work",
    "A slow Sunday along the fjord",
)
POSTS = tuple(
    Post(
        post_id=f"9{i}00{i}",
        posted_at=FIRST - timedelta(days=3 * i),
        caption=caption,
        likes=1_200 - 70 * i,
        comments=41 + i,
        views=15_000 + 100 * i,
    )
    for i, caption in enumerate(CAPTIONS)
)
CREATOR = Creator(
    creator_id="77001",
    handle=NAME,
    display_name=FULL,
    bio=BIO,
    followers=FOLLOWERS,
    following=FOLLOWING,
    posts_count=POSTS_COUNT,
    posts=POSTS,
)


def iso(post: Post) -> str:
    assert post.posted_at is not None
    return post.posted_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(post: Post) -> int:
    assert post.posted_at is not None
    return int(post.posted_at.timestamp())


def us(post: Post) -> str:
    """As American interfaces write it, to the minute."""
    assert post.posted_at is not None
    return post.posted_at.strftime("%m/%d/%Y %H:%M")


def shapes() -> dict[str, Any]:
    """Vendor -> the JSON that it would give (a list of rows, or one document)."""
    p = POSTS
    return {
        "Apify Instagram": [
            {
                "id": "77001", "username": NAME, "fullName": FULL, "biography": BIO, "followersCount": FOLLOWERS,
                "followsCount": FOLLOWING, "postsCount": POSTS_COUNT, "private": False, "verified": True, "externalUrl": None,
                "relatedProfiles": [{"id": "1", "username": "somebody.else", "full_name": "S", "is_private": False}],
                "latestPosts": [
                    {"id": q.post_id, "type": "Video", "shortCode": f"C{q.post_id}", "caption": q.caption, "likesCount": q.likes,
                     "commentsCount": q.comments, "videoViewCount": q.views, "timestamp": iso(q), "ownerUsername": NAME,
                     "isPinned": False, "hashtags": [], "mentions": [],
                     "latestComments": [{"id": f"k{q.post_id}", "text": "Which shoes?", "ownerUsername": "pia", "timestamp": iso(q)}]}
                    for q in p
                ],
            }
        ],
        "Apify Instagram posts": [
            {"id": q.post_id, "type": "Video", "shortCode": f"C{q.post_id}", "caption": q.caption, "likesCount": q.likes,
             "commentsCount": q.comments, "videoPlayCount": q.views, "timestamp": iso(q), "ownerUsername": NAME, "ownerFullName": FULL,
             "ownerId": "77001", "url": f"https://www.instagram.com/p/C{q.post_id}/", "inputUrl": "https://www.instagram.com/x/"}
            for q in p
        ],
        "Apify TikTok": [
            {"id": q.post_id, "text": q.caption, "createTime": epoch(q), "createTimeISO": iso(q), "diggCount": q.likes,
             "commentCount": q.comments, "playCount": q.views, "shareCount": 9, "collectCount": 12,
             "authorMeta": {"id": "77001", "name": NAME, "nickName": FULL, "signature": BIO, "verified": True, "fans": FOLLOWERS,
                            "following": FOLLOWING, "heart": 900_000, "video": POSTS_COUNT},
             "musicMeta": {"musicName": "x", "musicAuthor": "y"}, "hashtags": [{"name": "trail"}], "videoMeta": {"duration": 31}}
            for q in p
        ],
        "TikTok-Api": [
            {"id": q.post_id, "desc": q.caption, "createTime": epoch(q),
             "author": {"id": "77001", "uniqueId": NAME, "nickname": FULL, "signature": BIO, "verified": True},
             "authorStats": {"followerCount": FOLLOWERS, "followingCount": FOLLOWING, "heartCount": 900_000, "videoCount": POSTS_COUNT},
             "stats": {"diggCount": q.likes, "commentCount": q.comments, "playCount": q.views, "shareCount": 9},
             "statsV2": {"diggCount": str(q.likes), "commentCount": str(q.comments), "playCount": str(q.views)},
             "video": {"duration": 31, "id": q.post_id, "cover": "https://x.example/1"}, "music": {"title": "t", "authorName": "y"}}
            for q in p
        ],
        "YouTube Data API": {
            "kind": "youtube#channelListResponse",
            "pageInfo": {"totalResults": 1},
            "items": [
                {"kind": "youtube#channel", "id": "77001",
                 "snippet": {"title": FULL, "description": BIO, "customUrl": f"@{NAME}", "publishedAt": "2014-02-01T00:00:00Z", "country": "NO"},
                 "statistics": {"viewCount": "9000000", "subscriberCount": str(FOLLOWERS), "hiddenSubscriberCount": False,
                                "videoCount": str(POSTS_COUNT)}}
            ],
        },
        "YouTube Data API videos": {
            "kind": "youtube#videoListResponse",
            "items": [
                {"kind": "youtube#video", "id": q.post_id,
                 "snippet": {"publishedAt": iso(q), "channelId": "77001", "title": q.caption, "description": "More below",
                             "channelTitle": FULL, "tags": ["trail"], "categoryId": "17"},
                 "contentDetails": {"duration": "PT3M20S"},
                 "statistics": {"viewCount": str(q.views), "likeCount": str(q.likes), "favoriteCount": "0", "commentCount": str(q.comments)}}
                for q in p
            ],
        },
        "yt-dlp": [
            {"id": q.post_id, "title": q.caption, "description": "More below", "channel": FULL, "channel_id": "77001", "uploader": FULL,
             "uploader_id": f"@{NAME}", "channel_follower_count": FOLLOWERS, "view_count": q.views, "like_count": q.likes,
             "comment_count": q.comments, "upload_date": iso(q)[:10].replace("-", ""), "timestamp": epoch(q), "duration": 200,
             "webpage_url": f"https://www.youtube.com/watch?v={q.post_id}", "tags": ["trail"], "format": "22 - 1280x720", "ext": "mp4",
             "media_type": "video"}
            for q in p
        ],
        "Instagram Graph API": {
            "username": NAME, "name": FULL, "biography": BIO, "followers_count": FOLLOWERS, "follows_count": FOLLOWING,
            "media_count": POSTS_COUNT, "id": "77001", "website": "https://x.example",
            "media": {
                "data": [
                    {"id": q.post_id, "caption": q.caption, "like_count": q.likes, "comments_count": q.comments, "timestamp": iso(q)[:-1] + "+0000",
                     "media_type": "CAROUSEL_ALBUM", "permalink": f"https://www.instagram.com/p/{q.post_id}/"}
                    for q in p
                ],
                "paging": {"cursors": {"after": "x"}},
            },
        },
        "instagrapi": [
            {"pk": q.post_id, "id": f"{q.post_id}_77001", "code": f"C{q.post_id}", "taken_at": iso(q), "media_type": 2, "product_type": "clips",
             "caption_text": q.caption, "like_count": q.likes, "comment_count": q.comments, "play_count": q.views, "view_count": 0,
             "like_and_view_counts_disabled": False, "location": {"pk": 1, "name": "Bergen"}, "usertags": [{"user": {"username": "pia"}}],
             "user": {"pk": "77001", "username": NAME, "full_name": FULL, "is_private": False, "is_verified": True}}
            for q in p
        ],
        "instagrapi profile": [
            {"pk": "77001", "username": NAME, "full_name": FULL, "biography": BIO, "follower_count": FOLLOWERS, "following_count": FOLLOWING,
             "media_count": POSTS_COUNT, "is_private": False, "is_verified": True, "external_url": None, "category": "Athlete"}
        ],
        "instaloader": {
            "node": {
                "id": "77001", "username": NAME, "full_name": FULL, "biography": BIO, "is_private": False, "is_verified": True,
                "edge_followed_by": {"count": FOLLOWERS}, "edge_follow": {"count": FOLLOWING}, "edge_mutual_followed_by": {"count": 0, "edges": []},
                "edge_owner_to_timeline_media": {
                    "count": POSTS_COUNT,
                    "page_info": {"has_next_page": True},
                    "edges": [
                        {"node": {"__typename": "GraphVideo", "id": q.post_id, "shortcode": f"C{q.post_id}", "taken_at_timestamp": epoch(q),
                                  "edge_media_to_caption": {"edges": [{"node": {"text": q.caption}}]},
                                  "edge_media_to_comment": {"count": q.comments}, "edge_liked_by": {"count": q.likes},
                                  "edge_media_preview_like": {"count": q.likes}, "video_view_count": q.views, "is_video": True,
                                  "comments_disabled": False, "owner": {"id": "77001", "username": NAME}}}
                        for q in p
                    ],
                },
            },
            "instaloader": {"version": "4.14", "node_type": "Profile"},
        },
        "Bright Data": [
            {"account": NAME, "profile_name": FULL, "biography": BIO, "followers": FOLLOWERS, "following": FOLLOWING,
             "posts_count": POSTS_COUNT, "is_verified": True, "avg_engagement": 0.05, "external_url": ["https://x.example"], "fbid": "5",
             "posts": [
                 {"id": q.post_id, "caption": q.caption, "likes": q.likes, "comments": q.comments, "datetime": iso(q), "content_type": "Video",
                  "video_view_count": q.views, "url": f"https://www.instagram.com/p/{q.post_id}/"}
                 for q in p
             ]}
        ],
        "Bright Data TikTok": [
            {"timestamp": "2026-11-20T06:00:00.000Z", "account_id": NAME, "id": "77001", "nickname": FULL, "biography": BIO,
             "awg_engagement_rate": 0.051, "comment_engagement_rate": 0.002, "like_engagement_rate": 0.049, "bio_link": "https://x.example",
             "predicted_lang": "en", "is_verified": True, "followers": FOLLOWERS, "following": FOLLOWING, "likes": 900_000, "digg_count": 40,
             "videos_count": POSTS_COUNT, "create_time": "2018-05-20T00:00:00.000Z", "url": f"https://www.tiktok.com/@{NAME}", "region": "NO",
             "is_private": False, "open_favorite": False,
             "top_videos": [
                 {"video_id": q.post_id, "video_url": f"https://www.tiktok.com/@{NAME}/video/{q.post_id}", "create_date": iso(q),
                  "description": q.caption, "diggcount": q.likes, "commentcount": q.comments, "playcount": q.views, "share_count": 9,
                  "favorites_count": 12, "cover_image": "https://x.example/1", "hashtags": None}
                 for q in p
             ]}
        ],
        "Bright Data X": [
            {"x_id": "77001", "id": NAME, "url": f"https://x.com/{NAME}", "profile_name": FULL, "biography": BIO, "is_verified": True,
             "followers": FOLLOWERS, "following": FOLLOWING, "posts_count": POSTS_COUNT, "external_link": "https://x.example",
             "location": "Bergen, Norway", "timestamp": "2026-11-20T06:00:00.000Z", "banner_image": None,
             "posts": [
                 {"post_id": q.post_id, "post_url": f"https://x.com/{NAME}/status/{q.post_id}", "description": q.caption, "date_posted": iso(q),
                  "likes": q.likes, "replies": q.comments, "reposts": 9, "views": q.views, "photos": None, "hashtags": None}
                 for q in p
             ]}
        ],
        "Bright Data posts": [
            {"id": q.post_id, "user_posted": NAME, "name": FULL, "description": q.caption, "date_posted": iso(q), "photos": None,
             "url": f"https://x.com/{NAME}/status/{q.post_id}", "replies": q.comments, "reposts": 9, "likes": q.likes, "views": q.views,
             "followers": FOLLOWERS, "following": FOLLOWING, "biography": BIO, "posts_count": POSTS_COUNT, "is_verified": True,
             "hashtags": None, "timestamp": "2026-11-20T06:00:00.000Z"}
            for q in p
        ],
        "Meta Business Suite": [
            {"Post ID": q.post_id, "Account ID": "77001", "Account username": NAME, "Account name": FULL, "Description": q.caption,
             "Duration (sec)": 31, "Publish time": us(q), "Permalink": f"https://www.instagram.com/reel/C{q.post_id}/", "Post type": "IG reel",
             "Data comment": "", "Date": "Lifetime", "Views": q.views, "Reach": 11_000, "Likes": q.likes, "Shares": 9, "Follows": 3,
             "Comments": q.comments, "Saves": 12}
            for q in p
        ],
        "StarNgage": [
            {"#": 1, "Influencer": f"@{NAME}", "Followers": "23,480", "Engagement Rate": "5.1%", "Topics of Influence": "Running, Coffee",
             "Country": "Norway", "Potential Reach": "7K"}
        ],
        "StarNgage list": [
            {"Rank": 1, "Name": NAME, "Followers": "23,480", "ER": "5.10%", "Country": "Norway", "Topic of Influence": "Running"}
        ],
        "Modash": {
            "error": False,
            "profile": {
                "userId": "77001",
                "profile": {"username": NAME, "fullname": FULL, "followers": FOLLOWERS, "engagementRate": 0.051, "url": f"https://www.instagram.com/{NAME}/"},
                "bio": BIO, "postsCount": POSTS_COUNT, "isVerified": True, "avgLikes": 1100, "avgComments": 42, "country": "NO",
                "statHistory": [{"month": "2026-09", "followers": 22_900, "following": 600, "avgLikes": 1000},
                                {"month": "2026-10", "followers": FOLLOWERS, "following": 612, "avgLikes": 1100}],
                "recentPosts": [
                    {"id": q.post_id, "text": q.caption, "likes": q.likes, "comments": q.comments, "views": q.views, "created": iso(q), "type": "reel"}
                    for q in p
                ],
                "audience": {"credibility": 0.83, "geoCountries": [{"name": "Norway", "code": "NO", "weight": 0.6}]},
            },
        },
        "HypeAuditor": {
            "result": {
                "user": {"id": "77001", "username": NAME, "full_name": FULL, "about": BIO, "followers_count": FOLLOWERS,
                         "followings_count": FOLLOWING, "posts_count": POSTS_COUNT, "avg_likes": 1100, "avg_comments": 42, "aqs": 81,
                         "er": {"value": 5.1, "avg": 2.1, "title": "excellent"}},
                "audience_type": {"real": 70.1, "susp": 12.0, "infs": 3.0, "mass": 14.9},
                "followers_chart": [{"date": "2026-09-01", "count": 22_900}, {"date": "2026-10-01", "count": FOLLOWERS}],
            }
        },
        "IQData": {
            "success": True,
            "user_profile": {"type": "instagram", "user_id": "77001", "username": NAME, "fullname": FULL, "description": BIO,
                             "followers": FOLLOWERS, "following": FOLLOWING, "posts_count": POSTS_COUNT, "engagement_rate": 0.051,
                             "stat_history": [{"month": "2026-09", "followers": 22_900}, {"month": "2026-10", "followers": FOLLOWERS}],
                             "recent_posts": [
                                 {"post_id": q.post_id, "text": q.caption, "created": iso(q), "type": "video",
                                  "stat": {"likes": q.likes, "comments": q.comments, "views": q.views, "shares": 9, "saves": 12}}
                                 for q in p
                             ]},
            "audience_followers": {"data": {"audience_credibility": 0.83, "audience_types": [{"code": "suspicious", "weight": 0.1}]}},
        },
        "InsightIQ": {
            "id": "5b1", "work_platform": {"id": "9bb", "name": "Instagram"},
            "profile": {"external_id": "77001", "platform_username": NAME, "full_name": FULL, "introduction": BIO, "follower_count": FOLLOWERS,
                        "following_count": FOLLOWING, "content_count": POSTS_COUNT, "average_likes": 1100, "engagement_rate": 0.051,
                        "url": f"https://www.instagram.com/{NAME}",
                        "reputation_history": [{"month": "2026-09", "follower_count": 22_900}, {"month": "2026-10", "follower_count": FOLLOWERS}],
                        "recent_contents": [
                            {"type": "REELS", "url": f"https://www.instagram.com/reel/{q.post_id}/", "description": q.caption,
                             "published_at": iso(q)[:-1] + ".000000", "engagement": {"like_count": q.likes, "comment_count": q.comments,
                                                                "view_count": q.views, "play_count": q.views, "share_count": 9, "save_count": 12}}
                            for q in p
                        ]},
            "audience": {"credibility_score": 0.83, "follower_types": [{"name": "real", "value": 80.0}]},
            "pricing": {"currency": "USD", "post_type": {"reel": {"price_range": {"min": 300, "max": 500}}}},
        },
        "influencers.club": [
            {"username": NAME, "full_name": FULL, "biography": BIO, "follower_count": FOLLOWERS, "following_count": FOLLOWING,
             "media_count": POSTS_COUNT, "engagement_percent": 5.1, "is_verified": True, "platform": "instagram"}
        ],
    }  # fmt: skip
