"""What a brief asks of each category: its floors, and its excluded topics as categories or by their meaning."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from bonafit.heads.safety.categories import LABELS, NAMES
from bonafit.heads.safety.post_model import PostModel
from bonafit.heads.safety.words import WordColumns
from bonafit.prepared import PreparedBrief
from bonafit.records import SafetyFloors
from bonafit.tables.arrays import BoolArray, FloatArray, Vectors
from bonafit.text.clean import clean
from bonafit.text.hashtags import word_cost
from bonafit.text.units import NOT_WANTED, Unit
from bonafit.text.words import stem, words_of

NEVER, NO_MATTER = "never", "no matter"
# From which a topic's own words count as about a category none of whose words it has; it is judged by its meaning all
# the same. At .6 coal and payday loans were taken for crypto, and bullfighting for terrorism.
TOPIC_ABOUT = 0.9
# How far above captions at large, in their deviations, and how near a text is to a topic that it is about. Deviations
# are set by hand; at this cosine 1 % of captions of a neighbouring topic fire (decision 004). At .45 skincare was taken
# for skin whitening.
TOPIC_DEVIATIONS, TOPIC_COSINE = 4.0, 0.58
# A category by its name in a brief's [safety], and as reports call it.
_OWN_NAMES = {name: name for name in NAMES} | {label.lower(): name for name, label in LABELS.items()}
# Rarity from which a topic's rarest word says what it is about: "the", "and" or "love" (7.9) do not, and would strike
# off nearly everybody.
TELLING_COST = 8.0


# Cosine of an excluded topic to something wanted from which people are told that both are close: coffee in capsules
# beside coffee, road running beside trails.
CLOSE = 0.35


@dataclass(frozen=True)
class FreeTopic:
    """An excluded topic outside the categories. vector : (width,). mean, deviation : of its cosines to captions.

    wanted : (facets, width), what the brief asks for.
    """

    name: str
    vector: FloatArray
    words: frozenset[str]
    mean: float
    deviation: float
    wanted: FloatArray

    @property
    def is_close(self) -> bool:
        """Whether it is so near to what is wanted that posts on either are told apart with difficulty."""
        return bool((self.wanted @ self.vector >= CLOSE).any())

    def is_nearest(self, vectors: Vectors, units: tuple[Unit, ...]) -> BoolArray:
        """(n,) which texts are nearer to it than to anything wanted, or have its words."""
        values = vectors.astype(np.float64)
        to_wanted = (values @ self.wanted.T).max(axis=1, initial=-1.0)
        return np.asarray((values @ self.vector > to_wanted) | self.is_said(units))

    def is_about(self, vectors: Vectors, units: tuple[Unit, ...]) -> tuple[BoolArray, FloatArray]:
        """Which texts are about it: those with all of its words, or far nearer to it than captions are; and how near.

        vectors : (n, width). Returns (n,) bool and (n,) cosines.
        """
        cosines = vectors.astype(np.float64) @ self.vector
        near = (cosines >= TOPIC_COSINE) & (cosines >= self.mean + TOPIC_DEVIATIONS * self.deviation)
        return near | self.is_said(units), cosines

    def is_said(self, units: tuple[Unit, ...]) -> BoolArray:
        """(n,) which texts have all of its words."""
        if max(map(word_cost, self.words), default=0.0) < TELLING_COST:
            return np.zeros(len(units), dtype=bool)
        return np.array([self.words <= {stem(word) for word in words_of(unit.text)} for unit in units], dtype=bool)


@dataclass(frozen=True)
class Captions:
    """Vectors of captions at large. mean : (width,). spread : (width, width), their covariance."""

    mean: FloatArray
    spread: FloatArray


@dataclass(frozen=True)
class Asked:
    """What a brief asks. floors : by category, `never`, a share or `no matter`, excluded topics put in.

    mapped : excluded topic to the categories it became, in words for people. free : the topics judged by meaning.
    stated : whether the brief excludes topics or states a floor of its own, so that somebody is owed an answer.
    barred : categories that the brief itself never bears, by an excluded topic or a floor that is not the usual one.
    """

    floors: dict[str, str | float]
    mapped: dict[str, str]
    free: tuple[FreeTopic, ...]
    stated: bool
    barred: frozenset[str] = frozenset()

    @classmethod
    def of(cls, brief: PreparedBrief, model: PostModel, captions: Captions) -> Asked:
        """Read a brief."""
        floors: dict[str, Any] = {name: getattr(brief.brief.safety, name) for name in NAMES}
        mapped, free = {}, []
        barred = {name for name, floor in floors.items() if floor == NEVER and getattr(SafetyFloors(), name) != NEVER}
        vectors = brief.vectors[[facet.kind not in NOT_WANTED for facet in brief.facets]].astype(np.float64)
        for facet, vector in zip(brief.facets, brief.vectors, strict=True):
            if facet.kind != "excluded":
                continue
            spelt = _by_name(clean(facet.raw), model)
            names = spelt or _by_meaning(facet.text, vector, model)
            parts = [*map(_category, names, map(floors.get, names)), *(() if spelt else ("judged by meaning",))]
            mapped[facet.raw] = ", ".join(parts if names else ("no category", *parts))
            floors |= dict.fromkeys(names, NEVER)
            barred.update(names)
            if not spelt:
                free.append(_free_topic(facet, vector, captions, vectors))
        stated = bool(mapped) or brief.brief.safety != SafetyFloors()
        return cls(floors, mapped, tuple(free), stated, frozenset(barred))


def _category(name: str, floor: str | float | None) -> str:
    """A topic's category in words; a floor that the brief states and the topic overrules is told."""
    if floor == getattr(SafetyFloors(), name) or floor == NEVER:
        return f"category {name}"
    stated = floor if isinstance(floor, str) else f"{floor:.0%}"
    return f"category {name}, never in place of the {stated} that [safety] states"


@cache
def _named() -> tuple[WordColumns, WordColumns]:
    """Names of categories as topics, and words that make a topic another one."""
    source = tomllib.loads(files("bonafit.heads.safety").joinpath("topics.toml").read_text(encoding="utf-8"))
    names, apart = (
        WordColumns({name: entries.lower().split(", ") for name, entries in source[table].items()})
        for table in ("names", "apart")
    )
    return names, apart


def _by_name(topic: str, model: PostModel) -> tuple[str, ...]:
    """Categories that a topic names, or a word of which it has; a topic that only sounds like one has none."""
    if topic.lower() in _OWN_NAMES:
        return (_OWN_NAMES[topic.lower()],)
    names, apart = _named()
    spelt = dict.fromkeys((*names.named(topic), *model.words.named(topic)))
    excluded_names = apart.named(topic)
    return tuple(name for name in spelt if name not in excluded_names)


def _by_meaning(text: str, vector: Vectors, model: PostModel) -> tuple[str, ...]:
    """The likeliest category that a topic is about, where one is likely enough."""
    about = model.judge(vector[None, :], [text]).about[0]
    best = int(np.argmax(about))
    return (NAMES[best],) if about[best] >= TOPIC_ABOUT else ()


def _free_topic(facet: Unit, vector: Vectors, captions: Captions, brief_vectors: FloatArray) -> FreeTopic:
    direction = vector.astype(np.float64)
    deviation = float(np.sqrt(direction @ captions.spread @ direction))
    # as written: a facet's text may be cut as a hashtag is
    words = frozenset(stem(word) for word in words_of(clean(facet.raw)))
    return FreeTopic(facet.raw, direction, words, float(captions.mean @ direction), deviation, brief_vectors)
