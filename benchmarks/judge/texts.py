"""Invented captions, comments and briefs of eight niches in eighteen languages, aligned: the same plan says the same.

texts/<language>.toml holds, in the same order in every language, frames with {a}, {b}, {c} (topics), {n} (a number) and
{brand}, and six topics a niche. A plan is drawn without looking at the language and rendered in any of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bonafit import Brief

FOLDER = Path(__file__).with_name("texts")
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
NICHES = ("running", "houseplants", "baking", "skincare", "travel", "dogs", "knitting", "coffee")
# Niches that share nothing with the one at the same place, for creators who do not fit.
UNRELATED = dict(
    zip(NICHES, ("coffee", "running", "travel", "knitting", "dogs", "skincare", "baking", "running"), strict=True)
)
BRANDS = dict(
    zip(
        NICHES, ("Velonda", "Grunewex", "Ofenil", "Dermavy", "Nachtzuk", "Bellopar", "Wollenka", "Rostavi"), strict=True
    )
)
EXCLUDED = ("gambling", "alcohol")
EMOJI = ("✨", "🙌", "☀️", "❤️", "😊", "👀", "🤍", "🔥")
N_TOPICS = 6


@cache
def language_texts(language: str) -> dict[str, Any]:
    """Frames and topics of one language."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Sentence:
    """One text before it has a language: which frame of which list, which topics of which niche."""

    frames: str
    frame: int
    niche: str
    topics: tuple[int, int, int]
    n: int
    emoji: str = ""
    tags: int = 0

    def render(self, language: str, brand: str = "") -> str:
        """The text in a language."""
        words = language_texts(language)
        topics = words["topics"][self.niche]
        a, b, c = (topics[i] for i in self.topics)
        frames = words
        for key in self.frames.split("."):
            frames = frames[key]
        text = frames[self.frame].format(a=a, b=b, c=c, n=self.n, brand=brand)
        text = text[0].upper() + text[1:]
        tags = " ".join("#" + topics[i].replace(" ", "").replace("-", "") for i in self.topics[: self.tags])
        return " ".join(part for part in (text, self.emoji, tags) if part)


def sentence(rng: Random, frames: str, niche: str) -> Sentence:
    """One draw from a list of frames."""
    words = language_texts("en")
    for key in frames.split("."):
        words = words[key]
    a, b, c = rng.sample(range(N_TOPICS), 3)
    return Sentence(
        frames, rng.randrange(len(words)), niche, (a, b, c), rng.randint(2, 40),
        emoji=rng.choice(EMOJI) * rng.randint(1, 2) if rng.random() < 0.4 else "",
        tags=rng.randint(1, 3) if frames == "captions" and rng.random() < 0.25 else 0,
    )  # fmt: skip


def caption_plan(rng: Random, niche: str, n: int, *, on_niche: float = 0.85) -> list[Sentence]:
    """n captions, no two alike; the share on the niche is exact, the others tell of a life."""
    n_on = round(on_niche * n)
    sentences: dict[str, Sentence] = {}
    for frames, upto in (("captions", n_on), ("life", n)):
        while len(sentences) < upto:
            drawn = sentence(rng, frames, niche)
            sentences.setdefault(drawn.render("en"), drawn)
    plan = list(sentences.values())
    rng.shuffle(plan)
    return plan


def rendered(plan: Sequence[Sentence], language: str, brand: str = "") -> list[str]:
    return [item.render(language, brand) for item in plan]


# What a page says beside what it wants: none of it is about the niche.
PAGE_BEFORE = (
    "{brand} was founded in 2011 by two friends in a small workshop. Today forty people work in three cities, "
    "and the founders still answer letters themselves. The company is family-owned and publishes its accounts.",
    "The team: Mara leads communications, Jonas handles contracts, Ines reviews content within two working days.",
)
PAGE_AFTER = (
    "Deliverables: three posts, two stories and one longer video, delivered as raw files and finished cuts, with "
    "captions. Drafts are due on 3 March, final versions on 17 March, publication from 1 April to 30 April.",
    "Budget: 1,200 euros a creator including usage rights for six months; travel is paid separately. Invoices are paid "
    "within thirty days. A report with reach and saves is due one week after the last post.",
    "Please send your media kit, your rates and two earlier collaborations to our agency before the end of the month.",
)


def brief_of(niche: str, *, length: str = "paragraph", language: str = "en") -> Brief:
    """A brand's brief: one line, a paragraph, or a page with history, team, deliverables, dates and budget."""
    brand = BRANDS[niche]
    texts = [
        Sentence("brief", frame, niche, topics, 2).render(language, brand)
        for frame, topics in enumerate(((0, 1, 2), (3, 4, 5), (0, 1, 2), (0, 1, 2)))
    ]
    if length == "line":
        description = texts[0]
    elif length == "paragraph":
        description = " ".join(texts)
    else:
        page = [part.format(brand=brand) for part in (*PAGE_BEFORE, *PAGE_AFTER)]
        description = "\n\n".join([*page[: len(PAGE_BEFORE)], " ".join(texts), *page[len(PAGE_BEFORE) :]])
    return Brief(brand=brand, description=description)
