"""Invented honest creators with forty posts, real comments, followers over time and an audience sample.

Counts are log-normal around the size curve of the platform; level and spread between and within creators are those of
the public sets (`NORMS` says which), so that a rule which honest creators fail is a rule that honest people would fail.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.judge.texts import LANGUAGES, NICHES, Sentence, brief_of, caption_plan, sentence
from msgspec.structs import replace

from bonafit import AudienceAccount, Brief, Comment, Creator, FollowerPoint, Post

# Counts were read here, whatever the clock says.
END = datetime(2026, 10, 31, 18, 0, tzinfo=UTC)
N_POSTS = 40
N_COMMENTS = 36
N_AUDIENCE = 60
SIZES = (2_000, 300_000)
PLATFORMS = ("instagram", "tiktok", "youtube", "instagram", "tiktok")
COUNTRY = {
    "ar": "eg", "de": "de", "en": "gb", "es": "es", "fr": "fr", "hi": "in", "id": "id", "it": "it", "ja": "jp",
    "ko": "kr", "nl": "nl", "pl": "pl", "pt": "br", "ru": "kz", "sv": "se", "tr": "tr", "vi": "vn", "zh": "tw",
}  # fmt: skip
NAMES = (
    "mira", "jonas", "leila", "tomo", "ana", "kofi", "sanne", "piotr", "aylin", "dewi", "linh", "rohan", "yara", "haru",
    "minji", "lan", "vera", "astrid", "luca", "nora", "emil", "ines", "owen", "tara",
)  # fmt: skip


@dataclass(frozen=True)
class Norm:
    """log(likes) = level + slope log(followers) + N(0, between) a creator + N(0, within) a post.

    comments : median share of likes at 300 likes, falling with their power 0.25. like_share : of views; None: no views.
    """

    level: float
    slope: float
    between: float
    within: float
    comments: float
    comments_between: float
    comments_within: float
    like_share: float
    like_share_between: float
    like_share_within: float


# Medians and robust spreads of creators with 1k-400k followers and 8 posts or more: instagram from
# instafake_2019_genuine_post_series (28) and the genuine accounts of purba_2020 above 2,000 followers (2,317),
# tiktok from tiktok_2020 (389), youtube from youtube_charts_2026 (shares alone; its level is set to views of a tenth
# of the subscribers). Within-creator spread on instagram is .5, not the series' .89, which holds accounts of years.
# Spreads between creators are cut to two thirds on level: a base is one creator, not a set's outliers.
NORMS = {
    "instagram": Norm(-1.1, 0.77, 0.50, 0.50, 0.022, 0.55, 0.55, 0.09, 0.4, 0.3),
    "tiktok": Norm(-2.2, 0.86, 0.75, 0.65, 0.015, 0.65, 0.50, 0.13, 0.4, 0.22),
    "youtube": Norm(-4.3, 0.90, 0.60, 0.50, 0.058, 0.70, 0.43, 0.035, 0.6, 0.3),
}
KINDS = {"instagram": ("image", "carousel", "reel"), "tiktok": ("video",), "youtube": ("video", "video", "short")}


@dataclass(frozen=True)
class Base:
    """An honest creator, the brief of its niche, and the plan its captions were rendered from."""

    number: int
    creator: Creator
    brief: Brief
    niche: str
    language: str
    plan: tuple[Sentence, ...]
    bio: Sentence

    def rng(self, purpose: str) -> Random:
        """A stream of its own for each change."""
        return Random(f"{self.creator.creator_id}:{purpose}")


def bases(n: int, seed: int) -> list[Base]:
    """n honest creators: every niche, every language (a third in English), sizes and platforms in turn."""
    foreign = [language for language in LANGUAGES if language != "en"]
    out = []
    for i in range(n):
        language = "en" if i % 3 == 0 else foreign[(i - i // 3 - 1) % len(foreign)]
        followers = round(math.exp(math.log(SIZES[0]) + (i * 0.618034 % 1) * math.log(SIZES[1] / SIZES[0])))
        out.append(
            base(
                i, seed, niche=NICHES[i % len(NICHES)], language=language, platform=PLATFORMS[i % len(PLATFORMS)],
                followers=followers,
            )
        )  # fmt: skip
    return out


def base(
    number: int,
    seed: int,
    *,
    niche: str,
    language: str,
    platform: str,
    followers: int,
    on_niche: float = 0.85,
    level: float | None = None,
) -> Base:
    """One honest creator. level : log engagement above the size curve, drawn where None."""
    rng = Random(f"judge:{seed}:{number}")
    name = f"judged-{seed}-{number:03d}"
    plan = caption_plan(rng, niche, N_POSTS, on_niche=on_niche)
    first = rng.choice(NAMES)
    bio = sentence(rng, "bios", niche)
    posts = _posts(rng, name, plan, language=language, platform=platform, followers=followers, level=level)
    comments, posts = _conversation(rng, name, posts, niche=niche, language=language, n=N_COMMENTS)
    creator = Creator(
        creator_id=name,
        platform=platform,
        handle=f"{first}.{rng.choice(NAMES)}",
        display_name=f"{first.title()} {rng.choice('ABDEHKLMNRST')}.",
        bio=bio.render(language),
        followers=followers,
        following=round(math.exp(rng.gauss(6.5, 0.6))),
        posts_count=N_POSTS + round(rng.expovariate(1 / 250)),
        verified=False,
        is_private=False,
        has_picture=True,
        external_url=f"https://{first}-{number}.example" if rng.random() < 0.6 else None,
        category=niche if rng.random() < 0.5 else None,
        country=COUNTRY[language],
        language=language,
        posts=tuple(posts),
        comments=tuple(comments),
        audience=audience(rng, N_AUDIENCE, shells=rng.randint(1, 5)) if number % 2 == 0 else (),
        follower_history=history(rng, followers, cadence=("monthly", "daily", "none")[number % 3]),
    )
    return Base(number, creator, brief_of(niche), niche, language, tuple(plan), bio)


def _posts(
    rng: Random, name: str, plan: list[Sentence], *, language: str, platform: str, followers: int, level: float | None
) -> list[Post]:
    """Forty posts, oldest first, the newest a few days before END."""
    norm = NORMS[platform]
    mean = norm.level + norm.slope * math.log(followers) + (rng.gauss(0, norm.between) if level is None else level)
    comment_level = math.log(norm.comments) + rng.gauss(0, norm.comments_between)
    share_level = math.log(norm.like_share) + rng.gauss(0, norm.like_share_between)
    gap = math.exp(rng.uniform(math.log(1.2), math.log(4)))
    hour, day = rng.gauss(17, 2.5), rng.uniform(0.5, 4)
    saves_known, counted = rng.random() < 0.5, rng.random() < 0.7
    times = []
    for _ in plan:
        at = END - timedelta(days=day)
        at = at.replace(hour=round(rng.gauss(hour, 2.5)) % 24, minute=rng.randrange(60), second=rng.randrange(60))
        times.append(min(at.replace(microsecond=0), END - timedelta(hours=8)))
        day += max(0.3, gap * math.exp(rng.gauss(0, 0.6)))
    posts: list[Post] = []
    for i, (text, at) in enumerate(zip(plan, sorted(times), strict=True)):
        likes = math.exp(mean + rng.gauss(0, norm.within)) * (1 + (rng.random() < 0.03) * rng.expovariate(0.4))
        comments = likes * math.exp(comment_level + rng.gauss(0, norm.comments_within)) * (300 / (likes + 30)) ** 0.25
        share = min(0.5, math.exp(share_level + rng.gauss(0, norm.like_share_within)))
        kind = rng.choice(KINDS[platform])
        has_views = platform != "instagram" or kind == "reel"
        posts.append(
            Post(
                post_id=f"{name}-{i}",
                posted_at=at,
                caption=text.render(language),
                likes=count(rng, likes),
                comments=count(rng, comments),
                views=count(rng, likes / share) if has_views else None,
                shares=count(rng, likes * 0.02 * math.exp(rng.gauss(0, 0.7))) if platform == "tiktok" else None,
                saves=count(rng, likes * 0.04 * math.exp(rng.gauss(0, 0.6))) if saves_known and has_views else None,
                kind=kind,
                location=rng.choice(NAMES).title() if rng.random() < 0.15 else None,
                counted_at=END if counted else None,
            )
        )
    return posts


def count(rng: Random, mean: float) -> int:
    """A count around a mean: Poisson by its normal form above 30."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, n, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        n += 1
        product *= rng.random()
    return n


def _conversation(
    rng: Random, name: str, posts: list[Post], *, niche: str, language: str, n: int
) -> tuple[list[Comment], list[Post]]:
    """Comments of distinct people under all posts, and the creator's replies to some of them.

    A post's count is at least the comments quoted, so that what is there hangs together.
    """
    comments = real_comments(rng, posts, niche=niche, language=language, n=n)
    quoted = Counter(comment.post_id for comment in comments)
    rate = rng.uniform(0.1, 0.5)
    out = []
    for post in posts:
        replies = tuple(
            Comment(
                text=rng.choice(("🙏", "❤️", "😊")) + " " + sentence(rng, "comments", niche).render(language),
                post_id=post.post_id,
                author=name,
                reply_to=comment.comment_id,
                posted_at=comment.posted_at + timedelta(minutes=rng.randint(3, 400)) if comment.posted_at else None,
            )
            for comment in comments
            if comment.post_id == post.post_id and rng.random() < rate
        )
        out.append(replace(post, replies=replies, comments=max(post.comments or 0, quoted[post.post_id])))
    return comments, out


def real_comments(
    rng: Random, posts: list[Post], *, niche: str, language: str, n: int, start: int = 0
) -> list[Comment]:
    """n varied comments by n people under these posts, at the hours after each."""
    out = []
    for k in range(n):
        post = posts[k % len(posts)]
        assert post.posted_at is not None
        minutes = min(rng.expovariate(1 / 300), 60 * 24 * 20)
        out.append(
            Comment(
                text=sentence(rng, "comments", niche).render(language),
                comment_id=f"{post.post_id}-c{start + k}",
                post_id=post.post_id,
                author=f"{rng.choice(NAMES)}{rng.choice(('', '_', '.'))}{rng.choice(NAMES)}{start + k}",
                posted_at=min(post.posted_at + timedelta(minutes=minutes), END),
                likes=int(rng.expovariate(0.7)),
            )
        )
    return out


def audience(rng: Random, n: int, *, shells: int) -> tuple[AudienceAccount, ...]:
    """A sample of followers, `shells` of them empty accounts that follow thousands."""
    accounts = [_shell(rng, k) for k in range(shells)] + [_person(rng, k) for k in range(n - shells)]
    rng.shuffle(accounts)
    return tuple(accounts)


def _shell(rng: Random, k: int) -> AudienceAccount:
    return AudienceAccount(
        account_id=f"s{k}",
        handle=f"{rng.choice(NAMES)}{rng.randrange(10**6, 10**8)}",
        bio="",
        followers=int(rng.expovariate(1 / 15)),
        following=rng.randint(1_500, 7_400),
        posts_count=rng.choice((0, 0, 0, 1)),
        is_private=False,
        has_picture=rng.random() < 0.35,
        relation="follower",
    )


def _person(rng: Random, k: int) -> AudienceAccount:
    return AudienceAccount(
        account_id=f"p{k}",
        handle=f"{rng.choice(NAMES)}.{rng.choice(NAMES)}{rng.randrange(100)}",
        display_name=rng.choice(NAMES).title(),
        bio=rng.choice(EVERYDAY_BIOS),
        followers=round(math.exp(rng.gauss(5.7, 0.9))),
        following=round(math.exp(rng.gauss(6.0, 0.6))),
        posts_count=1 + round(math.exp(rng.gauss(3.8, 1.1))),
        is_private=rng.random() < 0.35,
        has_picture=rng.random() < 0.97,
        relation="follower",
    )


EVERYDAY_BIOS = (
    "mum of two, tea over everything", "engineer by day", "Lyon | photos of my cat", "student, 21", "runner, slow one",
    "here for the recipes", "dad jokes and bikes", "🌿", "reads too much", "teacher in Porto", "no bio yet", "she/her",
)  # fmt: skip


def history(rng: Random, followers: int, *, cadence: str, n: int | None = None) -> tuple[FollowerPoint, ...]:
    """Followers up to END without a jump: 13 months, 90 days, or none."""
    if cadence == "none":
        return ()
    step = timedelta(days=1 if cadence == "daily" else 30)
    points = n or (90 if cadence == "daily" else 13)
    growth, noise = (rng.uniform(0, 0.0015), 0.0006) if cadence == "daily" else (rng.uniform(0, 0.04), 0.006)
    value, out = float(followers), []
    for i in range(points):
        out.append(FollowerPoint(at=END - i * step, followers=round(value)))
        value /= 1 + growth + rng.gauss(0, noise)
    return tuple(out[::-1])
