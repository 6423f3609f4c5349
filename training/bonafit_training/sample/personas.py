"""Who the creators of the invented sample are, before anything is written down about them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bonafit_training.sample import numbers
from bonafit_training.sample.text import Lexicon, lexicon

PLANTED = ("bought_followers", "bought_likes", "machine_posting", "stuffed_bio", "too_little_data")
# A quarter of the creators carry a problem, each kind once in every block, in an order that the seed shuffles.
BLOCK = 20


@dataclass(frozen=True)
class Persona:
    """What a creator of the sample is, before anything is written down about them. planted None: no problem."""

    creator_id: str
    niche: str
    language: str
    platform: str
    followers: int
    level: float
    gap_hours: float
    hour: float
    planted: str | None


def planted_labels(n: int, seed: int) -> dict[str, dict[str, str | None]]:
    """What is true of each creator: `niche`, `language` and `planted`, the problem or None."""
    return {
        persona.creator_id: {"niche": persona.niche, "language": persona.language, "planted": persona.planted}
        for _, persona in personas(n, seed)
    }


def personas(n: int, seed: int) -> Iterator[tuple[Random, Persona]]:
    """Each creator's persona and the random stream that everything else about them is drawn from."""
    words = lexicon()
    problems: list[str | None] = []
    for i in range(n):
        if i % BLOCK == 0:
            problems = [*PLANTED, *[None] * (BLOCK - len(PLANTED))]
            Random(f"{seed}:block:{i // BLOCK}").shuffle(problems)
        rng = Random(f"{seed}:{i}")
        yield rng, _persona(rng, words, i, problems[i % BLOCK])


def _persona(rng: Random, words: Lexicon, i: int, planted: str | None) -> Persona:
    return Persona(
        creator_id=f"invented-{i:04d}",
        niche=rng.choice(words.niche_names),
        language=rng.choices(words.language_names, words.language_shares)[0],
        platform=rng.choices(numbers.PLATFORMS, numbers.PLATFORM_SHARES)[0],
        followers=numbers.followers_of(rng),
        level=rng.gauss(0.0, 0.45),
        gap_hours=math.exp(rng.uniform(math.log(18), math.log(120))),
        hour=rng.gauss(17.0, 3.0),
        planted=planted,
    )
