"""One change at a time to an honest creator: what forgers do, what costs nothing, what honest people do.

Every change is a function from a Base to the changed Creator, or None where the creator has nothing to change; CHANGES
names them. A change of counts changes no text, so that it costs a measure no encoding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks.judge.bases import END, N_AUDIENCE, N_COMMENTS, NAMES, Base, audience, history, real_comments
from benchmarks.judge.texts import EXCLUDED, LANGUAGES, language_texts, sentence
from msgspec.structs import replace

from bonafit import Comment, Creator, FollowerPoint, Post

Change = Callable[[Base], Creator | None]
# Spellings of "absent" that exports use.
SPELLINGS = ("", "n/a", "-", "none", "N/A", "null")
SPELLED = ("external_url", "bio", "display_name", "category", "country", "language", "handle")


def scaled(creator: Creator, **factors: float) -> Creator:
    """Counts of every post multiplied: likes=5, comments=2. What rounding takes from one post goes to the next."""
    over = dict.fromkeys(factors, 0.0)

    def fields(post: Post) -> dict[str, int | None]:
        out: dict[str, int | None] = {}
        for name, factor in factors.items():
            value = getattr(post, name)
            if value is not None:
                exact = value * factor + over[name]
                value = max(0, round(exact))
                over[name] = exact - value
            out[name] = value
        return out

    return on_posts(creator, fields)


def on_posts(creator: Creator, fields: Callable[[Post], dict[str, Any]]) -> Creator:
    """Every post with the fields that a function of it gives."""
    return replace(creator, posts=tuple(replace(post, **fields(post)) for post in creator.posts))


# --- rule 1: spelling


def spelled(field: str, spelling: str | None) -> Change:
    return lambda base: replace(base.creator, **{field: spelling})


# --- rule 2: what costs nothing


def plain(**fields: Any) -> Change:
    """Profile fields set to a value."""
    return lambda base: replace(base.creator, **fields)


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


# --- rule 6: growth


def clean_history(cadence: str, n: int | None = None) -> Change:
    """The creator with followers over time and no jump, seen for `n` points."""
    return lambda base: replace(
        base.creator,
        follower_history=history(base.rng(f"history {cadence} {n}"), base.creator.followers or 0, cadence=cadence, n=n),
    )


def jump(share: float, cadence: str, n: int | None = None, *, decay: bool = False) -> Change:
    """`share` more followers in one step in the last third of the history; kept, or most of them leave after it."""

    def change(base: Base) -> Creator:
        creator = clean_history(cadence, n)(base)
        assert creator is not None
        points = list(creator.follower_history)
        at = len(points) - max(3, len(points) // 3)
        before = points[at - 1].followers
        added = round(share * before)
        out = points[:at]
        for k, point in enumerate(points[at:]):
            left = 0.88 ** (k * (1 if cadence == "daily" else 3)) if decay else 1.0
            # a quarter of the purchase outlasts every clean-up
            kept = added * max(left, 0.25 if decay else 1.0)
            out.append(FollowerPoint(at=point.at, followers=point.followers + round(kept)))
        return replace(creator, follower_history=tuple(out), followers=out[-1].followers)

    return change


def big_post(share: float, cadence: str, n: int | None = None, *, jumped: bool) -> Change:
    """A post whose views could carry a jump of `share` (3 % of its extra viewers follow), with or without the jump."""

    def change(base: Base) -> Creator:
        creator = clean_history(cadence, n)(base)
        assert creator is not None
        grown = jump(share, cadence, n)(base)
        assert grown is not None
        points = creator.follower_history
        at = len(points) - max(3, len(points) // 3)
        extra = (grown.followers or 0) - (creator.followers or 0)
        when = points[at].at - (points[at].at - points[at - 1].at) / 2
        posts = list(creator.posts)
        i = min(range(len(posts)), key=lambda k: abs((posts[k].posted_at or END) - when))
        model = next((post for post in reversed(posts) if post.views), None)
        likes_a_view = (model.likes or 0) / model.views if model is not None and model.views else 0.08
        comments_a_like = sum(p.comments or 0 for p in posts) / max(1, sum(p.likes or 0 for p in posts))
        views = round(extra / 0.02)
        likes = round(views * likes_a_view * 0.7)
        posts[i] = replace(
            posts[i], posted_at=when, views=views, likes=likes, comments=round(likes * comments_a_like * 0.6),
            kind="reel" if creator.platform == "instagram" else posts[i].kind, saves=None, shares=None, replies=(),
        )  # fmt: skip
        posts.sort(key=lambda post: post.posted_at or END)
        return replace(grown if jumped else creator, posts=tuple(posts))

    return change


# --- rule 7: audience


def sample(n: int, shells: int) -> Change:
    """A sample of n followers, so many of them shells; the others are the same people at every dose."""

    def change(base: Base) -> Creator:
        empty = audience(base.rng("shells"), N_AUDIENCE, shells=N_AUDIENCE)
        people = audience(base.rng("people sampled"), N_AUDIENCE, shells=0)
        return replace(base.creator, audience=(*empty[:shells], *people[: n - shells]))

    return change


# --- rule 8: comments


def pod(base: Base, *, authors: int, varied: bool, language: str | None = None) -> Creator:
    """All comments by a few authors over most posts; varied: with real texts instead of three phrases."""
    rng = base.rng("pod")
    phrases = language_texts(language or base.language)["pod"]
    names = [f"{rng.choice(NAMES)}_{k}" for k in range(min(authors, len(base.creator.comments)))]
    out = []
    for k, comment in enumerate(base.creator.comments):
        text = comment.text if varied else rng.choice(phrases)
        out.append(replace(comment, author=names[k % len(names)], text=text))
    return replace(base.creator, comments=tuple(out))


# --- rule 9: machines


def at_clock(base: Base, creator: Creator) -> Creator:
    """Posts once a day at the same minute or two, as a scheduler does."""
    rng = base.rng("clock")
    n = len(creator.posts)
    times = [
        (END - timedelta(days=n - i)).replace(hour=18, minute=rng.randrange(8), second=rng.randrange(60))
        for i in range(n)
    ]
    return replace(creator, posts=tuple(replace(p, posted_at=t) for p, t in zip(creator.posts, times, strict=True)))


def machine(base: Base) -> Creator:
    """Three captions over and over, at the same minute, every third day a burst of posts within a minute."""
    clocked = at_clock(base, base.creator)
    captions = [post.caption for post in clocked.posts[:3]]
    posts = []
    for i, post in enumerate(clocked.posts):
        day = (END - timedelta(days=(len(clocked.posts) - i) // 5 + 1)).replace(hour=18, minute=0, second=0)
        posts.append(replace(post, caption=captions[i % 3], posted_at=day + timedelta(seconds=12 * (i % 5))))
    posts.sort(key=lambda post: post.posted_at or END)
    return replace(clocked, posts=tuple(posts))


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


# --- rule 11


def everything(base: Base) -> Creator:
    """A kept jump of 186 %, a sample of nothing but shells, a pod, bought likes."""
    creator = jump(1.86, "daily")(base)
    assert creator is not None
    creator = scaled(creator, likes=5)
    comments = pod(base, authors=8, varied=False).comments
    return replace(creator, comments=comments, audience=audience(base.rng("shells"), N_AUDIENCE, shells=N_AUDIENCE))


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
        chosen = set(rng.sample(range(n), round(share * n)))
        posts = [
            replace(
                post,
                caption=sentence(rng, "against_brand" if brand else "loathe", base.niche).render(
                    base.language, base.brief.brand
                ),
            )
            if i in chosen
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
        chosen = set(rng.sample(range(len(base.creator.posts)), n))
        captions = [
            sentence(rng, f"unsafe.{category}", base.niche).render(base.language) if i in chosen else post.caption
            for i, post in enumerate(base.creator.posts)
        ]
        return with_captions(base, captions, bio=base.creator.bio)

    return change


def sounding_like_it(base: Base) -> Creator:
    """Five posts that only sound like an excluded category: warnings, news, recovery, alcohol in a toner."""
    rng = base.rng("decoy")
    chosen = set(rng.sample(range(len(base.creator.posts)), 5))
    captions = [
        sentence(rng, "decoy", base.niche).render(base.language) if i in chosen else post.caption
        for i, post in enumerate(base.creator.posts)
    ]
    return with_captions(base, captions, bio=base.creator.bio)


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
