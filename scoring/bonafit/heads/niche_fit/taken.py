"""What posts take away from a fit: those against the niche or the brand, those that repeat the brief or show what it
refuses.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bonafit.heads.niche_fit.pair import PairFeatures
from bonafit.heads.niche_fit.stance import Opinion, Stance
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared
from bonafit.tables.arrays import IntArray
from bonafit.text.units import posts_read, posts_saying

# Deviations from which a post is asked for its stance: contempt is no part of any brief, so that a post against what
# the brief is about lies further from it than one for it.
NEAR_NICHE = 0.0
# Posts near the niche from which their stance is asked for.
LEAST_OPINIONS = 3
# Log-odds taken away where every post repeats the brief: the rest of a creator's posts may look nearer without them.
# Set by hand: copying a brief must not pay.
COPIES = 3.0
# A post shows what the brief refuses ("no capsules") where it is nearer to that than texts at large, and nearer than to
# what the brief wants, by so many deviations. One post in five does among creators who post what is wanted.
NEAR_REFUSED, NEARER = 2.0, 1.0
# Share of such posts that is nobody's fault, from which on they are told, and what is taken away where all are such.
# Set by hand on a dozen invented briefs in four languages, as are the deviations above (decision 013).
USUAL_REFUSED, TOLD_REFUSED, REFUSALS = 0.2, 0.3, 6.0
NO_OPINION = Opinion(0.0, np.zeros(0), found=False)


class Taken(NamedTuple):
    """What posts take away from a fit. share : of the posts it is about. effect : in log-odds, below 0."""

    feature: str
    share: float
    effect: float
    text: str


def opinion_of(
    stance: Stance | None, levelled: Prepared, features: PairFeatures
) -> tuple[Opinion, npt.NDArray[np.intp]]:
    """What the posts near the niche or naming the brand say of it, and which units those are.

    levelled : the creator with levelled vectors.
    """
    posts = np.array([i for i, unit in enumerate(levelled.units) if unit.kind != "bio"], dtype=np.intp)
    about = posts[(features.z[posts, 0] >= NEAR_NICHE) | features.found[1][posts]]
    if stance is None or not len(about):
        return NO_OPINION, about
    times = times_said(levelled, about)
    if times.sum() < LEAST_OPINIONS:
        return NO_OPINION, about
    logs = stance.log_odds([levelled.units[i] for i in about.tolist()], levelled.vectors[about])
    return stance.opinion(logs, features.found[1][about], times), about


class Refused(NamedTuple):
    """Posts that show what a brief refuses. units : (n,) of the creator, the nearest first. share : of the posts."""

    units: npt.NDArray[np.intp]
    share: float

    @property
    def told(self) -> bool:
        """Whether there are enough of them to be told."""
        return self.share >= TOLD_REFUSED


def refused_of(creator: Prepared, features: PairFeatures, view: BriefView) -> Refused:
    """The posts that are about what the brief refuses rather than about what it wants."""
    none = np.zeros(0, np.intp)
    if not view.refused or not features.n_posts:
        return Refused(none, 0.0)
    is_post = np.array([unit.kind != "bio" for unit in creator.units], dtype=bool)
    near = features.z[:, [1 + i for i in view.refused]].max(axis=1)
    shows = is_post & features.used & (near >= NEAR_REFUSED) & (near - features.z[:, 0] >= NEARER)
    units = np.flatnonzero(shows)
    return Refused(units[np.argsort(-near[units], kind="stable")], len(units) / features.n_posts)


def taken_away(
    creator: Prepared, features: PairFeatures, opinion: Opinion, log_odds: float, refused: float = 0.0
) -> list[Taken]:
    """What is taken away for copies of the brief, posts about what it refuses, posts against the niche or the brand.

    refused : share of the posts that show what the brief refuses.
    """
    deductions = []
    if share := _copied_share(creator, features):
        effect = -COPIES * share
        deductions.append(Taken("copied_share", share, effect, "posts that repeat the brief"))
        log_odds += effect
    if over := max(0.0, refused - USUAL_REFUSED) / (1 - USUAL_REFUSED):
        effect = -REFUSALS * over
        deductions.append(Taken("refused_share", refused, effect, "posts about what the brief does not want"))
        log_odds += effect
    if against := opinion.effect(log_odds):
        sentence = "posts that speak against the niche or the brand, of those about it"
        deductions.append(Taken("adverse_share", opinion.share, against, sentence))
    return deductions


def _copied_share(creator: Prepared, features: PairFeatures) -> float:
    """Share of the posts read that repeat the brief."""
    copies = np.flatnonzero(features.copies).tolist()
    units = np.array([i for i in copies if creator.units[i].kind != "bio"], dtype=np.intp)
    n = len(posts_read(creator.creator))
    return min(1.0, float(times_said(creator, units).sum()) / n) if len(units) and n else 0.0


def times_said(creator: Prepared, units: npt.NDArray[np.intp]) -> IntArray:
    """(n,) how many posts say what each of these units does: a text repeated in ten posts is one unit."""
    n_posts = len({unit.post for unit in creator.units if unit.post is not None})
    if n_posts == len(posts_read(creator.creator)):
        return np.ones(len(units), dtype=np.int64)
    same = posts_saying(creator.creator, [creator.units[i] for i in units.tolist()])
    return np.array([len(places) for places in same], dtype=np.int64)
