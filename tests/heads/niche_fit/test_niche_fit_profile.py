"""The profile: a map from creators to the brands they mention, learned without a row's own brand."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.pair import BEFORE_PROFILE, COLUMNS, BriefView, pair_features
from bonafit.heads.niche_fit.profile import Profile
from bonafit.heads.niche_fit.reference import Moments, Reference, unit_length
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.tables.additive import AdditiveModel, Term
from bonafit.tables.calibration import CalibrationMap
from bonafit.text.units import Unit
from bonafit_training.heads.niche_fit.examples import Examples
from bonafit_training.heads.niche_fit.profile_map import AtLarge, filled, fit_profile, with_profiles
from tests.tiny import BRIEF, creators

WIDTH, BRANDS, EACH = 12, 30, 8
POSTS, BIO = (COLUMNS.index(next(c for c in COLUMNS if c.name == name)) for name in ("profile_fit", "bio_only_profile"))


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Brands that mention nothing of what their creators write: a creator's vector is the brand's, turned."""
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(WIDTH, WIDTH)))[0]
    brands = _unit(rng.normal(size=(BRANDS, WIDTH)))
    own = _unit(brands @ turn + 0.05 * rng.normal(size=(BRANDS, WIDTH)))
    real = np.repeat(own, EACH, axis=0) + 0.1 * rng.normal(size=(BRANDS * EACH, WIDTH))
    false = rng.normal(size=real.shape)
    n = len(real)
    group = np.repeat(np.arange(BRANDS), EACH)
    return Examples(
        X=np.full((2 * n, len(COLUMNS)), np.nan),
        y=np.repeat([1, 0], n),
        group=np.tile(group, 2),
        weight=np.ones(2 * n),
        subject=_unit(np.concatenate([real, false])).astype(np.float32),
        query=np.tile(brands[group], (2, 1)).astype(np.float32),
        n_posts=np.tile([0, 5], n),
        teaches=np.ones(2 * n, dtype=bool),
    )


@pytest.fixture(scope="module")
def at_large() -> AtLarge:
    rng = np.random.default_rng(1)
    return AtLarge(_unit(rng.normal(size=(300, WIDTH))), _unit(rng.normal(size=(300, WIDTH))))


def test_it_finds_pairs_of_brands_it_never_saw(examples: Examples, at_large: AtLarge) -> None:
    done, _ = with_profiles(examples, at_large, seed=0)
    for column, kind in ((POSTS, examples.n_posts > 0), (BIO, examples.n_posts == 0)):
        values = done.X[kind, column]
        real = examples.y[kind] == 1
        assert np.median(values[real]) > np.quantile(values[~real], 0.95)
        assert np.isnan(done.X[~kind, column]).all()
        # Creators at large are where the values are measured from.
        assert abs(values[~real].mean()) < (0.2 if column == BIO else 0.15)
    similar = (examples.subject * examples.query).sum(axis=1)
    assert abs(np.corrcoef(similar, examples.y)[0, 1]) < 0.2


def test_a_rows_columns_do_not_know_its_own_brand(examples: Examples, at_large: AtLarge) -> None:
    done, _ = with_profiles(examples, at_large, seed=0)
    mine = examples.group == 3
    other = examples.subject.copy()
    other[mine & (examples.y == 1)] *= -1
    turned, _ = with_profiles(replace(examples, subject=other), at_large, seed=0)
    false = mine & (examples.y == 0)
    assert np.array_equal(turned.X[false], done.X[false], equal_nan=True)
    elsewhere = ~np.isin(examples.group, [3]) & (examples.y == 0)
    assert not np.array_equal(turned.X[elsewhere], done.X[elsewhere], equal_nan=True)


def test_training_and_serving_compute_the_same(examples: Examples, at_large: AtLarge) -> None:
    stored = fit_profile(examples, at_large)
    profile = Profile.from_tables(stored.to_tables())
    X = filled(examples, profile)
    rng = np.random.default_rng(2)
    flat = Moments.fit(rng.normal(size=(100, WIDTH)))
    reference = Reference(flat, flat, flat)
    for i in (0, 1, 200, 401):
        n = int(examples.n_posts[i])
        kinds = ["caption"] * n or ["bio"]
        units = tuple(Unit(kind=kind, text=f"a text {k}", raw="") for k, kind in enumerate(kinds))
        vectors = np.tile(examples.subject[i], (len(units), 1))
        facets = (Unit(kind="sentence", text="a brief", raw=""),)
        brief = PreparedBrief(Brief(brand="B", description="a brief"), facets, examples.query[i : i + 1])
        creator = Prepared(Creator(creator_id="c"), units, vectors)
        found = pair_features(creator, BriefView(brief, reference, profile))
        column = POSTS if n else BIO
        assert found.row[column] == pytest.approx(X[i, column], abs=1e-5)
        assert np.allclose(found.subject, unit_length(examples.subject[i].astype(np.float64)), atol=1e-6)
        without = pair_features(creator, BriefView(brief, reference)).row
        assert np.isnan(without[[POSTS, BIO]]).all()


def test_damaged_tables_are_named(examples: Examples, at_large: AtLarge) -> None:
    tables = fit_profile(examples, at_large).to_tables()
    with pytest.raises(BundleCorruptError, match=r"table 'profile\.onto' is absent"):
        Profile.from_tables({name: table for name, table in tables.items() if name != "profile.onto"})
    with pytest.raises(BundleCorruptError, match="niche_fit profile: shapes"):
        Profile.from_tables({**tables, "profile.into": tables["profile.into"][1:]})


def test_examples_without_vectors_are_refused(examples: Examples, at_large: AtLarge) -> None:
    bare = Examples(examples.X, examples.y, examples.group, examples.weight)
    with pytest.raises(ShapeError, match="480 examples with 0 vectors"):
        fit_profile(bare, at_large)


def test_a_bundle_without_a_profile_still_reads() -> None:
    rng = np.random.default_rng(0)
    flat = Moments.fit(rng.normal(size=(100, WIDTH)))
    cuts = np.linspace(-2, 4, 13)
    scores = np.concatenate([[0.0], np.sort(rng.normal(size=len(cuts) + 1))])
    terms = [Term((j,), (cuts,), scores, np.zeros(len(cuts) + 2)) for j in range(len(BEFORE_PROFILE))]
    older = NicheFitHead(
        # As it was published: a model of as many columns as there were.
        model=AdditiveModel(-1.0, terms, n_columns=len(BEFORE_PROFILE)),
        calibrate=CalibrationMap(np.linspace(-8, 8, 65), 1 / (1 + np.exp(-np.linspace(-8, 8, 65)))),
        reference=Reference(flat, flat, flat),
        prior=0.5,
        languages=(),
    )
    section, tables = older.to_bundle()
    section = msgspec.json.decode(msgspec.json.encode(section))
    assert [column["name"] for column in section["columns"]] == [column.name for column in BEFORE_PROFILE]
    assert not any(name.startswith("profile.") for name in tables)
    head = NicheFitHead.from_bundle(section, tables)
    assert head.profile is None
    vectors = _unit(rng.normal(size=(6, WIDTH))).astype(np.float32)
    units = tuple(Unit(kind="caption", text=f"sunscreen and serum {i}", raw="") for i in range(5))
    facets = (Unit(kind="sentence", text="sunscreen", raw=""),)
    (answer,) = head.score([Prepared(creators(1)[0], units, vectors[:5])], PreparedBrief(BRIEF, facets, vectors[5:]))
    assert answer.value is not None
    assert [reason.feature for reason in answer.reasons[1:]] == [column.name for column in BEFORE_PROFILE]
