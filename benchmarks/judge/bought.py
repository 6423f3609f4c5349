"""What is bought or automated: growth, an audience, comments, posting by machine, and all of it together."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.judge.bases import END, N_AUDIENCE, NAMES, Base, audience, history
from benchmarks.judge.edits import Change, scaled
from benchmarks.judge.texts import language_texts
from msgspec.structs import replace

from bonafit import Creator, FollowerPoint

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
            staying = added * max(left, 0.25 if decay else 1.0)
            out.append(FollowerPoint(at=point.at, followers=point.followers + round(staying)))
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


# --- rule 11


def everything(base: Base) -> Creator:
    """A kept jump of 186 %, a sample of nothing but shells, a pod, bought likes."""
    creator = jump(1.86, "daily")(base)
    assert creator is not None
    creator = scaled(creator, likes=5)
    comments = pod(base, authors=8, varied=False).comments
    return replace(creator, comments=comments, audience=audience(base.rng("shells"), N_AUDIENCE, shells=N_AUDIENCE))
