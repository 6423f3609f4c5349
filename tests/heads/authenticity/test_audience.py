"""Corrected audience shares: against closed forms, a slow reference, and simulated audiences with a known share."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit.errors import ShapeError
from bonafit.heads.authenticity.audience import (
    DRAWS,
    GRID,
    LEAST_ACCOUNTS,
    AudienceModel,
    audience_share,
    even,
    quantile_of,
    share_cells,
    share_posterior,
)
from bonafit.records import AudienceAccount
from bonafit_training.heads.authenticity.audience import Study, resample


def posterior(observed: np.ndarray, fake: np.ndarray, genuine: np.ndarray, accounts: float) -> np.ndarray:
    return share_posterior(observed, share_cells(fake, genuine, accounts=accounts))


def test_posterior_with_one_collection_known_for_sure_is_the_binomial_mixture() -> None:
    fake, genuine = np.array([[0.2, 0.8]]), np.array([[0.9, 0.1]])
    slow = np.array([(s * 0.2 + (1 - s) * 0.9) ** 70 * (s * 0.8 + (1 - s) * 0.1) ** 30 for s in GRID])
    assert posterior(np.array([70, 30]), fake, genuine, 1e9) == pytest.approx(slow / slow.sum(), abs=1e-4)


def test_collections_that_disagree_widen_the_interval() -> None:
    observed, genuine = np.array([70, 30]), np.array([[0.9, 0.1], [0.9, 0.1]])
    ends = []
    for fake in (np.array([[0.2, 0.8], [0.2, 0.8]]), np.array([[0.1, 0.9], [0.7, 0.3]])):
        found = posterior(observed, fake, genuine, 1e6)
        ends.append(quantile_of(found, 0.95) - quantile_of(found, 0.05))
    assert ends[1] > 1.5 * ends[0]


def test_quantiles_and_counts_as_shares() -> None:
    bell = np.exp(-0.5 * ((GRID - 0.4) / 0.05) ** 2)
    assert quantile_of(bell / bell.sum(), 0.5) == pytest.approx(0.4, abs=0.006)
    assert quantile_of(bell / bell.sum(), 0.05) == pytest.approx(0.4 - 1.645 * 0.05, abs=0.006)
    assert even(np.array([[0.0, 3.0]])).tolist() == [[0.125, 0.875]]
    with pytest.raises(ShapeError, match="one bin more"):
        AudienceModel(np.array([0.0]), np.ones((1, 3)), np.ones((1, 3)))


def test_cells_are_the_same_each_time_and_log_probabilities() -> None:
    fake, genuine = np.array([[0.2, 0.8], [0.3, 0.7]]), np.array([[0.9, 0.1], [0.8, 0.2]])
    cells = share_cells(fake, genuine)
    assert cells.tobytes() == share_cells(fake, genuine).tobytes()
    assert cells.shape == (DRAWS, len(GRID), 2)
    assert np.exp(cells).sum(axis=2) == pytest.approx(1, abs=1e-9)
    # never less than nothing, where a bin is all but impossible
    assert np.all(np.isfinite(share_cells(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]), accounts=1e12)))
    # the more like known collections a new one is, the less its draws differ
    spread = [float(share_cells(fake, genuine, accounts=n).std(axis=0).mean()) for n in (1.0, 10.0, 1e6)]
    assert spread == sorted(spread, reverse=True)


def test_the_posterior_is_the_mean_of_what_each_draw_says() -> None:
    rng = np.random.default_rng(6)
    cells = np.log(rng.dirichlet(np.ones(3), size=(5, len(GRID))))
    observed = np.array([400, 0, 700])
    slow = np.zeros(len(GRID))
    for draw in cells:
        logs = sum(count * draw[:, k] for k, count in enumerate(observed))
        weights = np.exp(logs - logs.max())
        slow += weights / weights.sum() / len(cells)
    assert share_posterior(observed, cells) == pytest.approx(slow, abs=1e-12)


def test_collections_are_evened_out_one_by_one() -> None:
    assert even(np.array([[0.0, 3.0], [9.0, 9.0]])).tolist() == [[0.125, 0.875], [0.5, 0.5]]


def test_quantiles_end_where_the_grid_does() -> None:
    flat = np.full(len(GRID), 1 / len(GRID))
    assert quantile_of(flat, 1.5) == GRID[-1]
    assert quantile_of(flat, 0.0) == GRID[0]


def model_of(fake: float) -> AudienceModel:
    """Two bins, split at 0: so many of a hundred fake accounts score above, and as few genuine ones."""
    return AudienceModel(np.array([0.0]), np.array([[100 - fake, fake]] * 2), np.array([[fake, 100 - fake]] * 2))


def test_a_share_says_what_was_counted_and_between_what_it_lies() -> None:
    model = model_of(95)
    scores = np.array([-2.0] * 30 + [0.0] * 5 + [0.5] * 5)
    found = model.share(scores)
    assert found.n == 40
    # a score of 0 is not called fake, and belongs to the bin above the edge
    assert found.counted == 5 / 40
    assert found.share == pytest.approx(0.25, abs=0.12)
    assert 0 < found.interval[0] < found.at_least < found.share < found.interval[1] < 0.9
    fewer = model.share(np.array([-2.0] * 35 + [0.5] * 5))
    assert fewer.share < found.share
    assert model.share(np.array([-2.0] * 40)).share < 0.15
    assert model.share(np.array([2.0] * 40)).share > 0.7


def test_tables_of_a_model_come_back() -> None:
    model = model_of(90)
    tables = model.to_tables("a")
    again = AudienceModel.from_tables({name: table.astype(np.float32) for name, table in tables.items()}, "a")
    for name in ("edges", "fake", "genuine"):
        assert getattr(again, name).tolist() == getattr(model, name).tolist()
        assert getattr(again, name).dtype == np.float64
    scores = np.linspace(-2, 2, 30)
    assert again.share(scores) == model.share(scores)


class Reads:
    """Account models that call whoever follows more than follow them fake, and remember what they were given."""

    def __init__(self) -> None:
        self.given: list[dict[str, float | None]] = []

    def log_odds_fake(self, rows: list[dict[str, float | None]]) -> np.ndarray:
        self.given = rows
        return np.array([1.0 if (row.get("following") or 0) > (row["followers"] or 0) else -1.0 for row in rows])


def test_a_sample_is_read_by_the_model_that_reads_most_of_it() -> None:
    whole = [AudienceAccount(followers=10, following=900, posts_count=i) for i in range(LEAST_ACCOUNTS)]
    partly = [AudienceAccount(followers=500, following=20) for _ in range(3)]
    audiences = {name: model_of(90) for name in ("counts", "followers_following", "followers_posts")}
    reads = Reads()
    found = audience_share(reads, audiences, whole)  # type: ignore[arg-type]
    assert found is not None
    share, name = found
    assert (name, share.n, share.counted) == ("counts", LEAST_ACCOUNTS, 1.0)
    assert set(reads.given[0]) == {"followers", "following", "posts_count"}
    found = audience_share(reads, audiences, [*whole, *partly])  # type: ignore[arg-type]
    assert found is not None
    assert (found[1], found[0].n) == ("followers_following", LEAST_ACCOUNTS + 3)
    assert audience_share(reads, audiences, whole[:-1]) is None  # type: ignore[arg-type]


def test_shares_of_drawn_audiences_rise_with_the_true_one() -> None:
    rng = np.random.default_rng(2)
    y = (np.arange(2_000) % 2).astype(np.int64)
    scores = rng.normal(np.where(y == 1, 1.5, -1.5), 1.0)
    edges = np.array([-1.0, 0.0, 1.0])
    bins = np.searchsorted(edges, scores, side="right")
    counts = [np.bincount(bins[y == label], minlength=4).astype(float)[None] for label in (1, 0)]
    model = AudienceModel(edges, *counts)
    means = [float(np.mean(resample(model, scores, y, Study(s, 10, 200, 3))["share"])) for s in (0.05, 0.3, 0.5)]
    assert means == sorted(means)
    assert means[1] == pytest.approx(0.3, abs=0.12)
