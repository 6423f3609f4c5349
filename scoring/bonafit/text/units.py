"""Text units of a creator and facets of a brief: what the encoder is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from bonafit.errors import BriefError
from bonafit.prepared import Unit
from bonafit.records import Brief, Creator, Post
from bonafit.text.clean import clean, words_of
from bonafit.text.hashtags import split_hashtag

# Posts read per creator, the most recent first: about a year of posting every other day, and a bound on cost.
MAX_POSTS = 200
# Facets read per brief, in the order given; a longer brief is an essay whose later sentences are not a niche.
MAX_FACETS = 64

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_SENTENCE = re.compile(r"(?<=[.!?;。！？])\s+|[\n\r]+|\s[-–—•|]\s")


def creator_units(creator: Creator) -> tuple[Unit, ...]:
    """Cleaned texts of a creator: the bio first, then titles and captions, most recent first.

    At most MAX_POSTS posts are read: the most recent, undated ones after dated ones in the order given. A post's tags
    stand after its caption as hashtags do. Texts that are empty after cleaning are left out, and so are texts with the
    same set of words as a more recent one of the same kind: a caption repeated fifty times is said once.
    """
    units: list[Unit] = []
    if creator.bio:
        text = clean(creator.bio)
        if text:
            units.append(Unit("bio", text, creator.bio))
    order = sorted(range(len(creator.posts)), key=lambda i: _recency(creator.posts[i]), reverse=True)
    seen: set[tuple[str, frozenset[str]]] = set()
    for i in order[:MAX_POSTS]:
        post = creator.posts[i]
        for kind, raw in _post_texts(post):
            text = clean(raw)
            key = (kind, frozenset(words_of(text)))
            if key[1] and key not in seen:
                seen.add(key)
                units.append(Unit(kind, text, raw, post.posted_at, i))
    return tuple(units)


def _recency(post: Post) -> datetime:
    return post.posted_at or _EARLIEST


def _post_texts(post: Post) -> Iterator[tuple[str, str]]:
    if post.title:
        yield "title", post.title
    if post.caption or post.tags:
        tags = " ".join("#" + re.sub(r"\W+", "_", tag.lstrip("#")) for tag in post.tags)
        yield "caption", f"{post.caption} {tags}" if tags else post.caption


def brief_facets(brief: Brief) -> tuple[Unit, ...]:
    """Facets of a brief: its description's sentences, keywords, values, then what it excludes.

    kind : `sentence`, `keyword`, `value`, `excluded`. The brand's own name is taken out: who praises the brand already
    is not the question, and a name has no meaning to an encoder. Repeated facets stand once.
    Raises BriefError where nothing is left that describes a niche.
    """
    try:
        return _facets(brief)
    except TypeError:  # a brief made in Python with lists for tuples has no hash
        return _facets.__wrapped__(brief)


# A service asks one brief again and again; cleaning ten facets takes as long as a creator's bio and captions.
@lru_cache(maxsize=64)
def _facets(brief: Brief) -> tuple[Unit, ...]:
    name = re.compile(rf"\b{re.escape(brief.brand.strip())}(?:['’]s)?\b", re.IGNORECASE)
    given = [("sentence", part) for part in _SENTENCE.split(brief.description)]
    given += [("keyword", word) for word in brief.keywords]
    given += [("value", word) for word in brief.values]
    given += [("excluded", word) for word in brief.excluded_topics]
    facets: dict[tuple[bool, str], Unit] = {}
    for kind, raw in given:
        text = clean(name.sub(" ", raw) if kind == "sentence" else raw)
        if kind != "sentence" and " " not in text:
            text = split_hashtag(text)
        if words_of(text):
            facets.setdefault((kind == "excluded", text.lower()), Unit(kind, text, raw.strip()))
    wanted = [facet for facet in facets.values() if facet.kind != "excluded"][:MAX_FACETS]
    if not wanted:
        raise BriefError(
            f"description: nothing left of {brief.description[:80]!r} after cleaning; "
            "expected a sentence about what the brand offers"
        )
    return (*wanted, *[facet for facet in facets.values() if facet.kind == "excluded"][:MAX_FACETS])
