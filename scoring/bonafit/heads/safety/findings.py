"""What one creator's posts promote and speak of, category by category, counted over posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.floors import NEVER, Asked
from bonafit.heads.safety.post_model import NEAR, SAYS, STANCES, Judged, likeliest, together
from bonafit.heads.safety.words import COLUMNS
from bonafit.prepared import Prepared
from bonafit.tables.arrays import BoolArray, FloatArray
from bonafit.tables.logistic import logit
from bonafit.text.units import Unit, posts_saying

# From which a probability at even odds counts as being about a category, set by hand.
ABOUT = 0.9
# From which a post counts towards keeping somebody away where the brief does not bar the category itself, by rule:
# three to one. At even odds two captions on house plants in Arabic were enough for drugs.
CERTAIN = 0.75
# Dated posts from which a trend is told.
LEAST_DATED = 8
# Categories that no manner makes milder.
GRAVE = frozenset(("hate", "terrorism", "adult"))
_OFFER = COLUMNS.index("offer")


@dataclass
class Finding:
    """One category or topic over a creator's texts.

    promoting, related : places of units that promote it, and that are about it without promoting it; likeliest first.
    posts, related_posts : places of the posts that say these, repeated ones too.
    weight : by unit, the probability. stance : by unit; of a related one, what it does instead of promoting.
    severity : by promoting unit, `high` or `medium`. certain : of `posts` those for which somebody may be struck
    off: of a category that the brief bars all of them, of another the sure ones, of a free topic those that have its
    words.
    """

    name: str
    promoting: list[int] = field(default_factory=list)
    related: list[int] = field(default_factory=list)
    posts: set[int] = field(default_factory=set)
    related_posts: set[int] = field(default_factory=set)
    weight: dict[int, float] = field(default_factory=dict)
    stance: dict[int, str] = field(default_factory=dict)
    severity: dict[int, str] = field(default_factory=dict)
    certain: set[int] = field(default_factory=set)

    @property
    def in_bio(self) -> bool:
        """Whether the bio alone, and no post, promotes it."""
        return bool(self.promoting) and not self.posts


@dataclass(frozen=True)
class Texts:
    """A creator's texts as they were judged.

    stance : (n,) place in STANCES of what each does instead of promoting. offers : (n,) which offer something.
    """

    creator: Prepared
    stance: npt.NDArray[np.intp]
    offers: BoolArray


def findings(
    creator: Prepared, judged: Judged, offers: BoolArray, read: BoolArray, topics: Asked, bounds: FloatArray
) -> list[Finding]:
    """Of every category, then of every free topic of the brief, those that some text is about.

    offers : (n,) which texts offer something. read : (n,) which texts are in a language
    that is read. bounds : (categories,) as PostModel.together.
    """
    out = []
    texts = Texts(creator, 1 + np.argmax(judged.stance[:, 1:], axis=1), offers)
    likely = likely_together(
        judged.promoted, read & np.array([unit.post is not None for unit in creator.units]), bounds
    )
    for j, name in enumerate(NAMES):
        promotes = read & (judged.promoted[:, j] >= SAYS)
        # where a share of the posts is borne, those likely together would be counted against it as if each were sure
        if topics.floors[name] in (NEVER, 0):
            promotes |= read & likely[:, j]
        about = read & ~promotes & (judged.about[:, j] >= ABOUT)
        if promotes.any() or about.any():
            weight = np.where(promotes, judged.promoted[:, j], judged.about[:, j])
            finding = _finding(name, texts, promotes, about, weight)
            if name not in topics.barred:
                sure = np.flatnonzero(read & (judged.promoted[:, j] >= CERTAIN)).tolist()
                finding.certain &= _posts_of(creator, [creator.units[i] for i in sure])
            out.append(finding)
    for topic in topics.free:
        near, cosines = topic.is_about(creator.vectors, creator.units)
        near &= read
        if near.any():
            # what is nearer to the brief's own subject is shown apart
            promotes = near & (judged.stance[:, 0] >= SAYS) & topic.is_nearest(creator.vectors, creator.units)
            finding = _finding(topic.name, texts, promotes, near & ~promotes, cosines)
            spelt = [
                unit for unit, is_spelt in zip(creator.units, topic.is_said(creator.units), strict=True) if is_spelt
            ]
            finding.certain &= _posts_of(creator, spelt)
            out.append(finding)
    return out


def likely_together(promoted: FloatArray, posts: BoolArray, bounds: FloatArray) -> BoolArray:
    """(n, categories) which of the likeliest texts are near the bound of a category that posts reach together.

    promoted : (n, categories) probabilities. posts : (n,) which texts are those of posts that are read.
    """
    log_odds = logit(np.clip(promoted, 1e-9, 1 - 1e-9))
    of_posts = log_odds[posts]
    reached = np.flatnonzero(together(of_posts.T) >= bounds)
    likely = np.zeros(promoted.shape, dtype=bool)
    for j in reached.tolist():
        least = np.sort(of_posts[:, j])[-likeliest(len(of_posts))]
        likely[:, j] = posts & (log_odds[:, j] >= max(least, bounds[j] - NEAR))
    return likely


def _posts_of(creator: Prepared, units: Sequence[Unit]) -> set[int]:
    """Places of the posts that say one of the units, repeated ones too; a bio is none."""
    posts = posts_saying(creator.creator, [unit for unit in units if unit.post is not None])
    return {post for same in posts for post in same}


def _finding(name: str, texts: Texts, promotes: BoolArray, about: BoolArray, weights: FloatArray) -> Finding:
    """One category or topic. promotes, about : (n,) which texts. weights : (n,) how likely or how near each is."""
    creator, finding = texts.creator, Finding(name)
    for mask, units, posts in (
        (promotes, finding.promoting, finding.posts),
        (about, finding.related, finding.related_posts),
    ):
        units.extend(sorted(np.flatnonzero(mask).tolist(), key=lambda i: (-float(weights[i]), i)))
        posts.update(_posts_of(creator, [creator.units[i] for i in units]))
    finding.related_posts -= finding.posts
    finding.certain = set(finding.posts)
    for i in (*finding.promoting, *finding.related):
        finding.weight[i] = float(weights[i])
        finding.stance[i] = STANCES[int(texts.stance[i])]
    for i in finding.promoting:
        finding.stance[i] = STANCES[0]
        finding.severity[i] = "high" if bool(texts.offers[i]) or name in GRAVE else "medium"
    return finding


def trend(creator: Prepared, posts: set[int], all_posts: list[int]) -> float | None:
    """Share of promoting posts in the newer half of the dated ones less that in the older; None for few dates."""
    dated = [i for i in all_posts if creator.creator.posts[i].posted_at is not None]
    if len(dated) < LEAST_DATED:
        return None
    half = len(dated) // 2
    newer, older = dated[:half], dated[len(dated) - half :]
    return (sum(i in posts for i in newer) - sum(i in posts for i in older)) / half


def offering(words: FloatArray) -> BoolArray:
    """(n,) which texts offer something, of their (n, columns) word columns."""
    return np.asarray(words[:, _OFFER] > 0)
