"""Captions of public sets as examples: which declare themselves, with the words that do so masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bonafit.commercial.hints import STRONG, Hint, find_hints
from bonafit.commercial.labels import find_labels
from bonafit.commercial.payers import find_payers
from bonafit.commercial.posts import campaign_tags
from bonafit.commercial.reading import Reading, key_of, read_post
from bonafit.records import Post
from bonafit_training.data.niche_fit import read_rows

# Sets with captions and their creators. Neither states a licence (docs/methods/commercial.md says what is taken).
INSTAGRAM, TIKTOK = "instagram_2017", "tiktok_2020"
SETS = {INSTAGRAM: "fit/instagram_2017/posts.parquet", TIKTOK: "engagement/tiktok_2020/posts.parquet"}
# How whoever published a set masked handles and links.
_HANDLE = re.compile(r"@m_(\w+)")
_LINK = re.compile(r"\[url ?([\w.]*)[^\]]*\]")

NO_LINK = "link"
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Example:
    """One caption. masked : places of its labels. declared : whether it has one. strong : whether a hint tells alone.

    campaign : keys of its hashtags and mentions, labels left out: posts of one campaign share one.
    payers   : keys of who may have paid. tags : keys of its hashtags, labels left out.
    """

    creator: str
    reading: Reading
    masked: tuple[tuple[int, int], ...]
    hints: tuple[Hint, ...]
    declared: bool
    strong: bool
    campaign: frozenset[str]
    payers: tuple[str, ...]
    tags: frozenset[str]


def read_examples(data: Path, name: str) -> list[Example]:
    """Every caption of a set of SETS with a text. Raises InputError where the set is absent."""
    return list(_examples(data / SETS[name]))


def _examples(path: Path) -> Iterator[Example]:
    for row in read_rows(path):
        caption = _LINK.sub(
            lambda m: f"https://{m[1] or f'{NO_LINK}.example'}", _HANDLE.sub(r"@m\1", row["caption"] or "")
        )
        reading = read_post(Post(caption=caption))
        if reading.is_empty:
            continue
        labels = find_labels(reading)
        hints = find_hints(reading)
        tags = campaign_tags(reading, labels)
        yield Example(
            creator=row["creator_id"],
            reading=reading,
            masked=tuple((label.at, label.at + len(label.text)) for label in labels),
            hints=hints,
            declared=bool(row.get("is_sponsored"))
            or any(label.kind != "partner" or label.brand is not None for label in labels),
            strong=any(hint.kind in STRONG for hint in hints),
            campaign=tags | {key_of(piece.text) for piece in reading.mentions},
            payers=tuple(p.key for p in find_payers(reading, labels, hints, NOBODY) if p.key != NO_LINK),
            tags=tags,
        )
