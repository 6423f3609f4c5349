"""Planted partnership histories: invented brands' ads and mentions among honest creators' posts in 18 languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.judge.bases import Base, bases
from msgspec.structs import replace

from bonafit import Brief, Creator
from bonafit.commercial.xray import judge_posts, x_ray
from bonafit.results import Commercial

ADS = Path(__file__).resolve().parents[1] / "data" / "planted_ads.toml"
SYLLABLES = ("ni", "vo", "ra", "vel", "lu", "ne", "zen", "ko", "bri", "om", "ta", "que", "fi", "dor", "sa", "mi")
# Names that are words of every day: found as handles and hashtags, which is how ads carry them.
WORDS = ("target", "gap", "dove", "coach", "apple", "always", "shell", "method", "fresh", "native")
LOADS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5)


@dataclass(frozen=True)
class Planted:
    """A creator with what was put in. ads : places of posts that are ads. named : places that name the competitor."""

    creator: Creator
    brand: str
    ads: frozenset[int]
    named: frozenset[int]


def planted(seed: int, n: int = 60) -> list[Planted]:
    """Creators whose posts were replaced by ads of one brand, of others, and mentions, at known places."""
    templates = tomllib.loads(ADS.read_text(encoding="utf-8"))
    rng = Random(seed)
    return [_plant(base, templates[base.language], LOADS[i % len(LOADS)], rng) for i, base in enumerate(bases(n, seed))]


def _plant(base: Base, texts: dict[str, list[str]], load: float, rng: Random) -> Planted:
    posts = list(base.creator.posts)
    ordinary = rng.random() < 0.25
    brand = rng.choice(WORDS).title() if ordinary else "".join(rng.sample(SYLLABLES, 3)).title()
    other = "".join(rng.sample(SYLLABLES, 4)).title()
    places = rng.sample(range(len(posts)), round(load * len(posts)) + 1)
    ads, mention = places[:-1], places[-1]
    named = set()
    for k, i in enumerate(ads):
        name = brand if k % 3 != 2 else other
        posts[i] = replace(posts[i], caption=_text(rng.choice(texts["declared"] + texts["hinted"]), name, rng), tags=())
        if name == brand:
            named.add(i)
    if not ordinary:
        posts[mention] = replace(posts[mention], caption=_text(rng.choice(texts["mention"]), brand, rng), tags=())
        named.add(mention)
    return Planted(replace(base.creator, posts=tuple(posts)), brand, frozenset(ads), frozenset(named))


def _text(template: str, name: str, rng: Random) -> str:
    handle = "@" + name.lower() + rng.choice(("", "_official", ".de", "beauty", "_uk"))
    return template.format(at=handle, tag=name, name=name, code=f"{name.upper()[:6]}{rng.choice((10, 15, 20))}")


def look(case: Planted, competitors: tuple[str, ...]) -> Commercial:
    """The X-ray of a planted creator for a brief that names these competitors."""
    brief = Brief(brand="Aubelle", description="Gentle skincare.", competitors=competitors)
    return x_ray(case.creator, brief, judge_posts(case.creator), as_of=None)
