"""What posts take away from a fit: those against the niche or the brand, and those that repeat the brief."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bonafit.heads.niche_fit.pair import PairFeatures
from bonafit.heads.niche_fit.stance import Opinion, Stance
from bonafit.prepared import Prepared
from bonafit.tables.arrays import IntArray
from bonafit.text.units import posts_read, posts_saying

# Deviations from which a post is asked for its stance: contempt is no part of any brief, so that a post against what
# the brief is about lies further from it than one for it.
NEAR_NICHE = 0.0
# Posts near the niche from which their stance is asked for.
LEAST_OPINIONS = 3
# Log-odds taken away where every post repeats the brief: the rest of a creator's posts may look nearer without them.
COPIES = 3.0
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


def taken_away(creator: Prepared, features: PairFeatures, opinion: Opinion, log_odds: float) -> list[Taken]:
    """What is taken away for copies of the brief and for posts against the niche or the brand."""
    taken = []
    if share := _copied_share(creator, features):
        effect = -COPIES * share
        taken.append(Taken("copied_share", share, effect, "posts that repeat the brief"))
        log_odds += effect
    if against := opinion.effect(log_odds):
        said = "posts that speak against the niche or the brand, of those about it"
        taken.append(Taken("adverse_share", opinion.share, against, said))
    return taken


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
