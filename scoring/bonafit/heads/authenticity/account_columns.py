"""What an account's own profile and latest posts show, as named columns.

The definitions are those of Purba et al., IJECE 10(3), 2020, table 2, as far as their published values let them be
recovered, so that a model fitted on their accounts reads any creator the same way; docs/methods/authenticity.md lists
them. Language, country and platform are no columns. Lengths are counted in display cells without emoji:
a caption in Japanese carries about as much per two cells as one in English, and an emoji carries no length.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bonafit.heads.columns import Column
from bonafit.records import AudienceAccount, Creator, Post

Values = dict[str, float | None]

# The published shares of accounts with many posts are multiples of 1/18: eighteen latest posts were read.
LATEST_POSTS = 18
# "Almost empty" in the source: at most three characters.
EMPTY_CELLS = 3
# The source's two word lists, looked for inside hashtags; with the spellings in use since, and the same words in other
# languages: an English list alone would hold a habit against those only who write English.
PROMO_WORDS = (
    "regrann", "contest", "repost", "giveaway", "mention", "share", "quiz", "sorteo", "sorteio", "concours",
    "gewinnspiel", "çekiliş", "конкурс", "розыгрыш", "репост", "مسابقة", "リポスト", "プレゼント企画",
    "抽奖", "प्रतियोगिता",
)  # fmt: skip
FOLLOW_WORDS = (
    "follow", "like", "folback", "f4f", "l4l", "s4s", "gainwithus", "sígueme", "sigueme", "segueme", "sigodevolta",
    "takip", "подпис", "взаимн", "лайк", "متابعة", "لايك", "フォロー", "いいね", "互关", "互粉", "点赞",
    "팔로우", "맞팔", "좋아요", "फॉलो", "लाइक",
)  # fmt: skip
_WORD = re.compile(r"\w+")
_HASHTAG = re.compile(r"[#＃]\w+")

# Profile: known of any account, also of one follower among many.
PROFILE = (
    Column("followers", "count", 0, "followers of the account"),
    Column("following", "count", 0, "accounts it follows"),
    Column("posts_count", "count", 0, "posts it has published"),
    Column("bio_length", "cells", 0, "length of the biography in display cells, emoji not counted"),
    Column("has_picture", "flag", 1, "has a profile picture"),
    Column("has_url", "flag", 1, "links to a page outside the platform"),
    Column("followers_per_following", "log10 ratio", 0, "followers for each account followed"),
    Column("posts_per_follower", "log10 ratio", 0, "posts for each follower"),
    Column("posts_per_following", "log10 ratio", 0, "posts for each account followed"),
)
# Content: known where posts are.
CONTENT = (
    Column("caption_length", "cells", 0, "mean length of captions in display cells, emoji not counted"),
    Column("caption_empty_share", "share", 0, "share of posts with no caption to speak of"),
    Column("written_length", "cells", 0, "mean length of the captions that say something"),
    Column("non_image_share", "share", 0, "share of posts that are video or carousel, where some are single images"),
    Column("like_rate", "rate", 0, "mean likes of a post, by followers"),
    Column("comment_rate", "rate", 0, "mean comments of a post, by followers"),
    Column("mean_likes", "count", 0, "mean likes of a post"),
    Column("mean_comments", "count", 0, "mean comments of a post"),
    Column("likes_per_comment", "log10 ratio", 0, "likes for each comment"),
    Column("likes_per_following", "log10 ratio", 0, "mean likes of a post for each account followed"),
    Column("location_share", "share", 1, "share of posts that name a place, where the source tells"),
    Column("hashtags", "count", 0, "mean hashtags of a post"),
    Column("promo_words", "count", 0, "mean promotion words in a post's hashtags, such as giveaway or repost"),
    Column("follow_words", "count", -1, "mean words that trade follows or likes in a post's hashtags, such as f4f"),
    Column(
        "caption_similarity",
        "cosine",
        0,
        "mean word overlap between two posts' captions; two empty ones count as equal",
    ),
    Column("gap_hours", "hours", 0, "mean time between posts"),
    Column(
        "active_hours", "hours", 0, "posts published times mean time between them: roughly the account's age in use"
    ),
    # Quotients of three figures: an additive model with pairs can't form them (docs/decisions/003).
    Column("all_likes_per_follower", "log10 ratio", 0, "likes of all posts together for each follower"),
    Column("comments_per_following", "log10 ratio", 0, "mean comments of a post for each account followed"),
    Column("likes_per_gap_hour", "log10 ratio", 0, "mean likes of a post for each hour between posts"),
    Column("followers_per_active_hour", "log10 ratio", 0, "followers for each hour of the account's age in use"),
    Column(
        "following_per_active_hour", "log10 ratio", 0, "accounts followed for each hour of the account's age in use"
    ),
    Column("hashtags_per_cell", "count", 0, "hashtags for each display cell of a caption"),
)


def display_cells(text: str) -> int:
    """Length of a text in display cells: 2 for wide characters, 0 for emoji and combining marks, else 1."""
    return len(text) if text.isascii() else sum(map(_char_cells, text))


# The characters of every living script fit in; a text is then a few look-ups long.
@lru_cache(maxsize=1 << 16)
def _char_cells(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.category(char) in {"So", "Sk", "Mn", "Me", "Cf", "Cs", "Co", "Cn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def words(text: str) -> list[str]:
    """Lower-case words of a text; scripts written without spaces give pairs of neighbouring characters."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if len(word) > 1 and not word.isascii() and any(unicodedata.east_asian_width(char) in "WF" for char in word):
            found.extend(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.append(word)
    return found


def mean_pairwise_cosine(texts: Sequence[str]) -> float | None:
    """Mean cosine of word counts over all pairs of texts, in [0, 1]; None for fewer than two texts.

    Two texts without words count as equal, one without words against one with words as unrelated, as in the source.
    """
    n = len(texts)
    if n < 2:
        return None
    # Word by word, a word's pairs are half of the square of its sum less its squares: a creator of 200 posts has 19,900
    # pairs of texts and some thousand words.
    shared: dict[str, tuple[float, float]] = {}
    empty = 0
    for text in texts:
        bag = Counter(words(text))
        if not bag:
            empty += 1
            continue
        norm = math.sqrt(sum(c * c for c in bag.values()))
        for word, count in bag.items():
            weight = count / norm
            total, squares = shared.get(word, (0.0, 0.0))
            shared[word] = total + weight, squares + weight * weight
    # A word of one text adds nothing, which rounding would not always give.
    pairs = sum(total * total - squares for total, squares in shared.values() if total * total > squares * (1 + 1e-12))
    return min(1.0, (pairs + empty * (empty - 1)) / (n * (n - 1)))


def hashtags(post: Post) -> list[str]:
    """Lower-case hashtags of a post without the sign: those in its caption, then tags the caption lacks."""
    found = [tag[1:] for tag in _HASHTAG.findall(post.caption.lower())]
    return found + [tag for t in post.tags if (tag := t.lstrip("#").lower()) not in found]


def latest_posts(posts: Sequence[Post], limit: int = LATEST_POSTS) -> list[Post]:
    """The newest posts first; undated posts keep their place after the dated ones."""
    dated = [(p.posted_at.timestamp(), i) for i, p in enumerate(posts) if p.posted_at is not None]
    newest = [posts[i] for _, i in sorted(dated, key=lambda pair: (-pair[0], pair[1]))]
    return [*newest, *(p for p in posts if p.posted_at is None)][:limit]


def profile_values(account: Creator | AudienceAccount) -> Values:
    """Profile columns of a creator or of one account of an audience sample; None where the record is silent."""
    url = account.external_url
    return derived(
        {
            "followers": account.followers,
            "following": account.following,
            "posts_count": account.posts_count,
            "bio_length": None if account.bio is None else display_cells(account.bio),
            "has_picture": None if account.has_picture is None else float(account.has_picture),
            "has_url": None if url is None else float(bool(url.strip())),
        }
    )


def account_values(creator: Creator) -> Values:
    """Profile and content columns of a creator; content columns are None where there are no posts to read."""
    base: Values = {k: v for k, v in profile_values(creator).items() if k in BASE}
    posts = latest_posts(creator.posts)
    if posts:
        base.update(_content(posts, creator))
    return derived(base)


def _content(posts: Sequence[Post], creator: Creator) -> Values:
    captions = [p.caption or p.title for p in posts]
    cells = [display_cells(c) for c in captions]
    likes = _mean([p.likes for p in posts])
    comments = _mean([p.comments for p in posts])
    followers = creator.followers
    kinds = [p.kind for p in posts if p.kind is not None]
    images = sum(k in {"image", "photo"} for k in kinds)
    # posts without a place are seen as such only where another of them has one
    places = [p.location is not None for p in posts] if any(p.location for p in posts) else []
    times = sorted(p.posted_at.timestamp() for p in posts if p.posted_at is not None)
    alone = len(posts) == 1 and creator.posts_count == 1
    gap = (times[-1] - times[0]) / 3600 / (len(times) - 1) if len(times) > 1 else None
    similarity = mean_pairwise_cosine(captions)
    tags = [hashtags(p) for p in posts]
    return {
        "caption_length": sum(cells) / len(cells),
        "caption_empty_share": sum(c <= EMPTY_CELLS for c in cells) / len(cells),
        # a place without single images (video platforms) says nothing about who posts
        "non_image_share": 1 - images / len(kinds) if images else None,
        "like_rate": likes / followers if likes is not None and followers else None,
        "comment_rate": comments / followers if comments is not None and followers else None,
        "location_share": sum(places) / len(places) if places else None,
        "hashtags": sum(len(t) for t in tags) / len(tags),
        "promo_words": sum(any(w in tag for w in PROMO_WORDS) for t in tags for tag in t) / len(tags),
        "follow_words": sum(any(w in tag for w in FOLLOW_WORDS) for t in tags for tag in t) / len(tags),
        # the source writes 0 for an account whose only post has nothing to be compared with
        "caption_similarity": 0.0 if alone else similarity,
        "gap_hours": 0.0 if alone else gap,
    }


BASE = frozenset(
    {
        "followers", "following", "posts_count", "bio_length", "has_picture", "has_url", "caption_length",
        "caption_empty_share", "non_image_share", "like_rate", "comment_rate", "location_share", "hashtags",
        "promo_words", "follow_words", "caption_similarity", "gap_hours",
    }
)  # fmt: skip


def derived(base: Mapping[str, float | None]) -> Values:
    """Base values with every column computed from them; a column is None where one of its parts is.

    The additions keep ratios finite and were fixed before any model was fitted: one account, one post, a tenth of a
    comment.
    """
    out: Values = dict(base)
    followers, following, posts = base.get("followers"), base.get("following"), base.get("posts_count")
    out["followers_per_following"] = _log_ratio(followers, following, 1, 1)
    out["posts_per_follower"] = _log_ratio(posts, followers, 1, 1)
    out["posts_per_following"] = _log_ratio(posts, following, 1, 1)
    likes = _product(base.get("like_rate"), followers)
    comments = _product(base.get("comment_rate"), followers)
    out["mean_likes"], out["mean_comments"] = likes, comments
    out["likes_per_comment"] = _log_ratio(likes, comments, 1, 0.1)
    out["likes_per_following"] = _log_ratio(likes, following, 1, 1)
    out["active_hours"] = _product(posts, base.get("gap_hours"))
    out["all_likes_per_follower"] = _log_ratio(_product(likes, posts), followers, 1, 1)
    out["comments_per_following"] = _log_ratio(comments, following, 0.1, 1)
    out["likes_per_gap_hour"] = _log_ratio(likes, base.get("gap_hours"), 1, 1)
    # a day, since the age in use of an account with one post is zero
    out["followers_per_active_hour"] = _log_ratio(followers, out["active_hours"], 1, 24)
    out["following_per_active_hour"] = _log_ratio(following, out["active_hours"], 1, 24)
    length, empty = base.get("caption_length"), base.get("caption_empty_share")
    # below one written post in twenty the quotient is noise
    out["written_length"] = None if length is None or empty is None else length / max(1 - empty, 0.05)
    tags = base.get("hashtags")
    # five cells are the shortest hashtag and its space
    out["hashtags_per_cell"] = None if length is None or tags is None else tags / (length + 5)
    return out


def _mean(values: Sequence[int | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def _product(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b


def _log_ratio(a: float | None, b: float | None, plus_a: float, plus_b: float) -> float | None:
    return None if a is None or b is None else math.log10((a + plus_a) / (b + plus_b))
