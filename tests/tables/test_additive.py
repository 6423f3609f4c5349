"""Additive models against a slow reference and against the library that fits them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonafit.errors import BundleCorruptError, ShapeError
from bonafit.tables.additive import FEW_ROWS, AdditiveModel, Term, bin_index


def small_model() -> AdditiveModel:
    cuts_a, cuts_b = np.array([0.0, 1.5]), np.array([-1.0])
    rng = np.random.default_rng(3)
    return AdditiveModel(
        -0.25,
        [
            Term((0,), (cuts_a,), rng.normal(size=4), rng.uniform(size=4)),
            Term((1,), (cuts_b,), rng.normal(size=3), rng.uniform(size=3)),
            Term((0, 1), (cuts_a[:1], cuts_b), rng.normal(size=(3, 3)), rng.uniform(size=(3, 3))),
        ],
        n_columns=2,
    )


def slow_bin(value: float, cuts: np.ndarray) -> int:
    """The bin by definition: 0 missing, else one more than the number of cuts at or below the value."""
    return 0 if np.isnan(value) else 1 + sum(1 for cut in cuts if cut <= value)


values = st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6))


@given(st.lists(st.tuples(values, values), min_size=1, max_size=20))
def test_predictions_equal_the_definition(rows: list[tuple[float, float]]) -> None:
    model, X = small_model(), np.array(rows)
    slow = []
    for row in X:
        total = model.intercept
        for term in model.terms:
            total += term.scores[tuple(slow_bin(row[f], c) for f, c in zip(term.features, term.cuts, strict=True))]
        slow.append(total)
    assert model.predict(X).tolist() == slow


@given(st.lists(st.tuples(values, values), min_size=2, max_size=20))
def test_a_row_does_not_depend_on_its_neighbours(rows: list[tuple[float, float]]) -> None:
    model, X = small_model(), np.array(rows)
    together = model.predict(X)
    assert together.tobytes() == np.concatenate([model.predict(X[i : i + 1]) for i in range(len(X))]).tobytes()
    assert together[::-1].tobytes() == model.predict(X[::-1].copy()).tobytes()


@given(st.lists(st.tuples(values, values), min_size=FEW_ROWS + 1, max_size=3 * FEW_ROWS))
def test_few_rows_are_read_to_the_same_bytes_as_many(rows: list[tuple[float, float]]) -> None:
    model, X = small_model(), np.array(rows)
    many = model.effects(X)
    few = [model.effects(X[i : i + 1]) for i in range(len(X))]
    for which in range(2):
        assert many[which].tobytes() == np.concatenate([pair[which] for pair in few]).tobytes()


def test_a_cut_point_belongs_to_the_upper_bin() -> None:
    assert bin_index(np.array([np.nan, -1.0, 0.0, 1.5, 9.0]), np.array([0.0, 1.5])).tolist() == [0, 1, 2, 3, 3]


def test_no_rows_give_no_predictions() -> None:
    assert small_model().predict(np.zeros((0, 2))).shape == (0,)


def test_tables_come_back_as_written() -> None:
    model, X = small_model(), np.random.default_rng(0).normal(size=(50, 2))
    again = AdditiveModel.from_tables(model.to_tables("m"), "m", n_columns=2)
    assert again.predict(X).tobytes() == model.predict(X).tobytes()
    assert again.effects(X)[1].tobytes() == model.effects(X)[1].tobytes()


def test_tables_are_flat_typed_and_say_which_terms_have_one_feature() -> None:
    tables = small_model().to_tables("m")
    assert tables["m.features"].tolist() == [[0, -1], [1, -1], [0, 1]]
    assert tables["m.cut_counts"].tolist() == [2, 1, 1, 1]
    assert {name: str(table.dtype) for name, table in tables.items() if table.dtype != np.float64} == {
        "m.features": "int32",
        "m.cut_counts": "int32",
    }
    empty = AdditiveModel(0.5, [], n_columns=2)
    assert [len(table) for name, table in sorted(empty.to_tables("m").items()) if name != "m.intercept"] == [0] * 5
    again = AdditiveModel.from_tables(empty.to_tables("m"), "m", n_columns=2)
    assert again.predict(np.zeros((3, 2))).tolist() == [0.5] * 3


def test_tables_of_single_precision_are_computed_in_double_and_terms_may_lack_cuts() -> None:
    rng = np.random.default_rng(4)
    cuts = (np.arange(3.0), np.zeros(0), np.array([0.5]))
    terms = [Term((i,), (c,), rng.normal(size=len(c) + 2), rng.uniform(size=len(c) + 2)) for i, c in enumerate(cuts)]
    model = AdditiveModel(0.0, terms, n_columns=3)
    X = rng.normal(size=(40, 3)) * 3
    again = AdditiveModel.from_tables(model.to_tables("m"), "m", n_columns=3)
    assert again.predict(X).tobytes() == model.predict(X).tobytes()
    single = {
        name: table.astype(np.float32) if table.dtype == np.float64 else table
        for name, table in model.to_tables("m").items()
    }
    read = AdditiveModel.from_tables(single, "m", n_columns=3)
    assert {t.scores.dtype for t in read.terms} | {t.spread.dtype for t in read.terms} == {np.dtype(np.float64)}
    assert {cut.dtype for t in read.terms for cut in t.cuts} == {np.dtype(np.float64)}
    assert [c.tolist() for t in read.terms for c in t.cuts] == [c.tolist() for c in cuts]


def test_scores_and_spreads_of_unlike_length_are_refused() -> None:
    tables = small_model().to_tables("m")
    for name in ("scores", "spread"):
        longer = {**tables, f"m.{name}": np.append(tables[f"m.{name}"], 0.0)}
        with pytest.raises(BundleCorruptError, match="additive model m: scores end early"):
            AdditiveModel.from_tables(longer, "m", n_columns=2)


@pytest.mark.parametrize("name", ["intercept", "features", "cut_counts", "cuts", "scores"])
def test_a_missing_or_short_table_is_named(name: str) -> None:
    tables = small_model().to_tables("m")
    absent = {k: v for k, v in tables.items() if k != f"m.{name}"}
    with pytest.raises(BundleCorruptError, match="additive model m"):
        AdditiveModel.from_tables(absent, "m", n_columns=2)
    if name not in ("intercept", "features"):
        with pytest.raises(BundleCorruptError, match="early"):
            AdditiveModel.from_tables({**tables, f"m.{name}": tables[f"m.{name}"][:-1]}, "m", n_columns=2)


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"\(1, 3\); expected \(n, 2\)"):
        small_model().predict(np.zeros((1, 3)))
    with pytest.raises(ShapeError, match="expected"):
        Term((0,), (np.array([0.0]),), np.zeros(2), np.zeros(2))
    with pytest.raises(ShapeError, match="do not increase"):
        Term((0,), (np.array([1.0, 0.0]),), np.zeros(4), np.zeros(4))
    with pytest.raises(ShapeError, match="not finite"):
        AdditiveModel(float("nan"), [], n_columns=1)
    with pytest.raises(ShapeError, match="beyond"):
        AdditiveModel(0.0, [Term((4,), (np.array([0.0]),), np.zeros(3), np.zeros(3))], n_columns=2)


@pytest.mark.filterwarnings("ignore:Missing values detected")
def test_equals_the_explainable_boosting_machine_it_comes_from() -> None:
    from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor

    from bonafit_training.heads.additive import to_additive

    rng = np.random.default_rng(1)
    X = rng.normal(size=(600, 3))
    X[::9, 1] = np.nan
    signal = X[:, 0] * np.where(np.isnan(X[:, 1]), 0.5, X[:, 1])
    kinds = ["continuous"] * 3
    options = {"interactions": 2, "outer_bags": 2, "max_rounds": 60, "n_jobs": 1, "feature_types": kinds}
    classifier = ExplainableBoostingClassifier(**options).fit(X, (signal > 0).astype(int))
    assert to_additive(classifier).predict(X) == pytest.approx(classifier.decision_function(X), abs=1e-9)
    regressor = ExplainableBoostingRegressor(**options).fit(X, signal)
    assert to_additive(regressor).predict(X) == pytest.approx(regressor.predict(X), abs=1e-9)
