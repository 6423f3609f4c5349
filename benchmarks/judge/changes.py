"""One change at a time to an honest creator: what forgers do, what costs nothing, what honest people do.

Every change is a function from a Base to the changed Creator, or None where the creator has nothing to change; CHANGES
names them. A change of counts changes no text, so that it costs a measure no encoding.
"""

from __future__ import annotations

import re
from typing import Any

from benchmarks.judge.bases import N_AUDIENCE, N_COMMENTS, Base, real_comments
from benchmarks.judge.bought import at_clock, big_post, clean_history, everything, jump, machine, pod, sample
from benchmarks.judge.edits import Change, on_posts, plain, scaled
from benchmarks.judge.rewritten import (
    SOUNDS_LIKE_IT,
    brief_copied,
    emoji_only,
    loathing,
    no_posts,
    platform,
    private_empty,
    promoting,
    sized,
    sounding_like_it,
    stale,
    tags_only,
    translated,
    wordless,
)
from benchmarks.judge.texts import EXCLUDED, LANGUAGES, language_texts
from msgspec.structs import replace

from bonafit import Creator

# Spellings of "absent" that exports use.
SPELLINGS = ("", "n/a", "-", "none", "N/A", "null")
SPELLED = ("external_url", "bio", "display_name", "category", "country", "language", "handle")


# --- rule 1: spelling


def spelled(field: str, spelling: str | None) -> Change:
    return lambda base: replace(base.creator, **{field: spelling})


# --- rule 2: what costs nothing


def link_set(base: Base) -> Creator:
    return replace(base.creator, external_url=f"https://linktr.example/{base.number}")


def long_bio(base: Base) -> Creator:
    bio = base.creator.bio or ""
    return replace(base.creator, bio=f"{bio} {bio} {bio}")


def short_bio(base: Base) -> Creator:
    return replace(base.creator, bio=(base.creator.bio or "")[:6])


def machine_handle(base: Base) -> Creator:
    return replace(base.creator, handle=f"{base.creator.handle}{base.rng('handle').randrange(10**5, 10**7)}")


def untagged(caption: str) -> str:
    return re.sub(r"\s*#\w+", "", caption)


def bare(base: Base) -> Creator:
    """All at once: no link, picture, names, places, tags; a bio of a word, one kind of post."""
    fields: dict[str, Any] = {"external_url": None, "has_picture": False, "display_name": None}
    creator = replace(short_bio(base), handle=f"user{base.rng('bare').randrange(10**7)}", **fields)
    kind = "image" if creator.platform == "instagram" else "video"
    return on_posts(creator, lambda post: {"location": None, "kind": kind, "caption": untagged(post.caption)})


def many_tags(base: Base) -> Creator:
    topics = language_texts(base.language)["topics"][base.niche]
    tags = " ".join("#" + topic.replace(" ", "").replace("-", "") for topic in topics)
    return on_posts(base.creator, lambda post: {"caption": f"{post.caption} {tags}"})


def kinds(kind: str) -> Change:
    return lambda base: on_posts(base.creator, lambda post: {"kind": kind})


# --- rules 3 to 5: engagement that hangs together, real interest, hiding


def more_people(base: Base) -> Creator:
    """Twice the comments, by other people with something to say."""
    creator = scaled(base.creator, comments=2)
    posts, n = list(creator.posts), len(creator.comments)
    rng = base.rng("people")
    more = real_comments(rng, posts, niche=base.niche, language=base.language, n=n, start=1000)
    return replace(creator, comments=(*creator.comments, *more))


def fewer_people(base: Base) -> Creator:
    """Half of the comments, and half of those quoted."""
    creator = scaled(base.creator, comments=0.5)
    return replace(creator, comments=creator.comments[::2])


def hidden(field: str) -> Change:
    """A field never exported; None where the creator has none to hide."""

    def change(base: Base) -> Creator | None:
        value = getattr(base.creator, field)
        if value is None or value == ():
            return None
        return replace(base.creator, **{field: () if isinstance(value, tuple) else None})

    return change


def posts_hide(*fields: str) -> Change:
    """Fields of posts never exported."""

    def change(base: Base) -> Creator | None:
        if all(getattr(post, name) in (None, (), "") for post in base.creator.posts for name in fields):
            return None
        empty: dict[str, Any] = {"replies": (), "caption": ""}
        return on_posts(base.creator, lambda _: {name: empty.get(name) for name in fields})

    return change


def likes_bought_comments_hidden(base: Base) -> Creator:
    creator = scaled(base.creator, likes=5)
    return replace(on_posts(creator, lambda _: {"comments": None, "replies": ()}), comments=())


CADENCES = {"monthly": ("monthly", 13), "daily": ("daily", 90), "6 months": ("monthly", 6), "8 days": ("daily", 8)}
HIDEABLE = (
    "followers", "following", "posts_count", "bio", "external_url", "has_picture", "verified", "is_private", "category",
    "country", "language", "display_name", "handle", "platform", "comments", "audience", "follower_history",
)  # fmt: skip
POSTS_HIDE = (
    ("likes",), ("comments",), ("views",), ("shares",), ("saves",), ("kind",), ("location",), ("posted_at",),
    ("replies",), ("counted_at",), ("likes", "comments", "views", "shares", "saves"), ("caption",),
)  # fmt: skip
SHELL_DOSES = (0, 6, 12, 18, 24, 29, 30, 31, 36, 48, 60)


def changes() -> dict[str, Change]:
    """Every change by name."""
    out: dict[str, Change] = {"clean": lambda base: base.creator}
    for field in SPELLED:
        out[f"{field}: absent"] = spelled(field, None)
        for spelling in SPELLINGS:
            out[f"{field}: {spelling!r}"] = spelled(field, spelling)
    out |= {
        "link: set": link_set, "link: absent": plain(external_url=None), "picture: none": plain(has_picture=False),
        "bio: 6 letters": short_bio, "bio: three times as long": long_bio, "handle: with digits": machine_handle,
        "display name: absent": plain(display_name=None), "display name: emoji": plain(display_name="✨✨"),
        "places: none": lambda base: on_posts(base.creator, lambda _: {"location": None}),
        "places: on every post": lambda base: on_posts(base.creator, lambda _: {"location": "Harbour"}),
        "hashtags: none": lambda base: on_posts(base.creator, lambda post: {"caption": untagged(post.caption)}),
        "hashtags: six a post": many_tags, "kind: image": kinds("image"), "kind: reel": kinds("reel"),
        "all bare together": bare,
    }  # fmt: skip
    for dose in (3, 5, 10):
        out[f"likes x{dose}"] = lambda base, dose=dose: scaled(base.creator, likes=dose)
    out |= {
        "likes and views x5": lambda base: scaled(base.creator, likes=5, views=5),
        "likes and comments x5": lambda base: scaled(base.creator, likes=5, comments=5),
        "comments x2, other people": more_people,
        "comments halved": fewer_people,
        "likes x5, comments hidden": likes_bought_comments_hidden,
    }
    out |= {f"hidden: {field}": hidden(field) for field in HIDEABLE}
    out |= {f"hidden: posts' {', '.join(fields)}": posts_hide(*fields) for fields in POSTS_HIDE}
    for name, (cadence, n) in CADENCES.items():
        out[f"{name}, clean"] = clean_history(cadence, n)
        for share in (0.15, 0.3, 1.0, 1.86, 4.0):
            out[f"{name}, +{share:.0%}"] = jump(share, cadence, n)
        out[f"{name}, +186%, decay"] = jump(1.86, cadence, n, decay=True)
        out[f"{name}, big post"] = big_post(1.0, cadence, n, jumped=False)
        out[f"{name}, big post, +100%"] = big_post(1.0, cadence, n, jumped=True)
    out |= {f"{shells} shells of {N_AUDIENCE}": sample(N_AUDIENCE, shells) for shells in SHELL_DOSES}
    out |= {"0 shells of 10": sample(10, 0), "10 shells of 10": sample(10, 10), "no sample": plain(audience=())}
    out |= {
        "no comments": plain(comments=()),
        "pod: 8 authors, three phrases": lambda base: pod(base, authors=8, varied=False),
        "pod: 8 authors, own words": lambda base: pod(base, authors=8, varied=True),
        "repeated phrases, many authors": lambda base: pod(base, authors=N_COMMENTS, varied=False),
        "clock": lambda base: at_clock(base, base.creator),
        "clock, captions, bursts": machine,
        "private, no posts": private_empty, "no posts": no_posts, "nothing for 14 months": stale,
        "no text": wordless,
        "everything": everything,
        "at 9,000": sized(9_000), "at 30,000": sized(30_000), "at 90,000": sized(90_000),
    }  # fmt: skip
    out |= {f"in {language}": translated(language) for language in LANGUAGES}
    out |= {f"label {name}": platform(name) for name in ("instagram", "tiktok", "youtube")}
    out |= {"country: other": plain(country="br"), "language: other": plain(language="tr")}
    out |= {f"loathing {share:.0%}": loathing(share) for share in (0.3, 0.6)}
    out |= {f"against the brand {share:.0%}": loathing(share, brand=True) for share in (0.3, 0.6)}
    out |= {"emoji alone": emoji_only, "hashtags alone": tags_only, "brief copied": brief_copied}
    out |= {f"promotes {category}": promoting(category) for category in EXCLUDED}
    out[SOUNDS_LIKE_IT] = sounding_like_it
    return out
