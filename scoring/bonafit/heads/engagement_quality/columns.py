"""Columns of the engagement head, in four groups: the creator, the post predicted, the posts known, and both compared.

All are computed from what was known before the predicted post went up, and from what a creator decides when posting.
Numbers are natural logarithms where the unit says log.
"""

from __future__ import annotations

from bonafit.heads.columns import Column

PROFILE = (
    Column("size", "log count", 0, "Followers, or typical views where the rate is by views"),
    Column("posts_count", "log count", 0, "Posts published in all"),
    Column("following", "log count", 0, "Accounts followed"),
    Column("verified", "flag", 0, "Verified by the platform"),
    Column("bio_length", "log characters", 0, "Length of the bio"),
    Column("language_level", "log ratio", 0, "What creators of this language usually see"),
    Column("category_level", "log ratio", 0, "What creators of this category usually see"),
    Column("country_level", "log ratio", 0, "What creators of this country usually see"),
    Column("following_ratio", "log ratio", 0, "Accounts followed for each follower"),
    Column("bio_pictographs", "count", 0, "Emoji in the bio"),
    Column("bio_symbols", "share", 0, "Share of the bio's characters outside plain Latin letters and signs"),
    Column("bio_capitals", "share", 0, "Share of capital letters in the bio"),
    Column("bio_lines", "count", 0, "Lines of the bio"),
    Column("bio_digits", "count", 0, "Digits in the bio"),
    Column("bio_handles", "count", 0, "Accounts and hashtags named in the bio"),
    Column("bio_contact", "flag", 0, "Names a way to be contacted or a page"),
    Column("bio_growth", "flag", 0, "Asks for followers or states a goal"),
    Column("bio_topic", "log ratio", 0, "What the bio is about"),
    Column("bio_words", "log ratio", 0, "Words of the bio"),
)
POST = (
    Column("caption_length", "log characters", 0, "Length of the caption"),
    Column("n_hashtags", "count", 0, "Hashtags and tags"),
    Column("n_mentions", "count", 0, "Accounts mentioned"),
    Column("n_pictographs", "count", 0, "Emoji in the text"),
    Column("asks", "flag", 0, "Asks a question"),
    Column("n_exclaims", "count", 0, "Exclamation marks"),
    Column("reach_tags", "flag", 0, "Hashtags that ask the platform for reach, such as fyp"),
    Column("capitals", "share", 0, "Share of capital letters"),
    Column("hour", "hours", 0, "Hour of posting, UTC"),
    Column("weekday", "count", 0, "Day of the week, Monday is 0"),
    Column("sponsored", "flag", 0, "Marked as sponsored"),
    Column("located", "flag", 0, "Names a place"),
    Column("carousel", "flag", 0, "Several images"),
    Column("moving", "flag", 0, "A video of any kind"),
    Column("duration", "log seconds", 0, "Length of the video"),
    Column("age", "log days", 0, "Age of the post when its counts were read"),
    Column("caption_topic", "log ratio", 0, "What the caption is about"),
    Column("caption_words", "log ratio", 0, "Words of the caption and tags"),
    Column("title_topic", "log ratio", 0, "What the title is about"),
    Column("title_words", "log ratio", 0, "Words of the title"),
)
HISTORY = (
    Column("n_known", "log count", 0, "Posts known with their counts, 32 at most"),
    Column("level", "log ratio", 0, "Own level: past posts over the expected, recent ones counting more"),
    Column("level_spread", "log ratio", 0, "Uncertainty of the own level"),
    Column("median_dev", "log ratio", 0, "Median of all known posts against the own level"),
    Column("mean_dev", "log ratio", 0, "Mean of all known posts against the own level"),
    Column("last8_dev", "log ratio", 0, "Median of the last eight posts against the own level"),
    Column("last3_dev", "log ratio", 0, "Mean of the last three posts against the own level"),
    Column("last_dev", "log ratio", 0, "The last post against the own level"),
    Column("best_dev", "log ratio", 0, "The best tenth of posts against the own level"),
    Column("worst_dev", "log ratio", 0, "The worst tenth of posts against the own level"),
    Column("best8_dev", "log ratio", 0, "The best tenth of the last eight posts against the own level"),
    Column("worst8_dev", "log ratio", 0, "The worst tenth of the last eight posts against the own level"),
    Column("spread", "log ratio", 0, "Spread of the known posts"),
    Column("spread8", "log ratio", 0, "Spread of the last eight posts"),
    Column("slope", "log ratio per post", 0, "Trend over the known posts"),
    Column("memory", "correlation", 0, "How far a post resembles the one before"),
    Column("days_covered", "log days", 0, "Days from the first known post to the last"),
    Column("gap", "log days", 0, "Usual days between posts"),
    Column("gap8", "log days", 0, "Usual days between the last eight posts"),
    Column("comment_share", "log ratio", 0, "Comments for each like"),
    Column("comment_share8", "log ratio", 0, "Comments for each like, last eight posts"),
    Column("like_rate", "log ratio", 0, "Likes for each view"),
    Column("like_rate8", "log ratio", 0, "Likes for each view, last eight posts"),
    Column("share_rate8", "log ratio", 0, "Shares for each like, last eight posts"),
    Column("view_rate", "log ratio", 0, "Views for each follower"),
    Column("view_rate8", "log ratio", 0, "Views for each follower, last eight posts"),
    Column("view_best", "log ratio", 0, "Views for each follower of the best tenth of posts"),
    Column("view_floor", "log ratio", 0, "Lower quarter of views against the middle"),
    Column("usual_caption_length", "log characters", 0, "Usual length of captions"),
    Column("usual_hashtags", "count", 0, "Usual number of hashtags"),
    Column("usual_mentions", "count", 0, "Usual number of mentions"),
    Column("usual_topic", "log ratio", 0, "What captions are usually about"),
    Column("usual_words", "log ratio", 0, "Words captions usually have"),
)
COMPARED = (
    Column("caption_length_dev", "log ratio", 0, "Caption length against the usual one"),
    Column("hashtags_dev", "count", 0, "Hashtags against the usual number"),
    Column("mentions_dev", "count", 0, "Mentions against the usual number"),
    Column("topic_dev", "log ratio", 0, "What the caption is about against the usual"),
    Column("words_dev", "log ratio", 0, "Words of the caption against the usual"),
    Column("steps_ahead", "count", 0, "How many posts after the last known one"),
    Column("days_ahead", "log days", 0, "Days since the last known post"),
    Column("content_lift", "log ratio", 0, "What such content usually gets, against the content of the known posts"),
)
# New columns go to the end: the trees of older bundles never ask for them.
COLUMNS = PROFILE + POST + HISTORY + COMPARED
# What the creator does not earn: it moves the expected rate and never the lift, so that no language or country, and no
# post read too early, is worth less.
CONTEXT = ("language_level", "country_level", "age")
INDEX = {column.name: i for i, column in enumerate(COLUMNS)}
