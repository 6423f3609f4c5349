"""What the counts of a profile show, as named columns that mean the same in every set; and how texts are read here.

Followers, accounts followed and posts are the only columns that each published set of labelled accounts knows alike,
and with them alone a model helped on every set it had not seen (docs/decisions/009-authenticity-from-several-sets.md).
Link, picture, biography, places, hashtags and kind of post cost nothing and are no columns; language, country and
platform neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bonafit.heads.columns import Column
from bonafit.records import AudienceAccount, Creator, Post

Values = dict[str, float | None]

# "Almost empty": at most three characters, as in Purba et al., IJECE 10(3), 2020.
EMPTY_CELLS = 3
# So many posts in the record tell as much as a published number: the model is flat from nine posts on.
POSTS_SEEN = 9
_WORD = re.compile(r"\w+")

PROFILE = (
    Column("followers", "count", 1, "followers of the account"),
    Column("following", "count", -1, "accounts it follows"),
    Column("posts_count", "count", 1, "posts it has published"),
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
    out: list[str] = []
    for word in _WORD.findall(text.lower()):
        if len(word) > 1 and not word.isascii() and any(unicodedata.east_asian_width(char) in "WF" for char in word):
            out.extend(word[i : i + 2] for i in range(len(word) - 1))
        else:
            out.append(word)
    return out


def latest_posts(posts: Sequence[Post], limit: int) -> list[Post]:
    """The newest posts first; undated posts keep their place after the dated ones."""
    dated = [(p.posted_at.timestamp(), i) for i, p in enumerate(posts) if p.posted_at is not None]
    newest = [posts[i] for _, i in sorted(dated, key=lambda pair: (-pair[0], pair[1]))]
    return [*newest, *(p for p in posts if p.posted_at is None)][:limit]


def profile_values(account: Creator | AudienceAccount) -> Values:
    """Counts of a creator or of one account of an audience sample; None where the record is silent."""
    return {
        "followers": account.followers,
        "following": account.following,
        "posts_count": account.posts_count,
    }


def account_values(creator: Creator) -> Values:
    """Counts of a creator. A record holds at least the posts it shows, whatever the profile says of their number."""
    values = profile_values(creator)
    shown = len(creator.posts)
    if creator.posts_count is not None or shown >= POSTS_SEEN:
        values["posts_count"] = max(creator.posts_count or 0, shown)
    return values
