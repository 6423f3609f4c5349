"""Brand-creator pairs with their features: what the niche head is trained and judged on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.pair import pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.tables.arrays import BoolArray, FloatArray, IntArray
from bonafit.text.units import brief_facets, creator_units, for_encoder
from bonafit_training.contracts import Context
from bonafit_training.data.niche_fit import Pairs


def prepare(creators: Sequence[Creator], encoder: Encoder) -> list[Prepared]:
    """Creators with their units and vectors, as the scorer prepares them."""
    units = [creator_units(creator) for creator in creators]
    vectors = encoder.encode([for_encoder(unit) for of_creator in units for unit in of_creator])
    ends = np.cumsum([len(of_creator) for of_creator in units])
    parts = np.split(vectors, ends[:-1])
    return [Prepared(c, u, v) for c, u, v in zip(creators, units, parts, strict=True)]


def prepare_brief(brief: Brief, encoder: Encoder) -> PreparedBrief:
    """A brief with its facets and vectors, as the scorer prepares it."""
    facets = brief_facets(brief)
    return PreparedBrief(brief, facets, encoder.encode([for_encoder(facet) for facet in facets]))


@dataclass(frozen=True)
class PreparedPairs:
    """Pairs ready for features. made_by : as in Pairs."""

    name: str
    briefs: list[PreparedBrief]
    creators: list[Prepared]
    positive: BoolArray
    made_by: dict[tuple[int, int], frozenset[int]]

    def keep(self, b: int, c: int) -> BoolArray | None:
        """Which of creator c's units may be read for brief b: not those of posts that made the pair."""
        posts = self.made_by.get((b, c))
        if posts is None:
            return None
        return np.array([unit.post not in posts for unit in self.creators[c].units], dtype=bool)


def prepare_pairs(pairs: Pairs, encoder: Encoder) -> PreparedPairs:
    """Units, facets and vectors of a set of pairs."""
    briefs = [prepare_brief(brief, encoder) for brief in pairs.briefs]
    return PreparedPairs(pairs.name, briefs, prepare(pairs.creators, encoder), pairs.positive, pairs.made_by)


def without_posts(pairs: PreparedPairs, name: str) -> PreparedPairs:
    """The same pairs with bios alone, creators without one left out: how thin records look."""
    places = [c for c, creator in enumerate(pairs.creators) if creator.units and creator.units[0].kind == "bio"]
    creators = [Prepared(p.creator, p.units[:1], p.vectors[:1]) for p in (pairs.creators[c] for c in places)]
    return PreparedPairs(name, pairs.briefs, creators, pairs.positive[:, places], {})


@dataclass(frozen=True)
class Examples:
    """Rows to train on. group : (n,) the brief each row belongs to, unique across sets; weight : (n,).

    n_posts : (n,) posts that were read; 0 throughout for heads that do not say.
    """

    X: FloatArray
    y: IntArray
    group: IntArray
    weight: FloatArray
    n_posts: IntArray

    @classmethod
    def join(cls, parts: Sequence[Examples]) -> Examples:
        """All rows of several sets; groups must already be unique across sets where their briefs are."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))

    def rows(self, mask: BoolArray) -> Examples:
        """The rows chosen."""
        return Examples(*(getattr(self, f.name)[mask] for f in fields(self)))


class PairRow(NamedTuple):
    """Features of one pair, (n_columns,), and for the full head how many posts were read."""

    row: FloatArray
    n_posts: int = 0


RowOf = Callable[[Prepared, BriefView, BoolArray | None], PairRow]


def full_row(creator: Prepared, view: BriefView, keep: BoolArray | None) -> PairRow:
    """Features of the full head."""
    features = pair_features(creator, view, keep=keep)
    return PairRow(features.row, features.n_posts)


def sample_examples(
    pairs: PreparedPairs,
    reference: Reference,
    *,
    negatives: int,
    seed: int,
    first_group: int = 0,
    row_of: RowOf = full_row,
) -> Examples:
    """All positive pairs and, for each, `negatives` random creators of the same brief.

    Positives lose the posts that made them; negatives lose as many random posts, or a model could tell the two by the
    number of posts left (an unconstrained one does: AUC .90 instead of .81 on instagram_2017). Within a brief,
    positives together weigh as much as negatives, so that the linear predictor is stated at even odds.
    first_group : group of the first brief; sets that share briefs share groups. row_of : the features of a pair.
    """
    rng = np.random.default_rng(seed)
    rows: list[PairRow] = []
    labels, groups, weights = [], [], []
    for b, brief in enumerate(pairs.briefs):
        true = np.flatnonzero(pairs.positive[b])
        if not len(true):
            continue
        view = BriefView(brief, reference)
        other_creators = np.flatnonzero(~pairs.positive[b])
        false = rng.choice(other_creators, size=min(negatives * len(true), len(other_creators)), replace=False)
        removed = [len(pairs.made_by.get((b, int(c)), ())) for c in true]
        for c in (*true.tolist(), *false.tolist()):
            keep = pairs.keep(b, c)
            if keep is None and pairs.made_by:
                keep = _lose(pairs.creators[c], int(rng.choice(removed)), rng)
            rows.append(row_of(pairs.creators[c], view, keep))
        labels += [1] * len(true) + [0] * len(false)
        groups += [first_group + b] * (len(true) + len(false))
        weights += [1.0] * len(true) + [len(true) / len(false)] * len(false)
    X = np.array([row.row for row in rows])
    n_posts = np.array([row.n_posts for row in rows])
    return Examples(X, np.array(labels), np.array(groups), np.array(weights), n_posts)


def _lose(creator: Prepared, n: int, rng: np.random.Generator) -> BoolArray:
    posts = sorted({unit.post for unit in creator.units if unit.post is not None})
    lost = set(rng.choice(posts, size=min(n, len(posts) - 1), replace=False).tolist()) if len(posts) > 1 else set()
    return np.array([unit.post not in lost for unit in creator.units], dtype=bool)


def all_features(
    pairs: PreparedPairs,
    reference: Reference,
    briefs: Sequence[int],
    *,
    row_of: RowOf = full_row,
) -> FloatArray:
    """Features of every creator for the briefs named, (n_briefs, n_creators, n_columns)."""
    X = []
    for b in briefs:
        view = BriefView(pairs.briefs[b], reference)
        X.append([row_of(creator, view, pairs.keep(b, c)).row for c, creator in enumerate(pairs.creators)])
    return np.array(X)


def own_pairs(context: Context) -> Pairs | None:
    """The user's own pairs, or None without any."""
    own = context.own
    if own is None or not own.pairs:
        return None
    brands = sorted({brand for brand, _ in own.pairs})
    at = {creator.creator_id: i for i, creator in enumerate(own.creators)}
    positive = np.zeros((len(brands), len(own.creators)), dtype=bool)
    for brand, creator_id in own.pairs:
        positive[brands.index(brand), at[creator_id]] = True
    return Pairs("own", [own.briefs[brand] for brand in brands], list(own.creators), positive)
