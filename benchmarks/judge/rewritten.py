"""Creators of whom nothing can be said, the same creator elsewhere, and other captions under the same counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from benchmarks.judge.bases import END, Base
from benchmarks.judge.edits import Change, on_posts, scaled
from benchmarks.judge.texts import EXCLUDED, language_texts, sentence
from msgspec.structs import replace

from bonafit import Comment, Creator

# --- rule 10: not judgeable


def private_empty(base: Base) -> Creator:
    return replace(base.creator, is_private=True, posts=(), comments=())


def no_posts(base: Base) -> Creator:
    return replace(base.creator, posts=(), comments=())


def stale(base: Base) -> Creator:
    """Nothing newer than fourteen months before the counts were read."""
    away = timedelta(days=425)

    def back(comment: Comment) -> Comment:
        return replace(comment, posted_at=comment.posted_at - away if comment.posted_at else None)

    creator = on_posts(
        base.creator,
        lambda post: {
            "posted_at": post.posted_at - away if post.posted_at else None,
            "counted_at": END,
            "replies": tuple(back(reply) for reply in post.replies),
        },
    )
    return replace(creator, comments=tuple(back(comment) for comment in creator.comments))


def wordless(base: Base) -> Creator:
    creator = on_posts(base.creator, lambda _: {"caption": "", "replies": ()})
    return replace(creator, bio=None, comments=())


# --- rule 12: invariance


def sized(followers: int) -> Change:
    """The same rates at another size: every count scaled with the followers."""

    def change(base: Base) -> Creator:
        factor = followers / (base.creator.followers or 1)
        names = ("likes", "comments", "views", "shares", "saves")
        creator = scaled(base.creator, **dict.fromkeys(names, factor))
        points = tuple(replace(p, followers=round(p.followers * factor)) for p in creator.follower_history)
        return replace(creator, followers=followers, follower_history=points)

    return change


def translated(language: str) -> Change:
    """The same content in another language."""

    def change(base: Base) -> Creator | None:
        if language == base.language:
            return None
        captions = [text.render(language) for text in base.plan]
        creator = replace(base.creator, bio=base.bio.render(language), language=language)
        posts = tuple(replace(p, caption=c) for p, c in zip(creator.posts, captions, strict=True))
        return replace(creator, posts=posts)

    return change


def platform(name: str) -> Change:
    return lambda base: replace(base.creator, platform=name) if base.creator.platform != name else None


# --- rule 13


def loathing(share: float, *, brand: bool = False) -> Change:
    """So many of the posts loathe the niche, or run the brand down by name."""

    def change(base: Base) -> Creator:
        rng = base.rng(f"loathing {share} {brand}")
        n = len(base.creator.posts)
        places = set(rng.sample(range(n), round(share * n)))
        posts = [
            replace(
                post,
                caption=sentence(rng, "against_brand" if brand else "loathe", base.niche).render(
                    base.language, base.brief.brand
                ),
            )
            if i in places
            else post
            for i, post in enumerate(base.creator.posts)
        ]
        return replace(base.creator, posts=tuple(posts))

    return change


def with_captions(base: Base, captions: Sequence[str], *, bio: str | None = None) -> Creator:
    """The creator with other captions, in the order of their posts."""
    posts = tuple(replace(post, caption=captions[i % len(captions)]) for i, post in enumerate(base.creator.posts))
    return replace(base.creator, posts=posts, bio=bio)


def emoji_only(base: Base) -> Creator:
    rng: Random = base.rng("emoji")
    return with_captions(base, ["".join(rng.choice("✨🙌☀️❤️😊👀🔥") for _ in range(4)) for _ in range(40)], bio="✨")


def tags_only(base: Base) -> Creator:
    topics = language_texts(base.language)["topics"][base.niche]
    rng = base.rng("tags")
    tags = ["#" + topic.replace(" ", "") for topic in topics]
    return with_captions(base, [" ".join(rng.sample(tags, 4)) for _ in range(40)], bio=tags[0])


def brief_copied(base: Base) -> Creator:
    """The brief pasted into every second caption."""
    captions = [base.brief.description if i % 2 else post.caption for i, post in enumerate(base.creator.posts)]
    return with_captions(base, captions, bio=base.creator.bio)


# --- rule 16

SOUNDS_LIKE_IT = "sounds like it"
# Changes that are scored for a brief that excludes EXCLUDED.
UNSAFE = frozenset((SOUNDS_LIKE_IT, *(f"promotes {category}" for category in EXCLUDED)))


def promoting(category: str, n: int = 5) -> Change:
    """n of the posts promote what the brief excludes."""

    def change(base: Base) -> Creator:
        rng = base.rng(f"promoting {category}")
        places = set(rng.sample(range(len(base.creator.posts)), n))
        captions = [
            sentence(rng, f"unsafe.{category}", base.niche).render(base.language) if i in places else post.caption
            for i, post in enumerate(base.creator.posts)
        ]
        return with_captions(base, captions, bio=base.creator.bio)

    return change


def sounding_like_it(base: Base) -> Creator:
    """Five posts that only sound like an excluded category: warnings, news, recovery, alcohol in a toner."""
    rng = base.rng("decoy")
    places = set(rng.sample(range(len(base.creator.posts)), 5))
    captions = [
        sentence(rng, "decoy", base.niche).render(base.language) if i in places else post.caption
        for i, post in enumerate(base.creator.posts)
    ]
    return with_captions(base, captions, bio=base.creator.bio)
