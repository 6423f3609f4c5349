"""Features of a creator and a brief together: how near the texts of one are to the facets of the other.

Every similarity is standardised: a cosine of .35 is high for one brief and ordinary for another, so each is expressed
in standard deviations from what texts of creators at large reach for the same brief. The moments of that reference
are part of the bundle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.errors import ShapeError
from bonafit.heads.columns import Column
from bonafit.heads.niche_fit.posts import ON_NICHE, post_features
from bonafit.heads.niche_fit.view import BriefView, Found, is_comparable
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray

COLUMNS = (
    Column("post_fit", "deviations", 1, "how near the creator's posts as a whole are to the brief"),
    Column("best_posts", "deviations", 1, "how near the best three posts of ten are to the brief"),
    Column("share_on_niche", "share", 1, "share of posts that are on the brief's niche"),
    Column("facet_coverage", "deviations", 1, "how well the brief's parts are each met by some posts"),
    Column("recent_fit", "deviations", 1, "how near the posts of the last months are to the brief"),
    Column("steady_fit", "deviations", 1, "how near the posts stay to the brief in the weakest quarter of the period"),
    Column("bio_fit", "deviations", 1, "how near the bio is to the brief, as far as the posts bear it out"),
    Column("bio_only_fit", "deviations", 1, "how near the bio is to the brief, where there are no posts"),
    Column("words_shared", "share", 1, "share of the brief's telling words that the posts use"),
    Column("posts_with_words", "share", 1, "share of posts that use one of the brief's telling words"),
    Column("bio_only_words", "share", 1, "share of the brief's telling words in the bio, where there are no posts"),
)


@dataclass(frozen=True)
class PairFeatures:
    """Features of one creator for one brief, and what evidence is drawn from.

    row      : (len(COLUMNS),) float64, NaN where there is nothing to measure.
    errors   : (len(COLUMNS),) float64 standard errors of `row` from the number of posts read; 0 where not known.
    z        : (n_units, 1 + n_facets) float64, deviations of each unit for the brief and each facet.
    cosines  : same shape, the similarities themselves.
    used     : (n_units,) bool, units that count: those that neither name the brand nor repeat the brief.
    n_posts  : post units used. n_on_niche : those on the brief's niche. has_bio : whether a bio is used.
    named, copied : units left out because they name the brand, and because they repeat the brief. copies : (n_units,)
        bool, the latter.
    found    : of each unit the brief's telling words, and (n_units,) bool which units name the brand, allowed or not.
    """

    row: FloatArray
    errors: FloatArray
    z: FloatArray
    cosines: FloatArray
    used: npt.NDArray[np.bool_]
    n_posts: int
    n_on_niche: int
    has_bio: bool
    named: int
    copied: int
    copies: npt.NDArray[np.bool_]
    found: Found


def pair_features(
    creator: Prepared,
    view: BriefView,
    *,
    keep: npt.NDArray[np.bool_] | None = None,
    same: PairFeatures | None = None,
) -> PairFeatures:
    """Features of a creator for a brief.

    keep : (n_units,) bool, units that may be used at all (training leaves out the posts that made the pair), or None.
    same : features of the same texts and brief by other vectors, whose words need no second search.
    Raises ShapeError where vectors and units do not go together.
    """
    n = len(creator.units)
    if creator.vectors.shape != (n, len(view.targets)):
        raise ShapeError(f"creator vectors of shape {creator.vectors.shape}; expected ({n}, {len(view.targets)})")
    creator = view.level(creator)
    cosines = (creator.vectors @ view.targets).astype(np.float64)
    z = (cosines - view.post_mean) / view.post_sd
    allowed = np.ones(n, dtype=bool) if keep is None else keep
    is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
    words, names = shared = view.find(creator.units) if same is None else same.found
    copied = np.array(
        [view.repeats(unit.text, own) for own, unit in zip(words, creator.units, strict=True)], dtype=bool
    )
    copied &= allowed
    named = names & allowed & ~copied
    used = allowed & ~named & ~copied
    z[is_bio] = (cosines[is_bio] - view.bio_mean) / view.bio_sd
    posts = np.flatnonzero(used & ~is_bio)
    bios = np.flatnonzero(used & is_bio)
    values = dict.fromkeys((column.name for column in COLUMNS), np.nan)
    errors = dict.fromkeys(values, 0.0)
    if len(posts):
        shown, unsure = post_features(creator, view, posts, z, words)
        values |= shown
        errors |= unsure
    claim = float(z[bios[0], 0]) if len(bios) else float("nan")
    if len(posts):
        # At most what the posts show, and nothing where they show nothing or no bio is used: a bio in the brief's own
        # words moved creators off the niche up 10 % of a list of 500 (median) where either bound was missing.
        values["bio_fit"] = max(min(claim, values["post_fit"]), 0.0) if len(bios) else 0.0
    elif len(bios):
        values["bio_only_fit"] = claim
        # Across languages words say nothing, and nothing stands there.
        if view.in_words and is_comparable(creator.units[bios[0]]):
            values["bio_only_words"] = view.cost_of(words[bios[0]])
    return PairFeatures(
        row=np.array(list(values.values())),
        errors=np.array(list(errors.values())),
        z=z,
        cosines=cosines,
        used=used,
        n_posts=len(posts),
        n_on_niche=int(np.count_nonzero(z[posts, 0] >= ON_NICHE)),
        has_bio=len(bios) > 0,
        named=int(named.sum()),
        copied=int(copied.sum()),
        copies=copied,
        found=shared,
    )
