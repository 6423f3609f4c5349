"""A brief's niche set against others: a neighbour's posts are near to it, and nearer to their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bonafit.heads.niche_fit.pair import COLUMNS, pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator, Post
from bonafit.tables.arrays import Vectors
from bonafit.text.units import Unit, brief_facets

WIDTH = 12
COFFEE, COOKING, CARS = (np.eye(WIDTH, dtype=np.float32)[i] for i in range(3))


def prepared(*vectors: Vectors) -> Prepared:
    units = tuple(Unit("caption", f"text {i}", f"text {i}", post=i) for i in range(len(vectors)))
    creator = Creator(creator_id="c", posts=tuple(Post(caption=unit.raw) for unit in units))
    lengths = [np.linalg.norm(v) for v in vectors]
    return Prepared(creator, units, np.array([v / n for v, n in zip(vectors, lengths, strict=True)], dtype=np.float32))


@pytest.fixture(scope="module")
def reference() -> Reference:
    rng = np.random.default_rng(0)
    sample = [prepared(*rng.normal(size=(6, WIDTH))) for _ in range(60)]
    return replace(Reference.fit(sample), niches=np.array([COFFEE, COOKING, CARS]))


def columns(creator: Prepared, reference: Reference) -> dict[str, float]:
    brief = Brief(brand="Acme", description="Coffee")
    view = BriefView(PreparedBrief(brief, brief_facets(brief), COFFEE[None]), reference)
    row = pair_features(creator, view).row.tolist()
    return {column.name: value for column, value in zip(COLUMNS, row, strict=True)}


def test_posts_that_are_nearer_to_another_niche_count_for_that_one(reference: Reference) -> None:
    own, neighbour = prepared(*[COFFEE] * 8), prepared(*[COFFEE + 2 * COOKING] * 8)
    plain = replace(reference, niches=None)
    # nearness alone: both creators have all their posts on the niche or near it
    assert columns(neighbour, plain)["best_posts"] > 1.0
    assert columns(neighbour, reference)["share_on_niche"] < 0.6 * columns(own, reference)["share_on_niche"]


def test_share_orders_creators_that_the_best_posts_do_not_tell(reference: Reference) -> None:
    mixed = [prepared(*[COFFEE] * on, *[CARS] * (10 - on)) for on in (0, 3, 5, 8, 10)]
    shares = [columns(creator, reference)["share_on_niche"] for creator in mixed]
    assert shares == sorted(shares)
    assert shares[-1] - shares[2] > 0.3
    best = [columns(creator, reference)["best_posts"] for creator in mixed]
    assert best[2] == best[4]


def test_the_brief_s_own_niche_is_none_to_set_it_against(reference: Reference) -> None:
    alone = replace(reference, niches=COFFEE[None])
    plain = replace(reference, niches=None)
    creator = prepared(COFFEE, CARS, COOKING, COFFEE)
    assert columns(creator, alone) == pytest.approx(columns(creator, plain), nan_ok=True)


def test_niches_are_read_back_as_they_were(reference: Reference) -> None:
    again = Reference.from_tables(reference.to_tables())
    assert again.niches is not None
    np.testing.assert_array_equal(again.niches, reference.niches)
