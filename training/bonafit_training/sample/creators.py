"""The invented sample: creators who do not exist, with planted problems whose labels are kept apart.

    python -m bonafit_training.sample.creators --n 200 --seed 7 --out examples

writes creators.jsonl and planted.json, the same bytes every time. It shows the program and loads it; no published
bundle is trained on it, and no figure measured on it says anything about real creators.

Creator i of a seed does not depend on how many are made: iter_creators(1_000_000, 7) begins with the 200 above.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from bonafit.io.write import sparse, write_lines
from bonafit.records import AudienceAccount, Comment, Creator, Post
from bonafit_training.sample import numbers
from bonafit_training.sample.deals import write_deals
from bonafit_training.sample.personas import Persona, personas, planted_labels
from bonafit_training.sample.text import (
    Lexicon,
    bio_of,
    caption_of,
    comment_of,
    lexicon,
    reply_of,
    stuffed_bio_of,
)


def iter_creators(n: int, seed: int) -> Iterator[Creator]:
    """n creators, streaming; about 0.3 ms each."""
    words = lexicon()
    for rng, persona in personas(n, seed):
        yield _creator(rng, words, persona)


def generate(n: int, seed: int) -> list[Creator]:
    """n creators."""
    return list(iter_creators(n, seed))


def _creator(rng: Random, words: Lexicon, persona: Persona) -> Creator:
    home = words.languages[persona.language]
    place = rng.choice(home["places"])
    name = rng.choice(words.first_names)
    handle = f"{name.lower()}_{rng.choice(words.niches[persona.niche]['tags'])}_{persona.creator_id[9:]}"
    common: dict[str, Any] = {
        "creator_id": persona.creator_id,
        "platform": persona.platform,
        "handle": handle,
        "followers": persona.followers,
        "extra": {"invented": True},
    }
    if persona.planted == "too_little_data":
        caption = caption_of(rng, words, niche=persona.niche, language=persona.language, place=place, brand=None)
        return Creator(**common, posts=(Post(caption=caption),) if rng.random() < 0.5 else ())
    bought = persona.planted == "bought_followers"
    if persona.planted == "stuffed_bio":
        bio = stuffed_bio_of(rng, words, niche="skincare" if persona.niche != "skincare" else "coffee")
    else:
        bio = bio_of(rng, words, niche=persona.niche, language=persona.language, name=name, place=place)
    posts = _posts(rng, words, persona, place)
    comments, posts = _conversation(rng, words, persona, posts, place) if rng.random() < 0.7 else ((), posts)
    price = rng.random() < 0.5
    return Creator(
        **common,
        display_name=f"{name} {rng.choice('ABCDEFGHKLMNPRSTVW')}.",
        bio=bio,
        following=int(math.exp(rng.gauss(8.3 if bought else 6.2, 0.6))),
        posts_count=len(posts) + int(rng.expovariate(1 / 180)),
        verified=persona.followers > 100_000 and rng.random() < 0.3,
        is_private=False,
        has_picture=True,
        external_url=f"https://{handle.replace('_', '-')}.example" if rng.random() < 0.5 else None,
        category=persona.niche if rng.random() < 0.5 else None,
        country=rng.choice(home["countries"]),
        language=persona.language,
        price=float(round(persona.followers**0.72 * math.exp(rng.gauss(0.0, 0.4)) / 5) * 5 or 5) if price else None,
        currency=home["currency"] if price else None,
        posts=posts,
        comments=comments,
        audience=_audience(rng, words, fake_share=rng.uniform(0.5, 0.8) if bought else rng.uniform(0.02, 0.12))
        if bought or rng.random() < 0.35
        else (),
        follower_history=numbers.history_of(rng, followers=persona.followers, jump=bought)
        if bought or rng.random() < 0.5
        else (),
    )


def _posts(rng: Random, words: Lexicon, persona: Persona, place: str) -> tuple[Post, ...]:
    n = rng.randint(8, 16)
    machine = persona.planted == "machine_posting"
    if machine:
        n += 6
        times = numbers.machine_times(rng, n=n)
    else:
        zone = words.languages[persona.language]["utc"]
        times = numbers.times_of(rng, n=n, gap_hours=persona.gap_hours, hour=persona.hour, zone=zone)
    # bought followers do not react: the counts stay those of the account before the purchase
    followers = max(persona.followers // 6, 200) if persona.planted == "bought_followers" else persona.followers
    likes_bought = persona.planted == "bought_likes"
    package = int(persona.followers * rng.uniform(0.15, 0.3))
    hidden = rng.random() < 0.05
    kinds = numbers.KINDS[persona.platform]
    is_video = persona.platform != "instagram"
    captions: list[str] = []
    posts = []
    for i, at in enumerate(times):
        sponsored = not machine and rng.random() < 0.08
        brand = rng.choice(words.brands) if sponsored else None
        if machine and len(captions) == 3:
            caption = captions[i % 3]
        else:
            caption = caption_of(rng, words, niche=persona.niche, language=persona.language, place=place, brand=brand)
            captions.append(caption)
        counts = numbers.counts_of(rng, platform=persona.platform, followers=followers, level=persona.level)
        kind = rng.choice(kinds)
        likes = package + rng.randint(-package // 50, package // 50) if likes_bought else counts.likes
        posts.append(
            Post(
                post_id=f"{persona.creator_id}-{i}",
                posted_at=at,
                caption=caption,
                likes=None if hidden else likes,
                comments=counts.comments,
                views=counts.views if is_video or kind == "reel" else None,
                shares=counts.shares if persona.platform == "tiktok" else None,
                saves=counts.saves if persona.platform == "tiktok" else None,
                kind=kind,
                location=place if rng.random() < 0.1 else None,
                is_sponsored=sponsored,
                mentions=(brand,) if brand else (),
            )
        )
    return tuple(posts)


def _conversation(
    rng: Random, words: Lexicon, persona: Persona, posts: tuple[Post, ...], place: str
) -> tuple[tuple[Comment, ...], tuple[Post, ...]]:
    """A sample of comments under the newest posts, and the creator's replies to some of them."""
    bought = persona.planted == "bought_likes"
    reply_rate = 0.0 if bought or persona.planted == "machine_posting" else rng.uniform(0.1, 0.7)
    comments: list[Comment] = []
    out = list(posts)
    for i in range(max(0, len(posts) - 5), len(posts)):
        post = posts[i]
        if post.posted_at is None:
            continue
        replies = []
        for k in range(rng.randint(2, 4)):
            at = post.posted_at + timedelta(minutes=int(rng.expovariate(1 / 180)))
            if bought:
                text = rng.choice(words.comments["bought"])
            else:
                text = _own_words(rng, words, persona, place, {comment.text for comment in comments})
            comment_id = f"{post.post_id}-{k}"
            comments.append(
                Comment(
                    text=text,
                    comment_id=comment_id,
                    post_id=post.post_id,
                    author=f"{rng.choice(words.first_names).lower()}{rng.randrange(10_000)}",
                    posted_at=at,
                    likes=int(rng.expovariate(0.5)),
                )
            )
            if rng.random() < reply_rate:
                replies.append(
                    Comment(
                        text=reply_of(rng, words, language=persona.language),
                        post_id=post.post_id,
                        author=persona.creator_id,
                        posted_at=at + timedelta(minutes=int(rng.expovariate(1 / 240))),
                        reply_to=comment_id,
                    )
                )
        if replies:
            out[i] = msgspec.structs.replace(post, replies=tuple(replies))
    return tuple(comments), tuple(out)


def _own_words(rng: Random, words: Lexicon, persona: Persona, place: str, captions: set[str]) -> str:
    """A comment that nobody made before, where the phrases allow it; one in eight is of a word or two."""
    text = ""
    for _ in range(20):
        if rng.random() < 0.12:
            text = rng.choice(words.comments["bought"])
        else:
            text = comment_of(rng, words, niche=persona.niche, language=persona.language, place=place)
        if text not in captions:
            break
    return text


def _audience(rng: Random, words: Lexicon, *, fake_share: float) -> tuple[AudienceAccount, ...]:
    """A sample of followers; a share of them are empty shells that follow thousands."""
    accounts = []
    # a sample of thirty or more is what the audience part needs to state a share
    for _ in range(rng.randint(30, 40)):
        first = rng.choice(words.first_names).lower()
        if rng.random() < fake_share:
            accounts.append(
                AudienceAccount(
                    handle=f"{first}{rng.randrange(10**7, 10**8)}",
                    bio="",
                    followers=int(rng.expovariate(1 / 20)),
                    following=rng.randint(1_500, 7_400),
                    posts_count=rng.choice((0, 0, 0, 1, 2)),
                    is_private=False,
                    has_picture=rng.random() < 0.4,
                    relation="follower",
                )
            )
        else:
            accounts.append(
                AudienceAccount(
                    handle=f"{first}.{rng.choice(words.first_names).lower()}{rng.randrange(100)}",
                    bio=rng.choice(words.niches[rng.choice(words.niche_names)]["en"]),
                    followers=int(math.exp(rng.gauss(5.6, 1.1))),
                    following=int(math.exp(rng.gauss(5.9, 0.7))),
                    posts_count=int(math.exp(rng.gauss(3.8, 1.2))),
                    is_private=rng.random() < 0.3,
                    has_picture=rng.random() < 0.96,
                    relation="follower",
                )
            )
    return tuple(accounts)


def _line(creator: Creator) -> bytes:
    """A creator as JSON; every other absent link is spelt as the empty text, as exports do: it means the same."""
    row = sparse(creator)
    if creator.external_url is None and int(creator.creator_id[9:]) % 2:
        row["external_url"] = ""
    return msgspec.json.encode(row)


def main(argv: list[str] | None = None) -> int:
    """Write creators.jsonl, planted.json, pairs.csv and outcomes.csv into a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m bonafit_training.sample.creators", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--n", type=int, default=200, help="how many creators (default 200)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same bytes (default 7)")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the files to")
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    write_lines(args.out / "creators.jsonl", (_line(creator) for creator in iter_creators(args.n, args.seed)))
    labels = planted_labels(args.n, args.seed)
    truth = {"invented": True, "n": args.n, "seed": args.seed, "labels": labels}
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    (args.out / "planted.json").write_text(text, encoding="utf-8")
    write_deals(args.out, labels, args.seed)
    print(f"{args.n} invented creators in {args.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
