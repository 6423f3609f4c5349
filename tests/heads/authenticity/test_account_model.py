"""Account models of several sets: monotone lines, a model for each pattern of what is known, calibration."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.heads.authenticity.account_columns import PROFILE, account_values, display_cells, latest_posts, words
from bonafit.heads.authenticity.account_model import PATTERNS, AccountModels
from bonafit.records import Creator, Post
from bonafit_training.data.authenticity import Accounts
from bonafit_training.heads.authenticity.account import (
    KNOTS,
    calibrated,
    fit_accounts,
    fit_pattern,
    hinges,
    known,
    log_odds_fake,
)
from bonafit_training.heads.authenticity.leave_one_set_out import (
    Collection,
    account_rows,
    audience_rows,
    availability_rows,
    best_column,
)
from tests.heads.authenticity.invented import accounts

SETS = [accounts(300, 1), accounts(200, 2, following=3.3)]


@pytest.fixture(scope="module")
def models() -> AccountModels:
    return fit_accounts(SETS)


def test_every_effect_is_monotone_and_flat_beyond_its_knots(models: AccountModels) -> None:
    for name, columns in PATTERNS.items():
        model = models.models[name]
        for column in PROFILE:
            if column.name not in columns:
                continue
            ladder = [10**k - 1 for k in np.linspace(0, 6, 60)]
            row = dict.fromkeys(columns, 100.0)
            steps = np.diff([e.log_odds for e in model.effects([{**row, column.name: v} for v in ladder])])
            assert np.all(steps * column.direction >= -1e-6), (name, column.name)
            assert np.all(steps[-15:] == 0)
    assert KNOTS["followers"][-1] == 3


def test_tables_follow_the_fitted_lines() -> None:
    columns = PATTERNS["counts"]
    model = fit_pattern(SETS, columns)
    X, _ = known(SETS[0], columns)
    H = hinges(X, columns)
    fitted = np.linalg.lstsq(np.column_stack([np.ones(len(H)), H]), model.predict(X), rcond=None)
    slow = np.column_stack([np.ones(len(H)), H]) @ fitted[0]
    assert model.predict(X) == pytest.approx(slow, abs=0.08)


def test_a_count_that_is_unknown_chooses_another_model_and_none_is_guessed(models: AccountModels) -> None:
    assert AccountModels.choose({"followers": 1.0, "following": 2.0, "posts_count": 3.0}) == "counts"
    assert AccountModels.choose({"followers": 1.0, "following": None, "posts_count": 3.0}) == "followers_posts"
    assert AccountModels.choose({"followers": None, "following": 2.0, "posts_count": 3.0}) is None
    odds = models.log_odds_fake([{"followers": 5.0}, {"following": 5.0}])
    assert np.isfinite(odds[0])
    assert np.isnan(odds[1])


def test_each_pattern_says_the_share_of_fakes_on_average(models: AccountModels) -> None:
    fresh = accounts(2_000, 9)
    for columns in PATTERNS.values():
        rows = [{c: row[c] for c in columns} for row in fresh.rows]
        p = 1 / (1 + np.exp(-models.log_odds_fake(rows)))
        assert p.mean() == pytest.approx(0.5, abs=0.08)


def test_calibration_finds_shift_and_slope() -> None:
    rng = np.random.default_rng(1)
    eta = rng.normal(size=6_000)
    fake = (rng.random(6_000) < 1 / (1 + np.exp(-(0.3 + 2 * eta)))).astype(np.int64)
    weights = np.bincount(fake) / len(fake)
    shift, slope = calibrated(eta, fake)
    assert slope == pytest.approx(2, abs=0.15)
    assert shift == pytest.approx(0.3 + np.log(weights[0] / weights[1]), abs=0.1)
    assert calibrated(eta, fake, slope=0.5)[1] == 0.5


def test_a_record_holds_at_least_the_posts_it_shows() -> None:
    posts = tuple(Post(caption="x") for _ in range(12))
    assert account_values(Creator(creator_id="a", posts=posts, posts_count=3))["posts_count"] == 12
    assert account_values(Creator(creator_id="a", posts=posts))["posts_count"] == 12
    assert account_values(Creator(creator_id="a", posts=posts[:4]))["posts_count"] is None
    assert [p.caption for p in latest_posts([Post(caption="a"), Post(caption="b")], 1)] == ["a"]


def test_cells_ignore_emoji_and_count_wide_scripts_twice() -> None:
    assert display_cells("bread 🍞🔥") == 6
    assert display_cells("パン") == 4
    assert words("パンを焼く now") == ["パン", "ンを", "を焼", "焼く", "now"]


def test_figures_of_a_set_left_out_come_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "bonafit_training.heads.authenticity.leave_one_set_out"
    monkeypatch.setattr(f"{module}.TRAINING_SETS", ("set 1", "set 2"))
    monkeypatch.setattr(f"{module}.AUDIENCES", 5)
    monkeypatch.setattr(f"{module}.BOOTSTRAPS", 20)
    sets = {s.name: Collection(s.name, s, Accounts(s.name, list(s.rows), s.fake)) for s in SETS}
    assert best_column([SETS[0]], SETS[1].rows)[1] in {-1.0, 1.0}
    models = fit_accounts([SETS[0]])
    rows = {(r.slice, r.method, r.metric): r.value for r in account_rows(sets, "set 2", models, seed=1)}
    assert rows["accounts", "bonafit", "auc"] > 0.9
    assert rows["accounts", "bonafit", "auc_less_baseline_low"] <= rows["accounts", "bonafit", "auc_less_baseline_high"]
    shares = {(r.slice, r.metric): r.value for r in audience_rows(sets, "set 2", models, seed=1) if not r.baseline}
    assert shares["audience, 50% fake", "mae"] < 0.25
    patterns = {r.slice for r in availability_rows(sets, "set 2", models, split="x")}
    assert len(patterns) == 12
    assert log_odds_fake(models, SETS[1].rows).shape == (200,)
