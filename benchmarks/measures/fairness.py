"""Equal creators who differ in language, script, country, emoji or platform label must score equally."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from bonafit.heads.authenticity.account_model import AccountModels
from bonafit.heads.authenticity.head import AuthenticityHead, Models
from bonafit.heads.authenticity.plausibility import Norms
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator, Post
from bonafit_training.contracts import Cases, Context, Row
from bonafit_training.data.authenticity import read_table, read_youtube_spam
from bonafit_training.heads.authenticity.comments import fit_spam
from bonafit_training.heads.authenticity.leave_one_set_out import SUITE

# Creators looked at: the mean of 300 absolute changes is known to a few thousandths.
N_CREATORS = 300
# The gate: mean absolute change of authenticity.
GATE = 0.02
_TAGS = re.compile(r"(#\w+)")
_LETTERS = re.compile("([A-Za-z]+)")
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абцдефгхижклмнопярстуввхйз"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنه"


def _rewrite(creator: Creator, change: Callable[[str], str]) -> Creator:
    posts = tuple(msgspec.structs.replace(p, caption=change(p.caption), title=change(p.title)) for p in creator.posts)
    bio = None if creator.bio is None else change(creator.bio)
    return msgspec.structs.replace(creator, posts=posts, bio=bio)


def _keeping_tags(change: Callable[[str], str]) -> Callable[[str], str]:
    """The change on everything but hashtags: letter for letter no word of a list is translated."""
    return lambda text: "".join(part if part.startswith("#") else change(part) for part in _TAGS.split(text))


# Words of the lists that hashtags are searched for, and what they are elsewhere.
_TRANSLATED = {
    "follow": "フォロー", "like": "लाइक", "repost": "репост", "giveaway": "sorteo", "contest": "конкурс",
    "f4f": "взаимн", "l4l": "いいね",
}  # fmt: skip


def _translate_tags(creator: Creator) -> Creator:
    """Hashtags that trade follows or promote, in other languages; one listed word for another."""

    def change(text: str) -> str:
        for word, other in _TRANSLATED.items():
            text = re.sub(rf"(#\w*?){word}", rf"\g<1>{other}", text, flags=re.IGNORECASE)
        return text

    return _rewrite(creator, change)


def _letters(alphabet: str) -> Callable[[Creator], Creator]:
    table = str.maketrans(_LATIN + _LATIN.upper(), alphabet + alphabet.upper()[: len(_LATIN)])
    return lambda creator: _rewrite(creator, _keeping_tags(lambda text: text.translate(table)))


def _wide(text: str) -> str:
    """Every two letters of a word as one wide character: as many cells, and as much told apart, as in the original.

    A smaller alphabet would make unlike captions alike, which no script with wide characters does. Of the words with an
    odd letter about half get a character for it, by the letter, so that lengths stay the same on average.
    """
    out = []
    for run in _LETTERS.split(text):
        if not _LETTERS.fullmatch(run):
            out.append(run)
            continue
        low = [ord(char) - ord("a") for char in run.lower()]
        if len(low) % 2:
            low = [*low, 26] if low[-1] % 2 else low[:-1]
        pairs = zip(low[::2], low[1::2], strict=True)
        out.append("".join(chr(0x4E00 + 27 * first + second) for first, second in pairs))
    return "".join(out)


SWAPS: dict[str, Callable[[Creator], Creator]] = {
    "language": lambda c: msgspec.structs.replace(c, language="hi"),
    "country": lambda c: msgspec.structs.replace(c, country="NG"),
    "platform label": lambda c: msgspec.structs.replace(c, platform="tiktok"),
    "platform label unknown": lambda c: msgspec.structs.replace(c, platform="another"),
    "script: Cyrillic": _letters(_CYRILLIC),
    "script: Arabic": _letters(_ARABIC),
    "script: Japanese": lambda c: _rewrite(c, _keeping_tags(_wide)),
    "listed hashtags in other languages": _translate_tags,
    "emoji in every text": lambda c: _rewrite(c, lambda text: f"{text} 🔥😍✨" if text else text),
}


def read_instagram_creators(data: Path, *, limit: int = N_CREATORS) -> list[Creator]:
    """The first creators of instagram_2017 with bio and posts."""
    people = read_table(data, "fit/instagram_2017/creators")
    posts = read_table(data, "fit/instagram_2017/posts")
    grouped: dict[object, list[Post]] = {}
    for owner, caption, likes, at in zip(
        posts["creator_id"], posts["caption"], posts["likes"], posts["posted_at"], strict=True
    ):
        grouped.setdefault(owner, []).append(
            msgspec.convert({"caption": str(caption or ""), "likes": likes, "posted_at": at, "kind": "image"}, Post)
        )
    out = []
    for owner, bio, followers, count in zip(
        people["creator_id"], people["bio"], people["followers"], people["posts_count"], strict=True
    ):
        out.append(
            msgspec.convert(
                {
                    "creator_id": owner, "platform": "instagram", "bio": bio, "followers": followers,
                    "posts_count": count, "language": "en", "country": "US", "posts": tuple(grouped.get(owner, ())),
                },
                Creator,
            )
        )  # fmt: skip
    return out[:limit]


def changes(head: AuthenticityHead, creators: list[Creator]) -> dict[str, tuple[float, float, int]]:
    """Mean absolute change of authenticity, largest change, and creators, by swap."""
    empty = np.zeros((0, 0), dtype=np.float32)
    brief = PreparedBrief(Brief(brand="none", description="none"), (), empty)

    def values(records: list[Creator]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        answers = head.score([Prepared(c, (), empty) for c in records], brief)
        return np.array([np.nan if c.value is None else c.value for c in answers])

    before = values(creators)
    out = {}
    for name, swap in SWAPS.items():
        moved = np.abs(values([swap(c) for c in creators]) - before)
        out[name] = (float(np.nanmean(moved)), float(np.nanmax(moved)), int(np.sum(~np.isnan(moved))))
    return out


def fairness_rows(context: Context, accounts: AccountModels, norms: Norms) -> Iterator[Row]:
    """Rows of the gate, on real creators with every part of the head that their records reach."""
    comments = read_youtube_spam(context.data)
    models = Models(accounts=accounts, audiences={}, norms=norms, spam=fit_spam(comments.texts, comments.spam))
    head = AuthenticityHead(models, prior=0.5)
    for name, (mean, most, n) in changes(head, read_instagram_creators(context.data)).items():
        for metric, value in (("mean_change", mean), ("max_change", most)):
            yield Cases(SUITE, "instagram_2017", "swapped", name).row(metric, value, n)
